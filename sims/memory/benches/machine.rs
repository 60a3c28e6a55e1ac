//! Compares the update with what the machine can do, measured in the same second: the
//! rate of fused multiply-adds and of reading memory.
//!
//! `cargo bench --bench machine -- [P,N,B …]` prints one line per size, element type and
//! number of threads.

mod limits;
mod problem;
mod sizes;

use std::time::Instant;

use dam_memory::kernel::{Element, Parallelism};
use limits::{Limits, Memory};
use problem::Problem;
use sizes::sizes;

fn seconds(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// Best of several interleaved measurements of the update and the machine, one line each.
fn measure<T: Element>(
    name: &str,
    [count, size, batch]: [usize; 3],
    peak: fn(&Limits) -> f64,
    memory: &Memory,
) {
    let mut problem = Problem::<T>::new([count, size, batch]);
    for threads in [1, rayon::current_num_threads()] {
        let parallelism = if threads == 1 {
            Parallelism::Sequential
        } else {
            Parallelism::Chunks
        };
        let (mut update, mut rate, mut bandwidth) = (f64::INFINITY, 0.0_f64, 0.0_f64);
        let mut issue = 0.0_f64;
        let start = Instant::now();
        while start.elapsed().as_secs_f64() < 1.5 {
            for _ in 0..3 {
                update = update.min(seconds(|| problem.update(parallelism)));
            }
            let limits = memory.limits(threads);
            rate = rate.max(peak(&limits));
            bandwidth = bandwidth.max(limits.bandwidth);
            issue = issue.max(limits.issue);
        }
        let operations = (4 * count * size * batch) as f64 / update;
        let bytes = (count * size * size_of::<T>()) as f64 / update;
        println!(
            "{name} {count},{size},{batch} threads {threads}: {:.3} ms  {:.1} GFLOP/s of {:.1} = {:.1} %  {:.1} GB/s of {:.1} = {:.1} %  {issue:.2} instructions a cycle",
            update * 1e3,
            operations / 1e9,
            rate / 1e9,
            100.0 * operations / rate,
            bytes / 1e9,
            bandwidth / 1e9,
            100.0 * bytes / bandwidth,
        );
    }
}

fn main() {
    let memory = Memory::new();
    for size in sizes(&[1, 4, 16, 64, 256].map(|batch| [300_000, 40, batch])) {
        measure::<f32>("f32", size, |limits| limits.single, &memory);
        measure::<f64>("f64", size, |limits| limits.double, &memory);
    }
}
