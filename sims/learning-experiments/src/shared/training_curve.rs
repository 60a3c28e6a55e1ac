//! What the experiments that learn kernels share: learners, recorded epochs, starts.

use dam_memory::streams::Settings;
use dam_runs::catalogue::Configured;
use dam_runs::caveat::Caveat;
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record, grid_column};
use dam_runs::reduce;
use dam_runs::task::Task;
use dam_runs::view::{
    self, Arrangement, AxisView, Data, GuideView, LineValue, LineView, Look, PanelView, Part, Pass,
    Picture, Row, STANDARD_DEVIATION, Stroke, Sweep, View, axes, exact,
};
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
    /// The experiment that `made` of the curve is. Tables `[[learner]]`; sweeps `pattern_count` and `size`, with the
    /// grid `training_steps` in every task.
    pub(crate) fn configure<E: Experiment + 'static>(
        draft: &Draft<'_>,
        made: fn(Self) -> E,
    ) -> Result<Configured, JobError> {
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
        Ok((Box::new(made(Self { learners, epochs })), points))
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
        look: impl Fn(&Learner, &Trainer<'_>) -> [Option<f64>; K],
    ) -> Record {
        let memories = stored(sample);
        let mut record = Record::new();
        for learner in &self.learners {
            let mut columns = [const { Vec::new() }; K];
            let mut trainer = start(learner, sample, &memories);
            for &epoch in &self.epochs {
                trainer = trainer.and_then(|running| running.advanced_to(epoch).ok());
                let look = |trainer| look(learner, trainer);
                let seen = trainer.as_ref().map_or([None; K], look);
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
        let trainer = start(learner, sample, &memories)?;
        let last = self.epochs.last().copied().unwrap_or_default();
        Some(trainer.advanced_to(last).ok()?.features().to_vec())
    }

    /// Mean and error of each of `names` over the samples, for each learner and epoch.
    pub(crate) fn quantities(&self, records: &[Record], names: &[&str]) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for learner in &self.learners {
            for (position, &epoch) in self.epochs.iter().enumerate() {
                let column = |name| grid_column(records, &column_name(name, learner), position);
                let columns: Vec<Vec<Option<f64>>> =
                    names.iter().map(|name| column(name)).collect();
                // some of the names are not measured of all patterns
                let any = |sample: usize| columns.iter().find_map(|column| column[sample]);
                let seen: Vec<Option<f64>> = (0..records.len()).map(any).collect();
                let caveat = Caveat::diverged(&seen);
                for (name, values) in names.iter().zip(&columns) {
                    let quantity = reduce::mean(name, &reduce::present(values));
                    quantities.push(
                        quantity
                            .under(&caveat)
                            .at("training_steps", epoch as f64)
                            .labelled("learner", &learner.name),
                    );
                }
            }
        }
        quantities
    }
}

/// Epochs crowd at the start when half of them lie below this part of the last; then they are drawn from 1 on a logarithmic
/// axis.
const CROWDED: f64 = 0.2;

/// What one panel of training curves compares.
pub(crate) struct TrainingPanel<'a> {
    pub(crate) task: &'a Task,
    pub(crate) title: String,
    pub(crate) label: String,
    pub(crate) quantity: &'static str,
    /// The learners that it shows.
    pub(crate) learners: Vec<&'a Learner>,
    /// Whether its legend names the curves, or another panel of the figure does.
    pub(crate) names_curves: bool,
    /// Horizontal lines by name.
    pub(crate) limits: Vec<(String, LineValue<'a>)>,
}

impl TrainingCurve {
    /// A figure with a column for each task: means as curves, one standard deviation over the runs either way as bands, limits as grey
    /// lines. Where the epochs crowd at the start, as powers do, they are drawn as epoch + 1 on a logarithmic axis.
    pub(crate) fn view<'a>(
        &'a self,
        stem: &str,
        sweep: Sweep<'a>,
        panels: Vec<TrainingPanel<'a>>,
    ) -> View<'a> {
        let last = self.epochs.last().map_or(0.0, |&epoch| epoch as f64);
        let middle = self.epochs.get(self.epochs.len() / 2);
        let is_crowded = middle.is_some_and(|&epoch| (epoch as f64) < CROWDED * last);
        let panels = panels.into_iter().map(|panel| panel.view(is_crowded));
        let arrangement = Arrangement::Rows(sweep.tasks.len().max(2));
        let panels = Picture::Panels(panels.collect(), arrangement, Some((560.0, 400.0)));
        View::new(stem, sweep.title(), panels)
    }
}

impl<'a> TrainingPanel<'a> {
    fn view(self, is_crowded: bool) -> PanelView<'a> {
        let names: Vec<String> = self.learners.iter().map(|l| l.name.clone()).collect();
        let is_shown = move |row: &Row<'_>| {
            let learner = row.quantity.labels.get("learner");
            learner.is_some_and(|learner| names.contains(learner))
        };
        let limits = self.limits.into_iter().enumerate();
        let limits = limits.map(|(index, (name, value))| {
            LineView::listed(name, [Stroke::Dotted, Stroke::Dashed][index % 2], value)
        });
        let curve = GuideView {
            data: 0,
            look: Look::new(Stroke::Series, 2.0),
            in_legend: self.names_curves,
        };
        let band = Part::Band { data: 0 };
        let (learner, task) = (|| vec![view::label("learner")], self.task);
        PanelView::new(
            axes::training_steps(is_crowded),
            AxisView::new(self.label),
            vec![
                Data::new(self.quantity)
                    .with_bars(STANDARD_DEVIATION)
                    .only(is_shown),
            ],
            vec![
                Pass::new(learner(), vec![band]),
                Pass::new(Vec::new(), limits.collect()),
                Pass::new(learner(), vec![Part::Guide(curve)]),
            ],
        )
        .titled(self.title)
        .only(move |row| row.task == task)
    }
}

/// "N = 784, M = 20".
pub(crate) fn task_title(task: &Task) -> String {
    format!("N = {}, M = {}", task.size, task.pattern_count)
}

/// A limit that does not depend on what was measured.
pub(crate) fn fixed<'a>(value: f64) -> LineValue<'a> {
    LineValue::Theory(exact(move |_| Some(value)))
}

/// The stored patterns in double precision.
pub(crate) fn stored(sample: &Sample<'_>) -> Patterns<f64> {
    let patterns = (0..sample.task.pattern_count).flat_map(|index| sample.memory.pattern(index));
    Patterns::from_rows(sample.task.size, patterns.collect())
}

/// The name under which a record keeps the values of a learner.
pub(crate) fn column_name(name: &str, learner: &Learner) -> String {
    format!("{name} {}", learner.name)
}

/// Learners with the same kind of start and as many features begin with the same map.
pub(crate) fn start<'a>(
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
