//! λ_× against 1/N.

use dam::plots::{CrossoverSeries, MeasuredPoint, crossover_figure};
use dam::sims::{Job, Results};
use dam::theory::finite_size::{PatternCount, median_crossover};

use super::{Drawn, measured, quantities};

/// λ_× against 1/N: the mean where |ξ|² = N, else the median, since λ_× depends on |ξ|².
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let name = if job.ensemble.has_fixed_norm() {
        "lambda_crossover"
    } else {
        "lambda_crossover_median"
    };
    let mut series: Vec<CrossoverSeries> = Vec::new();
    for result in &results.tasks {
        let Some(point) = quantities(result, name).find_map(|quantity| {
            measured(quantity).map(|(value, low, high)| MeasuredPoint {
                size: result.task.size as f64,
                value,
                low,
                high,
            })
        }) else {
            continue;
        };
        let position = series
            .iter()
            .position(|series| series.load == result.task.alpha);
        if let Some(position) = position {
            series[position].points.push(point);
        } else {
            let quantity = quantities(result, name).next();
            let prediction =
                quantity.map(|quantity| job.experiment.predict(&result.task, quantity));
            series.push(CrossoverSeries {
                load: result.task.alpha,
                points: vec![point],
                infinite_size: prediction.and_then(|prediction| prediction.infinite_size),
                finite_size: Vec::new(),
            });
        }
    }
    for series in &mut series {
        series.finite_size = finite_size_curve(job, series);
    }
    if series.is_empty() {
        return Ok(None);
    }
    Ok(Some(crossover_figure(job.ensemble.name(), &series)?))
}

/// Points of the finite-N curve.
const CURVE_POINTS: i32 = 60;
/// The curve ends at this N, close to its limit at 1/N = 0.
const LARGEST_CURVE_SIZE: f64 = 20_000.0;

/// λ_× of the finite-N theory from the smallest measured N on, at equal steps of √(1/N), which
/// shows how steeply the curve falls to its limit. P = e^{αN} is not rounded here.
fn finite_size_curve(job: &Job, series: &CrossoverSeries) -> Vec<(f64, f64)> {
    let smallest = series
        .points
        .iter()
        .map(|point| point.size)
        .fold(f64::INFINITY, f64::min);
    let (first, last) = (smallest.recip().sqrt(), LARGEST_CURVE_SIZE.recip().sqrt());
    (0..=CURVE_POINTS)
        .filter_map(|index| {
            let fraction = f64::from(index) / f64::from(CURVE_POINTS);
            let size = (first * (1.0 - fraction) + last * fraction).powi(-2);
            let log_count = series.load * size;
            let log_noise = log_count + (-(-log_count).exp()).ln_1p();
            let patterns = PatternCount::from_log_noise_patterns(log_noise).ok()?;
            let (ensemble, parameters) = (job.ensemble.name(), &job.ensemble_parameters);
            let found = median_crossover(ensemble, parameters, patterns, size);
            Some((size, found.ok()??))
        })
        .collect()
}
