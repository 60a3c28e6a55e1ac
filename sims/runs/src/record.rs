//! What one disorder sample gave.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reduce::present;

/// What an experiment measures on one disorder sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Measurement {
    /// One number, or null where there is none.
    Number(Option<f64>),
    /// One number per value of the task's grid, or per recorded moment.
    List(Vec<Option<f64>>),
}

/// All measurements of one disorder sample, by name.
pub type Record = BTreeMap<String, Measurement>;

/// 1 where something is so, else 0.
pub fn flag(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

/// A measurement with a number at every grid position.
pub fn list(values: impl IntoIterator<Item = f64>) -> Measurement {
    Measurement::List(values.into_iter().map(Some).collect())
}

/// The numbers of a column, `None` where a sample has none.
pub fn column(records: &[Record], name: &str) -> Vec<Option<f64>> {
    records
        .iter()
        .map(|record| match record.get(name) {
            Some(Measurement::Number(value)) => *value,
            _ => None,
        })
        .collect()
}

/// +∞ stands for a censored sample in the statistics.
pub fn censored_as_infinite(values: &[Option<f64>]) -> Vec<f64> {
    values
        .iter()
        .map(|value| value.unwrap_or(f64::INFINITY))
        .collect()
}

/// The numbers at one grid position of a list column, `None` where a sample has none.
pub fn grid_column(records: &[Record], name: &str, position: usize) -> Vec<Option<f64>> {
    records
        .iter()
        .map(|record| match record.get(name) {
            Some(Measurement::List(values)) => values.get(position).copied().flatten(),
            _ => None,
        })
        .collect()
}

/// Whether the numbers at one grid position of a list column differ from 0.
pub fn grid_flags(records: &[Record], name: &str, position: usize) -> Vec<bool> {
    let values = present(&grid_column(records, name, position));
    values.into_iter().map(|value| value != 0.0).collect()
}
