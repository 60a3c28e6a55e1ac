//! The parameters of ensembles that have some, by key.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::TheoryError;

/// The parameters of an ensemble by the key that they have in job files.
pub type Parameters = BTreeMap<String, Parameter>;

/// A parameter of an ensemble: a number, or a list of numbers. In files it is that number or list.
///
/// ```
/// use dam_theory::Parameter;
/// assert_eq!(Parameter::from(3.0).values(), [3.0]);
/// assert_eq!(Parameter::from(vec![0.5, 1.5]).values(), [0.5, 1.5]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Parameter {
    /// A number.
    Number(f64),
    /// A list, such as the eigenvalues of a covariance.
    List(Vec<f64>),
}

impl Parameter {
    /// The number, or the numbers of the list.
    pub fn values(&self) -> &[f64] {
        match self {
            Self::Number(value) => std::slice::from_ref(value),
            Self::List(values) => values,
        }
    }
}

impl From<f64> for Parameter {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<Vec<f64>> for Parameter {
    fn from(values: Vec<f64>) -> Self {
        Self::List(values)
    }
}

/// The keys of an ensemble's parameters, of which it needs exactly one; none for most ensembles, and for unknown names.
///
/// ```
/// assert_eq!(dam_theory::parameter_names("correlated-gaussian"), ["variance_ratio", "spectrum"]);
/// assert!(dam_theory::parameter_names("gaussian").is_empty());
/// ```
pub fn parameter_names(ensemble: &str) -> &'static [&'static str] {
    match ensemble {
        "correlated-gaussian" => &["variance_ratio", "spectrum"],
        "hidden-manifold" => &["manifold_ratio"],
        _ => &[],
    }
}

/// Refuses parameters that the ensemble does not have, and more or fewer than the one that it needs.
pub(crate) fn check(ensemble: &str, parameters: &Parameters) -> Result<(), TheoryError> {
    let known = parameter_names(ensemble);
    for key in parameters.keys() {
        if !known.contains(&key.as_str()) {
            return Err(TheoryError::UnknownParameter {
                ensemble: ensemble.to_owned(),
                key: key.clone(),
                known: if known.is_empty() {
                    "it has none".to_owned()
                } else {
                    format!("it has {}", known.join(", "))
                },
            });
        }
    }
    let Some(&key) = known.first() else {
        return Ok(());
    };
    let wanted = || known.join(" or ");
    match parameters.len() {
        0 => Err(TheoryError::MissingParameter {
            ensemble: ensemble.to_owned(),
            key,
            wanted: wanted(),
        }),
        1 => Ok(()),
        _ => Err(TheoryError::ConflictingParameters {
            ensemble: ensemble.to_owned(),
            key,
            wanted: wanted(),
        }),
    }
}

/// The number of this key.
pub(crate) fn number(parameters: &Parameters, key: &'static str) -> Result<f64, TheoryError> {
    match parameters.get(key) {
        Some(&Parameter::Number(value)) => Ok(value),
        _ => Err(TheoryError::WrongParameter {
            key,
            kind: "a number",
        }),
    }
}

/// The list of this key.
pub(crate) fn list<'a>(
    parameters: &'a Parameters,
    key: &'static str,
) -> Result<&'a [f64], TheoryError> {
    match parameters.get(key) {
        Some(Parameter::List(values)) => Ok(values),
        _ => Err(TheoryError::WrongParameter {
            key,
            kind: "a list of numbers",
        }),
    }
}
