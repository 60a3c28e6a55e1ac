//! The cosine with the nearest pattern against N.

use dam::plots::{MeasuredPoint, NearestPatternSeries, nearest_pattern_figure};
use dam::sims::{Job, Results};
use dam::theory::TheoryError;
use dam::theory::bounds::{nearest_pattern_cosine, polynomial_load_cosine};
use dam::theory::finite_size::SphericalOverlapLaw;

use super::{Drawn, measured, quantities, sizes_between};

/// The cosine against N, a colour per (k, α̃).
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let mut series: Vec<NearestPatternSeries> = Vec::new();
    for result in &results.tasks {
        let task = &result.task;
        let (Some(exponent), Some(prefactor)) =
            (task.parameter("exponent"), task.parameter("prefactor"))
        else {
            continue;
        };
        let points: Vec<MeasuredPoint> = quantities(result, "nearest_cosine")
            .filter_map(measured)
            .map(|(value, low, high)| MeasuredPoint {
                size: task.size as f64,
                value,
                low,
                high,
            })
            .collect();
        let found = series
            .iter_mut()
            .find(|series| (series.exponent, series.prefactor) == (exponent, prefactor));
        match found {
            Some(series) => series.points.extend(points),
            None => series.push(NearestPatternSeries {
                exponent,
                prefactor,
                points,
                leading_term: Vec::new(),
                random_energy_model: Vec::new(),
                finite_size: Vec::new(),
            }),
        }
    }
    series.retain(|series| !series.points.is_empty());
    if series.is_empty() {
        return Ok(None);
    }
    let uniform_directions = job
        .ensemble
        .theory()
        .is_some_and(|ensemble| ensemble.structure().is_isotropic());
    for series in &mut series {
        add_theory(series, uniform_directions);
    }
    Ok(Some(nearest_pattern_figure(job.ensemble.name(), &series)?))
}

/// The curves over the measured sizes; P is not rounded here.
fn add_theory(series: &mut NearestPatternSeries, uniform_directions: bool) {
    let sizes = || series.points.iter().map(|point| point.size);
    let smallest = sizes().fold(f64::INFINITY, f64::min);
    let largest = sizes().fold(0.0, f64::max);
    let (exponent, prefactor) = (series.exponent, series.prefactor);
    let curve = |cosine: &dyn Fn(f64, f64) -> Result<f64, TheoryError>| -> Vec<(f64, f64)> {
        sizes_between(smallest, largest)
            .filter_map(|size| {
                let count = prefactor * size.powf(exponent);
                Some((size, cosine(size, count).ok()?))
            })
            .collect()
    };
    let leading_term = curve(&|size, _| polynomial_load_cosine(prefactor, exponent, size));
    if uniform_directions {
        series.random_energy_model = curve(&|size, count| nearest_pattern_cosine(count, size));
        series.finite_size =
            curve(&|size, count| SphericalOverlapLaw::new(size)?.mean_maximum((count - 1.0).ln()));
    }
    series.leading_term = leading_term;
}
