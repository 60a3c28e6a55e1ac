//! Compares the ways in which patterns are held: time of one update by their storage.
//!
//! `cargo bench --bench storage -- [P,N,B …]` prints one line per ensemble, size and number type;
//! the measurements are interleaved, the best of each counts.

mod sizes;

use std::time::Instant;

use dam_memory::attention::{AttentionMemory, Precision, Storage};
use dam_memory::ensembles::{pattern_ensemble, pattern_law};
use dam_memory::kernel::Workspace;
use dam_memory::kernel::{Batch, Parallelism, StateSummary};
use dam_memory::patterns::drawn::RandomPatterns;
use sizes::sizes;

fn measure(
    name: &str,
    storages: &[Storage],
    precision: Precision,
    [count, size, batch]: [usize; 3],
) {
    let seed = [5; 32];
    let ensemble = pattern_ensemble(name, &[].into()).expect("a known ensemble");
    let law = pattern_law(ensemble.as_ref(), size, &seed);
    let patterns = RandomPatterns::new(law, size, count, seed);
    let hold = |storage| AttentionMemory::hold(&patterns, precision, storage, Parallelism::Chunks);
    let memories: Vec<AttentionMemory> = storages.iter().map(|&storage| hold(storage)).collect();
    let states = memories[0].pattern(0).repeat(batch);
    let (lambdas, targets) = (vec![0.3; batch], vec![0; batch]);
    let (mut means, mut summaries) = (states.clone(), vec![StateSummary::default(); batch]);
    let mut workspace = Workspace::default();
    for threads in [1, rayon::current_num_threads()] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads can be started");
        let mut best = vec![f64::INFINITY; memories.len()];
        let start = Instant::now();
        while start.elapsed().as_secs_f64() < 1.0 {
            for (memory, best) in memories.iter().zip(&mut best) {
                let batch = Batch {
                    states: &states,
                    inverse_temperatures: &lambdas,
                    targets: &targets,
                    seeds: None,
                };
                let start = Instant::now();
                pool.install(|| {
                    memory.update_with(&mut workspace, batch, &mut means, &mut summaries);
                });
                *best = best.min(start.elapsed().as_secs_f64());
            }
        }
        let times: Vec<String> = storages
            .iter()
            .zip(&best)
            .map(|(storage, time)| {
                format!(
                    "{} {:.3} ms ({:.2})",
                    storage.name(),
                    time * 1e3,
                    time / best[0]
                )
            })
            .collect();
        println!(
            "{name} {precision:?} {count},{size},{batch} threads {threads}: {}",
            times.join("  ")
        );
    }
}

fn main() {
    for size in sizes(&[1, 4, 15, 64, 256].map(|batch| [162_755, 60, batch])) {
        for precision in [Precision::F32, Precision::F64] {
            measure(
                "spherical",
                &[Storage::Stored, Storage::Regenerated],
                precision,
                size,
            );
            measure(
                "rademacher",
                &[Storage::Stored, Storage::Bits],
                precision,
                size,
            );
        }
    }
}
