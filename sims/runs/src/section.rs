//! The sections of job files, with what an editor or a new job file needs to know of them.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// What makes schemas that need no definitions elsewhere.
pub(crate) fn inline() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12();
    settings
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
}

/// Where a schema has the value that new job files state of a key that may be left out.
pub const NEW: &str = "x-new";

/// A section of a job file that experiments read.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its name in job files.
    pub name: &'static str,
    /// Its keys with their descriptions, types and defaults.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

impl Section {
    /// The names of its keys.
    pub fn keys(&self) -> Vec<String> {
        let properties = self.properties(&mut inline());
        properties.into_iter().map(|(key, _)| key).collect()
    }

    /// Its keys with their schemas.
    pub fn properties(&self, generator: &mut SchemaGenerator) -> Map<String, Value> {
        let schema = (self.schema)(generator);
        let properties = schema.get("properties").and_then(Value::as_object);
        properties.cloned().unwrap_or_default()
    }

    /// The section of this name that is read as a `T`.
    pub const fn of<T: JsonSchema>(name: &'static str) -> Self {
        Self {
            name,
            schema: SchemaGenerator::subschema_for::<T>,
        }
    }
}

/// A key that takes one of these names, each with what it means.
pub fn name_one_of<'a>(
    section: &mut Value,
    key: &str,
    names: impl IntoIterator<Item = (&'a str, &'a str)>,
) {
    let names = names.into_iter();
    let names = names.map(|(name, about)| json!({ "const": name, "description": about }));
    let property = &mut section["properties"][key];
    *property = json!({
        "description": property["description"],
        "oneOf": names.collect::<Vec<_>>()
    });
}

/// Where a property lists the kinds that read it.
const READERS: &str = "x-readers";

/// A key that only one kind reads, or several.
pub fn add_key(section: &mut Value, key: &str, schema: Value, kind: &str) {
    section["additionalProperties"] = false.into();
    let property = &mut section["properties"][key];
    let about = [&*property, &schema].map(|schema| schema["description"].clone());
    let is_own = property[READERS].is_array();
    let mut readers = property[READERS].as_array().cloned().unwrap_or_default();
    if property.is_null() {
        *property = schema;
    } else if without_words(property) != without_words(&schema) {
        *property = json!({ "anyOf": [without_words(property), without_words(&schema)] });
    }
    readers.push(kind.into());
    let names: Vec<String> = readers.iter().map(Value::to_string).collect();
    let [before, own] = about.map(|about| about.as_str().unwrap_or_default().to_owned());
    let about = if is_own {
        before
            .split(" (of \"")
            .next()
            .unwrap_or_default()
            .to_owned()
    } else {
        [before, own]
            .map(|about| about.trim_end_matches('.').to_owned())
            .join("; ")
    };
    let about = about.trim_start_matches("; ").trim_end_matches('.');
    property["description"] = format!("{about} (of {})", names.join(", ")).into();
    property[READERS] = readers.into();
}

fn without_words(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.retain(|key, _| {
            !["description", "examples", "default", READERS].contains(&key.as_str())
        });
    }
    schema
}
