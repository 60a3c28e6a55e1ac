//! The basin angle against λ.

use dam::plots::{BasinPoint, BasinSeries, measured_basins};
use dam::sims::{Job, Quantity, Results, TaskResult, linear_grid};

use super::{Drawn, measured, quantities};

/// Some samples lie far from the others: the median moves less than the mean.
const ANGLE: &str = "theta_c_degrees_median";
/// Half the width of the band of a sampled theory: 95 % confidence.
const STANDARD_ERRORS: f64 = 1.96;
/// Inverse temperatures of the theory curves; where theory is sampled it speaks at those of the job only.
const CURVE_POINTS: usize = 121;

/// The median θ_c against λ, a series per (α, N), with the theory at N = ∞ and at N.
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let series: Vec<BasinSeries> = results
        .tasks
        .iter()
        .map(|result| {
            let points: Vec<BasinPoint> = quantities(result, ANGLE)
                .filter_map(|quantity| {
                    let (degrees, low, high) = measured(quantity)?;
                    Some(BasinPoint {
                        inverse_temperature: *quantity.coordinates.get("lambda")?,
                        degrees,
                        low,
                        high,
                    })
                })
                .collect();
            let theory = theory(job, result);
            let infinite_size: Vec<(f64, f64)> = theory
                .iter()
                .filter_map(|point| Some((point.lambda, point.infinite_size?)))
                .collect();
            let finite_size: Vec<(f64, f64)> = theory
                .iter()
                .filter_map(|point| Some((point.lambda, point.finite_size?)))
                .collect();
            let finite_size_band = theory
                .iter()
                .filter_map(|point| {
                    let (degrees, error) = (point.finite_size?, point.finite_size_error?);
                    let reach = STANDARD_ERRORS * error;
                    Some((point.lambda, degrees - reach, degrees + reach))
                })
                .collect();
            BasinSeries {
                load: result.task.alpha,
                size: result.task.size as f64,
                points,
                nearest_pattern: (!infinite_size.is_empty())
                    .then(|| nearest_pattern(job, result.task.alpha))
                    .flatten(),
                infinite_size,
                finite_size,
                finite_size_band,
            }
        })
        .collect();
    if series.iter().all(|series| series.points.is_empty()) {
        return Ok(None);
    }
    Ok(Some(measured_basins(job.ensemble.name(), &series)?))
}

/// What the experiment predicts at one λ, in degrees.
struct Theory {
    lambda: f64,
    infinite_size: Option<f64>,
    finite_size: Option<f64>,
    finite_size_error: Option<f64>,
}

/// The experiment's own predictions of θ_c between the smallest and the largest λ of the job, its grid included.
fn theory(job: &Job, result: &TaskResult) -> Vec<Theory> {
    let Some(any) = quantities(result, ANGLE).next() else {
        return Vec::new();
    };
    let measured: Vec<f64> = quantities(result, ANGLE)
        .filter_map(|quantity| quantity.coordinates.get("lambda").copied())
        .collect();
    let smallest = measured.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = measured.iter().copied().fold(0.0, f64::max);
    let mut grid = linear_grid(smallest, largest, CURVE_POINTS);
    grid.extend(measured);
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    grid.into_iter()
        .map(|lambda| {
            let quantity = Quantity {
                coordinates: [("lambda".to_owned(), lambda)].into(),
                ..any.clone()
            };
            let prediction = job.experiment.predict(&result.task, &quantity);
            Theory {
                lambda,
                infinite_size: prediction.infinite_size,
                finite_size: prediction.finite_size,
                finite_size_error: prediction.finite_size_error,
            }
        })
        .collect()
}

/// arccos ε_*(α) in degrees, where θ_c saturates.
fn nearest_pattern(job: &Job, load: f64) -> Option<f64> {
    let ensemble =
        dam::theory::ensemble_with(job.ensemble.name(), &job.ensemble_parameters).ok()?;
    let cosine = ensemble.extreme_overlap(load, 1.0).ok()?;
    (cosine <= 1.0).then(|| cosine.acos().to_degrees())
}
