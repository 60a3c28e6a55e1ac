//! The parameters of ensembles that have some, by key.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
