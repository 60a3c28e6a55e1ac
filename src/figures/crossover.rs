//! λ_× against 1/N.

use dam::plots::{CrossoverSeries, MeasuredPoint, crossover_figure};
use dam::sims::{Job, Results};

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
    if series.is_empty() {
        return Ok(None);
    }
    Ok(Some(crossover_figure(job.ensemble.name(), &series)?))
}
