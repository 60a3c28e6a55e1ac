//! The common sections of a job file as they are written: keys and defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::grid::Grid;

use dam_memory::attention::Precision;
use dam_memory::dynamics::keys::Keys;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobSection {
    pub(crate) name: String,
    pub(crate) experiment: String,
    #[serde(default = "default_seed")]
    pub(crate) seed: u64,
}

fn default_seed() -> u64 {
    1
}

/// Section `[patterns]`; the other keys are those of the kind of patterns.
#[derive(Debug, Deserialize)]
pub(crate) struct PatternsSection {
    pub(crate) ensemble: String,
    #[serde(default)]
    pub(crate) storage: Storage,
    pub(crate) tolerance: Option<f64>,
}

/// How patterns are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
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

/// Section `[sweep]`: grids by key, and the most patterns that a point may have.
#[derive(Debug, Default)]
pub(crate) struct SweepSection {
    pub(crate) maximum_pattern_count: Option<u64>,
    pub(crate) grids: BTreeMap<String, Grid>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DynamicsSection {
    pub(crate) kind: Option<String>,
    pub(crate) criterion: CriterionName,
    pub(crate) distance: Option<f64>,
    pub(crate) recorded_samples: usize,
    /// Those of the kind.
    #[serde(flatten, deserialize_with = "dynamics_keys")]
    pub(crate) keys: Keys,
}

fn dynamics_keys<'de, D: Deserializer<'de>>(values: D) -> Result<Keys, D::Error> {
    BTreeMap::<String, serde_json::Value>::deserialize(values).map(Keys::from)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CriterionName {
    #[default]
    Weight,
    Distance,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SamplingSection {
    pub(crate) samples: usize,
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
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct MemorySection {
    pub(crate) similarity: Option<Names>,
    pub(crate) separation: Option<Names>,
}

/// One name or a list of names.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Names {
    One(String),
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
