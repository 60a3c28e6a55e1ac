//! The common sections of a job file as they are written: keys and defaults.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::grid::Grid;

use dam_memory::attention::Precision;
use dam_memory::dynamics::keys::Keys;

/// What is simulated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobSection {
    /// Names the result files.
    pub(crate) name: String,
    /// What is measured.
    pub(crate) experiment: String,
    /// Root of all random streams: the same seed gives the same numbers.
    #[serde(default = "default_seed")]
    pub(crate) seed: u64,
}

fn default_seed() -> u64 {
    1
}

/// The law of the patterns and how they are held; the other keys are those of the ensemble.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct PatternsSection {
    /// The law of the patterns.
    pub(crate) ensemble: String,
    /// How they are held: no number depends on it but for "revealed".
    #[serde(default)]
    pub(crate) storage: Storage,
    /// ε of revealed patterns: what of the noise may be left to the average.
    #[schemars(example = 0.1)]
    pub(crate) tolerance: Option<f64>,
}

/// How patterns are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// As [`plan`](crate::plan::plan) finds best; revealed where P is beyond 2⁵³.
    #[default]
    Auto,
    /// In memory, all of them.
    Stored,
    /// Drawn again in every pass.
    Regenerated,
    /// Drawn only where states come near them.
    Revealed,
}

/// The key of the sweep that is no grid.
pub(crate) const MAXIMUM_PATTERN_COUNT: &str = "maximum_pattern_count";

/// Section `[sweep]`: grids by key, and the most patterns that a point may have.
#[derive(Debug, Default)]
pub(crate) struct SweepSection {
    pub(crate) maximum_pattern_count: Option<u64>,
    pub(crate) grids: BTreeMap<String, Grid>,
}

/// How states move, and when a pattern counts as retrieved; the other keys are those of the kind.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct DynamicsSection {
    /// How states move.
    pub(crate) kind: Option<String>,
    /// What says that a pattern is retrieved.
    pub(crate) criterion: CriterionName,
    /// Of criterion = "distance": |x − ξ|²/|ξ|² below which it is.
    #[schemars(example = 0.1)]
    pub(crate) distance: Option<f64>,
    /// Experiment retrieval: keep the trajectories of so many samples.
    pub(crate) recorded_samples: usize,
    /// Those of the kind.
    #[schemars(skip)]
    #[serde(flatten, deserialize_with = "dynamics_keys")]
    pub(crate) keys: Keys,
}

fn dynamics_keys<'de, D: Deserializer<'de>>(values: D) -> Result<Keys, D::Error> {
    BTreeMap::<String, serde_json::Value>::deserialize(values).map(Keys::from)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CriterionName {
    /// Its softmax weight above ½.
    #[default]
    Weight,
    /// The distance of the state from it.
    Distance,
}

/// How much is simulated.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SamplingSection {
    /// Disorder samples of each task.
    pub(crate) samples: usize,
    /// How numbers of patterns are held.
    pub(crate) precision: Precision,
}

impl Default for SamplingSection {
    fn default() -> Self {
        Self {
            samples: 200,
            precision: Precision::F64,
        }
    }
}

/// How memories are composed; each key takes one name or a list.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct MemorySection {
    /// How a state is compared with a pattern.
    #[schemars(example = &"dot")]
    pub(crate) similarity: Option<Names>,
    /// What is made of the similarities.
    #[schemars(example = &"softmax")]
    pub(crate) separation: Option<Names>,
}

/// One name or a list of names.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Names {
    /// One.
    One(String),
    /// Several, each on its own.
    Several(Vec<String>),
}

impl Names {
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}
