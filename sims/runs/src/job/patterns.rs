//! Section `[patterns]`: its keys are those of the kind of patterns that it names.

use std::sync::Arc;

use dam_memory::ensembles::Sampler;
use dam_theory::{Key, KeyValue, Kind, Parameter, Parameters, TheoryError};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::de::DeValue;

use super::draft::{Draft, PatternKind};
use super::error::JobError;
use super::point::Drawn;
use super::storage;
use crate::suggestion::did_you_mean;

/// The section, and the key that names the kind.
const SECTION: &str = "patterns";
const NAME: &str = "ensemble";

impl Draft<'_> {
    /// The law of the patterns, by the kind that the section names.
    pub(super) fn read_patterns(&self) -> Result<Drawn, JobError> {
        let kinds = self.kinds;
        self.requires(SECTION)?;
        let name = self
            .patterns
            .as_ref()
            .map_or("", |section| &section.ensemble);
        let Some(kind) = kinds.iter().find(|kind| kind.name() == name) else {
            let known: Vec<&str> = kinds.iter().map(PatternKind::name).collect();
            let unknown = TheoryError::UnknownEnsemble {
                name: name.to_owned(),
                known: known.join(", "),
            };
            let near = did_you_mean(name, known);
            return Err(self.error(SECTION, NAME, format!("{unknown}{near}")));
        };
        match kind {
            PatternKind::Ensemble(ensemble) => self.read_ensemble(kind, ensemble),
            PatternKind::Source(source) => {
                self.no_foreign_keys(kind, |_| false)?;
                Ok(((source.read)(self)?, Parameters::new()))
            }
        }
    }

    fn read_ensemble(&self, kind: &PatternKind, ensemble: &Kind) -> Result<Drawn, JobError> {
        // a parameter of another ensemble is refused by this one, which says what it has
        let parameter = |name: &str| {
            let mut kinds = self.kinds.iter();
            kinds.find_map(|kind| kind.parameter(name))
        };
        self.no_foreign_keys(kind, |key| parameter(key).is_some())?;
        let mut parameters = Parameters::new();
        for (name, value) in self.entries(SECTION) {
            if let Some(key) = parameter(name) {
                parameters.insert(name.to_owned(), self.parameter_value(key, value)?);
            }
        }
        let theory = ensemble.ensemble(&parameters).map_err(|error| {
            let list = ensemble.keys.iter().find(|key| key.value == KeyValue::List);
            let key = match &error {
                TheoryError::UnknownParameter { key, .. } => key.as_str(),
                TheoryError::MissingParameter { key, .. }
                | TheoryError::ConflictingParameters { key, .. }
                | TheoryError::WrongParameter { key, .. } => key,
                TheoryError::Spectrum { .. } => list.map_or(NAME, |key| key.name),
                TheoryError::Domain { quantity, .. } => quantity,
                _ => NAME,
            };
            self.error(SECTION, key, error.to_string())
        })?;
        Ok((Arc::new(Sampler(theory)), parameters))
    }

    fn parameter_value(
        &self,
        key: &Key,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Parameter, JobError> {
        let value = value.clone().into_deserializer();
        match key.value {
            KeyValue::Number => f64::deserialize(value).map(Parameter::from),
            KeyValue::List => Vec::<f64>::deserialize(value).map(Parameter::from),
        }
        .map_err(|error| self.invalid(&error))
    }

    /// Refuses the keys that this kind does not read, but for those that `is_told` of by another error.
    fn no_foreign_keys(
        &self,
        kind: &PatternKind,
        is_told: impl Fn(&str) -> bool,
    ) -> Result<(), JobError> {
        let own = kind.keys();
        let is_common = |key: &str| key == NAME || storage::KEYS.contains(&key);
        let is_foreign =
            |key: &str| !is_common(key) && !own.iter().any(|own| own == key) && !is_told(key);
        let Some((key, _)) = self.entries(SECTION).find(|&(key, _)| is_foreign(key)) else {
            return Ok(());
        };
        let readers: Vec<String> = self
            .kinds
            .iter()
            .filter(|kind| kind.keys().iter().any(|own| own == key))
            .map(|kind| format!("\"{}\"", kind.name()))
            .collect();
        let message = if readers.is_empty() {
            let own = own.iter().map(String::as_str);
            let known: Vec<&str> = [NAME].into_iter().chain(own).chain(storage::KEYS).collect();
            format!(
                "unknown key{}; ensemble = \"{}\" reads {}",
                did_you_mean(key, known.iter().copied()),
                kind.name(),
                known.join(", ")
            )
        } else {
            let readers = readers.join(" or ");
            format!("belongs to ensemble = {readers}; delete it or set that ensemble")
        };
        Err(self.error(SECTION, key, message))
    }
}
