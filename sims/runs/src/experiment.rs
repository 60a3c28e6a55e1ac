//! What an experiment is: how a disorder sample is measured, and what its numbers mean.

use std::fmt::Debug;

use dam_memory::attention::AttentionMemory;
use dam_memory::dynamics::Retriever;
use dam_memory::ensembles::{PatternEnsemble, PatternLaw};
use dam_memory::memory::Memory;
use dam_memory::patterns::Patterns;
use dam_memory::streams::{Settings, StreamKey};

use crate::journal::Journal;
use crate::place::Place;
use crate::quantity::{JointResult, Prediction, Quantity};
use crate::record::Record;
use crate::results::TaskResult;
use crate::task::Task;
use crate::view::{Sweep, Theory, View, exact};

/// One disorder sample: its number, its patterns.
#[derive(Debug)]
pub struct Sample<'a> {
    /// The task it belongs to.
    pub task: &'a Task,
    /// Counted from 0.
    pub index: usize,
    /// The stored patterns; pattern 0 is the target, and the only one where patterns are revealed. Another memory of them: [`Composition::over`](dam_memory::composed::Composition::over).
    pub memory: &'a AttentionMemory,
    /// Attention over patterns that are drawn where states come near them, for tasks of which the job asks that.
    pub revealed: Option<&'a dyn Memory>,
    /// The law that the patterns were drawn from.
    pub law: &'a dyn PatternLaw,
    /// The ensemble of that law.
    pub ensemble: &'a dyn PatternEnsemble,
    /// Root of the sample's random streams: the same for all experiments and settings.
    pub stream: StreamKey,
    /// Where long measurements keep what they have found on their way.
    pub journal: &'a Journal,
}

impl Sample<'_> {
    /// What a retriever descends in: the memory that it names of the stored patterns, or the revealed one.
    pub fn memory_of(&self, retriever: &Retriever) -> Box<dyn Memory + '_> {
        match self.revealed {
            Some(revealed) => Box::new(revealed),
            None => retriever.over(self.memory),
        }
    }

    /// `count` patterns that are never among the stored ones, to tune parameters on: images of
    /// the validation part of a set, or independent draws.
    pub fn validation_patterns(&self, count: usize) -> Patterns<f64> {
        let (seed, size) = (self.stream.seed("validation"), self.task.size);
        let mut rng = self.stream.rng("validation law");
        let law = self.ensemble.prepare_validation(size, &mut rng);
        law.draw(size, count, &seed)
    }
}

/// Theory at a task that is itself sampled: records of disorder samples of its own, reduced as those of a measurement.
/// They are kept with the results, and the task carries what they say: [`Task::sampled_theory`].
pub struct SampledTheory<'a> {
    /// The experiment whose quantities they are.
    pub experiment: &'a dyn Experiment,
    /// Root of the random streams.
    pub seed: u64,
    /// Raised when the numbers of a sample change.
    pub version: u32,
    /// How many samples.
    pub samples: usize,
    /// About how many patterns a sample draws.
    pub patterns: f64,
    /// Measures the sample of a number.
    pub measure: Box<dyn Fn(usize) -> Record + Sync + 'a>,
}

impl Debug for SampledTheory<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SampledTheory")
            .field("experiment", &self.experiment)
            .field("seed", &self.seed)
            .field("version", &self.version)
            .field("samples", &self.samples)
            .finish_non_exhaustive()
    }
}

/// What the measurement of one sample needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// The most states that share a pass over the patterns.
    pub batch: usize,
    /// Bytes that it holds per pattern besides the patterns themselves.
    pub bytes_per_pattern: usize,
    /// Whether the record depends on how many samples the job asks for. Where it does not, a finished job can be
    /// given more.
    pub all_samples: bool,
}

impl Needs {
    /// Those of a measurement whose record is the same among any number of samples.
    pub fn new(batch: usize, bytes_per_pattern: usize) -> Self {
        Self {
            batch,
            bytes_per_pattern,
            all_samples: false,
        }
    }
}

/// What the tasks of a job say together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conclusions {
    /// Quantities that several tasks measure, such as the load at which half of the samples succeed, with what theory
    /// says.
    pub joint: Vec<JointResult>,
    /// What the measured numbers say, in sentences computed from them.
    pub findings: Vec<String>,
    /// What the tasks were to tell and do not, and how they would.
    pub warnings: Vec<String>,
}

/// One kind of measurement on disorder samples.
pub trait Experiment: Debug + Send + Sync {
    /// The settings that its numbers depend on, by dotted key of the job file; none, unless it has some.
    fn settings(&self) -> Settings {
        Settings::new()
    }

    /// What the measurement of one sample of `size` components needs.
    fn needs(&self, size: usize) -> Needs {
        let _ = size;
        Needs::new(1, 0)
    }

    /// About how many seconds a sample of a task takes on one thread, where that does not follow from P and N, so that smaller
    /// samples would tell nothing.
    fn seconds(&self, task: &Task) -> Option<f64> {
        let _ = task;
        None
    }

    /// Measures one disorder sample.
    fn measure(&self, sample: &Sample<'_>) -> Record;

    /// Reduces the records of a task (in order of the samples) to quantities with errors.
    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity>;

    /// The theory at a task that is itself sampled, where no closed form does.
    fn sampled_theory<'a>(&'a self, task: &'a Task) -> Option<SampledTheory<'a>> {
        let _ = task;
        None
    }

    /// What theory says of the quantity of this name at a place; nothing, unless the experiment knows better.
    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        let _ = (at, quantity);
        Prediction::default()
    }

    /// The figures of a job; none, unless the experiment states some.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let _ = sweep;
        Vec::new()
    }

    /// Width of the interval in which a search left each sample's value of `quantity`, where one did: see
    /// [`Quantity::resolved`].
    fn resolution(&self, quantity: &Quantity) -> Option<f64> {
        let _ = quantity;
        None
    }

    /// The [`quantities`](Self::quantities), whose errors are no smaller than their searches resolve.
    fn measured(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let found = self.quantities(task, records).into_iter();
        found
            .map(|quantity| {
                let width = self.resolution(&quantity);
                quantity.resolved(width)
            })
            .collect()
    }

    /// The quantity that is the boundary between loss and retrieval in the plane of λ and α: a λ at each load or, of the
    /// coordinate `lambda`, a load at each λ.
    fn boundary(&self, ensemble: &dyn PatternEnsemble) -> Option<&'static str> {
        let _ = ensemble;
        None
    }

    /// The list columns of a record that make one table of moments, `<name>.trajectories.csv`.
    fn trajectory_columns(&self) -> &'static [&'static str] {
        &[]
    }

    /// What the tasks say together; nothing, unless the experiment draws conclusions.
    fn conclude(&self, tasks: &[TaskResult]) -> Conclusions {
        let _ = tasks;
        Conclusions::default()
    }
}

/// What an experiment predicts of a quantity at N, for curves.
pub fn at_size<'a>(experiment: &'a dyn Experiment, quantity: &'static str) -> Theory<'a> {
    Box::new(move |place| {
        let found = experiment.predict(place, quantity);
        Some((found.finite_size?, found.finite_size_error))
    })
}

/// What an experiment predicts of a quantity at N = ∞, for curves and lines.
pub fn at_infinity<'a>(experiment: &'a dyn Experiment, quantity: &'static str) -> Theory<'a> {
    exact(move |place| experiment.predict(place, quantity).infinite_size)
}
