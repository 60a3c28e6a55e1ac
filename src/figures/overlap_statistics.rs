//! The histogram of the overlaps with its law, and the free entropy of the noise against λ.

use dam::plots::figure::DataPoint;
use dam::plots::{OverlapStatisticsSeries, overlap_statistics_figure};
use dam::sims::{Job, Quantity, Results, TaskResult};
use dam::theory::Structure;
use dam::theory::finite_size::SphericalOverlapLaw;

use super::{Drawn, measured, quantities};

/// Intervals of each theory curve.
const INTERVALS: i32 = 60;

/// A colour per (α, N).
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let series: Vec<OverlapStatisticsSeries> = results
        .tasks
        .iter()
        .map(|result| series(job, result))
        .collect();
    if series.is_empty() {
        return Ok(None);
    }
    Ok(Some(overlap_statistics_figure(
        job.ensemble.name(),
        &series,
    )?))
}

fn series(job: &Job, result: &TaskResult) -> OverlapStatisticsSeries {
    let task = &result.task;
    let size = task.size as f64;
    let points = |name, coordinate| points(result, name, coordinate);
    let mut density = points("overlap_density", "overlap");
    // the logarithmic axis has no place for empty bins
    density.retain(|point| point.y > 0.0);
    let end = density
        .iter()
        .map(|point| point.x.abs())
        .fold(0.0, f64::max);
    let law = grid(-end, end)
        .filter_map(|overlap| {
            let log_density = match job.ensemble.theory()?.structure() {
                Structure::Sphere => SphericalOverlapLaw::new(size)
                    .and_then(|law| law.log_density(overlap))
                    .ok()?,
                // t ~ N(0, 1/N)
                Structure::Normal => {
                    0.5 * (size / std::f64::consts::TAU).ln() - 0.5 * size * overlap * overlap
                }
                Structure::Signs | Structure::Components(_) | Structure::Covariance(_) => {
                    return None;
                }
            };
            Some((overlap, log_density.exp()))
        })
        .collect();

    let free_entropy = points("free_entropy", "lambda");
    let lambdas = || free_entropy.iter().map(|point| point.x);
    let smallest = lambdas().fold(f64::INFINITY, f64::min);
    let largest = lambdas().fold(0.0, f64::max);
    let curve = |name: &str, pick: &dyn Fn(dam::sims::Prediction) -> Option<f64>| {
        let Some(template) = quantities(result, name).next() else {
            return Vec::new();
        };
        grid(smallest, largest)
            .filter_map(|lambda| {
                let quantity = Quantity {
                    coordinates: [("lambda".to_owned(), lambda)].into(),
                    ..template.clone()
                };
                Some((lambda, pick(job.experiment.predict(task, &quantity))?))
            })
            .collect()
    };
    let load = ((task.pattern_count - 1) as f64).ln() / size;
    OverlapStatisticsSeries {
        load: task.alpha,
        size,
        density,
        law,
        free_entropy_theory: curve("free_entropy", &|prediction| prediction.finite_size),
        free_entropy_limit: curve("free_entropy", &|prediction| prediction.infinite_size),
        participation: points("participation", "lambda"),
        participation_limit: curve("participation", &|prediction| prediction.infinite_size),
        condensation: dam::theory::ensemble_with(job.ensemble.name(), &job.ensemble_parameters)
            .and_then(|theory| theory.condensation_inverse_temperature(load, 1.0))
            .ok(),
        free_entropy,
    }
}

fn points(result: &TaskResult, name: &str, coordinate: &str) -> Vec<DataPoint> {
    quantities(result, name)
        .filter_map(|quantity| {
            let x = *quantity.coordinates.get(coordinate)?;
            let (value, low, high) = measured(quantity)?;
            Some(DataPoint::with_y_interval(x, value, low, high))
        })
        .collect()
}

/// Equally spaced values, both ends included.
fn grid(low: f64, high: f64) -> impl Iterator<Item = f64> {
    (0..=INTERVALS).map(move |index| {
        let fraction = f64::from(index) / f64::from(INTERVALS);
        low * (1.0 - fraction) + high * fraction
    })
}
