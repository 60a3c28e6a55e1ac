//! The scaled crossover and both thresholds against N.

use dam::plots::{MeasuredPoint, ScaledLoadSeries, scaled_dot_product_figure};
use dam::sims::Results;
use dam::theory::ensembles::Gaussian;
use dam::theory::finite_size::median_crossover;
use dam::theory::finite_size::scaled_dot_product::{
    scaled_all_patterns_inverse_temperature, scaled_typical_inverse_temperature,
};

use super::{Drawn, measured, quantities, sizes_between, unrounded_patterns};

/// The curves end at this N, where the thresholds have nearly merged.
const LARGEST_CURVE_SIZE: f64 = 1e6;

/// The median of λ̂_× against N, a colour per α̂.
pub fn figure(results: &Results) -> Drawn {
    let mut series: Vec<ScaledLoadSeries> = Vec::new();
    for result in &results.tasks {
        let Some(scaled_load) = result.task.parameter("scaled_alpha") else {
            continue;
        };
        let points: Vec<MeasuredPoint> = quantities(result, "scaled_crossover_median")
            .filter_map(measured)
            .map(|(value, low, high)| MeasuredPoint {
                size: result.task.size as f64,
                value,
                low,
                high,
            })
            .collect();
        let found = series
            .iter_mut()
            .find(|series| series.scaled_load == scaled_load);
        match found {
            Some(series) => series.points.extend(points),
            None => series.push(ScaledLoadSeries {
                scaled_load,
                points,
                finite_size: Vec::new(),
                typical: Vec::new(),
                all_patterns: Vec::new(),
            }),
        }
    }
    series.retain(|series| !series.points.is_empty());
    if series.is_empty() {
        return Ok(None);
    }
    for series in &mut series {
        let load = series.scaled_load;
        let sizes = series.points.iter().map(|point| point.size);
        let smallest = sizes.fold(f64::INFINITY, f64::min);
        let curve = |lambda: &dyn Fn(f64) -> Option<f64>| -> Vec<(f64, f64)> {
            sizes_between(smallest, LARGEST_CURVE_SIZE)
                .filter_map(|size| Some((size, lambda(size)?)))
                .collect()
        };
        series.typical = curve(&|size| scaled_typical_inverse_temperature(load, size).ok());
        series.all_patterns =
            curve(&|size| scaled_all_patterns_inverse_temperature(load, size).ok());
        series.finite_size = curve(&|size| median(load, size));
    }
    Ok(Some(scaled_dot_product_figure(&series)?))
}

/// The median of √N λ_×, with P = e^{α̂√N} not rounded.
fn median(scaled_load: f64, size: f64) -> Option<f64> {
    let root = size.sqrt();
    let patterns = unrounded_patterns(scaled_load * root).ok()?;
    let crossover = median_crossover(&Gaussian, patterns, size).ok()??;
    Some(root * crossover)
}
