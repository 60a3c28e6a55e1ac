//! Walks of the theory at finite N.

use std::sync::Arc;

use super::walk::{Order, Walk, geometric, linear, remembered};
use super::{called, largest_load, loads};
use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::finite_size::{
    AveragedBasin, AxisNoise, CrossoverLaw, Estimate, LARGEST_AVERAGED_ERROR_DEGREES, PatternCount,
    averaged_and_expected_median, crossover_from_angle, half_load_estimate, lost_patterns,
    median_crossover, retrieval_probability,
};

/// From the least size of the sphere on; off whole numbers, where manifolds round none.
const SIZES: [f64; 7] = [3.01, 5.3, 11.4, 37.2, 137.3, 2_000.7, 1_000_000.3];

pub(super) fn walks(ensemble: &Arc<dyn Ensemble>) -> Vec<Walk> {
    let most = largest_load(ensemble.as_ref());
    let mut walks = Vec::new();
    for size in SIZES {
        walks.extend(crossovers(ensemble, most, size));
    }
    walks.push(crossover_over_size(ensemble, 0.37 * most));
    if AxisNoise::of(ensemble.as_ref(), 100.0).is_ok() {
        // 22.4: patterns whose law is that of the cavity throughout
        for size in SIZES.into_iter().chain([22.4]) {
            walks.extend(laws(ensemble, most, size));
        }
        for (load, size) in [
            (0.31, 11.0),
            (0.137, 37.0),
            (0.2, 40.0),
            (0.05, 200.0),
            (0.3, 1e4),
        ] {
            walks.extend(on_the_axis(ensemble, load, size));
        }
        for size in [12.0, 33.0] {
            walks.extend(losses(ensemble, size));
        }
    }
    walks
}

fn count(load: f64, size: f64) -> Result<PatternCount, TheoryError> {
    PatternCount::from_log_noise_patterns(load * size)
}

/// λ_× over α (P a real number): it exists from the smallest load on, if at all, lies above λ₁ and
/// rises.
fn crossovers(ensemble: &Arc<dyn Ensemble>, most: f64, size: f64) -> Vec<Walk> {
    let grid = || loads(most, (1e-3, 120), (1e-5, 180));
    let fixed = format!(", N = {size}");
    let medians = {
        let ensemble = Arc::clone(ensemble);
        remembered(move |load| {
            averaged_and_expected_median(ensemble.as_ref(), count(load, size)?, size)
        })
    };
    let part = |part: fn((f64, Estimate)) -> f64| {
        let medians = medians.clone();
        move |load: f64| Ok(medians(load)?.map(part))
    };
    let above = {
        let (ensemble, crossover) = (Arc::clone(ensemble), part(|(averaged, _)| averaged));
        move |load: f64| {
            let limit = ensemble.typical_inverse_temperature(load)?;
            Ok(crossover(load)?.map(|found| found / limit - 1.0))
        }
    };
    let name = |function| called(function, ensemble.as_ref(), &fixed);
    vec![
        Walk::new(name("λ_× over α"), grid(), part(|(averaged, _)| averaged))
            .ordered(Order::Rising),
        Walk::new(name("λ_×/λ₁ − 1 over α"), grid(), above).at_least(0.0),
        Walk::new(
            name("expected λ_½ over α"),
            grid(),
            part(|(_, expected)| expected.value),
        )
        .at_least(0.0),
        Walk::new(
            name("error of λ_½ over α"),
            grid(),
            part(|(_, expected)| expected.error),
        )
        .at_least(0.0),
    ]
}

/// λ_× over N at one load falls towards λ₁.
fn crossover_over_size(ensemble: &Arc<dyn Ensemble>, load: f64) -> Walk {
    let name = called("λ_× over N", ensemble.as_ref(), &format!(", α = {load:.4}"));
    let ensemble = Arc::clone(ensemble);
    let least = (8.0 / load).max(3.01);
    Walk::new(name, geometric(least, 1e6, 300), move |size| {
        median_crossover(ensemble.as_ref(), count(load, size)?, size)
    })
    .ordered(Order::Falling)
}

/// Mean, median and deviation of λ_× over α, and their errors.
fn laws(ensemble: &Arc<dyn Ensemble>, most: f64, size: f64) -> Vec<Walk> {
    type Part = fn(CrossoverLaw) -> f64;
    let parts: [(&str, Part); 6] = [
        ("mean λ_× over α", |law| law.mean),
        ("median λ_× over α", |law| law.median),
        ("deviation of λ_× over α", |law| law.deviation),
        ("error of the mean λ_× over α", |law| law.mean_error),
        ("error of the median λ_× over α", |law| law.median_error),
        ("error of the deviation of λ_× over α", |law| {
            law.deviation_error
        }),
    ];
    let fixed = format!(", N = {size}");
    let law = {
        let ensemble = Arc::clone(ensemble);
        remembered(move |load| {
            let noise = AxisNoise::of(ensemble.as_ref(), size)?;
            CrossoverLaw::new(noise, count(load, size)?)
        })
    };
    let walk = |(name, part): (&str, Part)| {
        let name = called(name, ensemble.as_ref(), &fixed);
        let law = law.clone();
        let value = move |load: f64| Ok(law(load)?.map(part));
        Walk::new(name, linear(0.002 * most, 0.98 * most, 200), value).at_least(0.0)
    };
    parts.into_iter().map(walk).collect()
}

/// The basin over λ with its error, λ_×(θ), and the retrieval probability.
fn on_the_axis(ensemble: &Arc<dyn Ensemble>, load: f64, size: f64) -> Vec<Walk> {
    let fixed = format!(", α = {load}, N = {size}");
    let name = |function: &str| called(function, ensemble.as_ref(), &fixed);
    let lambdas = || linear(0.5 * load, 0.98, 300);
    let basin = {
        let ensemble = Arc::clone(ensemble);
        remembered(move |lambda| {
            let noise = AxisNoise::of(ensemble.as_ref(), size)?;
            Ok(match noise.averaged_basin(count(load, size)?, lambda)? {
                AveragedBasin::Found { angle, error }
                    if error.to_degrees() <= LARGEST_AVERAGED_ERROR_DEGREES =>
                {
                    Some((angle, error))
                }
                _ => None,
            })
        })
    };
    let averaged = |part: fn((f64, f64)) -> f64| {
        let basin = basin.clone();
        move |lambda: f64| Ok(basin(lambda)?.map(part))
    };
    let from_angle = {
        let ensemble = Arc::clone(ensemble);
        move |angle| crossover_from_angle(ensemble.as_ref(), count(load, size)?, size, angle)
    };
    let probability = {
        let ensemble = Arc::clone(ensemble);
        remembered(move |lambda| {
            retrieval_probability(ensemble.as_ref(), count(load, size)?, size, lambda)
        })
    };
    let probability = |part: fn(Estimate) -> f64| {
        let probability = probability.clone();
        move |lambda: f64| Ok(probability(lambda)?.map(part))
    };
    vec![
        Walk::new(
            name("averaged θ_c over λ"),
            lambdas(),
            averaged(|(angle, _)| angle),
        )
        .ordered(Order::Rising),
        Walk::new(
            name("error of θ_c over λ"),
            lambdas(),
            averaged(|(_, error)| error),
        )
        .at_least(0.0),
        Walk::new(name("λ_× over θ"), linear(0.0, 0.9, 150), from_angle).ordered(Order::Rising),
        Walk::new(
            name("P(retrieved) over λ"),
            lambdas(),
            probability(|at| at.value),
        )
        .ordered(Order::Rising)
        .at_least(0.0)
        .stepwise(),
        Walk::new(
            name("error of P(retrieved) over λ"),
            lambdas(),
            probability(|at| at.error),
        )
        .at_least(0.0)
        .stepwise(),
    ]
}

/// Lost patterns over λ, and half-loads over λ.
fn losses(ensemble: &Arc<dyn Ensemble>, size: f64) -> Vec<Walk> {
    let fixed = format!(", N = {size}");
    let name = |function: &str| called(function, ensemble.as_ref(), &fixed);
    let load = 4.0 / size;
    let lost = {
        let ensemble = Arc::clone(ensemble);
        move |lambda| {
            let lost = lost_patterns(ensemble.as_ref(), count(load, size)?, size, lambda)?;
            Ok(Some(lost.lost()))
        }
    };
    let half = {
        let ensemble = Arc::clone(ensemble);
        remembered(move |lambda| half_load_estimate(ensemble.as_ref(), size, lambda))
    };
    let half = |part: fn(Estimate) -> f64| {
        let half = half.clone();
        move |lambda: f64| Ok(half(lambda)?.map(part))
    };
    let lambdas = || linear(0.1, 1.5, 12);
    vec![
        Walk::new(
            name("lost of e⁴ patterns over λ"),
            linear(0.05, 2.0, 30),
            lost,
        )
        .ordered(Order::Falling)
        .at_least(0.0)
        .stepwise(),
        Walk::new(name("half-load over λ"), lambdas(), half(|at| at.value))
            .at_least(0.0)
            .stepwise(),
        Walk::new(
            name("error of the half-load over λ"),
            lambdas(),
            half(|at| at.error),
        )
        .at_least(0.0)
        .stepwise(),
    ]
}
