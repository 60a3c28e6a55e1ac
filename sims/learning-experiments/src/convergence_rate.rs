//! How fast the separation loss approaches its bound, and what becomes of the rank of the features.

use crate::shared::learners::LEARNER;
use crate::shared::learners::learners;
use crate::shared::training_curve::{TrainingCurve, column_name, task_title};
use dam_learning::{Learner, Trainer};
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Conclusions, Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::Quantity;
use dam_runs::record::{Record, grid_column};
use dam_runs::reduce;
use dam_runs::results::TaskResult;
use dam_runs::swept::{PATTERN_COUNT, SIZE, TRAINING_STEPS};
use dam_runs::task::Task;
use dam_runs::view::{
    self, Along, Arrangement, AxisView, CurveView, Data, Floor, Grid, Legend, LineValue, LineView,
    Look, PanelView, Part, Pass, Picture, Row, Stroke, Sweep, View, exact, literal,
};
use nalgebra::DMatrix;

/// What is recorded; the second only of at most as many patterns as features.
const NAMES: [&str; 2] = ["excess_loss", "least_singular_value"];
const EXPONENT: &str = "decay_exponent";
/// Training steps over which an exponent is fitted: from a tenth of the last ones on.
const WINDOW: f64 = 10.0;
/// An excess up to this part of the bound is rounding: the bound is reached.
const ROUNDING: f64 = 1e-10;
/// Exponents within this many standard errors of 1 are those of 1/n.
const RESOLVED: f64 = 2.0;
/// Excesses and singular values below are drawn here.
const SMALLEST: f64 = 1e-16;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "convergence-rate",
    about: "excess of the separation loss over its bound and rank of the features, against training steps",
    sections: &[LEARNER],
    sweep: &[PATTERN_COUNT, SIZE, TRAINING_STEPS],
    read: ConvergenceRate::configure,
};

/// Learns feature maps of the stored patterns and records, after n training steps,
///
/// * `excess_loss`, L − L_*, with L_* the loss of a regular simplex
///   ([`SeparationLoss::simplex_minimum`](dam_learning::SeparationLoss::simplex_minimum)): no M ≥ 2 normalised features
///   have less, and M ≤ d linearly independent patterns can have it;
/// * `least_singular_value` of the normalised features û_μ, for M ≤ D: 0 where they are linearly dependent, as those of a
///   simplex are (Σ_μ û_μ = 0);
/// * `decay_exponent`, the p of L − L_* ∝ n^{−p} fitted to the recorded steps from n/10 to n in each sample that has not
///   reached the bound, where half of the samples have not.
///
/// U-Hop (arXiv:2404.03827) takes the loss for convex in W, from which gradient descent would bring the excess down as
/// O(1/n), and claims that its minimum lets attention of M ≤ d patterns have any weights (Theorem 3.1), which needs
/// linearly independent features.
#[derive(Clone, Debug)]
pub struct ConvergenceRate(pub TrainingCurve);

impl ConvergenceRate {
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        // exponents are of ln n
        draft.counts("training_steps", 1)?;
        let configured = TrainingCurve::configure(draft, Self)?;
        let is_unbounded = |learner: &Learner| learner.training.loss.simplex_minimum(2).is_none();
        if let Some(learner) = learners(draft, &[], 0)?.into_iter().find(is_unbounded) {
            let message = format!(
                "{}: no bound is known of this loss; take normalised features and another loss",
                learner.name
            );
            return Err(draft.error("learner", "", message));
        }
        Ok(configured)
    }

    /// The p of each sample over the recorded steps that end at `last`, none where the bound is reached.
    fn exponents(&self, task: &Task, records: &[Record], case: (&Learner, usize)) -> Vec<f64> {
        let (learner, last) = case;
        let Some(window) = self.window(last) else {
            return Vec::new();
        };
        let least = ROUNDING * bound(learner, task.pattern_count).abs();
        let columns: Vec<Vec<Option<f64>>> = window
            .clone()
            .map(|position| grid_column(records, &column_name(NAMES[0], learner), position))
            .collect();
        let exponent = |sample: usize| {
            let excesses = columns.iter().map(|column| column[sample]);
            let excesses: Option<Vec<f64>> = excesses
                .map(|excess| excess.filter(|&excess| excess > least))
                .collect();
            let steps = window
                .clone()
                .map(|position| self.0.epochs[position] as f64);
            Some(-slope(&steps.zip(excesses?).collect::<Vec<_>>()))
        };
        let found: Vec<f64> = (0..records.len()).filter_map(exponent).collect();
        // a few that are left are the slow ones
        if 2 * found.len() < records.len() {
            return Vec::new();
        }
        found
    }

    /// The positions of the recorded steps from a tenth of those at `last` to `last`, where they span half of that.
    fn window(&self, last: usize) -> Option<std::ops::RangeInclusive<usize>> {
        let at = |position: usize| self.0.epochs[position] as f64;
        let first = (0..last).find(|&position| WINDOW * at(position) >= at(last))?;
        (at(last) >= WINDOW.sqrt() * at(first)).then_some(first..=last)
    }

    /// The windows that end with the last steps, each where the one after it begins.
    fn decades(&self) -> Vec<(usize, usize)> {
        let mut last = self.0.epochs.len() - 1;
        let mut found = Vec::new();
        while let Some(window) = self.window(last) {
            found.push((*window.start(), last));
            last = *window.start();
        }
        found.reverse();
        found
    }

    /// What a task says of a learner.
    fn finding(&self, result: &TaskResult, learner: &Learner) -> Option<String> {
        let (task, records) = (&result.task, &result.samples);
        let epochs = &self.0.epochs;
        let bound = bound(learner, task.pattern_count);
        let phrase = |(first, last): (usize, usize)| {
            let found = reduce::mean(EXPONENT, &self.exponents(task, records, (learner, last)));
            let (mean, error) = (found.mean?, found.standard_error?);
            let verdict = match mean - 1.0 {
                over if over > RESOLVED * error => "faster than 1/n",
                over if over < -RESOLVED * error => "slower than 1/n",
                _ => "1/n within errors",
            };
            let (from, to, count) = (epochs[first], epochs[last], found.count);
            Some(format!(
                "from {from} to {to} steps p = {mean:.2} ± {error:.2} ({verdict}; {count} samples)"
            ))
        };
        let phrases: Vec<String> = self.decades().into_iter().filter_map(phrase).collect();
        let end = grid_column(records, &column_name(NAMES[0], learner), epochs.len() - 1);
        let end = reduce::present(&end);
        let reached = end
            .iter()
            .filter(|&&excess| excess <= ROUNDING * bound.abs());
        let reached = format!(
            "after {} steps {} of {} samples are at the bound",
            epochs.last()?,
            reached.count(),
            end.len()
        );
        let fall = if phrases.is_empty() {
            String::new()
        } else {
            format!("falls as n^−p: {}; ", phrases.join("; "))
        };
        let has_simplex = task.pattern_count <= learner.feature_size(task.size) + 1;
        let out_of_reach = if has_simplex {
            ""
        } else {
            " (out of reach: so many features form no regular simplex)"
        };
        let text = format!(
            "{}, {}: the excess over the bound {bound:.4}{out_of_reach} {fall}{reached}",
            task_title(task),
            learner.name
        );
        let text = text.replace(" -", " −");
        Some(format!("{text}{}.", self.rank(records, learner)))
    }

    /// How linearly independent the features are at the first and at the last recorded steps.
    fn rank(&self, records: &[Record], learner: &Learner) -> String {
        let at = |position: usize| {
            let column = grid_column(records, &column_name(NAMES[1], learner), position);
            let quantity = reduce::mean(NAMES[1], &reduce::present(&column));
            let numbers = quantity.mean.zip(quantity.standard_error);
            numbers.map(|(mean, error)| format!("{mean:.1e} ± {error:.0e}"))
        };
        let last = self.0.epochs.len() - 1;
        let words = at(0).zip(at(last)).map(|(first, last)| {
            let steps = (self.0.epochs[0], self.0.epochs[self.0.epochs.len() - 1]);
            format!(
                "; least singular value of the features {first} after {} and {last} after {} steps",
                steps.0, steps.1
            )
        });
        words.unwrap_or_default()
    }
}

/// L_*, which configuration has seen to be known.
fn bound(learner: &Learner, count: usize) -> f64 {
    let bound = learner.training.loss.simplex_minimum(count);
    bound.expect("a job without bound is refused")
}

/// The least-squares slope of ln y against ln x.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(|p| of(p).ln()).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let (mut xx, mut xy) = (0.0, 0.0);
    for point in points {
        let along = point.0.ln() - x;
        xx += along * along;
        xy += along * (point.1.ln() - y);
    }
    xy / xx
}

/// The least singular value of the normalised features, M of D ≥ M components; none where D < M.
fn least_singular_value(trainer: &Trainer<'_>, count: usize) -> Option<f64> {
    let size = trainer.feature_size();
    if size < count {
        return None;
    }
    let mut features = DMatrix::from_column_slice(size, count, trainer.features());
    for mut feature in features.column_iter_mut() {
        feature.normalize_mut();
    }
    let values = features.singular_values();
    Some(values.iter().copied().fold(f64::INFINITY, f64::min))
}

impl Experiment for ConvergenceRate {
    fn settings(&self) -> Settings {
        self.0.settings()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let count = sample.task.pattern_count;
        self.0.record(sample, NAMES, |learner, trainer| {
            let excess = trainer.state().loss - bound(learner, count);
            // rounding alone leads below the bound
            let excess = Some(excess.max(0.0));
            [excess, least_singular_value(trainer, count)]
        })
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let has_rank = |learner: &Learner| learner.feature_size(task.size) >= task.pattern_count;
        let names = if self.0.learners.iter().any(has_rank) {
            &NAMES[..]
        } else {
            &NAMES[..1]
        };
        let mut quantities = self.0.quantities(records, names);
        for learner in &self.0.learners {
            for (last, &steps) in self.0.epochs.iter().enumerate() {
                let exponents = self.exponents(task, records, (learner, last));
                if exponents.is_empty() {
                    continue;
                }
                let quantity = reduce::mean(EXPONENT, &exponents);
                let quantity = quantity.at("training_steps", steps as f64);
                quantities.push(quantity.labelled("learner", &learner.name));
            }
        }
        quantities
    }

    /// A column for each learner: excess, exponent, least singular value, with a curve for each task.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let of_row = |panel: fn(&Learner) -> PanelView<'_>, is_first: bool| {
            let of_learner = move |learner: &'a Learner| {
                let is_own =
                    |row: &Row<'_>| row.quantity.labels.get("learner") == Some(&learner.name);
                let title = if is_first {
                    literal(&learner.name)
                } else {
                    String::new()
                };
                panel(learner).titled(title).only(is_own)
            };
            self.0.learners.iter().map(of_learner)
        };
        let panels = of_row(excess_panel, true)
            .chain(of_row(exponent_panel, false))
            .chain(of_row(rank_panel, false));
        let columns = Arrangement::Rows(self.0.learners.len());
        let picture = Picture::Panels(panels.collect(), columns, Some((560.0, 400.0)));
        vec![View::new(KIND.name, sweep.title(), picture)]
    }

    fn conclude(&self, tasks: &[TaskResult]) -> Conclusions {
        let learners = |result| {
            let learners = self.0.learners.iter();
            learners.filter_map(move |learner| self.finding(result, learner))
        };
        Conclusions {
            findings: tasks.iter().flat_map(learners).collect(),
            ..Conclusions::default()
        }
    }
}

/// A panel of one quantity against the training steps, a series for each task.
fn panel<'a>(quantity: &str, axis: AxisView, theory: Part<'a>) -> PanelView<'a> {
    let steps = AxisView::new("training steps n").logarithmic();
    let guide = view::guide();
    let by_task =
        || -> Vec<view::Key<'a>> { vec![Box::new(|row: &Row<'_>| Some(task_title(row.task)))] };
    PanelView::new(
        (steps, Along::Coordinate("training_steps", 0.0)),
        axis,
        vec![Data::new(quantity)],
        vec![
            Pass::new(Vec::new(), vec![theory]),
            Pass::new(by_task(), vec![guide, view::points()]),
        ],
    )
    .with_legend(Legend::Placed)
}

fn excess_panel(learner: &Learner) -> PanelView<'_> {
    let largest = exact(move |place| {
        let bound = learner
            .training
            .loss
            .simplex_minimum(place.task.pattern_count)?;
        Some(bound.abs() / place.coordinate("training_steps")?)
    });
    let grey = Look::grey(Stroke::Dashed, 2.0);
    let curve = CurveView::new("O(1/n): |L_*|/n", grey, Grid::Measured, largest);
    let axis = AxisView::new("separation loss over its bound, L − L_*").logarithmic();
    panel(NAMES[0], axis, curve.listed().part()).above(Floor::Raise(SMALLEST))
}

fn exponent_panel(_: &Learner) -> PanelView<'_> {
    let one = LineValue::Theory(exact(|_| Some(1.0)));
    let line = LineView::listed("O(1/n)", Stroke::Dashed, one);
    panel(
        EXPONENT,
        AxisView::new("p of L − L_* ∝ n^{−p}, from n/10 to n"),
        line,
    )
    // that of the excess names the same curves
    .with_legend(Legend::Hidden)
}

fn rank_panel(_: &Learner) -> PanelView<'_> {
    let rounding = LineValue::Theory(exact(|_| Some(SMALLEST)));
    let line = LineView::listed("simplex: 0", Stroke::Dashed, rounding);
    let axis = AxisView::new("least singular value of the features").logarithmic();
    panel(NAMES[1], axis, line).above(Floor::Raise(SMALLEST))
}
