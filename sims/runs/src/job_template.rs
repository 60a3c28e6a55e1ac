//! A new job file: every key with what it means and its default, from the schema of its experiment.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use crate::catalogue::{COMMON_SECTIONS, Catalogue, Kind};
use crate::job::{Job, PatternKind};
use crate::section::NEW;
use crate::swept::Swept;

impl Catalogue {
    /// The text of a job file of this experiment that runs as it is: what must be given stands there with a value to
    /// change, what has a default or may be left out behind a `#`.
    ///
    /// Its patterns are those of the first ensemble that the experiment takes.
    pub fn new_job(&self, kind: &Kind) -> String {
        let ensembles = self.patterns().iter().map(PatternKind::name);
        let mut texts = ensembles.map(|ensemble| self.text(kind, ensemble));
        let runs = |text: &String| Job::parse(Path::new("new.toml"), text, self).is_ok();
        texts
            .find(runs)
            .unwrap_or_else(|| self.text(kind, self.patterns()[0].name()))
    }

    fn text(&self, kind: &Kind, ensemble: &str) -> String {
        let schema = self.job_schema_of(kind);
        let given = |section: &str, key: &str| -> Option<String> {
            let grid = |swept: &&Swept| swept.name == key;
            match (section, key) {
                ("job", "name") => Some(format!("\"my-{}\"", kind.name)),
                ("job", "experiment") => Some(format!("{:?}", kind.name)),
                ("patterns", "ensemble") => Some(format!("{ensemble:?}")),
                // where nothing is swept, a sample is a study of its own
                ("sampling", "samples") if kind.sweep.is_empty() => Some("5".to_owned()),
                ("sweep", _) => kind
                    .sweep
                    .iter()
                    .find(grid)
                    .map(|grid| grid.example.to_owned()),
                _ => None,
            }
        };
        let own = kind.sections.iter().map(|section| section.name);
        let (first, last) = COMMON_SECTIONS.split_at(3);
        let names = first.iter().copied().chain(own).chain(last.iter().copied());
        let sections = names.filter(|name| schema["properties"][name].is_object());
        let sections = sections.map(|name| {
            let section = &schema["properties"][name];
            let (header, section) = match section["items"].as_object() {
                Some(_) => (format!("[[{name}]]"), &section["items"]),
                None => (format!("[{name}]"), section),
            };
            section_text(&header, section, |key| given(name, key))
        });
        format!(
            "# {}\n\n{}",
            kind.about,
            sections.collect::<Vec<_>>().join("\n")
        )
    }
}

/// The required keys first.
fn section_text(header: &str, section: &Value, given: impl Fn(&str) -> Option<String>) -> String {
    let about = section["description"].as_str().unwrap_or_default();
    let mut text = format!("{header}{}\n", comment(about));
    let required = section["required"].as_array();
    let is_required = |key: &str| {
        let mut keys = required.into_iter().flatten();
        keys.any(|required| required.as_str() == Some(key))
    };
    let properties = || section["properties"].as_object().into_iter().flatten();
    let given = |key: &str, schema: &Value| {
        let new = &schema[NEW];
        given(key).or_else(|| (!new.is_null()).then(|| toml(new)))
    };
    for (key, schema) in properties() {
        let value = match given(key, schema) {
            Some(value) => value,
            None if is_required(key) => toml(example(schema).unwrap_or(&Value::Null)),
            None => continue,
        };
        let _ = writeln!(text, "{key} = {value}{}", comment(&words(schema)));
    }
    for (key, schema) in properties() {
        if given(key, schema).is_none() && !is_required(key) {
            let value = default(schema).or_else(|| example(schema));
            let value = value.map_or_else(|| "…".to_owned(), toml);
            let _ = writeln!(text, "# {key} = {value}{}", comment(&words(schema)));
        }
    }
    text
}

fn comment(words: &str) -> String {
    let words = words.trim_end_matches('.');
    if words.is_empty() {
        return String::new();
    }
    format!("  # {}", words.replace('\n', " "))
}

fn default(schema: &Value) -> Option<&Value> {
    Some(&schema["default"]).filter(|value| !value.is_null())
}

fn example(schema: &Value) -> Option<&Value> {
    schema["examples"]
        .get(0)
        .or_else(|| names(schema).first().copied())
}

/// What a key that takes one of some names may be.
fn names(schema: &Value) -> Vec<&Value> {
    let listed = schema["enum"].as_array().into_iter().flatten();
    let alternatives = ["oneOf", "anyOf"].map(|key| schema[key].as_array());
    let alternatives = alternatives.into_iter().flatten().flatten();
    let named = alternatives.flat_map(|one| {
        one.get("const")
            .map_or_else(|| names(one), |name| vec![name])
    });
    listed.chain(named).filter(|name| !name.is_null()).collect()
}

/// The description, with the names that the key may take.
fn words(schema: &Value) -> String {
    let about = schema["description"].as_str().unwrap_or_default();
    let about = about.trim_end_matches('.');
    let names: Vec<String> = names(schema).into_iter().map(toml).collect();
    match names.len() {
        0 | 1 => about.to_owned(),
        _ => format!("{about}: {}", names.join(", ")),
    }
}

/// The value as it is written in a job file.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(toml).collect();
            format!("[{}]", values.join(", "))
        }
        other => other.to_string(),
    }
}
