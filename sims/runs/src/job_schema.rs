//! The JSON Schema of the job files of an experiment: what editors complete and check, and what new job files are
//! written from.

use dam_memory::dynamics::DYNAMICS;
use dam_memory::dynamics::keys::KeyValue;
use dam_theory::KeyValue as ParameterValue;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::catalogue::{Catalogue, Kind};
use crate::job::PatternKind;
use crate::job::file::{
    DynamicsSection, JobSection, MAXIMUM_PATTERN_COUNT, PatternsSection, SamplingSection,
};
use crate::job::grid::Grid;
use crate::section::{add_key, inline, name_one_of};
use crate::view::FigureSettings;

/// Where the keys of JSON Schemas are defined.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Catalogue {
    /// The schema of a job file of any experiment.
    pub fn job_schema(&self) -> Value {
        let kinds = self.kinds().iter().map(|kind| self.schema_of(kind));
        json!({ "$schema": DIALECT, "title": "a job of dam", "oneOf": kinds.collect::<Vec<_>>() })
    }

    /// The schema of the job files of one experiment.
    pub fn job_schema_of(&self, kind: &Kind) -> Value {
        let mut schema = self.schema_of(kind);
        schema["$schema"] = DIALECT.into();
        schema
    }

    fn schema_of(&self, kind: &Kind) -> Value {
        let generator = &mut inline();
        let mut sections = Map::new();
        sections.insert("job".to_owned(), job(generator, kind));
        let mut required = vec!["job"];
        if !kind.sweep.is_empty() {
            sections.insert("patterns".to_owned(), self.patterns_schema(generator));
            sections.insert("sweep".to_owned(), sweep(generator, kind));
            sections.insert("dynamics".to_owned(), dynamics(generator));
            required.extend(["patterns", "sweep"]);
        }
        for section in kind.sections {
            let schema = (section.schema)(generator).to_value();
            sections.insert(section.name.to_owned(), schema);
        }
        sections.insert("sampling".to_owned(), schema::<SamplingSection>(generator));
        sections.insert("figure".to_owned(), schema::<FigureSettings>(generator));
        json!({
            "title": format!("a job of experiment = {:?}", kind.name),
            "description": kind.about,
            "type": "object",
            "properties": sections,
            "required": required,
            "additionalProperties": false
        })
    }

    /// With the keys of all ensembles: which of them an ensemble reads, their descriptions say.
    fn patterns_schema(&self, generator: &mut SchemaGenerator) -> Value {
        let mut patterns = schema::<PatternsSection>(generator);
        name_one_of(
            &mut patterns,
            "ensemble",
            self.patterns()
                .iter()
                .map(|kind| (kind.name(), kind.about())),
        );
        for kind in self.patterns() {
            for (key, schema) in pattern_keys(generator, kind) {
                add_key(&mut patterns, &key, schema, kind.name());
            }
        }
        patterns
    }
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn job(generator: &mut SchemaGenerator, kind: &Kind) -> Value {
    let mut job = schema::<JobSection>(generator);
    name_one_of(&mut job, "experiment", [(kind.name, kind.about)]);
    job
}

fn sweep(generator: &mut SchemaGenerator, kind: &Kind) -> Value {
    let mut grids = Map::new();
    for swept in kind.sweep {
        let mut grid = schema::<Grid>(generator);
        grid["description"] = swept.about.into();
        grids.insert(swept.name.to_owned(), grid);
    }
    let most = json!({
        "description": "points with more patterns are left out",
        "type": "integer",
        "minimum": 0
    });
    grids.insert(MAXIMUM_PATTERN_COUNT.to_owned(), most);
    json!({
        "description": "the parameter points: every value with every other",
        "type": "object",
        "properties": grids,
        "additionalProperties": false
    })
}

fn dynamics(generator: &mut SchemaGenerator) -> Value {
    let mut dynamics = schema::<DynamicsSection>(generator);
    name_one_of(
        &mut dynamics,
        "kind",
        DYNAMICS.iter().map(|kind| (kind.name, kind.about)),
    );
    dynamics["properties"]["kind"]["default"] = DYNAMICS[0].name.into();
    for kind in DYNAMICS {
        for key in kind.keys {
            let mut schema = match key.value {
                KeyValue::Number => json!({ "type": "number" }),
                KeyValue::Count => json!({ "type": "integer", "minimum": 0 }),
                KeyValue::OneOf(names) => json!({ "enum": names }),
            };
            schema["description"] = key.about.into();
            add_key(&mut dynamics, key.name, schema, kind.name);
        }
    }
    dynamics
}

fn pattern_keys(generator: &mut SchemaGenerator, kind: &PatternKind) -> Map<String, Value> {
    match kind {
        PatternKind::Ensemble(kind) => {
            let keys = kind.keys.iter().map(|key| {
                let mut schema = match key.value {
                    ParameterValue::Number => json!({ "type": "number" }),
                    ParameterValue::List => {
                        json!({ "type": "array", "items": { "type": "number" } })
                    }
                };
                schema["description"] = key.about.into();
                (key.name.to_owned(), schema)
            });
            keys.collect()
        }
        PatternKind::Source(source) => {
            let schemas = source
                .sections
                .iter()
                .map(|section| (section.schema)(generator));
            let properties = schemas.filter_map(|schema| {
                let properties = schema.get("properties")?;
                properties.as_object().cloned()
            });
            properties.flatten().collect()
        }
    }
}
