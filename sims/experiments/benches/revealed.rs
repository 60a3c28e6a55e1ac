//! Sampled disorder: time per sample of memories that draw their noise patterns where they matter, over that of memories that store
//! all of them.
//!
//! `cargo bench --bench revealed` prints a line per load, size and λ for the search of one basin edge θ_c (spherical patterns, one
//! thread): stored patterns, and how many times faster revealed ones are at ε = 0.2 (the theory in tables and figures) and 0.05 (`dam theory basin`). The
//! kinds take turns on the same number of samples. Then, for sizes at which none could be stored, a line per N, ln P, λ and ε: time of
//! a basin of spherical patterns and of a Gaussian crossover.
#![expect(clippy::expect_used, reason = "a benchmark")]

use std::hint::black_box;
use std::time::Instant;

use dam_experiments::basin::{Basin, StartKind};
use dam_experiments::crossover::Crossover;
use dam_memory::dynamics::Retriever;
use dam_memory::revealed::ExtremesPlan;
use dam_theory::finite_size::PatternCount;

const SIZES: [usize; 4] = [40, 50, 60, 70];
const LOAD: f64 = 0.2;
const LAMBDAS: [f64; 2] = [0.5, 1.0];
const TOLERANCES: [f64; 2] = [0.2, 0.05];
/// Most time for one line.
const SECONDS: f64 = 6.0;

fn basin(lambda: f64) -> Basin {
    Basin {
        retriever: Retriever::default(),
        inverse_temperatures: vec![lambda],
        start: StartKind::Sphere,
        tolerance: 0.02,
        seed: 1,
    }
}

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
    let pool = pool.build().expect("a thread");
    against_stored(&pool);
    beyond_storage(&pool);
}

/// Time of a sample against N, P and ε.
fn beyond_storage(pool: &rayon::ThreadPool) {
    println!(
        "\n{:>6}{:>8}{:>6}{:>6}{:>16}{:>22}",
        "N", "ln P", "λ", "ε", "basin, ms", "Gaussian λ_×, ms"
    );
    for (size, load) in [
        (200, 0.2),
        (500, 0.2),
        (2000, 0.2),
        (10_000, 0.2),
        (500, 0.05),
    ] {
        let patterns = PatternCount::from_load(load, size as f64).expect("a load");
        for lambda in LAMBDAS {
            for tolerance in TOLERANCES {
                let plan = |ensemble: &str| {
                    let ensemble = dam_theory::ensemble(ensemble).expect("known");
                    ExtremesPlan::new(&ensemble, size, patterns, tolerance).expect("a plan")
                };
                let spherical = plan("spherical");
                let basin = basin(lambda);
                let edge = timed(|| {
                    drop(black_box(
                        pool.install(|| basin.sampled(&spherical, 1, None)),
                    ));
                });
                let gaussian = plan("gaussian");
                let crossover = crossover();
                let found = timed(|| {
                    drop(black_box(
                        pool.install(|| crossover.sampled(&gaussian, 1, 1, None)),
                    ));
                });
                println!(
                    "{size:>6}{:>8.0}{lambda:>6}{tolerance:>6}{edge:>16.1}{found:>22.1}",
                    patterns.log_noise_patterns()
                );
            }
        }
    }
}

fn crossover() -> Crossover {
    Crossover {
        retriever: Retriever::default(),
        tolerance: 1e-4,
        maximum: 1e3,
    }
}

/// Milliseconds of a call, over calls of at least a second in all.
fn timed(call: impl Fn()) -> f64 {
    let start = Instant::now();
    let mut calls = 0.0;
    while calls == 0.0 || start.elapsed().as_secs_f64() < 1.0 {
        call();
        calls += 1.0;
    }
    1e3 * start.elapsed().as_secs_f64() / calls
}

fn against_stored(pool: &rayon::ThreadPool) {
    println!(
        "{:>4}{:>10}{:>6}{:>9}{:>14}{:>24}{:>24}",
        "N", "P", "λ", "samples", "stored, ms", "revealed ε = 0.2, ms", "revealed ε = 0.05, ms"
    );
    for size in SIZES {
        for lambda in LAMBDAS {
            let patterns = PatternCount::from_load(LOAD, size as f64).expect("a load");
            let plan = |tolerance: f64| {
                ExtremesPlan::new(
                    &dam_theory::ensemble("spherical").expect("known"),
                    size,
                    patterns,
                    tolerance,
                )
                .expect("a plan")
            };
            // N/ε² above M stores all
            let storing = 0.9 * (size as f64 / patterns.log_noise_patterns().exp()).sqrt();
            let plans: Vec<ExtremesPlan> = std::iter::once(storing)
                .chain(TOLERANCES)
                .map(plan)
                .collect();
            assert!(plans[0].stores_all());
            let basin = basin(lambda);
            let mut times = vec![0.0; plans.len()];
            let mut samples = 0;
            let start = Instant::now();
            while samples < 2 || start.elapsed().as_secs_f64() < SECONDS {
                for (plan, time) in plans.iter().zip(&mut times) {
                    let start = Instant::now();
                    black_box(pool.install(|| basin.sampled(plan, 2, None)));
                    *time += start.elapsed().as_secs_f64();
                }
                samples += 2;
            }
            let milliseconds = |time: f64| 1e3 * time / f64::from(samples);
            let revealed = |index: usize| {
                if plans[index].stores_all() {
                    return "stores all".to_owned();
                }
                let ratio = times[0] / times[index];
                format!("{:.2} ({ratio:.1} times)", milliseconds(times[index]))
            };
            println!(
                "{size:>4}{:>10.0}{lambda:>6}{samples:>9}{:>14.2}{:>24}{:>24}",
                patterns.log_noise_patterns().exp() + 1.0,
                milliseconds(times[0]),
                revealed(1),
                revealed(2)
            );
        }
    }
}
