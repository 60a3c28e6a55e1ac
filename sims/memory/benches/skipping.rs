//! What leaving out negligible patterns saves: time of one update with seeds over that without, at
//! states near their targets.
//!
//! `cargo bench --bench skipping -- [P,N,B …]` prints a line per size and number type, the ratio
//! for growing λN; the two updates take turns, the best time of each counts.

mod sizes;

use std::time::Instant;

use dam_memory::attention::{AttentionMemory, Precision, Storage};
use dam_memory::ensembles::{pattern_ensemble, pattern_law};
use dam_memory::kernel::Workspace;
use dam_memory::kernel::{Batch, Parallelism, StateSummary};
use dam_memory::patterns::drawn::RandomPatterns;
use sizes::sizes;

/// λN.
const EXPONENTS: [f64; 7] = [30.0, 40.0, 50.0, 60.0, 75.0, 90.0, 120.0];
const SECONDS: f64 = 0.4;

fn measure(precision: Precision, [count, size, batch]: [usize; 3]) {
    let seed = [5; 32];
    let ensemble = pattern_ensemble("spherical", &[].into()).expect("a known ensemble");
    let law = pattern_law(ensemble.as_ref(), size, &seed);
    let patterns = RandomPatterns::new(law, size, count, seed);
    let memory = AttentionMemory::hold(
        &patterns,
        precision,
        Storage::Stored,
        Parallelism::Sequential,
    );
    let targets: Vec<usize> = (0..batch).collect();
    let states: Vec<f64> = targets
        .iter()
        .flat_map(|&target| memory.pattern(target))
        .collect();
    let (mut means, mut summaries) = (states.clone(), vec![StateSummary::default(); batch]);
    let mut workspace = Workspace::default();
    let ratios: Vec<String> = EXPONENTS
        .iter()
        .map(|exponent| {
            let lambdas = vec![exponent / size as f64; batch];
            let batch = Batch {
                states: &states,
                inverse_temperatures: &lambdas,
                targets: &targets,
                seeds: None,
            };
            let mut best = [f64::INFINITY; 2];
            let start = Instant::now();
            while start.elapsed().as_secs_f64() < SECONDS {
                for (seeds, best) in [None, Some(targets.as_slice())].into_iter().zip(&mut best) {
                    let start = Instant::now();
                    let batch = Batch { seeds, ..batch };
                    memory.update_with(&mut workspace, batch, &mut means, &mut summaries);
                    *best = best.min(start.elapsed().as_secs_f64());
                }
            }
            format!("{exponent}: {:.2}", best[1] / best[0])
        })
        .collect();
    println!(
        "{precision:?} {count},{size},{batch} λN {}",
        ratios.join("  ")
    );
}

fn main() {
    for size in sizes(&[[162_755, 60, 15], [162_755, 60, 64], [20_000, 30, 15]]) {
        measure(Precision::F32, size);
        measure(Precision::F64, size);
    }
}
