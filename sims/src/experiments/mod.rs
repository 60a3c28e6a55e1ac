//! What can be measured: one file per experiment, chosen in the job file.

mod all_patterns;
mod averaged_basin;
mod basin;
mod basins_2d;
mod closest_pair;
mod crossover;
mod energy_landscape;
mod kernel_training;
mod metastable_states;
mod nearest_pattern;
mod one_step;
mod overlap_statistics;
mod plane;
mod reduce;
mod retrieval;
mod retrieval_error;
mod sampled_theory;
mod scaled_dot_product;
mod semantic_neighbours;
mod separation_bound;
mod start_path;
mod training_curve;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::composition::Composition;
use crate::criterion::Criterion;
use crate::dynamics::GradientDescent;
use crate::ensembles::{PatternEnsemble, PatternLaw, draw_patterns};
use crate::job::{ExperimentName, JobError, Point, Settings, Task, Validator};
use crate::memory::Memory;
use crate::patterns::Patterns;
use crate::results::TaskResult;
use crate::streams::StreamKey;

pub use all_patterns::AllPatterns;
pub use basin::Basin;
pub use basins_2d::Basins2d;
pub use closest_pair::ClosestPair;
pub use crossover::Crossover;
pub(crate) use crossover::typical_inverse_temperature;
pub use energy_landscape::EnergyLandscape;
pub use kernel_training::KernelTraining;
pub use metastable_states::MetastableStates;
pub use nearest_pattern::NearestPattern;
pub use one_step::OneStep;
pub use overlap_statistics::OverlapStatistics;
pub use plane::{PlaneMaps, PlaneWindow};
pub use retrieval::Retrieval;
pub(crate) use retrieval::TRAJECTORY_COLUMNS;
pub use retrieval_error::{Against, Corruption, Learning, Model, RetrievalError};
pub use scaled_dot_product::ScaledDotProduct;
pub use semantic_neighbours::SemanticNeighbours;
pub use separation_bound::SeparationBound;
pub use training_curve::TrainingCurve;

/// What an experiment measures on one disorder sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Measurement {
    /// One number, or null where there is none.
    Number(Option<f64>),
    /// One number per value of the task's grid, or per recorded moment.
    List(Vec<Option<f64>>),
}

/// All measurements of one disorder sample, by name.
pub type Record = BTreeMap<String, Measurement>;

/// One disorder sample: its number, its patterns.
#[derive(Debug)]
pub struct Sample<'a> {
    /// The task it belongs to.
    pub task: &'a Task,
    /// Counted from 0.
    pub index: usize,
    /// The stored patterns; pattern 0 is the target.
    pub memory: &'a Memory,
    /// The law that the patterns were drawn from.
    pub law: &'a dyn PatternLaw,
    /// The ensemble of that law.
    pub ensemble: &'a dyn PatternEnsemble,
    /// Root of the sample's random streams: the same for all experiments and settings.
    pub stream: StreamKey,
}

impl Sample<'_> {
    /// `count` patterns that are never among the stored ones, to tune parameters on: images of
    /// the validation part of a set, or independent draws.
    pub fn validation_patterns(&self, count: usize) -> Patterns<f64> {
        let (seed, size) = (self.stream.seed("validation"), self.task.size);
        let mut rng = self.stream.rng("validation law");
        let law = self.ensemble.prepare_validation(size, &mut rng);
        draw_patterns(law.as_ref(), size, count, &seed)
    }
}

/// A quantity measured over the samples of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// Its name in tables.
    pub name: String,
    /// The point of the task's grid at which it was measured, such as λ.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub coordinates: BTreeMap<String, f64>,
    /// What it was measured on, in words, such as separation = sparsemax.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Mean over the samples, where it exists.
    pub mean: Option<f64>,
    /// Median over the samples, where it exists.
    pub median: Option<f64>,
    /// Standard error of the value that the quantity reports (mean, or median where there is no mean).
    pub standard_error: Option<f64>,
    /// Lower end of the 95 % interval.
    pub lower: Option<f64>,
    /// Upper end of the 95 % interval.
    pub upper: Option<f64>,
    /// Samples that the numbers stand on.
    pub count: usize,
}

impl Quantity {
    /// The measured value: the mean, or the median where no mean is reported.
    pub fn value(&self) -> Option<f64> {
        self.mean.or(self.median)
    }

    /// The same quantity, measured at `value` of the coordinate `name`.
    #[must_use]
    pub fn at(mut self, name: &str, value: f64) -> Self {
        self.coordinates.insert(name.to_owned(), value);
        self
    }

    /// The same quantity, measured on what `value` of the label `name` names.
    #[must_use]
    pub fn labelled(mut self, name: &str, value: &impl ToString) -> Self {
        self.labels.insert(name.to_owned(), value.to_string());
        self
    }
}

/// What theory says of a quantity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// At N = ∞.
    pub infinite_size: Option<f64>,
    /// At the task's N.
    pub finite_size: Option<f64>,
    /// Standard error of the value at N, where the theory is itself sampled.
    pub finite_size_error: Option<f64>,
}

/// A quantity that the tasks of one N measure together, over several loads, beside what theory says of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JointResult {
    /// The experiment's name.
    pub experiment: String,
    /// The pattern ensemble's name.
    pub ensemble: String,
    /// N.
    pub size: usize,
    /// What was measured.
    pub quantity: Quantity,
    /// What theory says of it.
    pub theory: Prediction,
}

/// One kind of measurement on disorder samples.
pub trait Experiment: Debug + Send + Sync {
    /// The name in job files.
    fn name(&self) -> &'static str;

    /// The settings that its numbers depend on, by dotted key of the job file.
    fn settings(&self) -> Settings;

    /// The most states that share a pass over the patterns.
    fn batch(&self) -> usize {
        1
    }

    /// Bytes that the measurement of one sample holds per pattern of `size` components, besides the
    /// patterns themselves.
    fn bytes_per_pattern(&self, size: usize) -> usize {
        let _ = size;
        0
    }

    /// Measures one disorder sample.
    fn measure(&self, sample: &Sample<'_>) -> Record;

    /// Reduces the records of a task (in order of the samples) to quantities with errors.
    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity>;

    /// What theory says of `quantity`; nothing, unless the experiment knows better.
    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        let _ = (task, quantity);
        Prediction::default()
    }

    /// Width of the interval in which a search left each sample's value of `quantity`, where one did. Where all samples lie in
    /// the same interval their spread says nothing, and the width stands for the error.
    fn resolution(&self, quantity: &Quantity) -> Option<f64> {
        let _ = quantity;
        None
    }

    /// What the measured numbers say, in sentences computed from them; none, unless the experiment
    /// draws conclusions.
    fn findings(&self, results: &[TaskResult]) -> Vec<String> {
        let _ = results;
        Vec::new()
    }

    /// Quantities that several tasks measure together, such as the load at which half of the samples succeed, with what
    /// theory says.
    fn across_tasks(&self, tasks: &[(&Task, &[Quantity])]) -> Vec<JointResult> {
        let _ = tasks;
        Vec::new()
    }
}

/// An experiment and the points of its sweep.
pub(crate) type Configured = (Box<dyn Experiment>, Vec<Point>);

/// The experiment that a job file names.
pub(crate) fn configure(validator: &Validator<'_>) -> Result<Configured, JobError> {
    match validator.file.job.experiment {
        ExperimentName::AllPatterns => AllPatterns::configure(validator),
        ExperimentName::Basin => Basin::configure(validator),
        ExperimentName::Basins2d => Basins2d::configure(validator),
        ExperimentName::EnergyLandscape => EnergyLandscape::configure(validator),
        ExperimentName::SeparationBound => SeparationBound::configure(validator),
        ExperimentName::ClosestPair => ClosestPair::configure(validator),
        ExperimentName::Crossover => Crossover::configure(validator),
        ExperimentName::KernelTraining => KernelTraining::configure(validator),
        ExperimentName::MemoryCapacity => {
            RetrievalError::configure(validator, Against::PatternCount)
        }
        ExperimentName::NoiseRobustness => RetrievalError::configure(validator, Against::Noise),
        ExperimentName::TrainingSteps => {
            RetrievalError::configure(validator, Against::TrainingSteps)
        }
        ExperimentName::MetastableStates => MetastableStates::configure(validator),
        ExperimentName::Retrieval => Retrieval::configure(validator),
        ExperimentName::NearestPattern => NearestPattern::configure(validator),
        ExperimentName::ScaledDotProduct => ScaledDotProduct::configure(validator),
        ExperimentName::SemanticNeighbours => SemanticNeighbours::configure(validator),
        ExperimentName::OneStep => OneStep::configure(validator),
        ExperimentName::OverlapStatistics => OverlapStatistics::configure(validator),
    }
}

/// The settings of an iteration to a fixed point.
fn iteration_settings(descent: &GradientDescent) -> Settings {
    Settings::from([
        ("dynamics.step_size".to_owned(), json!(descent.step_size)),
        ("dynamics.tolerance".to_owned(), json!(descent.tolerance)),
        ("dynamics.max_steps".to_owned(), json!(descent.max_steps)),
    ])
}

/// The settings of `[memory]`.
fn composition_settings(compositions: &[Composition]) -> Settings {
    let names = |name: &dyn Fn(&Composition) -> String| {
        let mut names: Vec<String> = compositions.iter().map(name).collect();
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        json!(names)
    };
    Settings::from([
        (
            "memory.similarity".to_owned(),
            names(&|composition| composition.similarity().to_string()),
        ),
        (
            "memory.separation".to_owned(),
            names(&|composition| composition.separation().to_string()),
        ),
    ])
}

/// The settings shared by all experiments that descend to a fixed point.
fn descent_settings(descent: &GradientDescent, criterion: Criterion) -> Settings {
    let (name, distance) = match criterion {
        Criterion::Weight => ("weight", None),
        Criterion::Distance(bound) => ("distance", Some(bound)),
    };
    let mut settings = iteration_settings(descent);
    settings.insert("dynamics.criterion".to_owned(), json!(name));
    if let Some(bound) = distance {
        settings.insert("dynamics.distance".to_owned(), json!(bound));
    }
    settings
}

/// The numbers of a column, `None` where a sample has none.
fn column(records: &[Record], name: &str) -> Vec<Option<f64>> {
    records
        .iter()
        .map(|record| match record.get(name) {
            Some(Measurement::Number(value)) => *value,
            _ => None,
        })
        .collect()
}

/// +∞ stands for a censored sample in the statistics.
fn censored_as_infinite(values: &[Option<f64>]) -> Vec<f64> {
    values
        .iter()
        .map(|value| value.unwrap_or(f64::INFINITY))
        .collect()
}

/// The numbers at one grid position of a list column, `None` where a sample has none.
fn grid_column(records: &[Record], name: &str, position: usize) -> Vec<Option<f64>> {
    records
        .iter()
        .map(|record| match record.get(name) {
            Some(Measurement::List(values)) => values.get(position).copied().flatten(),
            _ => None,
        })
        .collect()
}

/// Whether the numbers at one grid position of a list column differ from 0.
fn grid_flags(records: &[Record], name: &str, position: usize) -> Vec<bool> {
    let values = reduce::present(&grid_column(records, name, position));
    values.into_iter().map(|value| value != 0.0).collect()
}

/// Quantities measured at one λ of the task's grid.
fn at_lambda<const K: usize>(
    lambda: f64,
    quantities: [Quantity; K],
) -> impl Iterator<Item = Quantity> {
    quantities.into_iter().map(move |quantity| Quantity {
        coordinates: BTreeMap::from([("lambda".to_owned(), lambda)]),
        ..quantity
    })
}

/// 1 where something is so, else 0.
fn flag(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

/// A measurement with a number at every grid position.
fn list(values: impl IntoIterator<Item = f64>) -> Measurement {
    Measurement::List(values.into_iter().map(Some).collect())
}
