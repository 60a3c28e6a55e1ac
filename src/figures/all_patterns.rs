//! The retrieval of all patterns against the load.

use std::collections::BTreeSet;

use dam::plots::drawing::smooth_curve;
use dam::plots::figure::Figure;
use dam::plots::{
    AllPatternsPoint, AllPatternsSeries, AllPatternsTheory, HalfLoadSeries, MeasuredPoint,
    PlotError, all_patterns_figure, half_load_figure, lost_patterns_figure,
};
use dam::sims::{Job, JointResult, Quantity, Results, Task, TaskResult, linear_grid};
use dam::theory::Ensemble;
use dam::theory::finite_size::half_load;
use rayon::prelude::*;

use super::{Drawn, measured, quantities};

/// P(all retrieved) and the mean fraction against α, and the numbers lost by their cause; a series per (λ, N);
/// last the load of P(all retrieved) = ½ against N.
pub fn figures(job: &Job, results: &Results) -> Result<Vec<Option<Figure>>, PlotError> {
    let series = measured_series(job, results);
    if series.iter().all(|series| series.points.is_empty()) {
        return Ok(vec![None, None, None]);
    }
    let name = job.ensemble.name();
    Ok(vec![
        Some(all_patterns_figure(name, &series)?),
        lost_patterns_figure(name, job.ensemble.has_fixed_norm(), &series)?,
        half_load_curves(job, results)?,
    ])
}

fn measured_series(job: &Job, results: &Results) -> Vec<AllPatternsSeries> {
    let sizes: BTreeSet<usize> = results
        .tasks
        .iter()
        .map(|result| result.task.size)
        .collect();
    let theory = dam::theory::ensemble_with(job.ensemble.name(), &job.ensemble_parameters).ok();
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
                    let number = |name| at_lambda(result, name, lambda).and_then(share_or_value);
                    Some(AllPatternsPoint {
                        load: load(&result.task),
                        all: share("all_retrieved")?,
                        fraction: number("retrieved_fraction")?,
                        lost_to_low_norm: number("lost_to_low_norm"),
                        lost_to_close_pair: number("lost_to_close_pair"),
                    })
                })
                .collect();
            points.sort_by(|a, b| a.load.total_cmp(&b.load));
            let finite_size = tasks()
                .next()
                .map_or_else(Vec::new, |any| theory_curve(job, any, lambda, &points));
            series.push(AllPatternsSeries {
                inverse_temperature: lambda,
                size: size as f64,
                points,
                finite_size,
                half: half_loads(results)
                    .find(|half| half.size == size && half_lambda(half) == Some(lambda))
                    .and_then(|half| half.quantity.mean.zip(half.quantity.standard_error)),
                typical: theory
                    .as_ref()
                    .and_then(|theory| theory.typical_threshold(lambda).ok()),
                lower_bound: theory
                    .as_ref()
                    .and_then(|theory| theory.all_patterns_lower_bound(lambda).ok()),
            });
        }
    }
    series
}

/// ln P/N of the whole number P, which the theory is smooth in.
fn load(task: &Task) -> f64 {
    (task.pattern_count as f64).ln() / task.size as f64
}

/// The experiment's own predictions between the measured loads, at whole numbers P.
fn theory_curve(
    job: &Job,
    any: &TaskResult,
    lambda: f64,
    points: &[AllPatternsPoint],
) -> Vec<AllPatternsTheory> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let size = any.task.size as f64;
    let loads = linear_grid(first.load, last.load, LOADS);
    let mut counts: Vec<f64> = loads
        .into_iter()
        .map(|load| (load * size).exp().round())
        .collect();
    counts.dedup();
    let knots: Vec<[f64; 5]> = counts
        .into_par_iter()
        .filter_map(|count| {
            let mut task = any.task.clone();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between two numbers of patterns that were stored"
            )]
            {
                task.pattern_count = count as usize;
            }
            task.alpha = load(&task);
            let theory = |name| {
                let quantity = at_lambda(any, name, lambda)?;
                job.experiment.predict(&task, quantity).finite_size
            };
            Some([
                task.alpha,
                theory("all_retrieved")?,
                theory("retrieved_fraction")?,
                theory("lost_to_low_norm")?,
                theory("lost_to_close_pair")?,
            ])
        })
        .collect();
    let [all, fraction, low_norm, close_pair] = [1, 2, 3, 4].map(|column| {
        let knots: Vec<(f64, f64)> = knots.iter().map(|knot| (knot[0], knot[column])).collect();
        smooth_curve(&knots)
    });
    (0..all.len())
        .map(|index| AllPatternsTheory {
            load: all[index].0,
            all: all[index].1,
            fraction: fraction[index].1,
            lost_to_low_norm: low_norm[index].1,
            lost_to_close_pair: close_pair[index].1,
        })
        .collect()
}

/// Loads at which a theory curve is computed: up to 0.04 seconds each.
const LOADS: usize = 21;
/// Sizes at which one is computed, at equal steps of √(1/N) from the smallest measured one to 10⁴: up to 0.4 seconds each.
const CURVE_SIZES: usize = 13;

/// The load of P(all retrieved) = ½ against N, a colour per λ, with the finite-N theory and its limit.
fn half_load_curves(job: &Job, results: &Results) -> Drawn {
    let name = job.ensemble.name();
    let theory = dam::theory::ensemble_with(name, &job.ensemble_parameters).ok();
    let mut series = Vec::new();
    for lambda in inverse_temperatures(results) {
        let halves: Vec<&JointResult> = half_loads(results)
            .filter(|half| half_lambda(half) == Some(lambda))
            .collect();
        let points: Vec<MeasuredPoint> = halves
            .iter()
            .filter_map(|half| {
                let (value, low, high) = measured(&half.quantity)?;
                let size = half.size as f64;
                Some(MeasuredPoint {
                    size,
                    value,
                    low,
                    high,
                })
            })
            .collect();
        if points.is_empty() {
            continue;
        }
        series.push(HalfLoadSeries {
            inverse_temperature: lambda,
            finite_size: theory
                .as_deref()
                .map_or_else(Vec::new, |theory| half_load_curve(theory, &points, lambda)),
            points,
            infinite_size: halves.first().and_then(|half| half.theory.infinite_size),
            typical: theory
                .as_ref()
                .and_then(|theory| theory.typical_threshold(lambda).ok()),
        });
    }
    if series.is_empty() {
        return Ok(None);
    }
    Ok(Some(half_load_figure(name, &series)?))
}

/// The finite-N theory, exact at the sizes of the points among others.
fn half_load_curve(
    ensemble: &dyn Ensemble,
    points: &[MeasuredPoint],
    lambda: f64,
) -> Vec<(f64, f64)> {
    let mut sizes: Vec<f64> = points.iter().map(|point| point.size).collect();
    let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let steps = linear_grid(smallest.sqrt().recip(), 0.01, CURVE_SIZES);
    sizes.extend(steps.into_iter().skip(1).map(|root| root.powi(-2)));
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let knots: Vec<(f64, f64)> = sizes
        .into_par_iter()
        .filter_map(|size| Some((size.ln(), half_load(ensemble, size, lambda).ok()??)))
        .collect();
    smooth_curve(&knots)
        .into_iter()
        .map(|(log_size, load)| (log_size.exp(), load))
        .collect()
}

/// The loads at which half of the samples keep all their patterns.
fn half_loads(results: &Results) -> impl Iterator<Item = &JointResult> {
    let is_half = |joint: &&JointResult| joint.quantity.name == "half_load";
    results.across_tasks.iter().filter(is_half)
}

fn half_lambda(half: &JointResult) -> Option<f64> {
    half.quantity.coordinates.get("lambda").copied()
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
