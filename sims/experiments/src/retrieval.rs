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
use dam_runs::swept::{ALPHA, LAMBDA, SIZE};
use dam_runs::task::Task;
use dam_runs::view::axes;
use dam_runs::view::{
    self, Arrangement, AxisView, CurveView, Data, Grid, LineView, Look, PanelView, Part, Pass,
    Picture, Stroke, Sweep, View, exact,
};

use serde_json::json;

use crate::crossover::typical_inverse_temperature;
use crate::shared::retrieval_curve::CurveTheory;
use dam_memory::dynamics::criterion::relative_squared_distance;
use dam_memory::dynamics::{
    Arrival, Departure, Moment, Outlook, RetrievalState, Retriever, Start, StopReason,
};
use dam_memory::ensembles::PatternEnsemble;
use dam_memory::products::dot;
use dam_runs::job::MEMORY;
use dam_statistics::{BootstrapMethod, LogisticFit, RetrievalCount, StatisticsError};
use dam_theory::finite_size::Estimate;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "retrieval",
    about: "success probability on a λ grid; final overlap, distance and norm; trajectories on request",
    sections: &[MEMORY],
    sweep: &[ALPHA, SIZE, LAMBDA],
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
                let weight = reduce::mean(TARGET_WEIGHT, &values(TARGET_WEIGHT));
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
                 does not rise through ½ within [sweep] lambda, or shows both outcomes at less than two of them; widen it \
                 or add values",
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
        let curve = || CurveTheory::at(at, &self.inverse_temperatures).filter(|_| is_known);
        match (quantity, at.coordinate("lambda")) {
            (HALF, None) => Prediction {
                infinite_size: typical_inverse_temperature(&self.retriever, at),
                ..curve().map(CurveTheory::half).unwrap_or_default()
            },
            (WIDTH, None) => Prediction {
                infinite_size: at.theory().filter(|_| is_known).map(|_| 0.0),
                ..curve().map(CurveTheory::width).unwrap_or_default()
            },
            (PROBABILITY, Some(lambda)) => Prediction {
                infinite_size: at
                    .theory()
                    .and_then(|ensemble| {
                        self.retriever.typical_threshold(ensemble.as_ref(), lambda)
                    })
                    .map(|threshold| flag(at.load < threshold)),
                ..finite_size_probability(&self.retriever, at, lambda).into()
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
) -> Option<Estimate> {
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
/// λ with both outcomes that determine a curve of two parameters.
const DETERMINED: usize = 2;

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

    /// The logistic curve p(λ) = 1/(1 + e^{−(λ − λ_½)/w}) through the retrieval probabilities: λ_½ of largest penalised
    /// likelihood, w of largest likelihood. Nothing where less than two λ of the grid show both outcomes, since then the
    /// penalty alone places the curve between them, or p does not rise through ½ within it; no width where a threshold separates the outcomes.
    ///
    /// All λ of a sample share its patterns, so that errors and intervals come from a bootstrap over the samples. In resamples
    /// that a threshold separates the width is 0, the limit of the fits.
    fn logistic_curve(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let columns: Vec<Vec<bool>> = (0..self.inverse_temperatures.len())
            .map(|position| grid_flags(records, "retrieved", position))
            .collect();
        let counts = |samples: &[f64]| -> Vec<RetrievalCount> {
            let of = |(&lambda, retrieved): (&f64, &Vec<bool>)| {
                let is_retrieved = |&&sample: &&f64| {
                    let found = retrieved.get(reduce::whole(sample));
                    found.copied().unwrap_or(false)
                };
                RetrievalCount {
                    at: lambda,
                    successes: samples.iter().filter(is_retrieved).count() as u64,
                    trials: samples.len() as u64,
                }
            };
            self.inverse_temperatures
                .iter()
                .zip(&columns)
                .map(of)
                .collect()
        };
        let all: Vec<f64> = (0..records.len()).map(|index| index as f64).collect();
        let lambdas = self.inverse_temperatures.iter().copied();
        let (low, high) = (
            lambdas.clone().fold(f64::INFINITY, f64::min),
            lambdas.fold(f64::NEG_INFINITY, f64::max),
        );
        let is_mixed = |count: &RetrievalCount| (1..count.trials).contains(&count.successes);
        let rises_within =
            |fit: &LogisticFit| fit.width > 0.0 && (low..=high).contains(&fit.midpoint);
        let penalised = |samples: &[f64]| LogisticFit::penalised(&counts(samples));
        if counts(&all).into_iter().filter(is_mixed).count() < DETERMINED
            || !penalised(&all).is_ok_and(|fit| rises_within(&fit))
        {
            return Vec::new();
        }
        // Outcomes that a threshold separates have a finite midpoint, but no width.
        let half = reduce::statistic(task, HALF, &all, BootstrapMethod::Normal, |samples| {
            penalised(samples).map_or(f64::NAN, |fit| fit.midpoint)
        });
        let corrected = BootstrapMethod::BiasCorrectedAccelerated;
        let width = |samples: &[f64]| match LogisticFit::new(&counts(samples)) {
            Ok(fit) => fit.width,
            Err(StatisticsError::CompleteSeparation { .. }) => 0.0,
            Err(_) => f64::NAN,
        };
        let has_width = width(&all) > 0.0;
        let width = has_width.then(|| reduce::statistic(task, WIDTH, &all, corrected, width));
        std::iter::once(half).chain(width).collect()
    }
}
