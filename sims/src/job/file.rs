//! The job file as it is written: sections, keys, defaults.

use serde::Deserialize;

use super::grid::Grid;
use crate::memory::Precision;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobFile {
    pub(crate) job: JobSection,
    pub(crate) patterns: PatternsSection,
    pub(crate) sweep: SweepSection,
    #[serde(default)]
    pub(crate) dynamics: DynamicsSection,
    #[serde(default)]
    pub(crate) sampling: SamplingSection,
    pub(crate) crossover: Option<CrossoverSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobSection {
    pub(crate) name: String,
    pub(crate) experiment: ExperimentName,
    #[serde(default = "default_seed")]
    pub(crate) seed: u64,
}

fn default_seed() -> u64 {
    1
}

/// The experiments, in job files in kebab-case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ExperimentName {
    ClosestPair,
    Crossover,
    Retrieval,
}

impl ExperimentName {
    /// The name in job files and result columns.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ClosestPair => "closest-pair",
            Self::Crossover => "crossover",
            Self::Retrieval => "retrieval",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatternsSection {
    pub(crate) ensemble: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SweepSection {
    pub(crate) alpha: Option<Grid>,
    pub(crate) size: Option<Grid>,
    pub(crate) lambda: Option<Grid>,
    pub(crate) maximum_pattern_count: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DynamicsSection {
    pub(crate) step_size: f64,
    pub(crate) tolerance: f64,
    pub(crate) max_steps: usize,
    pub(crate) criterion: CriterionName,
    pub(crate) distance: Option<f64>,
    pub(crate) recorded_samples: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CriterionName {
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

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CrossoverSection {
    pub(crate) tolerance: f64,
    pub(crate) maximum: f64,
}

impl JobFile {
    /// The sections that belong to one experiment: name, whether it is there, experiment.
    pub(crate) fn own_sections(&self) -> [(&'static str, bool, ExperimentName); 1] {
        [(
            "crossover",
            self.crossover.is_some(),
            ExperimentName::Crossover,
        )]
    }
}

impl SweepSection {
    /// The grids of the sweep: key and, where it is there, grid.
    pub(crate) fn grids(&self) -> [(&'static str, Option<&Grid>); 3] {
        [
            ("alpha", self.alpha.as_ref()),
            ("size", self.size.as_ref()),
            ("lambda", self.lambda.as_ref()),
        ]
    }
}

impl Default for CrossoverSection {
    fn default() -> Self {
        Self {
            tolerance: 1e-4,
            maximum: 1e3,
        }
    }
}
