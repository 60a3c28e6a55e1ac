//! Whether every stored pattern is retrieved, and what loses those that are not.

mod losses;

use crate::retrieval::finite_size_probability;
use crate::shared::curves::towards_limit;
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::caveat::Caveat;
use dam_runs::experiment::{Conclusions, Experiment, Needs, Sample, at_size};
use dam_runs::job::{Draft, JobError};
use dam_runs::place::Place;
use dam_runs::quantity::{JointResult, Prediction, Quantity, at_lambda};
use dam_runs::record::{Measurement, Record, column, flag, grid_column, grid_flags, list};
use dam_runs::reduce;
use dam_runs::results::TaskResult;
use dam_runs::swept::{ALPHA, LAMBDA, SIZE};
use dam_runs::task::Task;
use dam_runs::view::axes;
use dam_runs::view::{
    self, Arrangement, AxisView, CurveView, Data, Floor, Grid, Legend, LineView, Look, Note,
    PanelView, Part, Pass, Picture, PointsView, Row, Stroke, Sweep, View, exact,
};
pub(crate) use losses::ALL_RETRIEVED;
use losses::Expectations;
use std::collections::BTreeMap;

use dam_theory::Structure;
use dam_theory::finite_size::{
    Estimate, gaussian_pair_log_probability, half_load, half_load_estimate,
};

use dam_memory::dynamics::{Arrival, Retriever, Start, StopReason};
use dam_memory::ensembles::PatternEnsemble;
use dam_memory::memory::Memory;
use dam_memory::products::dot;
use dam_runs::job::MEMORY;
use dam_statistics::{LossFit, RetrievalCount, normal_quantile};

/// Starts that share each pass over the patterns.
const BATCH: usize = 32;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "all-patterns",
    about: "starts at every stored pattern: are all retrieved, and what loses the others",
    sections: &[MEMORY],
    sweep: &[ALPHA, SIZE, LAMBDA],
    read: AllPatterns::configure,
};

/// Starts at every stored pattern ξ^μ, for every λ of a grid: P starts of P patterns each.
///
/// A lost pattern is counted under one of the two mechanisms that bound α_c of Gaussian
/// patterns (LM24):
///
/// * close pair: some other pattern has ξ^μ·ξ^ν ≥ |ξ^μ|², so that no λ retrieves ξ^μ (equality:
///   a duplicate, as ±1 patterns have them);
/// * low norm: there is no such ν, and ξ^μ loses to the noise of all others, first where |ξ^μ|²
///   is low.
#[derive(Clone, Debug)]
pub struct AllPatterns {
    /// The memory, its dynamics and what counts as retrieval.
    pub retriever: Retriever,
    /// The λ grid.
    pub inverse_temperatures: Vec<f64>,
    /// Finite-N expectations that are known.
    expectations: Expectations,
}

/// Pairs with ξ^μ·ξ^ν ≥ |ξ^μ|².
struct ClosePairs {
    /// Ordered pairs (μ, ν).
    count: usize,
    /// Whether μ has such a ν.
    has_partner: Vec<bool>,
}

impl ClosePairs {
    fn among(patterns: &[Vec<f64>]) -> Self {
        let squared_lengths: Vec<f64> = patterns.iter().map(|row| dot(row, row)).collect();
        let mut count = 0;
        let mut has_partner = vec![false; patterns.len()];
        for (second, right) in patterns.iter().enumerate() {
            for (first, left) in patterns[..second].iter().enumerate() {
                let product = dot(left, right);
                for pattern in [first, second] {
                    if product >= squared_lengths[pattern] {
                        count += 1;
                        has_partner[pattern] = true;
                    }
                }
            }
        }
        Self { count, has_partner }
    }
}

/// What became of the starts at one λ.
#[derive(Clone, Debug, Default)]
struct Tally {
    lost_to_low_norm: usize,
    lost_to_close_pair: usize,
    /// Σ |ξ^μ|²/N over the patterns lost to low norm.
    low_norms: f64,
    unconverged: usize,
}

impl Tally {
    fn lost(&self) -> usize {
        self.lost_to_low_norm + self.lost_to_close_pair
    }
}

impl AllPatterns {
    /// Sections `[memory]` and `[dynamics]`; sweeps `alpha` and `size`, with the grid `lambda` in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let retriever = draft.searching_retriever()?;
        let (inverse_temperatures, points) = draft.exponential_loads_with("lambda")?;
        let experiment = Self::new(retriever, inverse_temperatures);
        Ok((Box::new(experiment), points))
    }

    pub(crate) fn new(retriever: Retriever, inverse_temperatures: Vec<f64>) -> Self {
        Self {
            retriever,
            inverse_temperatures,
            expectations: Expectations::default(),
        }
    }

    fn tally(
        &self,
        (memory, sample): (&dyn Memory, &Sample<'_>),
        patterns: &[Vec<f64>],
        close_pairs: &ClosePairs,
        inverse_temperature: f64,
    ) -> Tally {
        let mut tally = Tally::default();
        let targets: Vec<usize> = (0..patterns.len()).collect();
        for targets in targets.chunks(BATCH) {
            let question = (self.retriever.settings(), inverse_temperature, targets);
            let (unconverged, lost): (usize, Vec<usize>) = sample.journal.once(&question, || {
                self.lost_among(memory, sample, patterns, targets, inverse_temperature)
            });
            tally.unconverged += unconverged;
            for target in lost {
                if close_pairs.has_partner[target] {
                    tally.lost_to_close_pair += 1;
                } else {
                    tally.lost_to_low_norm += 1;
                    let pattern = &patterns[target];
                    tally.low_norms += dot(pattern, pattern) / pattern.len() as f64;
                }
            }
        }
        tally
    }

    /// How many descents from these patterns did not converge, and which patterns are lost.
    fn lost_among(
        &self,
        memory: &dyn Memory,
        sample: &Sample<'_>,
        patterns: &[Vec<f64>],
        targets: &[usize],
        inverse_temperature: f64,
    ) -> (usize, Vec<usize>) {
        let start = |&target: &usize| Start {
            state: patterns[target].clone(),
            inverse_temperature,
            target,
        };
        let starts: Vec<Start> = targets.iter().map(start).collect();
        let arrivals = self.retriever.arrivals(memory, &starts, &sample.stream);
        let is_unconverged = |arrival: &&Arrival| arrival.reason == StopReason::MaxSteps;
        let criterion = &self.retriever.criterion;
        let found = targets.iter().zip(&arrivals);
        let lost = found
            .filter(|(target, arrival)| !criterion.is_retrieved(arrival, &patterns[**target]))
            .map(|(&target, _)| target);
        (
            arrivals.iter().filter(is_unconverged).count(),
            lost.collect(),
        )
    }
}

impl Experiment for AllPatterns {
    fn settings(&self) -> Settings {
        self.retriever.settings()
    }

    fn needs(&self, size: usize) -> Needs {
        let own = size * size_of::<f64>() + size_of::<Vec<f64>>();
        Needs::new(
            BATCH,
            own + self.retriever.composition.bytes_per_pattern(size),
        )
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let memory = self.retriever.over(sample.memory);
        let place = (memory.as_ref(), sample);
        let count = sample.memory.pattern_count() as f64;
        let patterns = sample.memory.map_patterns(<[f64]>::to_vec);
        let close_pairs = ClosePairs::among(&patterns);
        let tallies: Vec<Tally> = self
            .inverse_temperatures
            .iter()
            .map(|&lambda| self.tally(place, &patterns, &close_pairs, lambda))
            .collect();
        let per_lambda = |value: &dyn Fn(&Tally) -> f64| list(tallies.iter().map(value));
        BTreeMap::from([
            (
                ALL_RETRIEVED.to_owned(),
                per_lambda(&|tally| flag(tally.lost() == 0)),
            ),
            (
                "retrieved_fraction".to_owned(),
                per_lambda(&|tally| 1.0 - tally.lost() as f64 / count),
            ),
            (
                "lost_to_low_norm".to_owned(),
                per_lambda(&|tally| tally.lost_to_low_norm as f64),
            ),
            (
                "lost_to_close_pair".to_owned(),
                per_lambda(&|tally| tally.lost_to_close_pair as f64),
            ),
            (
                "low_norm".to_owned(),
                Measurement::List(
                    tallies
                        .iter()
                        .map(|tally| {
                            (tally.lost_to_low_norm > 0)
                                .then(|| tally.low_norms / tally.lost_to_low_norm as f64)
                        })
                        .collect(),
                ),
            ),
            (
                "unconverged".to_owned(),
                per_lambda(&|tally| tally.unconverged as f64),
            ),
            (
                "close_pairs".to_owned(),
                Measurement::Number(Some(close_pairs.count as f64)),
            ),
        ])
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let pairs = reduce::present(&column(records, "close_pairs"));
        let mut quantities = vec![reduce::mean("close_pairs", &pairs)];
        for (position, &lambda) in self.inverse_temperatures.iter().enumerate() {
            let flags = |name| grid_flags(records, name, position);
            let mean = |name| {
                let values = reduce::present(&grid_column(records, name, position));
                reduce::mean(name, &values)
            };
            // most sets of patterns lose none
            let mixed = |name, outcomes: &[bool]| {
                let values = reduce::present(&grid_column(records, name, position));
                reduce::mixed_mean(name, &values, outcomes)
            };
            let measured = [
                reduce::probability(ALL_RETRIEVED, &flags(ALL_RETRIEVED)),
                mixed("retrieved_fraction", &flags(ALL_RETRIEVED)),
                mixed("lost_to_low_norm", &flags("lost_to_low_norm")),
                mixed("lost_to_close_pair", &flags("lost_to_close_pair")),
                mean("low_norm"),
                reduce::probability("any_lost_to_low_norm", &flags("lost_to_low_norm")),
                reduce::probability("any_lost_to_close_pair", &flags("lost_to_close_pair")),
            ];
            let unconverged = reduce::present(&grid_column(records, "unconverged", position));
            let affected = reduce::whole(unconverged.iter().sum());
            let of = task.pattern_count * records.len();
            let caveat = Caveat::unconverged("patterns", affected, of);
            quantities.extend(at_lambda(
                lambda,
                measured.map(|found| found.under(&caveat)),
            ));
            let of_search = [reduce::probability("unconverged", &flags("unconverged"))];
            quantities.extend(at_lambda(lambda, of_search));
        }
        quantities
    }

    fn predict(&self, at: &Place<'_>, quantity: &str) -> Prediction {
        if quantity == "close_pairs" {
            return Prediction {
                finite_size: expected_close_pairs(at),
                ..Prediction::default()
            };
        }
        if !self.retriever.is_attention_descent() {
            return match (quantity, at.coordinate("lambda")) {
                ("retrieved_fraction", Some(lambda)) => self.typical_fraction(at, lambda),
                _ => Prediction::default(),
            };
        }
        match (quantity, at.coordinate("lambda")) {
            (_, None) => Prediction::default(),
            (HALF_LOAD, Some(lambda)) => Prediction {
                infinite_size: self.lower_bound(at, lambda),
                ..half_load_of_theory(at, lambda).into()
            },
            (_, Some(lambda)) => Prediction {
                infinite_size: infinite_size(at, quantity, lambda),
                ..self.expectations.estimate(at, quantity, lambda).into()
            },
        }
    }

    fn boundary(&self, _: &dyn PatternEnsemble) -> Option<&'static str> {
        Some(HALF_LOAD)
    }

    /// P(all retrieved) and the mean fraction against α, and the numbers lost by their cause, a colour for each λ, a marker and a dash
    /// for each size; last the load of P(all retrieved) = ½ against N.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        let limit = self.limit_name(sweep);
        let title = sweep.title();
        let noise = if sweep.ensemble.has_fixed_norm() {
            "lost to the noise, per sample"
        } else {
            "lost to low norm, per sample"
        };
        let shares = vec![
            self.panel(
                AxisView::share("P(all patterns retrieved)"),
                Data::share(ALL_RETRIEVED),
                ALL_RETRIEVED,
                limit,
                Some(Box::new(half_load_note)),
            ),
            self.panel(
                AxisView::share("mean fraction of patterns retrieved"),
                Data::new("retrieved_fraction"),
                "retrieved_fraction",
                limit,
                Some(Box::new(half_load_note)),
            )
            .with_legend(Legend::Hidden),
        ];
        let lost = |label, quantity: &'static str| {
            let axis = AxisView::new(label).logarithmic();
            let axis = axis.over(|_, largest| (LEAST_LOST, 2.0 * largest));
            let data = Data::new(quantity);
            let panel = self.panel(axis, data, quantity, limit, None);
            panel.above(Floor::Hide(LEAST_LOST))
        };
        let losses = vec![
            lost(noise, "lost_to_low_norm"),
            lost("lost to a close pair, per sample", "lost_to_close_pair")
                .with_legend(Legend::Hidden),
        ];
        let stacked = |stem: &str, panels| {
            let panels = Picture::Panels(panels, Arrangement::Stacked, None);
            View::new(stem, title.clone(), panels)
        };
        let theory = CurveView::finite_size(Grid::FewSizes(CURVE_SIZES), at_size(self, HALF_LOAD));
        let passes = towards_limit(
            || view::coordinate("lambda", "λ"),
            theory.smooth(),
            exact(|at| self.lower_bound(at, at.coordinate("lambda")?)),
            limit,
        );
        let half = PanelView::new(
            axes::size_to_limit(),
            AxisView::new("load α_{1/2} where P(all retrieved) = ½"),
            vec![Data::new(HALF_LOAD)],
            passes,
        );
        vec![
            stacked(KIND.name, shares),
            stacked("lost-patterns", losses),
            View::of("half-load", half.titled(title.clone())),
        ]
    }

    /// The load at which half of the samples keep all their patterns, per N and λ, by a fit of exp(−Λ(ln P/N)) ([`LossFit`]);
    /// none where the sweep does not show both outcomes in overlapping ranges or does not reach that load, or where the
    /// probability does not fall.
    fn conclude(&self, tasks: &[TaskResult]) -> Conclusions {
        let mut sizes: Vec<usize> = tasks.iter().map(|result| result.task.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let (mut joint, mut warnings) = (Vec::new(), Vec::new());
        for size in sizes {
            let is_of_size = |result: &&TaskResult| result.task.size == size;
            let of_size: Vec<&TaskResult> = tasks.iter().filter(is_of_size).collect();
            for &lambda in &self.inverse_temperatures {
                let counts: Vec<RetrievalCount> = of_size
                    .iter()
                    .filter_map(|result| count(result, lambda))
                    .collect();
                let Some(quantity) = half_load_quantity(&counts) else {
                    warnings.push(format!(
                        "half_load has no value at size = {size}, lambda = {lambda}: the probability that all patterns are \
                         retrieved does not fall through ½ within [sweep] alpha; widen it or add values"
                    ));
                    continue;
                };
                let first = &of_size[0].task;
                let at = Place::of_task(first).at("lambda", lambda);
                let theory = self.predict(&at, HALF_LOAD);
                joint.push(JointResult {
                    experiment: KIND.name.to_owned(),
                    ensemble: first.ensemble.clone(),
                    size,
                    quantity: quantity.at("lambda", lambda),
                    theory,
                });
            }
        }
        Conclusions {
            joint,
            warnings,
            ..Conclusions::default()
        }
    }
}

pub(crate) const HALF_LOAD: &str = "half_load";
/// Where the axis of lost patterns begins.
const LEAST_LOST: f64 = 1e-3;
/// Loads at which a theory curve is computed: up to 0.04 seconds each.
const CURVE_LOADS: usize = 21;
/// Sizes at which one is computed besides the measured ones: up to 0.4 seconds each.
const CURVE_SIZES: usize = 13;

impl AllPatterns {
    /// One panel against the load, with the thresholds of N = ∞ once for each λ, one line where they agree.
    fn panel<'a>(
        &'a self,
        axis: AxisView,
        data: Data<'a>,
        quantity: &'static str,
        limit: &str,
        note: Option<Note<'a>>,
    ) -> PanelView<'a> {
        let lambda = || view::coordinate("lambda", "λ");
        let typical = exact(|at| {
            let lambda = at.coordinate("lambda")?;
            let theory = at.theory()?;
            let typical = self.retriever.typical_threshold(theory.as_ref(), lambda);
            typical.filter(|_| typical != self.lower_bound(at, lambda))
        });
        let bound = exact(|at| self.lower_bound(at, at.coordinate("lambda")?));
        let dotted = Look::new(Stroke::Dotted, 1.2);
        let dashed = Look::new(Stroke::Dashed, 1.2);
        let thresholds = vec![
            Part::Threshold(LineView::new("α_{1}", dotted, typical, "α_{1}(λ), N = ∞")),
            Part::Threshold(LineView::new("α_{c}^{lb}", dashed, bound, limit)),
        ];
        let theory = CurveView::new(
            "finite-N theory",
            Look::new(Stroke::Series, 1.0),
            Grid::WholeCounts(CURVE_LOADS),
            at_size(self, quantity),
        );
        let points = Part::Points(PointsView {
            note,
            ..PointsView::default()
        });
        PanelView::new(
            axes::load(),
            axis,
            vec![data],
            vec![
                Pass::new(vec![lambda()], thresholds),
                Pass::new(
                    vec![lambda(), view::size()],
                    vec![theory.smooth().or_guide().part(), points],
                ),
            ],
        )
    }

    /// What the loads tend to: where `α_c^lb`(λ) and α₁(λ) agree at every λ, both are `α_c`.
    fn limit_name(&self, sweep: Sweep<'_>) -> &'static str {
        let theory = sweep.tasks.first().and_then(Task::theory);
        let agree = |&lambda: &f64| {
            theory.as_ref().is_none_or(|theory| {
                theory.all_patterns_lower_bound(lambda).ok()
                    == theory.typical_threshold(lambda).ok()
            })
        };
        if self.inverse_temperatures.iter().all(agree) {
            "α_{c}(λ) = α_{1}(λ), N = ∞"
        } else {
            "α_{c}^{lb}(λ), N = ∞"
        }
    }

    /// The half-load at N and λ of attention, without its error, which costs more.
    pub(crate) fn half_load(&self, at: &Place<'_>) -> Option<f64> {
        let theory = at
            .theory()
            .filter(|_| self.retriever.is_attention_descent())?;
        half_load(theory.as_ref(), at.size, at.coordinate("lambda")?).ok()?
    }

    /// α_c^lb(λ) of attention.
    fn lower_bound(&self, at: &Place<'_>, lambda: f64) -> Option<f64> {
        let theory = at
            .theory()
            .filter(|_| self.retriever.is_attention_descent())?;
        theory.all_patterns_lower_bound(lambda).ok()
    }

    /// The retrieved fraction of another memory than attention, which is that of a typical pattern.
    fn typical_fraction(&self, at: &Place<'_>, lambda: f64) -> Prediction {
        let threshold = at
            .theory()
            .and_then(|theory| self.retriever.typical_threshold(theory.as_ref(), lambda));
        Prediction {
            infinite_size: threshold.map(|threshold| flag(at.load < threshold)),
            ..finite_size_probability(&self.retriever, at, lambda).into()
        }
    }
}

/// ": α_{1/2} = 0.113 ± 0.003", the load at which half of the samples keep all their patterns.
fn half_load_note(row: &Row<'_>, joint: &[JointResult]) -> Option<String> {
    let half = joint.iter().find(|joint| {
        joint.quantity.name == HALF_LOAD
            && joint.size == row.task.size
            && joint.quantity.coordinates.get("lambda").copied() == row.coordinate("lambda")
    })?;
    let (half, error) = (half.quantity.mean?, half.quantity.standard_error?);
    Some(format!(": α_{{1/2}} = {half:.3} ± {error:.3}"))
}

fn half_load_of_theory(at: &Place<'_>, lambda: f64) -> Option<Estimate> {
    half_load_estimate(at.theory()?.as_ref(), at.size, lambda).ok()?
}

/// The samples that kept all patterns, at the load ln P/N.
fn count(
    TaskResult {
        task, quantities, ..
    }: &TaskResult,
    lambda: f64,
) -> Option<RetrievalCount> {
    let quantity = quantities.iter().find(|quantity| {
        quantity.name == ALL_RETRIEVED && quantity.coordinates.get("lambda") == Some(&lambda)
    })?;
    Some(RetrievalCount {
        at: (task.pattern_count as f64).ln() / task.size as f64,
        successes: reduce::successes(quantity)?,
        trials: quantity.count as u64,
    })
}

fn half_load_quantity(counts: &[RetrievalCount]) -> Option<Quantity> {
    let fit = LossFit::new(counts).ok()?;
    // beyond the loads ln Λ bends in a way that they do not tell
    let is_below = |count: &RetrievalCount| count.at < fit.midpoint;
    if counts.iter().all(is_below) || !counts.iter().any(is_below) {
        return None;
    }
    let error = fit.midpoint_error;
    let reach = error * normal_quantile(0.5 + 0.5 * reduce::CONFIDENCE).ok()?;
    let samples: u64 = counts.iter().map(|count| count.trials).sum();
    Some(Quantity {
        mean: Some(fit.midpoint),
        standard_error: Some(error),
        lower: Some(fit.midpoint - reach),
        upper: Some(fit.midpoint + reach),
        ..reduce::empty(HALF_LOAD, usize::try_from(samples).ok()?)
    })
}

/// At N = ∞ almost every pattern is retrieved below α₁ and almost none above. All are below
/// α_c^lb, and not all above α₁; as α_c^lb is a lower bound, theory is silent in between.
fn infinite_size(at: &Place<'_>, quantity: &str, lambda: f64) -> Option<f64> {
    let ensemble = at.theory()?;
    let typical = ensemble.typical_threshold(lambda).ok()?;
    match quantity {
        "retrieved_fraction" => Some(flag(at.load < typical)),
        ALL_RETRIEVED => {
            let all = ensemble.all_patterns_lower_bound(lambda).ok()?;
            if at.load < all {
                Some(1.0)
            } else {
                (at.load > typical).then_some(0.0)
            }
        }
        _ => None,
    }
}

/// The expected number of ordered pairs with ξ^μ·ξ^ν ≥ |ξ^μ|², exact at every N:
/// P(P − 1) times ½ I_{1/2}(N/2, ½) for Gaussian patterns, 2^{−N} for ±1 (duplicates).
fn expected_close_pairs(at: &Place<'_>) -> Option<f64> {
    let count = at.count;
    let log_pairs = count.ln() + (count - 1.0).ln();
    let log_probability = match at.theory()?.structure() {
        Structure::Normal => gaussian_pair_log_probability(at.size).ok()?,
        Structure::Signs => -(at.size) * std::f64::consts::LN_2,
        Structure::Sphere | Structure::Components(_) | Structure::Covariance(_) => return None,
    };
    Some((log_pairs + log_probability).exp())
}
