//! Section `[comparison]`: which memories are held against each other, on which queries.

use serde::Deserialize;

use dam_runs::job::Grid;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ComparisonSection {
    pub(crate) models: Vec<String>,
    pub(crate) beta: f64,
    pub(crate) beta_grid: Grid,
    pub(crate) corruption: String,
    pub(crate) level: Option<f64>,
    pub(crate) training_steps: Option<usize>,
    pub(crate) feature_size: Option<usize>,
    pub(crate) average_learning_rate: f64,
    pub(crate) maximum_learning_rate: f64,
}

impl Default for ComparisonSection {
    /// β = 1 and half of the components masked, as in U-Hop (arXiv:2404.03827); rates at which the
    /// losses fall on images.
    fn default() -> Self {
        Self {
            models: Vec::new(),
            beta: 1.0,
            // 2^−6 … 2^16
            beta_grid: Grid((-6..=16).map(|power| f64::from(power).exp2()).collect()),
            corruption: "dropout".to_owned(),
            level: None,
            training_steps: None,
            feature_size: None,
            average_learning_rate: 100.0,
            maximum_learning_rate: 10.0,
        }
    }
}
