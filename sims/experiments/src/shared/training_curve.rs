//! What the experiments that learn kernels share: learners, recorded epochs, starts.

use dam_memory::streams::Settings;
use dam_runs::experiment::Sample;
use dam_runs::job::{Draft, JobError, Point};
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record, grid_column};
use dam_runs::reduce;
use dam_runs::task::Task;
use serde_json::{Value, json};

use crate::shared::learners::learners;
use dam_learning::{FeatureMap, Learner, Trainer};
use dam_memory::patterns::Patterns;

/// Learners that are compared at some epochs of their training.
#[derive(Clone, Debug)]
pub struct TrainingCurve {
    /// The learners.
    pub learners: Vec<Learner>,
    /// Epochs at which they are looked at, ascending; 0 is the start.
    pub epochs: Vec<usize>,
}

impl TrainingCurve {
    /// Sweeps `pattern_count` and `size`, with the grid `training_steps` in every task.
    pub(crate) fn configure(draft: &Draft<'_>) -> Result<(Self, Vec<Point>), JobError> {
        draft.swept(&["pattern_count", "size", "training_steps"])?;
        let mut epochs = draft.counts("training_steps", 0)?;
        epochs.sort_unstable();
        let points = draft.counted_loads()?;
        let sizes: Vec<usize> = points.iter().map(|point| point.size).collect();
        let last = epochs.last().copied().unwrap_or_default();
        let learners = learners(draft, &sizes, last)?;
        let grid = epochs.iter().map(|&epoch| epoch as f64);
        let points = points
            .into_iter()
            .map(|point| point.with_grid("training_steps", grid.clone()))
            .collect();
        Ok((Self { learners, epochs }, points))
    }

    pub(crate) fn settings(&self) -> Settings {
        let learners: Vec<Value> = self.learners.iter().map(Learner::settings).collect();
        Settings::from([("learner".to_owned(), json!(learners))])
    }

    /// What `look` sees of each learner at each recorded epoch: lists with a value per epoch, one for each of `names`;
    /// from an epoch at which training breaks down on, there is none.
    pub(crate) fn record<const K: usize>(
        &self,
        sample: &Sample<'_>,
        names: [&str; K],
        look: impl Fn(&Trainer<'_>) -> [Option<f64>; K],
    ) -> Record {
        let memories = stored(sample);
        let mut record = Record::new();
        for learner in &self.learners {
            let mut columns = [const { Vec::new() }; K];
            let mut trainer = start(learner, sample, &memories);
            for &epoch in &self.epochs {
                if let Some(running) = &mut trainer {
                    while running.state().epoch < epoch {
                        if running.step().is_err() {
                            trainer = None;
                            break;
                        }
                    }
                }
                let seen = trainer.as_ref().map_or([None; K], &look);
                for (column, seen) in columns.iter_mut().zip(seen) {
                    column.push(seen);
                }
            }
            for (name, column) in names.iter().zip(columns) {
                record.insert(column_name(name, learner), Measurement::List(column));
            }
        }
        record
    }

    /// The features of a learner after the last recorded epoch, M×D; none where training breaks down.
    pub(crate) fn last_features(&self, learner: &Learner, sample: &Sample<'_>) -> Option<Vec<f64>> {
        let memories = stored(sample);
        let mut trainer = start(learner, sample, &memories)?;
        let last = self.epochs.last().copied().unwrap_or_default();
        while trainer.state().epoch < last {
            trainer.step().ok()?;
        }
        Some(trainer.features().to_vec())
    }

    /// Mean and error of each of `names` over the samples, for each learner and epoch.
    pub(crate) fn quantities(
        &self,
        task: &Task,
        records: &[Record],
        names: &[&str],
    ) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for learner in &self.learners {
            for (position, &epoch) in self.epochs.iter().enumerate() {
                for name in names {
                    let values = grid_column(records, &column_name(name, learner), position);
                    let quantity = reduce::mean(task, name, &reduce::present(&values));
                    quantities.push(
                        quantity
                            .at("training_steps", epoch as f64)
                            .labelled("learner", &learner.name),
                    );
                }
            }
        }
        quantities
    }
}

/// The stored patterns in double precision.
pub(crate) fn stored(sample: &Sample<'_>) -> Patterns<f64> {
    let patterns = (0..sample.task.pattern_count).flat_map(|index| sample.memory.pattern(index));
    Patterns::from_rows(sample.task.size, patterns.collect())
}

/// The name under which a record keeps the values of a learner.
fn column_name(name: &str, learner: &Learner) -> String {
    format!("{name} {}", learner.name)
}

/// Learners with the same kind of start and as many features begin with the same map.
fn start<'a>(
    learner: &Learner,
    sample: &Sample<'_>,
    memories: &'a Patterns<f64>,
) -> Option<Trainer<'a>> {
    let size = memories.size();
    let mut rng = sample
        .stream
        .clone()
        .with_integer("features", learner.feature_size(size) as u64)
        .rng("feature map");
    let map: FeatureMap = learner.start(size, &mut rng);
    let mut training = learner.training;
    training.parallelism = sample.memory.parallelism();
    Trainer::new(&training, memories, map).ok()
}
