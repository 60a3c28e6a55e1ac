//! The sections of job files, with what an editor or a new job file needs to know of them.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

/// What makes schemas that need no definitions elsewhere.
pub(crate) fn inline() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12();
    settings
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
}

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
        let schema = (self.schema)(&mut inline());
        let properties = schema.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flat_map(Map::keys)
            .cloned()
            .collect()
    }

    /// The section of this name that is read as a `T`.
    pub const fn of<T: JsonSchema>(name: &'static str) -> Self {
        Self {
            name,
            schema: SchemaGenerator::subschema_for::<T>,
        }
    }
}
