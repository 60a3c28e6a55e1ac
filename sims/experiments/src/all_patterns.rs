//! Whether every stored pattern is retrieved, and what loses those that are not.

use crate::shared::settings::descent_settings;
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::{JointResult, Prediction, Quantity, at_lambda};
use dam_runs::record::{Measurement, Record, column, flag, grid_column, grid_flags, list};
use dam_runs::reduce;
use dam_runs::task::Task;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use dam_theory::finite_size::{
    LostPatterns, PatternCount, gaussian_pair_log_probability, half_load, lost_patterns,
};
use dam_theory::{Ensemble, Structure};

use dam_memory::attention::{Memory, dot};
use dam_memory::dynamics::criterion::Criterion;
use dam_memory::dynamics::{GradientDescent, Start, StopReason};
use dam_statistics::{LossFit, RetrievalCount, normal_quantile};

/// Starts that share each pass over the patterns.
const BATCH: usize = 32;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "all-patterns",
    about: "starts at every stored pattern: are all retrieved, and what loses the others",
    sections: &[],
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
    /// The dynamics.
    pub descent: GradientDescent,
    /// What counts as retrieval.
    pub criterion: Criterion,
    /// The λ grid.
    pub inverse_temperatures: Vec<f64>,
    /// Finite-N expectations that are known, by N, P and the bits of λ: one takes a tenth of a second.
    expectations: Expectations,
}

type Expectations = Arc<Mutex<BTreeMap<(usize, usize, u64), Option<LostPatterns>>>>;

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
    /// Section `[dynamics]`; sweeps `alpha` and `size`, with the grid `lambda` in every task.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        draft.swept(&["alpha", "size", "lambda"])?;
        let (descent, criterion) = draft.unrecorded_dynamics()?;
        let (inverse_temperatures, points) = draft.exponential_loads_with("lambda")?;
        let experiment = Self {
            descent,
            criterion,
            inverse_temperatures,
            expectations: Expectations::default(),
        };
        Ok((Box::new(experiment), points))
    }

    fn tally(
        &self,
        memory: &Memory,
        patterns: &[Vec<f64>],
        close_pairs: &ClosePairs,
        inverse_temperature: f64,
    ) -> Tally {
        let mut tally = Tally::default();
        let targets: Vec<usize> = (0..patterns.len()).collect();
        for targets in targets.chunks(BATCH) {
            let starts: Vec<Start> = targets
                .iter()
                .map(|&target| Start {
                    state: patterns[target].clone(),
                    inverse_temperature,
                    target,
                })
                .collect();
            let arrivals = self.descent.descend(memory, &starts);
            for (&target, arrival) in targets.iter().zip(&arrivals) {
                tally.unconverged += usize::from(arrival.reason == StopReason::MaxSteps);
                if self.criterion.is_retrieved(arrival, &patterns[target]) {
                    continue;
                }
                if close_pairs.has_partner[target] {
                    tally.lost_to_close_pair += 1;
                } else {
                    tally.lost_to_low_norm += 1;
                    tally.low_norms += memory.squared_norm(target);
                }
            }
        }
        tally
    }
}

impl Experiment for AllPatterns {
    fn settings(&self) -> Settings {
        descent_settings(&self.descent, self.criterion)
    }

    fn batch(&self) -> usize {
        BATCH
    }

    fn bytes_per_pattern(&self, size: usize) -> usize {
        size * size_of::<f64>() + size_of::<Vec<f64>>()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let memory = sample.memory;
        let count = memory.pattern_count() as f64;
        let patterns = memory.map_patterns(<[f64]>::to_vec);
        let close_pairs = ClosePairs::among(&patterns);
        let tallies: Vec<Tally> = self
            .inverse_temperatures
            .iter()
            .map(|&lambda| self.tally(memory, &patterns, &close_pairs, lambda))
            .collect();
        let per_lambda = |value: &dyn Fn(&Tally) -> f64| list(tallies.iter().map(value));
        BTreeMap::from([
            (
                "all_retrieved".to_owned(),
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
        let mut quantities = vec![reduce::mean(task, "close_pairs", &pairs)];
        for (position, &lambda) in self.inverse_temperatures.iter().enumerate() {
            let flags = |name| grid_flags(records, name, position);
            let mean = |name| {
                let values = reduce::present(&grid_column(records, name, position));
                reduce::mean(task, name, &values)
            };
            let measured = [
                reduce::probability("all_retrieved", &flags("all_retrieved")),
                mean("retrieved_fraction"),
                mean("lost_to_low_norm"),
                mean("lost_to_close_pair"),
                mean("low_norm"),
                reduce::probability("any_lost_to_low_norm", &flags("lost_to_low_norm")),
                reduce::probability("any_lost_to_close_pair", &flags("lost_to_close_pair")),
                reduce::probability("unconverged", &flags("unconverged")),
            ];
            quantities.extend(at_lambda(lambda, measured));
        }
        quantities
    }

    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        if quantity.name == "close_pairs" {
            return Prediction {
                infinite_size: None,
                finite_size: expected_close_pairs(task),
                ..Prediction::default()
            };
        }
        let Some(&lambda) = quantity.coordinates.get("lambda") else {
            return Prediction::default();
        };
        Prediction {
            infinite_size: infinite_size(task, &quantity.name, lambda),
            finite_size: self.finite_size(task, &quantity.name, lambda),
            ..Prediction::default()
        }
    }

    /// The load at which half of the samples keep all their patterns, per N and λ, by a fit of exp(−Λ(ln P/N)) ([`LossFit`]);
    /// none where the sweep does not show both outcomes in overlapping ranges or does not reach that load, or where the
    /// probability does not fall.
    fn across_tasks(&self, tasks: &[(&Task, &[Quantity])]) -> Vec<JointResult> {
        let mut sizes: Vec<usize> = tasks.iter().map(|(task, _)| task.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let mut found = Vec::new();
        for size in sizes {
            let of_size: Vec<&(&Task, &[Quantity])> =
                tasks.iter().filter(|(task, _)| task.size == size).collect();
            for &lambda in &self.inverse_temperatures {
                let counts: Vec<RetrievalCount> = of_size
                    .iter()
                    .filter_map(|(task, quantities)| count(task, quantities, lambda))
                    .collect();
                let Some(quantity) = half_load_quantity(&counts) else {
                    continue;
                };
                let ensemble = of_size[0].0.theory();
                let half = |ensemble: &dyn Ensemble| half_load(ensemble, size as f64, lambda);
                let theory = Prediction {
                    finite_size: ensemble
                        .as_deref()
                        .and_then(|ensemble| half(ensemble).ok().flatten()),
                    infinite_size: ensemble
                        .as_ref()
                        .and_then(|theory| theory.all_patterns_lower_bound(lambda).ok()),
                    ..Prediction::default()
                };
                found.push(JointResult {
                    experiment: KIND.name.to_owned(),
                    ensemble: of_size[0].0.ensemble.clone(),
                    size,
                    quantity: quantity.at("lambda", lambda),
                    theory,
                });
            }
        }
        found
    }
}

impl AllPatterns {
    /// The expected numbers with the nearest neighbour followed explicitly and all others averaged, and P(all) by Poisson.
    fn finite_size(&self, task: &Task, quantity: &str, lambda: f64) -> Option<f64> {
        let key = (task.size, task.pattern_count, lambda.to_bits());
        let known = self.expectations.lock().ok()?.get(&key).copied();
        let lost = known.unwrap_or_else(|| {
            let patterns = PatternCount::from_count(task.pattern_count as f64).ok();
            let lost = patterns.and_then(|patterns| {
                lost_patterns(task.theory()?.as_ref(), patterns, task.size as f64, lambda).ok()
            });
            if let Ok(mut expectations) = self.expectations.lock() {
                expectations.insert(key, lost);
            }
            lost
        })?;
        let count = task.pattern_count as f64;
        match quantity {
            "all_retrieved" => Some(lost.all_retrieved()),
            "retrieved_fraction" => Some(1.0 - (lost.lost() / count).min(1.0)),
            "lost_to_low_norm" => Some(lost.lost_to_low_norm()),
            "lost_to_close_pair" => Some(lost.lost_to_close_pair()),
            "any_lost_to_low_norm" => Some(-(-lost.lost_to_low_norm()).exp_m1()),
            "any_lost_to_close_pair" => {
                let pairs = lost.losses() - lost.lost_to_low_norm();
                Some(-(-pairs.max(0.0)).exp_m1())
            }
            _ => None,
        }
    }
}

/// The samples that kept all patterns, at the load ln P/N.
fn count(task: &Task, quantities: &[Quantity], lambda: f64) -> Option<RetrievalCount> {
    let quantity = quantities.iter().find(|quantity| {
        quantity.name == "all_retrieved" && quantity.coordinates.get("lambda") == Some(&lambda)
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
        ..reduce::empty("half_load", usize::try_from(samples).ok()?)
    })
}

/// At N = ∞ almost every pattern is retrieved below α₁ and almost none above. All are below
/// α_c^lb, and not all above α₁; as α_c^lb is a lower bound, theory is silent in between.
fn infinite_size(task: &Task, quantity: &str, lambda: f64) -> Option<f64> {
    let ensemble = task.theory()?;
    let typical = ensemble.typical_threshold(lambda).ok()?;
    match quantity {
        "retrieved_fraction" => Some(flag(task.alpha < typical)),
        "all_retrieved" => {
            let all = ensemble.all_patterns_lower_bound(lambda).ok()?;
            if task.alpha < all {
                Some(1.0)
            } else {
                (task.alpha > typical).then_some(0.0)
            }
        }
        _ => None,
    }
}

/// The expected number of ordered pairs with ξ^μ·ξ^ν ≥ |ξ^μ|², exact at every N:
/// P(P − 1) times ½ I_{1/2}(N/2, ½) for Gaussian patterns, 2^{−N} for ±1 (duplicates).
fn expected_close_pairs(task: &Task) -> Option<f64> {
    let count = task.pattern_count as f64;
    let log_pairs = count.ln() + (count - 1.0).ln();
    let log_probability = match task.theory()?.structure() {
        Structure::Normal => gaussian_pair_log_probability(task.size as f64).ok()?,
        Structure::Signs => -(task.size as f64) * std::f64::consts::LN_2,
        Structure::Sphere | Structure::Components(_) | Structure::Covariance(_) => return None,
    };
    Some((log_pairs + log_probability).exp())
}
