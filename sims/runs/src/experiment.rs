//! What an experiment is: how a disorder sample is measured, and what its numbers mean.

use std::fmt::Debug;

use dam_memory::attention::AttentionMemory;
use dam_memory::ensembles::{PatternEnsemble, PatternLaw, draw_patterns};
use dam_memory::patterns::Patterns;
use dam_memory::streams::{Settings, StreamKey};

use crate::quantity::{JointResult, Prediction, Quantity};
use crate::record::Record;
use crate::results::TaskResult;
use crate::task::Task;

/// One disorder sample: its number, its patterns.
#[derive(Debug)]
pub struct Sample<'a> {
    /// The task it belongs to.
    pub task: &'a Task,
    /// Counted from 0.
    pub index: usize,
    /// The stored patterns; pattern 0 is the target. Another memory of them: [`Composition::over`](dam_memory::composed::Composition::over).
    pub memory: &'a AttentionMemory,
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

/// One kind of measurement on disorder samples.
pub trait Experiment: Debug + Send + Sync {
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

    /// The list columns of a record that make one table of moments, `<name>.trajectories.csv`.
    fn trajectory_columns(&self) -> &'static [&'static str] {
        &[]
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
