//! Time of one λ_× of the 1-D map, and of one basin edge θ_c(λ) and one crossover from an angle,
//! λ_×(θ), of the 2-D maps, against N.
//!
//! `cargo bench -p dam-theory --bench crossover`. The load is α = 0.2, with P a real number where
//! e^{αN} is one. At 10° the start is retrieved as soon as the target is. Each 2-D value costs a
//! bisection over the fate of whole trajectories.
#![expect(clippy::expect_used, reason = "a benchmark")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dam_theory::Ensemble;
use dam_theory::finite_size::{
    AxisNoise, CollinearMap, PatternCount, RademacherNoise, SphericalNoise, crossover_from_angle,
    rademacher_basin_angle, spherical_basin_angle,
};

const SIZES: [f64; 6] = [3.0, 10.0, 100.0, 1e3, 1e4, 1e6];
/// Each time is the least of this many batches.
const BATCHES: usize = 5;
const BATCH: Duration = Duration::from_millis(20);

/// The time of one call, in milliseconds.
fn milliseconds(mut call: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..BATCHES {
        let (start, mut calls) = (Instant::now(), 0_u32);
        while calls == 0 || start.elapsed() < BATCH {
            call();
            calls += 1;
        }
        best = best.min(start.elapsed().as_secs_f64() / f64::from(calls));
    }
    1e3 * best
}

fn main() {
    println!("{:<24}{:>10}{:>14}{:>12}", "quantity", "N", "value", "ms");
    for size in SIZES {
        let patterns = PatternCount::from_load(0.2, size).expect("a load");
        for ensemble in ["spherical", "gaussian", "rademacher"] {
            let known = ensemble_of(ensemble);
            let map = CollinearMap::new(
                AxisNoise::of(known.as_ref(), size).expect("known"),
                patterns,
            );
            let solve = || map.crossover().expect("a load that can be retrieved");
            let found = solve().map(|found| found.inverse_temperature);
            let time = milliseconds(|| {
                black_box(solve());
            });
            row(&format!("λ_× {ensemble}"), size, found, time);
        }
        let spherical = SphericalNoise::new(size).expect("a size");
        let angle = || {
            let found = spherical_basin_angle(black_box(spherical), patterns, 0.6);
            found.expect("settles").map(|found| found.angle)
        };
        let time = milliseconds(|| {
            black_box(angle());
        });
        row("θ_c(λ = 0.6) spherical", size, angle(), time);
        let rademacher = RademacherNoise::new(size).expect("a size");
        let angle =
            || rademacher_basin_angle(black_box(rademacher), patterns, 0.6).expect("settles");
        let time = milliseconds(|| {
            black_box(angle());
        });
        row("θ_c(λ = 0.6) rademacher", size, angle(), time);
        for ensemble in ["spherical", "gaussian", "rademacher"] {
            let known = ensemble_of(ensemble);
            for degrees in [10.0_f64, 40.0, 50.0] {
                let solve = || {
                    crossover_from_angle(
                        known.as_ref(),
                        black_box(patterns),
                        size,
                        degrees.to_radians(),
                    )
                    .expect("settles")
                };
                let time = milliseconds(|| {
                    black_box(solve());
                });
                row(&format!("λ_×({degrees}°) {ensemble}"), size, solve(), time);
            }
        }
    }
}

fn ensemble_of(name: &str) -> Arc<dyn Ensemble> {
    dam_theory::ensemble(name).expect("known")
}

fn row(quantity: &str, size: f64, value: Option<f64>, time: f64) {
    let value = value.map_or_else(|| "none".to_owned(), |value| format!("{value:.9}"));
    println!("{quantity:<24}{size:>10}{value:>14}{time:>12.4}");
}
