//! Compares the update with what the machine can do, measured in the same second: the
//! rate of fused multiply-adds and of reading memory.
//!
//! `cargo bench --bench machine -- [P,N,B …]` prints one line per size, element type and
//! number of threads.

use std::hint::black_box;
use std::time::Instant;

use dam_sims::kernel::{Batch, Parallelism, StateSummary, Workspace, update_with};
use dam_sims::{Patterns, Real};
use rayon::prelude::*;

/// Steps of the multiply-add loop per measurement.
const STEPS: usize = 100_000;

/// Independent vectors of 64 bytes that hide the latency of the multiply-add.
const CHAINS: usize = 12;

macro_rules! multiply_adds {
    ($name:ident, $element:ty, $wide:ident, $wide_set:ident, $wide_fma:ident, $narrow:ident, $narrow_set:ident, $narrow_fma:ident) => {
        /// Floating-point operations of one measurement, done on this thread.
        pub fn $name() -> f64 {
            macro_rules! run {
                ($function:ident, $features:literal, $vector:ident, $set:ident, $fma:ident) => {
                    #[target_feature(enable = $features)]
                    fn $function() -> f64 {
                        let factor = $set(black_box(0.999));
                        let mut sums = [$set(black_box(1.0)); CHAINS];
                        for _ in 0..STEPS {
                            for sum in &mut sums {
                                *sum = $fma(*sum, factor, factor);
                            }
                        }
                        black_box(sums);
                        (2 * STEPS * CHAINS * size_of::<$vector>() / size_of::<$element>()) as f64
                    }
                };
            }
            run!(wide, "avx512f", $wide, $wide_set, $wide_fma);
            run!(narrow, "avx2,fma", $narrow, $narrow_set, $narrow_fma);
            if is_x86_feature_detected!("avx512f") {
                // SAFETY: the instruction set has just been detected.
                unsafe { wide() }
            } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                // SAFETY: the instruction sets have just been detected.
                unsafe { narrow() }
            } else {
                f64::NAN
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod rate {
    //! Multiply-adds of this machine.

    #[expect(clippy::wildcard_imports, reason = "intrinsics")]
    use std::arch::x86_64::*;
    use std::hint::black_box;

    use super::{CHAINS, STEPS};

    multiply_adds!(
        single,
        f32,
        __m512,
        _mm512_set1_ps,
        _mm512_fmadd_ps,
        __m256,
        _mm256_set1_ps,
        _mm256_fmadd_ps
    );
    multiply_adds!(
        double,
        f64,
        __m512d,
        _mm512_set1_pd,
        _mm512_fmadd_pd,
        __m256d,
        _mm256_set1_pd,
        _mm256_fmadd_pd
    );
}

/// Elsewhere the rate is not measured.
#[cfg(not(target_arch = "x86_64"))]
mod rate {
    pub fn single() -> f64 {
        f64::NAN
    }

    pub fn double() -> f64 {
        f64::NAN
    }
}

/// Reads `values` once and returns their number of bytes.
fn read(values: &[u64]) -> f64 {
    #[expect(
        clippy::inline_always,
        reason = "to take the instructions of its caller"
    )]
    #[inline(always)]
    fn run(values: &[u64]) -> u64 {
        let mut sums = [0_u64; 32];
        for chunk in values.chunks_exact(32) {
            for (sum, value) in sums.iter_mut().zip(chunk) {
                *sum ^= value;
            }
        }
        sums.iter().fold(0, |a, b| a ^ b)
    }
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn narrow(values: &[u64]) -> u64 {
            run(values)
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the instruction set has just been detected.
            black_box(unsafe { narrow(values) });
            return size_of_val(values) as f64;
        }
    }
    black_box(run(values));
    size_of_val(values) as f64
}

fn seconds(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// Best of several interleaved measurements of the update and the machine, one line each.
fn measure<T: Real>(
    name: &str,
    peak: fn() -> f64,
    [count, size, batch]: [usize; 3],
    memory: &[u64],
) {
    let value = |index: usize| (index as f64 * 0.618_033_988_75).fract() * 2.0 - 1.0;
    let rows = (0..count * size)
        .map(|index| T::from_f64(value(index)))
        .collect();
    let patterns = Patterns::<T>::from_rows(size, rows);
    let states: Vec<f64> = (0..batch * size)
        .map(|index| value(7 * index + 3))
        .collect();
    let (lambdas, targets) = (vec![1.0; batch], vec![0; batch]);
    let mut means = vec![0.0; batch * size];
    let mut summaries = vec![StateSummary::default(); batch];
    let mut workspace = Workspace::default();
    for threads in [1, rayon::current_num_threads()] {
        let parallelism = if threads == 1 {
            Parallelism::Sequential
        } else {
            Parallelism::Chunks
        };
        let (mut update, mut rate, mut bandwidth) = (f64::INFINITY, 0.0_f64, 0.0_f64);
        let start = Instant::now();
        while start.elapsed().as_secs_f64() < 1.0 {
            for _ in 0..3 {
                let batch = Batch {
                    states: &states,
                    inverse_temperatures: &lambdas,
                    targets: &targets,
                };
                update = update.min(seconds(|| {
                    update_with(
                        &mut workspace,
                        &patterns,
                        batch,
                        None,
                        parallelism,
                        &mut means,
                        &mut summaries,
                    );
                }));
            }
            let mut operations = 0.0;
            let time = seconds(|| {
                operations = (0..threads).into_par_iter().map(|_| peak()).sum();
            });
            rate = rate.max(operations / time);
            let mut bytes = 0.0;
            let part = memory.len() / threads;
            let time = seconds(|| {
                bytes = memory.par_chunks(part).map(read).sum();
            });
            bandwidth = bandwidth.max(bytes / time);
        }
        let operations = (4 * count * size * batch) as f64 / update;
        let bytes = (count * size * size_of::<T>()) as f64 / update;
        println!(
            "{name} {count},{size},{batch} threads {threads}: {:.3} ms  {:.1} GFLOP/s of {:.1} = {:.1} %  {:.1} GB/s of {:.1} = {:.1} %",
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
    let sizes: Vec<[usize; 3]> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .map(|argument| {
            let numbers: Vec<usize> = argument
                .split(',')
                .map(|number| number.parse().expect("sizes are written P,N,B"))
                .collect();
            numbers.try_into().expect("sizes are written P,N,B")
        })
        .collect();
    let default = [1, 4, 16, 64, 256].map(|batch| [300_000, 40, batch]);
    let memory: Vec<u64> = (0..1 << 25).collect();
    for size in if sizes.is_empty() {
        default.to_vec()
    } else {
        sizes
    } {
        measure::<f32>("f32", rate::single, size, &memory);
        measure::<f64>("f64", rate::double, size, &memory);
    }
}
