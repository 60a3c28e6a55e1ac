//! The retrieval of all patterns against the load.

use std::collections::BTreeSet;

use dam::plots::{AllPatternsPoint, AllPatternsSeries, all_patterns_figure};
use dam::sims::statistics::{LogisticFit, RetrievalCount};
use dam::sims::{Job, Quantity, Results, TaskResult};

use super::{Drawn, measured, quantities};

/// P(all retrieved) and the mean fraction against α, a series per (λ, N).
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let sizes: BTreeSet<usize> = results
        .tasks
        .iter()
        .map(|result| result.task.size)
        .collect();
    let theory = dam::theory::ensemble(job.ensemble.name()).ok();
    let mut series = Vec::new();
    for lambda in inverse_temperatures(results) {
        for &size in &sizes {
            let tasks = || {
                let of_size = move |result: &&TaskResult| result.task.size == size;
                results.tasks.iter().filter(of_size)
            };
            let mut points: Vec<AllPatternsPoint> = tasks()
                .filter_map(|result| {
                    let share = |name| at_lambda(result, name, lambda).and_then(measured);
                    Some(AllPatternsPoint {
                        load: result.task.alpha,
                        all: share("all_retrieved")?,
                        fraction: share_or_value(at_lambda(result, "retrieved_fraction", lambda)?)?,
                    })
                })
                .collect();
            points.sort_by(|a, b| a.load.total_cmp(&b.load));
            let counts: Vec<RetrievalCount> = tasks()
                .filter_map(|result| {
                    let quantity = at_lambda(result, "all_retrieved", lambda)?;
                    count(result.task.alpha, quantity)
                })
                .collect();
            series.push(AllPatternsSeries {
                inverse_temperature: lambda,
                size: size as f64,
                points,
                half: half_load(&counts),
                typical: theory
                    .as_ref()
                    .and_then(|theory| theory.typical_threshold(lambda).ok()),
                lower_bound: theory
                    .as_ref()
                    .and_then(|theory| theory.all_patterns_lower_bound(lambda).ok()),
            });
        }
    }
    if series.iter().all(|series| series.points.is_empty()) {
        return Ok(None);
    }
    Ok(Some(all_patterns_figure(job.ensemble.name(), &series)?))
}

/// The load at which half of the samples keep all their patterns, by a logistic fit over the loads; `None` where
/// the sweep does not show both outcomes in overlapping ranges, or where the probability does not fall.
fn half_load(counts: &[RetrievalCount]) -> Option<(f64, f64)> {
    let fit = LogisticFit::new(counts).ok()?;
    (fit.width < 0.0).then(|| (fit.midpoint, fit.midpoint_error()))
}

/// The samples that kept all patterns, at the load in place of the fit's λ.
fn count(load: f64, quantity: &Quantity) -> Option<RetrievalCount> {
    let trials = quantity.count as u64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of the trials is a whole number of them"
    )]
    let successes = (quantity.mean? * trials as f64).round() as u64;
    Some(RetrievalCount {
        lambda: load,
        successes,
        trials,
    })
}

/// Value and interval; a mean over equal samples has no interval and stands for itself.
fn share_or_value(quantity: &Quantity) -> Option<(f64, f64, f64)> {
    let value = quantity.value()?;
    Some(measured(quantity).unwrap_or((value, value, value)))
}

fn at_lambda<'a>(result: &'a TaskResult, name: &'a str, lambda: f64) -> Option<&'a Quantity> {
    quantities(result, name).find(|quantity| quantity.coordinates.get("lambda") == Some(&lambda))
}

/// All λ of the results, in rising order.
fn inverse_temperatures(results: &Results) -> Vec<f64> {
    let mut found: Vec<f64> = results
        .tasks
        .iter()
        .flat_map(|result| quantities(result, "all_retrieved"))
        .filter_map(|quantity| quantity.coordinates.get("lambda").copied())
        .collect();
    found.sort_by(f64::total_cmp);
    found.dedup();
    found
}
