//! The retrieval of all patterns against the load.

use std::collections::BTreeSet;

use dam::plots::{
    AllPatternsPoint, AllPatternsSeries, HalfLoadSeries, MeasuredPoint, all_patterns_figure,
    half_load_figure,
};
use dam::sims::{Job, Prediction, Quantity, Results, Task, TaskResult};
use dam::theory::finite_size::half_load;

use super::{Drawn, measured, quantities};

/// P(all retrieved) and the mean fraction against α, a series per (λ, N).
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let sizes: BTreeSet<usize> = results
        .tasks
        .iter()
        .map(|result| result.task.size)
        .collect();
    let theory = dam::theory::ensemble(job.ensemble.name()).ok();
    let half_loads = half_loads(job, results);
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
            let mut finite_size: Vec<(f64, f64, f64)> = tasks()
                .filter_map(|result| {
                    let theory = |name| {
                        let quantity = at_lambda(result, name, lambda)?;
                        job.experiment.predict(&result.task, quantity).finite_size
                    };
                    Some((
                        result.task.alpha,
                        theory("all_retrieved")?,
                        theory("retrieved_fraction")?,
                    ))
                })
                .collect();
            finite_size.sort_by(|a, b| a.0.total_cmp(&b.0));
            let half = half_loads.iter().find(|(task, quantity, _)| {
                task.size == size && quantity.coordinates.get("lambda") == Some(&lambda)
            });
            series.push(AllPatternsSeries {
                inverse_temperature: lambda,
                size: size as f64,
                points,
                finite_size,
                half: half.and_then(|(_, quantity, _)| quantity.mean.zip(quantity.standard_error)),
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

/// Sizes of the theory curves, from the smallest measured one to 10⁴.
const CURVE_SIZES: i32 = 12;

/// The load of P(all retrieved) = ½ against N, a colour per λ, with the finite-N theory and its limit.
pub fn half_load_curves(job: &Job, results: &Results) -> Drawn {
    let mut series: Vec<HalfLoadSeries> = Vec::new();
    for (task, quantity, prediction) in half_loads(job, results) {
        let (Some(&lambda), Some((value, low, high))) =
            (quantity.coordinates.get("lambda"), measured(&quantity))
        else {
            continue;
        };
        let point = MeasuredPoint {
            size: task.size as f64,
            value,
            low,
            high,
        };
        match series
            .iter_mut()
            .find(|series| series.inverse_temperature == lambda)
        {
            Some(series) => series.points.push(point),
            None => series.push(HalfLoadSeries {
                inverse_temperature: lambda,
                points: vec![point],
                finite_size: Vec::new(),
                infinite_size: prediction.infinite_size,
            }),
        }
    }
    if series.is_empty() {
        return Ok(None);
    }
    for series in &mut series {
        let sizes = series.points.iter().map(|point| point.size);
        let smallest = sizes.fold(f64::INFINITY, f64::min);
        for index in 0..=CURVE_SIZES {
            let fraction = f64::from(index) / f64::from(CURVE_SIZES);
            let size = smallest * (1e4 / smallest).powf(fraction);
            let load = half_load(job.ensemble.name(), size, series.inverse_temperature);
            series
                .finite_size
                .extend(load.ok().flatten().map(|load| (size, load)));
        }
    }
    Ok(Some(half_load_figure(job.ensemble.name(), &series)?))
}

/// The loads at which half of the samples keep all their patterns.
fn half_loads(job: &Job, results: &Results) -> Vec<(Task, Quantity, Prediction)> {
    let tasks: Vec<(&Task, &[Quantity])> = results
        .tasks
        .iter()
        .map(|result| (&result.task, result.quantities.as_slice()))
        .collect();
    job.experiment.across_tasks(&tasks)
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
