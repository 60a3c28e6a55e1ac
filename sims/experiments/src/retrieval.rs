//! The probability that a stored pattern is retrieved, on a grid of λ.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::caveat::Caveat;
use dam_runs::experiment::{Conclusions, Experiment, Needs, Sample, at_size};
use dam_runs::job::{Draft, JobError};
use dam_runs::place::Place;
use dam_runs::quantity::{Prediction, Quantity, at_lambda};
use dam_runs::record::{Measurement, Record, flag, grid_column, grid_flags, list};
use dam_runs::reduce;
use dam_runs::results::TaskResult;
use dam_runs::task::Task;
use dam_runs::view::axes;
use dam_runs::view::{
    self, Arrangement, AxisView, CurveView, Data, Grid, LineView, Look, PanelView, Part, Pass,
    Picture, Stroke, Sweep, View, exact,
};

use dam_theory::NormLaw;
use dam_theory::finite_size::{AxisNoise, CollinearMap, crossover_deviation};
use serde_json::json;

use crate::crossover::{finite_size_crossover, mean_crossover, typical_inverse_temperature};
use dam_memory::dynamics::criterion::relative_squared_distance;
use dam_memory::dynamics::{
    Arrival, Departure, Moment, Outlook, RetrievalState, Retriever, Start, StopReason,
};
use dam_memory::ensembles::PatternEnsemble;
use dam_memory::products::dot;
use dam_statistics::{LogisticFit, RetrievalCount, StatisticsError};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "retrieval",
    about: "success probability on a λ grid; final overlap, distance and norm; trajectories on request",
    sections: &["memory"],
    read: Retrieval::configure,
};

/// Starts at ξ¹ for every λ of a grid and asks whether the fixed point retrieves it.
///
/// All λ of one disorder sample share each pass over its patterns.
#[derive(Clone, Debug)]
pub struct Retrieval {
    /// The memory, its dynamics and what counts as retrieval.
    pub retriever: Retriever,
    /// The λ grid.
    pub inverse_temperatures: Vec<f64>,
    /// The trajectories of this many samples of each task are recorded.
    pub recorded_samples: usize,
}

/// The columns of a recorded trajectory.
const TRAJECTORY_COLUMNS: [&str; 7] = [
    "trajectory_lambda",
    "trajectory_step",
    "trajectory_energy",
    "trajectory_overlap",
    "trajectory_squared_norm",
    "trajectory_target_weight",
    "trajectory_gradient_norm",
];

impl Retrieval {
    /// Sections `[memory]` and `[dynamics]`; sweeps `alpha` and `size`, with the grid `lambda` in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        draft.swept(&["alpha", "size", "lambda"])?;
        let retriever = draft.retriever()?;
        draft.reveals_with(&retriever);
        let (inverse_temperatures, points) = draft.exponential_loads_with("lambda")?;
        let recorded_samples = draft.recorded_samples();
        let experiment = Self {
            retriever,
            inverse_temperatures,
            recorded_samples,
        };
        Ok((Box::new(experiment), points))
    }
}

impl Experiment for Retrieval {
    fn settings(&self) -> Settings {
        let mut settings = self.retriever.settings();
        settings.insert(
            "dynamics.recorded_samples".to_owned(),
            json!(self.recorded_samples),
        );
        settings
    }

    fn needs(&self, size: usize) -> Needs {
        let bytes_per_pattern = self.retriever.composition.bytes_per_pattern(size);
        Needs::new(self.inverse_temperatures.len(), bytes_per_pattern)
    }

    fn trajectory_columns(&self) -> &'static [&'static str] {
        &TRAJECTORY_COLUMNS
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let target = sample.memory.pattern(0);
        let starts = Start::at_temperatures(&target, &self.inverse_temperatures);
        let is_recorded = sample.index < self.recorded_samples;
        let mut moments: Vec<(usize, [Option<f64>; 7])> = Vec::new();
        let averaged_from = self.retriever.dynamics.averaged_from();
        let mut averages = vec![Average::default(); starts.len()];
        let mut watch = |moment: &Moment<'_>| {
            if averaged_from.is_some_and(|first| moment.step >= first) {
                averages[moment.start].add(moment, &target);
            }
            if is_recorded {
                let lambda = self.inverse_temperatures[moment.start];
                moments.push((moment.start, traced(moment, lambda, &target)));
            }
            Outlook::Open
        };
        let memory = sample.memory_of(&self.retriever);
        let from = Departure {
            memory: memory.as_ref(),
            starts: &starts,
            streams: &sample.stream,
        };
        let arrivals = self.retriever.dynamics.run(from, &mut watch);
        let arrivals: Vec<Arrival> = arrivals.into_iter().flatten().collect();
        // stable: the steps of each start stay in order
        moments.sort_by_key(|&(start, _)| start);

        let mut record = self.record_of(&arrivals, &target);
        record.insert(
            "target_squared_norm".to_owned(),
            Measurement::Number(Some(sample.memory.squared_norm(0))),
        );
        if averaged_from.is_some() {
            for (position, name) in Average::COLUMNS.iter().enumerate() {
                let means = averages.iter().map(|sums| sums.mean(position));
                record.insert((*name).to_owned(), list(means));
            }
        }
        if !moments.is_empty() {
            for (column, name) in TRAJECTORY_COLUMNS.iter().enumerate() {
                let values = moments.iter().map(|(_, values)| values[column]);
                record.insert((*name).to_owned(), Measurement::List(values.collect()));
            }
        }
        record
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for (position, &lambda) in self.inverse_temperatures.iter().enumerate() {
            let values = |name| reduce::present(&grid_column(records, name, position));
            let flags = |name| grid_flags(records, name, position);
            let retrieved = flags("retrieved");
            let mixed = |name| reduce::mixed_mean(name, &values(name), &retrieved);
            let measured = [
                reduce::probability(PROBABILITY, &retrieved),
                mixed("overlap"),
                mixed("squared_norm"),
                mixed("distance"),
                mixed("steps"),
            ];
            let unconverged = flags("unconverged");
            let caveat = Caveat::of_samples(&unconverged);
            quantities.extend(at_lambda(
                lambda,
                measured.map(|found| found.under(&caveat)),
            ));
            let of_search = [reduce::probability("unconverged", &unconverged)];
            quantities.extend(at_lambda(lambda, of_search));
            if self.fluctuates() {
                let weight = reduce::mean(task, TARGET_WEIGHT, &values(TARGET_WEIGHT));
                quantities.extend(at_lambda(lambda, [weight]));
            }
        }
        quantities.extend(self.logistic_curve(task, records));
        quantities
    }

    /// Where λ_½ has no value, since the grid does not show it.
    fn conclude(&self, tasks: &[TaskResult]) -> Conclusions {
        let has_half = |result: &&TaskResult| {
            let mut quantities = result.quantities.iter();
            quantities.any(|quantity| quantity.name == HALF)
        };
        let without: Vec<&TaskResult> = tasks.iter().filter(|task| !has_half(task)).collect();
        let warning = without.first().map(|result| {
            let (size, load) = (result.task.size, result.task.alpha);
            format!(
                "lambda_half has no value at {} of {} points (size = {size}, alpha = {load}): the retrieval probability \
                 does not rise through ½ within [sweep] lambda; widen it or add values",
                without.len(),
                tasks.len()
            )
        });
        Conclusions {
            warnings: warning.into_iter().collect(),
            ..Conclusions::default()
        }
    }

    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        let is_known = self.retriever.is_attention_descent();
        match (quantity, at.coordinate("lambda")) {
            (HALF, None) => {
                let (value, error) = half(at).filter(|_| is_known).unzip();
                Prediction {
                    infinite_size: typical_inverse_temperature(&self.retriever, at),
                    finite_size: value,
                    finite_size_error: error.flatten(),
                }
            }
            (WIDTH, None) => Prediction {
                infinite_size: is_known.then_some(0.0),
                finite_size: width(at).filter(|_| is_known),
                ..Prediction::default()
            },
            (PROBABILITY, Some(lambda)) => Prediction {
                infinite_size: at
                    .theory()
                    .and_then(|ensemble| {
                        self.retriever.typical_threshold(ensemble.as_ref(), lambda)
                    })
                    .map(|threshold| flag(at.load < threshold)),
                finite_size: finite_size_probability(&self.retriever, at, lambda),
                ..Prediction::default()
            },
            (OVERLAP | SQUARED_NORM, Some(lambda)) => Prediction {
                infinite_size: self.retrieval_state(at, lambda).map(|state| {
                    if quantity == OVERLAP {
                        state.overlap
                    } else {
                        state.squared_norm
                    }
                }),
                ..Prediction::default()
            },
            _ => Prediction::default(),
        }
    }

    fn boundary(&self, _: &dyn PatternEnsemble) -> Option<&'static str> {
        Some(HALF)
    }

    /// The retrieval probability against λ, a panel for each load, a colour and a marker for each size; a vertical line at λ₁(α).
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let (name, legend) = if self.fluctuates() {
            ("λ_{sp}", "retrieval state from λ_{sp}(α) on, N = ∞")
        } else {
            ("λ_{1}", "λ_{1}(α), N = ∞")
        };
        let panel = || {
            let look = Look::grey(Stroke::Dashed, 1.6);
            let value = exact(|at| typical_inverse_temperature(&self.retriever, at));
            let threshold = LineView::new(name, look, value, legend);
            let theory = CurveView::new(
                "finite-N theory",
                Look::new(Stroke::Solid, 1.4),
                Grid::Coordinate("lambda", CURVE_POINTS),
                at_size(self, PROBABILITY),
            );
            let passes = vec![
                Pass::new(vec![view::load()], vec![Part::Threshold(threshold)]),
                Pass::new(
                    vec![view::load(), view::size()],
                    vec![theory.or_guide().part(), view::points()],
                ),
            ];
            let axis = AxisView::share("retrieval probability");
            let data = vec![Data::share(PROBABILITY)];
            PanelView::new(axes::inverse_temperature(), axis, data, passes).focused(UNDECIDED)
        };
        let title = sweep.title();
        let panels = Picture::Panels(
            view::per_load(sweep, panel),
            Arrangement::Rows(2),
            PANEL_SIZE,
        );
        let mut views = vec![View::new(KIND.name, title.clone(), panels)];
        if self.fluctuates() {
            views.push(self.state_view(title));
        }
        views
    }
}

pub(crate) const PROBABILITY: &str = "retrieval_probability";
const OVERLAP: &str = "overlap";
const SQUARED_NORM: &str = "squared_norm";
const TARGET_WEIGHT: &str = "target_weight";
/// Probabilities between which the axis of λ shows what happens.
const UNDECIDED: (f64, f64) = (0.005, 0.995);
const PANEL_SIZE: Option<(f64, f64)> = Some((620.0, 460.0));
/// λ of a theory curve.
const CURVE_POINTS: usize = 201;

pub(crate) fn finite_size_probability(
    retriever: &Retriever,
    at: &Place<'_>,
    lambda: f64,
) -> Option<f64> {
    let theory = at.theory()?;
    retriever.retrieval_probability(theory.as_ref(), at.patterns()?, at.size, lambda)
}

/// The [`TRAJECTORY_COLUMNS`] of a moment.
fn traced(moment: &Moment<'_>, lambda: f64, target: &[f64]) -> [Option<f64>; 7] {
    [
        Some(lambda),
        Some(moment.step as f64),
        moment.outcome.energy,
        Some(moment.overlap(target)),
        Some(moment.squared_norm()),
        Some(moment.outcome.target_weight),
        Some(moment.gradient_norm),
    ]
}

/// Sums over the moments of a trajectory that count.
#[derive(Clone, Copy, Debug, Default)]
struct Average {
    count: f64,
    /// One for each of [`COLUMNS`](Self::COLUMNS).
    sums: [f64; 3],
}

impl Average {
    const COLUMNS: [&str; 3] = [OVERLAP, SQUARED_NORM, TARGET_WEIGHT];

    fn add(&mut self, moment: &Moment<'_>, target: &[f64]) {
        self.count += 1.0;
        let weight = moment.outcome.target_weight;
        let values = [moment.overlap(target), moment.squared_norm(), weight];
        for (sum, value) in self.sums.iter_mut().zip(values) {
            *sum += value;
        }
    }

    fn mean(&self, column: usize) -> f64 {
        self.sums[column] / self.count
    }
}

/// The λ at which half of the samples retrieve, and the width of the curve around it.
pub(crate) const HALF: &str = "lambda_half";
const WIDTH: &str = "lambda_width";

/// λ_½ by the finite-N theory, with its error where that is known.
pub(crate) fn half(at: &Place<'_>) -> Option<(f64, Option<f64>)> {
    if at.theory()?.structure().norm_law() != NormLaw::Fixed {
        return Some((finite_size_crossover(at)?, None));
    }
    let law = mean_crossover(at)?;
    // the median of a skew law lies below its mean by the order of its squared relative width
    let skewness = law.deviation * law.deviation / law.mean;
    Some((law.mean, Some(law.error + skewness)))
}

/// The width of the logistic curve whose variance π²w²/3 is that of λ_×: the likelihood's maximum on a fine grid, as its score
/// is the difference of the second moments. `None` where λ_× scatters with the target's norm.
fn width(at: &Place<'_>) -> Option<f64> {
    let ensemble = at.theory()?;
    if ensemble.structure().norm_law() != NormLaw::Fixed {
        return None;
    }
    let noise = AxisNoise::of(ensemble.as_ref(), at.size).ok()?;
    let map = CollinearMap::new(noise, at.patterns()?);
    let deviation = crossover_deviation(&map).ok()??;
    Some(3.0_f64.sqrt() / std::f64::consts::PI * deviation)
}

impl Retrieval {
    /// Whether states fluctuate, so that overlap, squared norm and target weight are averages over time.
    fn fluctuates(&self) -> bool {
        self.retriever.dynamics.averaged_from().is_some()
    }

    /// What is known of where the starts of a sample ended.
    fn record_of(&self, arrivals: &[Arrival], target: &[f64]) -> Record {
        let size = target.len() as f64;
        let per_arrival = |value: &dyn Fn(&Arrival) -> f64| list(arrivals.iter().map(value));
        let is_retrieved = |arrival: &Arrival| {
            let criterion = self.retriever.criterion;
            flag(criterion.is_retrieved(arrival, target))
        };
        let overlap = |arrival: &Arrival| dot(&arrival.state, target) / size;
        let norm = |arrival: &Arrival| dot(&arrival.state, &arrival.state) / size;
        let distance = |arrival: &Arrival| relative_squared_distance(&arrival.state, target);
        let unconverged = |arrival: &Arrival| flag(arrival.reason == StopReason::MaxSteps);
        let columns = [
            ("retrieved", per_arrival(&is_retrieved)),
            (OVERLAP, per_arrival(&overlap)),
            (SQUARED_NORM, per_arrival(&norm)),
            ("distance", per_arrival(&distance)),
            ("steps", per_arrival(&|arrival| arrival.steps as f64)),
            ("unconverged", per_arrival(&unconverged)),
        ];
        let named = columns.into_iter();
        named
            .map(|(name, values)| (name.to_owned(), values))
            .collect()
    }

    /// The state of retrieval at N = ∞, where it is one: stable or metastable, not what an infinitely long run sees.
    fn retrieval_state(&self, at: &Place<'_>, lambda: f64) -> Option<RetrievalState> {
        let ensemble = at.theory()?;
        let threshold = self
            .retriever
            .typical_threshold(ensemble.as_ref(), lambda)?;
        let dynamics = &self.retriever.dynamics;
        let state = dynamics.retrieval_state(ensemble.as_ref(), lambda);
        state.filter(|_| at.load < threshold)
    }

    /// Overlap and squared norm against λ, over the state of retrieval at N = ∞ where it is (meta)stable.
    fn state_view(&self, title: String) -> View<'_> {
        let panel = |quantity, label| {
            let theory = CurveView::new(
                "retrieval state, N = ∞",
                Look::new(Stroke::Solid, 1.6),
                Grid::Coordinate("lambda", CURVE_POINTS),
                exact(move |at| self.predict(at, quantity).infinite_size),
            );
            let keys = vec![view::load(), view::size()];
            let passes = vec![
                Pass::new(vec![view::load()], vec![theory.part()]),
                Pass::new(keys, vec![view::points()]),
            ];
            let data = vec![Data::new(quantity)];
            PanelView::new(
                axes::inverse_temperature(),
                AxisView::new(label),
                data,
                passes,
            )
        };
        let panels = vec![
            panel(OVERLAP, "overlap m = x·ξ^{1}/N"),
            panel(SQUARED_NORM, "squared norm ρ = |x|^{2}/N"),
        ];
        let panels = Picture::Panels(panels, Arrangement::SideBySide, None);
        View::new(format!("{}-state", KIND.name), title, panels)
    }

    /// The logistic curve p(λ) = 1/(1 + e^{−(λ − λ_½)/w}) through the retrieval probabilities; nothing where the grid does not
    /// show both outcomes in overlapping ranges, or where the probability does not rise.
    ///
    /// All λ of a sample share its patterns, so that errors and intervals come from a bootstrap over the samples. Resamples that
    /// a threshold separates count with the middle of the gap and width 0, the limits of their fits.
    fn logistic_curve(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let columns: Vec<Vec<bool>> = (0..self.inverse_temperatures.len())
            .map(|position| grid_flags(records, "retrieved", position))
            .collect();
        let fit = |samples: &[f64]| {
            let counts: Vec<RetrievalCount> = self
                .inverse_temperatures
                .iter()
                .zip(&columns)
                .map(|(&lambda, retrieved)| {
                    let is_retrieved = |&&sample: &&f64| {
                        #[expect(
                            clippy::cast_possible_truncation,
                            clippy::cast_sign_loss,
                            reason = "the numbers of samples are whole"
                        )]
                        let index = sample as usize;
                        retrieved.get(index).copied().unwrap_or(false)
                    };
                    RetrievalCount {
                        at: lambda,
                        successes: samples.iter().filter(is_retrieved).count() as u64,
                        trials: samples.len() as u64,
                    }
                })
                .collect();
            LogisticFit::new(&counts)
        };
        let all: Vec<f64> = (0..records.len()).map(|index| index as f64).collect();
        if !fit(&all).is_ok_and(|fit| fit.width > 0.0) {
            return Vec::new();
        }
        let parameter = |name, value: fn(&LogisticFit) -> f64, limit: fn(f64, f64) -> f64| {
            reduce::statistic(task, name, &all, |samples| match fit(samples) {
                Ok(fit) => value(&fit),
                Err(StatisticsError::CompleteSeparation { low, high }) => limit(low, high),
                Err(_) => f64::NAN,
            })
        };
        vec![
            parameter(HALF, |fit| fit.midpoint, f64::midpoint),
            parameter(WIDTH, |fit| fit.width, |_, _| 0.0),
        ]
    }
}
