//! A kind of ensemble as lists hold it: its name, its parameters, and how it is built.

use std::sync::Arc;

use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::parameters::{Parameter, Parameters};

/// A kind of ensemble. Job files, command lines and help texts know it by this alone.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The name in job files and columns.
    pub name: &'static str,
    /// The law of the patterns in a few words.
    pub about: &'static str,
    /// The parameters that it takes.
    pub keys: &'static [Key],
    /// Builds the ensemble from parameters that `keys` lists.
    pub build: fn(&Parameters) -> Result<Arc<dyn Ensemble>, TheoryError>,
}

/// A parameter of a [`Kind`].
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The key in job files, `variance_ratio`; as an option `--variance-ratio`.
    pub name: &'static str,
    /// Its symbol in help texts, `b`.
    pub symbol: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// Whether it is a number or a list.
    pub value: KeyValue,
}

/// What a [`Key`] takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyValue {
    /// One number.
    Number,
    /// A list of numbers.
    List,
}

impl Kind {
    /// The ensemble with these parameters.
    ///
    /// # Errors
    /// [`TheoryError::UnknownParameter`] for keys that it does not have, and what `build` refuses.
    pub fn ensemble(&self, parameters: &Parameters) -> Result<Arc<dyn Ensemble>, TheoryError> {
        let is_known = |key: &str| self.keys.iter().any(|known| known.name == key);
        if let Some(key) = parameters.keys().find(|key| !is_known(key)) {
            return Err(TheoryError::UnknownParameter {
                ensemble: self.name.to_owned(),
                key: key.clone(),
                known: if self.keys.is_empty() {
                    "it has none".to_owned()
                } else {
                    format!("it has {}", names(self.keys, ", "))
                },
            });
        }
        (self.build)(parameters)
    }

    /// The one key that is given, for kinds that need exactly one of theirs.
    ///
    /// # Errors
    /// [`TheoryError::MissingParameter`] and [`TheoryError::ConflictingParameters`].
    pub fn only_key(&self, parameters: &Parameters) -> Result<&'static Key, TheoryError> {
        let given = |key: &&Key| parameters.contains_key(key.name);
        let mut keys = self.keys.iter().filter(given);
        let (ensemble, wanted) = (self.name.to_owned(), || names(self.keys, " or "));
        let key = self.keys.first().map_or("", |key| key.name);
        match (keys.next(), keys.next()) {
            (Some(key), None) => Ok(key),
            (None, _) => Err(TheoryError::MissingParameter {
                ensemble,
                key,
                wanted: wanted(),
            }),
            (Some(_), Some(_)) => Err(TheoryError::ConflictingParameters {
                ensemble,
                key,
                wanted: wanted(),
            }),
        }
    }
}

impl Key {
    /// Its number.
    ///
    /// # Errors
    /// [`TheoryError::WrongParameter`] unless it is given and a number.
    pub fn number(&self, parameters: &Parameters) -> Result<f64, TheoryError> {
        match parameters.get(self.name) {
            Some(&Parameter::Number(value)) => Ok(value),
            _ => Err(self.wrong("a number")),
        }
    }

    /// Its list.
    ///
    /// # Errors
    /// [`TheoryError::WrongParameter`] unless it is given and a list.
    pub fn list<'a>(&self, parameters: &'a Parameters) -> Result<&'a [f64], TheoryError> {
        match parameters.get(self.name) {
            Some(Parameter::List(values)) => Ok(values),
            _ => Err(self.wrong("a list of numbers")),
        }
    }

    fn wrong(&self, kind: &'static str) -> TheoryError {
        TheoryError::WrongParameter {
            key: self.name,
            kind,
        }
    }
}

/// The kind of this name in a list: ours, or ours and others, `ENSEMBLES.iter().chain(&[OWN])`.
///
/// # Errors
/// [`TheoryError::UnknownEnsemble`] lists the known names.
pub fn find<'a>(
    kinds: impl IntoIterator<Item = &'a Kind>,
    name: &str,
) -> Result<&'a Kind, TheoryError> {
    let mut known = Vec::new();
    for kind in kinds {
        if kind.name == name {
            return Ok(kind);
        }
        known.push(kind.name);
    }
    Err(TheoryError::UnknownEnsemble {
        name: name.to_owned(),
        known: known.join(", "),
    })
}

fn names(keys: &[Key], separator: &str) -> String {
    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
    names.join(separator)
}
