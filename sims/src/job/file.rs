//! The job file as it is written: sections, keys, defaults.

use dam_theory::{Parameter, Parameters};
use serde::{Deserialize, Serialize};

use super::comparison::ComparisonSection;
use super::grid::Grid;
use super::learners::LearnerSection;
use crate::images::{Centering, ImageFormat, Normalization};
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
    #[serde(default)]
    pub(crate) learner: Vec<LearnerSection>,
    pub(crate) memory: Option<MemorySection>,
    pub(crate) plane: Option<PlaneSection>,
    pub(crate) comparison: Option<ComparisonSection>,
    #[serde(rename = "metastable-states")]
    pub(crate) metastable_states: Option<MetastableStatesSection>,
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
    #[serde(rename = "basins-2d")]
    Basins2d,
    ClosestPair,
    Crossover,
    KernelTraining,
    EnergyLandscape,
    MemoryCapacity,
    MetastableStates,
    NoiseRobustness,
    TrainingSteps,
    Retrieval,
    SeparationBound,
    NearestPattern,
    ScaledDotProduct,
    SemanticNeighbours,
    OneStep,
    OverlapStatistics,
}

impl ExperimentName {
    /// The name in job files and result columns.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AllPatterns => "all-patterns",
            Self::Basin => "basin",
            Self::Basins2d => "basins-2d",
            Self::ClosestPair => "closest-pair",
            Self::Crossover => "crossover",
            Self::KernelTraining => "kernel-training",
            Self::EnergyLandscape => "energy-landscape",
            Self::MemoryCapacity => "memory-capacity",
            Self::MetastableStates => "metastable-states",
            Self::NoiseRobustness => "noise-robustness",
            Self::TrainingSteps => "training-steps",
            Self::Retrieval => "retrieval",
            Self::SeparationBound => "separation-bound",
            Self::NearestPattern => "nearest-pattern",
            Self::ScaledDotProduct => "scaled-dot-product",
            Self::SemanticNeighbours => "semantic-neighbours",
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
    spectrum: Option<Vec<f64>>,
    manifold_ratio: Option<f64>,
    pub(crate) path: Option<Paths>,
    pub(crate) labels: Option<String>,
    pub(crate) format: Option<ImageFormat>,
    pub(crate) classes: Option<usize>,
    pub(crate) pooling: Option<usize>,
    pub(crate) centering: Option<Centering>,
    pub(crate) normalization: Option<Normalization>,
    pub(crate) validation_share: Option<f64>,
}

/// One file or several that make one set.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Paths {
    One(String),
    Several(Vec<String>),
}

impl Paths {
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(path) => std::slice::from_ref(path),
            Self::Several(paths) => paths,
        }
    }
}

impl PatternsSection {
    /// The parameters of the ensemble that are there.
    pub(crate) fn parameters(&self) -> Parameters {
        [
            ("variance_ratio", self.variance_ratio.map(Parameter::from)),
            ("spectrum", self.spectrum.clone().map(Parameter::from)),
            ("manifold_ratio", self.manifold_ratio.map(Parameter::from)),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
    }

    /// The keys that belong to images, and whether each is there.
    pub(crate) fn image_keys(&self) -> [(&'static str, bool); 8] {
        [
            ("path", self.path.is_some()),
            ("labels", self.labels.is_some()),
            ("format", self.format.is_some()),
            ("classes", self.classes.is_some()),
            ("pooling", self.pooling.is_some()),
            ("centering", self.centering.is_some()),
            ("normalization", self.normalization.is_some()),
            ("validation_share", self.validation_share.is_some()),
        ]
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
    pub(crate) pattern_count: Option<Grid>,
    pub(crate) beta: Option<Grid>,
    pub(crate) noise: Option<Grid>,
    pub(crate) training_steps: Option<Grid>,
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

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct MetastableStatesSection {
    pub(crate) queries: usize,
}

impl Default for MetastableStatesSection {
    fn default() -> Self {
        Self { queries: 100 }
    }
}

/// Kernels of the plane: how they are learned, and which starts are shown.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PlaneSection {
    pub(crate) learning_rate: f64,
    pub(crate) temperature: f64,
    pub(crate) half_width: f64,
    pub(crate) resolution: usize,
    pub(crate) updates: Option<usize>,
}

impl Default for PlaneSection {
    fn default() -> Self {
        Self {
            learning_rate: 0.1,
            temperature: 0.1,
            half_width: 3.0,
            resolution: 100,
            updates: None,
        }
    }
}

/// How a memory is composed, for experiments that compare compositions; each key takes one name
/// or a list.
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
        let learner = !self.learner.is_empty();
        let memory = self.memory.is_some();
        let plane = self.plane.is_some();
        let comparison = self.comparison.is_some();
        vec![
            ("basin", self.basin.is_some(), ExperimentName::Basin),
            ("crossover", crossover, ExperimentName::Crossover),
            ("crossover", crossover, ExperimentName::ScaledDotProduct),
            ("crossover", crossover, ExperimentName::OneStep),
            ("learner", learner, ExperimentName::KernelTraining),
            ("learner", learner, ExperimentName::SemanticNeighbours),
            ("memory", memory, ExperimentName::MetastableStates),
            ("memory", memory, ExperimentName::EnergyLandscape),
            ("memory", memory, ExperimentName::Basins2d),
            ("plane", plane, ExperimentName::EnergyLandscape),
            ("plane", plane, ExperimentName::Basins2d),
            ("comparison", comparison, ExperimentName::MemoryCapacity),
            ("comparison", comparison, ExperimentName::NoiseRobustness),
            ("comparison", comparison, ExperimentName::TrainingSteps),
            (
                "metastable-states",
                self.metastable_states.is_some(),
                ExperimentName::MetastableStates,
            ),
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
            ("pattern_count", self.pattern_count.as_ref()),
            ("beta", self.beta.as_ref()),
            ("noise", self.noise.as_ref()),
            ("training_steps", self.training_steps.as_ref()),
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
