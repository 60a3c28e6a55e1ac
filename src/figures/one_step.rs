//! The crossover of the first update and that of the dynamics against 1/N.

use dam::plots::{MeasuredPoint, OneStepSeries, StepSizeDifference, one_step_figure};
use dam::sims::{Job, Results, TaskResult};
use dam::theory::finite_size::{
    AsymptoticCrossover, AxisNoise, CollinearMap, GaussianNoise, GaussianNormLaw,
    gaussian_asymptotic_crossover, rademacher_asymptotic_crossover, spherical_asymptotic_crossover,
};
use dam::theory::{Ensemble, Structure, TheoryError};

use super::{Drawn, measured, quantities, sizes_towards_infinity, unrounded_patterns};

/// The crossovers against 1/N, means where |ξ|² = N and medians elsewhere; the dynamics at the first
/// step size, and the differences that the others make.
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let suffix = if job.ensemble.has_fixed_norm() {
        ""
    } else {
        "_median"
    };
    let (one_step, dynamics) = (
        format!("one_step_crossover{suffix}"),
        format!("lambda_crossover{suffix}"),
    );
    let mut series: Vec<OneStepSeries> = Vec::new();
    for result in &results.tasks {
        let load = result.task.alpha;
        let position = series
            .iter()
            .position(|series| series.load == load)
            .unwrap_or_else(|| {
                series.push(new_series(job, load));
                series.len() - 1
            });
        add(&mut series[position], result, &one_step, &dynamics);
    }
    series.retain(|series| !series.one_step.is_empty() || !series.dynamics.is_empty());
    if series.is_empty() {
        return Ok(None);
    }
    for series in &mut series {
        if let Some(ensemble) = job.ensemble.theory() {
            add_theory(ensemble.as_ref(), series);
        }
    }
    Ok(Some(one_step_figure(job.ensemble.name(), &series)?))
}

fn new_series(job: &Job, load: f64) -> OneStepSeries {
    OneStepSeries {
        load,
        one_step: Vec::new(),
        dynamics: Vec::new(),
        one_step_theory: Vec::new(),
        dynamics_theory: Vec::new(),
        one_step_expansion: Vec::new(),
        infinite_size: dam::theory::ensemble_with(job.ensemble.name(), &job.ensemble_parameters)
            .and_then(|theory| theory.typical_inverse_temperature(load))
            .ok(),
        differences: Vec::new(),
    }
}

fn add(series: &mut OneStepSeries, result: &TaskResult, one_step: &str, dynamics: &str) {
    let size = result.task.size as f64;
    let point = |(value, low, high)| MeasuredPoint {
        size,
        value,
        low,
        high,
    };
    let mut one_steps = quantities(result, one_step).filter_map(measured);
    series.one_step.extend(one_steps.next().map(point));
    let Some(&reference) = result
        .task
        .parameters
        .get("step_size")
        .and_then(|step_sizes| step_sizes.first())
    else {
        return;
    };
    let first = quantities(result, dynamics)
        .find(|quantity| quantity.coordinates.get("step_size") == Some(&reference));
    series.dynamics.extend(first.and_then(measured).map(point));
    for quantity in quantities(result, "step_size_difference") {
        let Some(&step_size) = quantity.coordinates.get("step_size") else {
            continue;
        };
        // without an interval all samples agree exactly
        let exact = quantity.mean.map(|mean| (mean, mean, mean));
        let Some(point) = measured(quantity).or(exact).map(point) else {
            continue;
        };
        let found = series
            .differences
            .iter_mut()
            .find(|difference| difference.step_size == step_size);
        match found {
            Some(difference) => difference.points.push(point),
            None => series.differences.push(StepSizeDifference {
                step_size,
                reference,
                points: vec![point],
            }),
        }
    }
}

/// The theory from the smallest measured N on; P = e^{αN} is not rounded.
fn add_theory(ensemble: &dyn Ensemble, series: &mut OneStepSeries) {
    let measured = series.one_step.iter().chain(&series.dynamics);
    let smallest = measured
        .map(|point| point.size)
        .fold(f64::INFINITY, f64::min);
    for size in sizes_towards_infinity(smallest) {
        if let Ok(map) = map(ensemble, series.load, size) {
            let one_step = map.one_step_crossover().ok().flatten();
            series
                .one_step_theory
                .extend(one_step.map(|lambda| (size, lambda)));
            let crossover = map.crossover().ok().flatten();
            series
                .dynamics_theory
                .extend(crossover.map(|crossover| (size, crossover.inverse_temperature)));
        }
        if let Some(expansion) = expansion(ensemble, series.load, size) {
            series.one_step_expansion.push((size, expansion.one_step));
        }
    }
}

/// The map of the typical target; the median norm where the norm fluctuates.
fn map(
    ensemble: &dyn Ensemble,
    load: f64,
    size: f64,
) -> Result<CollinearMap<AxisNoise>, TheoryError> {
    let noise = match ensemble.structure() {
        Structure::Normal => {
            let norm = GaussianNormLaw::new(size)?.quantile(0.5)?;
            AxisNoise::Normal(GaussianNoise::new(size, norm)?)
        }
        Structure::Sphere
        | Structure::Signs
        | Structure::Components(_)
        | Structure::Covariance(_) => AxisNoise::of(ensemble, size)?,
    };
    Ok(CollinearMap::new(noise, unrounded_patterns(load * size)?))
}

fn expansion(ensemble: &dyn Ensemble, load: f64, size: f64) -> Option<AsymptoticCrossover> {
    match ensemble.structure() {
        Structure::Sphere => spherical_asymptotic_crossover(load, size),
        Structure::Normal => {
            let norm = GaussianNormLaw::new(size).ok()?.quantile(0.5).ok()?;
            gaussian_asymptotic_crossover(load, size, norm)
        }
        Structure::Signs => rademacher_asymptotic_crossover(load, size),
        Structure::Components(_) | Structure::Covariance(_) => return None,
    }
    .ok()
}
