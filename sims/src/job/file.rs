//! The job file as it is written: sections, keys, defaults.

use serde::Deserialize;

use super::grid::Grid;
use crate::memory::Precision;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobFile {
    pub(super) job: JobSection,
    pub(super) patterns: PatternsSection,
    pub(super) sweep: SweepSection,
    #[serde(default)]
    pub(super) dynamics: DynamicsSection,
    #[serde(default)]
    pub(super) sampling: SamplingSection,
    pub(super) crossover: Option<CrossoverSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobSection {
    pub(super) name: String,
    pub(super) experiment: ExperimentName,
    #[serde(default = "default_seed")]
    pub(super) seed: u64,
}

fn default_seed() -> u64 {
    1
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ExperimentName {
    Crossover,
    Retrieval,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternsSection {
    pub(super) ensemble: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SweepSection {
    pub(super) alpha: Grid,
    pub(super) size: Grid,
    pub(super) lambda: Option<Grid>,
    pub(super) maximum_pattern_count: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DynamicsSection {
    pub(super) step_size: f64,
    pub(super) tolerance: f64,
    pub(super) max_steps: usize,
    pub(super) criterion: CriterionName,
    pub(super) distance: Option<f64>,
    pub(super) recorded_samples: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CriterionName {
    Weight,
    Distance,
}

impl Default for DynamicsSection {
    fn default() -> Self {
        Self {
            step_size: 1.0,
            tolerance: 1e-8,
            max_steps: 20_000,
            criterion: CriterionName::Weight,
            distance: None,
            recorded_samples: 0,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SamplingSection {
    pub(super) samples: usize,
    pub(super) precision: Precision,
}

impl Default for SamplingSection {
    fn default() -> Self {
        Self {
            samples: 200,
            precision: Precision::F64,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CrossoverSection {
    pub(super) tolerance: f64,
    pub(super) maximum: f64,
}

impl Default for CrossoverSection {
    fn default() -> Self {
        Self {
            tolerance: 1e-4,
            maximum: 1e3,
        }
    }
}
