//! λ_× against 1/N.

use dam::experiments::analyses::headline_quantity;
use dam::plots::figure::Figure;
use dam::plots::{
    CrossoverSeries, MeasuredPoint, PlotError, crossover_figure, crossover_size_figure,
};
use dam::sims::{Job, Results};
use dam::theory::finite_size::median_crossover;

use super::{measured, quantities, sizes_towards_infinity, unrounded_patterns};

/// λ_× against 1/N: the mean where |ξ|² = N, else the median, since λ_× depends on |ξ|²; and the same against N on a
/// logarithmic axis, to 10⁴.
pub fn figures(job: &Job, results: &Results) -> Result<Vec<Option<Figure>>, PlotError> {
    let series = measured_series(job, results);
    if series.is_empty() {
        return Ok(vec![None, None]);
    }
    let name = job.ensemble.name();
    Ok(vec![
        Some(crossover_figure(name, &series)?),
        Some(crossover_size_figure(name, &series)?),
    ])
}

fn measured_series(job: &Job, results: &Results) -> Vec<CrossoverSeries> {
    let name = headline_quantity(job);
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
    series
}

/// λ_× of the finite-N theory from the smallest measured N on. P = e^{αN} is not rounded here.
fn finite_size_curve(job: &Job, series: &CrossoverSeries) -> Vec<(f64, f64)> {
    let sizes = series.points.iter().map(|point| point.size);
    sizes_towards_infinity(sizes.fold(f64::INFINITY, f64::min))
        .filter_map(|size| {
            let patterns = unrounded_patterns(series.load * size).ok()?;
            let ensemble = job.ensemble.theory()?.as_ref();
            let found = median_crossover(ensemble, patterns, size);
            Some((size, found.ok()??))
        })
        .collect()
}
