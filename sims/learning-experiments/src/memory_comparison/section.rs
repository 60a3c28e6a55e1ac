//! Section `[comparison]`: which memories are held against each other, on which queries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use dam_runs::job::Grid;
use dam_runs::section::Section;

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ComparisonSection {
    /// The memories: see the list in the README.
    #[schemars(extend("x-new" = ["dense", "cosine-tuned"]))]
    pub(crate) models: Vec<String>,
    /// β of memories that are not tuned.
    pub(crate) beta: f64,
    /// Among which β tuned memories take the best on patterns kept apart.
    pub(crate) beta_grid: Grid,
    /// What is done to queries.
    pub(crate) corruption: String,
    /// How much of it; half of all without it.
    #[schemars(example = 0.5)]
    pub(crate) level: Option<f64>,
    /// Epochs of learned kernels.
    #[schemars(example = 100)]
    pub(crate) training_steps: Option<usize>,
    /// Features of learned kernels; N without it.
    #[schemars(example = 100)]
    pub(crate) feature_size: Option<usize>,
    /// Rate of the average separation loss.
    pub(crate) average_learning_rate: f64,
    /// Rate of the maximum separation loss.
    pub(crate) maximum_learning_rate: f64,
}

/// What comparisons of memories read.
pub(crate) const SECTION: Section = Section::of::<ComparisonSection>("comparison");

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
