//! The job file as it is written: sections, keys, defaults.

use dam_theory::Parameters;
use serde::{Deserialize, Serialize};

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
    pub(crate) basin: Option<BasinSection>,
    #[serde(rename = "overlap-statistics")]
    pub(crate) overlap_statistics: Option<OverlapStatisticsSection>,
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
    AllPatterns,
    Basin,
    ClosestPair,
    Crossover,
    Retrieval,
    NearestPattern,
    ScaledDotProduct,
    OneStep,
    OverlapStatistics,
}

impl ExperimentName {
    /// The name in job files and result columns.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AllPatterns => "all-patterns",
            Self::Basin => "basin",
            Self::ClosestPair => "closest-pair",
            Self::Crossover => "crossover",
            Self::Retrieval => "retrieval",
            Self::NearestPattern => "nearest-pattern",
            Self::ScaledDotProduct => "scaled-dot-product",
            Self::OneStep => "one-step",
            Self::OverlapStatistics => "overlap-statistics",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatternsSection {
    pub(crate) ensemble: String,
    variance_ratio: Option<f64>,
    manifold_ratio: Option<f64>,
}

impl PatternsSection {
    /// The parameters of the ensemble that are there.
    pub(crate) fn parameters(&self) -> Parameters {
        [
            ("variance_ratio", self.variance_ratio),
            ("manifold_ratio", self.manifold_ratio),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SweepSection {
    pub(crate) alpha: Option<Grid>,
    pub(crate) size: Option<Grid>,
    pub(crate) lambda: Option<Grid>,
    pub(crate) exponent: Option<Grid>,
    pub(crate) prefactor: Option<Grid>,
    pub(crate) scaled_alpha: Option<Grid>,
    pub(crate) step_size: Option<Grid>,
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

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BasinSection {
    pub(crate) start: StartKind,
    pub(crate) tolerance: f64,
}

/// Where the starts of a basin lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StartKind {
    /// On a great circle through ξ¹, |x₀| = |ξ¹|.
    Sphere,
    /// Between ξ¹ and a Gaussian vector.
    Gaussian,
    /// ξ¹ with flipped signs.
    Flipped,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OverlapStatisticsSection {
    pub(crate) state: State,
    pub(crate) bins: usize,
}

/// Where the overlaps are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Target,
    Sphere,
}

impl Default for OverlapStatisticsSection {
    fn default() -> Self {
        Self {
            state: State::Target,
            bins: 40,
        }
    }
}

impl JobFile {
    /// The sections that belong to certain experiments: name, whether it is there, one of those.
    pub(crate) fn own_sections(&self) -> Vec<(&'static str, bool, ExperimentName)> {
        let crossover = self.crossover.is_some();
        vec![
            ("basin", self.basin.is_some(), ExperimentName::Basin),
            ("crossover", crossover, ExperimentName::Crossover),
            ("crossover", crossover, ExperimentName::ScaledDotProduct),
            ("crossover", crossover, ExperimentName::OneStep),
            (
                "overlap-statistics",
                self.overlap_statistics.is_some(),
                ExperimentName::OverlapStatistics,
            ),
        ]
    }
}

impl SweepSection {
    /// The grids of the sweep: key and, where it is there, grid.
    pub(crate) fn grids(&self) -> Vec<(&'static str, Option<&Grid>)> {
        vec![
            ("alpha", self.alpha.as_ref()),
            ("size", self.size.as_ref()),
            ("lambda", self.lambda.as_ref()),
            ("exponent", self.exponent.as_ref()),
            ("prefactor", self.prefactor.as_ref()),
            ("scaled_alpha", self.scaled_alpha.as_ref()),
            ("step_size", self.step_size.as_ref()),
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

impl Default for BasinSection {
    fn default() -> Self {
        Self {
            start: StartKind::Sphere,
            tolerance: 0.02,
        }
    }
}
