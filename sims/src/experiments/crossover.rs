//! The inverse temperature at which a stored pattern becomes retrievable, sample by sample.

use std::collections::BTreeMap;

use dam_theory::finite_size::{PatternCount, median_crossover};
use serde_json::json;

use super::{
    Configured, Experiment, Measurement, Prediction, Quantity, Record, Sample, column,
    descent_settings, flag, reduce,
};
use crate::criterion::Criterion;
use crate::dynamics::{Arrival, GradientDescent, Start, StopReason};
use crate::ensembles::{PatternEnsemble, pattern_ensemble};
use crate::job::{JobError, Settings, Task, Validator};
use crate::memory::Memory;

/// λ values that share each pass over the patterns; 15 probes cut a bracket into 16.
const PROBES: usize = 15;
/// Ratio of the largest to the smallest λ of the first, geometric grid of probes.
const FIRST_SPAN: f64 = 16.0;
/// Every pattern is lost at λ = 0; a search that is still successful here stops as failed.
const SMALLEST_LAMBDA: f64 = 1e-9;

/// For each disorder sample, starts at ξ¹ and narrows the λ_× between failure (below) and
/// retrieval (above) by gradient descent (LM24 Fig. 1, bottom).
///
/// A geometric grid of λ around the theory's N = ∞ threshold finds a bracket, moving up or
/// down until it does; each round then cuts the bracket into 16 until it is no wider than
/// `tolerance`. λ_× is the middle of the last bracket. Where verdicts are not monotone in λ
/// the highest failure with a retrieval above it is followed, and the sample is counted
/// in `non_monotone`.
#[derive(Clone, Copy, Debug)]
pub struct Crossover {
    /// The dynamics.
    pub descent: GradientDescent,
    /// What counts as retrieval.
    pub criterion: Criterion,
    /// Width of the final bracket.
    pub tolerance: f64,
    /// A sample that fails up to this λ is censored: it has no λ_×.
    pub maximum: f64,
}

#[derive(Debug, Default)]
struct Tally {
    updates: usize,
    unconverged: usize,
    non_monotone: bool,
}

impl Crossover {
    /// Sections `[dynamics]` and `[crossover]`; sweeps `alpha` and `size`.
    pub(super) fn configure(validator: &Validator<'_>) -> Result<Configured, JobError> {
        validator.swept(&["alpha", "size"])?;
        let (descent, criterion) = validator.unrecorded_dynamics()?;
        let section = validator.file.crossover.unwrap_or_default();
        validator.positive("crossover", "tolerance", section.tolerance)?;
        validator.positive("crossover", "maximum", section.maximum)?;
        let experiment = Self {
            descent,
            criterion,
            tolerance: section.tolerance,
            maximum: section.maximum,
        };
        Ok((Box::new(experiment), validator.exponential_loads()?))
    }

    fn search(&self, memory: &Memory, guess: f64, tally: &mut Tally) -> Option<f64> {
        let (mut low, mut high) = self.bracket(memory, guess, tally)?;
        while high - low > self.tolerance {
            let width = (high - low) / (PROBES + 1) as f64;
            let probes: Vec<f64> = (1..=PROBES).map(|i| low + width * i as f64).collect();
            let verdicts = self.verdicts(memory, &probes, tally);
            if let Some(failed) = verdicts.iter().rposition(|&retrieved| !retrieved) {
                low = probes[failed];
                high = probes.get(failed + 1).copied().unwrap_or(high);
            } else {
                high = probes[0];
            }
        }
        Some(f64::midpoint(low, high))
    }

    /// A failure and, above it, a retrieval with nothing probed between; `None` where no λ
    /// up to the maximum retrieves.
    fn bracket(&self, memory: &Memory, guess: f64, tally: &mut Tally) -> Option<(f64, f64)> {
        let ratio = FIRST_SPAN.powf(1.0 / (PROBES - 1) as f64);
        let geometric = |first: f64| -> Vec<f64> {
            let grid = (0..PROBES).map(|i| first * ratio.powf(i as f64));
            grid.map(|lambda| lambda.min(self.maximum)).collect()
        };
        let mut probes = geometric((guess / 2.0).min(self.maximum));
        let mut below = None;
        let mut above = None;
        loop {
            probes.dedup();
            let verdicts = self.verdicts(memory, &probes, tally);
            match verdicts.iter().rposition(|&retrieved| !retrieved) {
                Some(failed) if failed + 1 < probes.len() => {
                    return Some((probes[failed], probes[failed + 1]));
                }
                Some(last) => {
                    if let Some(above) = above {
                        return Some((probes[last], above));
                    }
                    below = Some(probes[last]);
                    if probes[last] >= self.maximum {
                        return None;
                    }
                    probes = geometric(probes[last] * ratio);
                }
                None => {
                    if let Some(below) = below {
                        return Some((below, probes[0]));
                    }
                    above = Some(probes[0]);
                    if probes[0] < SMALLEST_LAMBDA {
                        return Some((0.0, probes[0]));
                    }
                    probes = geometric(probes[0] / (FIRST_SPAN * ratio));
                }
            }
        }
    }

    /// Whether ξ¹ is retrieved at each λ; all share each pass over the patterns.
    fn verdicts(&self, memory: &Memory, probes: &[f64], tally: &mut Tally) -> Vec<bool> {
        let target = memory.pattern(0);
        let starts: Vec<Start> = probes
            .iter()
            .map(|&inverse_temperature| Start {
                state: target.clone(),
                inverse_temperature,
                target: 0,
            })
            .collect();
        let arrivals = self.descent.descend(memory, &starts);
        let unconverged = |arrival: &&Arrival| arrival.reason == StopReason::MaxSteps;
        tally.updates += arrivals
            .iter()
            .map(|arrival| arrival.steps + 1)
            .sum::<usize>();
        tally.unconverged += arrivals.iter().filter(unconverged).count();
        let verdicts: Vec<bool> = arrivals
            .iter()
            .map(|arrival| self.criterion.is_retrieved(arrival, &target))
            .collect();
        tally.non_monotone |= !verdicts.is_sorted();
        verdicts
    }
}

impl Experiment for Crossover {
    fn name(&self) -> &'static str {
        "crossover"
    }

    fn settings(&self) -> Settings {
        let mut settings = descent_settings(&self.descent, self.criterion);
        settings.insert("crossover.tolerance".to_owned(), json!(self.tolerance));
        settings.insert("crossover.maximum".to_owned(), json!(self.maximum));
        settings
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        // Beyond the largest load that theory allows, a search from 1 upwards is as good as any.
        let guess = typical_inverse_temperature(sample.task).unwrap_or(1.0);
        let mut tally = Tally::default();
        let crossover = self.search(sample.memory, guess, &mut tally);
        let number = |value: f64| Measurement::Number(Some(value));
        BTreeMap::from([
            (
                "lambda_crossover".to_owned(),
                Measurement::Number(crossover),
            ),
            (
                "squared_norm".to_owned(),
                number(sample.memory.squared_norm(0)),
            ),
            ("non_monotone".to_owned(), number(flag(tally.non_monotone))),
            ("unconverged".to_owned(), number(tally.unconverged as f64)),
            ("updates".to_owned(), number(tally.updates as f64)),
        ])
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        let crossovers = column(records, "lambda_crossover");
        let censored: Vec<bool> = crossovers.iter().map(Option::is_none).collect();
        let values: Vec<f64> = crossovers
            .iter()
            .map(|value| value.unwrap_or(f64::INFINITY))
            .collect();
        let flags = |name| {
            column(records, name)
                .into_iter()
                .map(|value| value != Some(0.0))
                .collect::<Vec<_>>()
        };
        vec![
            reduce::mean(task, "lambda_crossover", &values),
            reduce::median(task, "lambda_crossover_median", &values),
            reduce::mean(
                task,
                "squared_norm",
                &reduce::present(&column(records, "squared_norm")),
            ),
            reduce::probability("censored", &censored),
            reduce::probability("non_monotone", &flags("non_monotone")),
            reduce::probability("unconverged", &flags("unconverged")),
        ]
    }

    fn predict(&self, task: &Task, quantity: &Quantity) -> Prediction {
        let fixed_norm =
            pattern_ensemble(&task.ensemble).is_some_and(PatternEnsemble::has_fixed_norm);
        match quantity.name.as_str() {
            "lambda_crossover" | "lambda_crossover_median" => Prediction {
                infinite_size: typical_inverse_temperature(task),
                finite_size: finite_size_crossover(task, quantity.name == "lambda_crossover"),
            },
            "squared_norm" if !fixed_norm => Prediction {
                infinite_size: Some(1.0),
                finite_size: Some(1.0),
            },
            _ => Prediction::default(),
        }
    }
}

/// λ_× by the finite-N theory. Where |ξ¹|² = N it gives one value for mean and median. Otherwise
/// it gives the median: the mean hangs on rare targets of low norm near condensation, where the
/// average over the noise fails, and stays without prediction.
fn finite_size_crossover(task: &Task, is_mean: bool) -> Option<f64> {
    let fixed_norm = pattern_ensemble(&task.ensemble)?.has_fixed_norm();
    if is_mean && !fixed_norm {
        return None;
    }
    let patterns = PatternCount::from_count(task.pattern_count as f64).ok()?;
    median_crossover(&task.ensemble, patterns, task.size as f64).ok()?
}

/// λ₁(α) of the task's ensemble, where it exists.
pub(super) fn typical_inverse_temperature(task: &Task) -> Option<f64> {
    dam_theory::ensemble(&task.ensemble)
        .ok()?
        .typical_inverse_temperature(task.alpha)
        .ok()
}
