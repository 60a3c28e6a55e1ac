//! What the machine can do: the rates of fused multiply-adds, of reading memory and of issuing instructions.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;

use dam_memory::patterns::huge_pages;

/// Steps of the multiply-add loop per measurement: a few milliseconds.
const STEPS: usize = 1_000_000;

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

    use std::arch::asm;
    #[expect(clippy::wildcard_imports, reason = "intrinsics")]
    use std::arch::x86_64::*;
    use std::hint::black_box;
    use std::time::Instant;

    use super::{CHAINS, STEPS};

    /// Instructions that do nothing in a turn of their loop, and multiplications that wait for each other in a turn of theirs.
    const IDLE: usize = 240;
    const WAITING: usize = 40;
    /// Cycles of a multiplication whose result the next one needs, on every processor since 2010.
    const LATENCY: f64 = 3.0;

    /// Instructions that do nothing per cycle of this thread's core.
    ///
    /// A neighbour on the other thread of the core takes its share of them, which the loop of multiply-adds does not notice.
    pub fn issue() -> f64 {
        // SAFETY: the instructions touch the named registers alone.
        let idle = per_second(IDLE, |turns| unsafe {
            asm!(
                ".p2align 6",
                "2:",
                ".rept 240",
                "nop",
                ".endr",
                "dec {turns}",
                "jnz 2b",
                turns = inout(reg) turns => _,
                options(nomem, nostack)
            );
        });
        // SAFETY: as above.
        let waiting = per_second(WAITING, |turns| unsafe {
            asm!(
                ".p2align 6",
                "2:",
                ".rept 40",
                "imul {value}, {value}",
                ".endr",
                "dec {turns}",
                "jnz 2b",
                turns = inout(reg) turns => _,
                value = inout(reg) 3_u64 => _,
                options(nomem, nostack)
            );
        });
        idle / (LATENCY * waiting)
    }

    fn per_second(in_turn: usize, run: impl Fn(u64)) -> f64 {
        let turns = STEPS as u64 / 50;
        let start = Instant::now();
        run(turns);
        in_turn as f64 * turns as f64 / start.elapsed().as_secs_f64()
    }

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

    pub fn issue() -> f64 {
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

/// The rates of `threads` threads at once.
pub struct Limits {
    /// Floating-point operations per second in single precision.
    pub single: f64,
    /// The same in double precision.
    pub double: f64,
    /// Bytes read from memory per second.
    pub bandwidth: f64,
    /// Instructions issued per cycle of one thread, the least of all threads.
    pub issue: f64,
}

/// Memory that no cache holds.
pub struct Memory(Vec<u64>);

impl Memory {
    /// 512 MiB, in large pages where the system gives them.
    pub fn new() -> Self {
        let length = 1 << 26;
        let mut values = huge_pages::with_capacity(length);
        values.extend(0..length as u64);
        Self(values)
    }

    /// Each rate, the best of a few measurements: at times two new threads share a core at first.
    pub fn limits(&self, threads: usize) -> Limits {
        let parts: Vec<&[u64]> = self.0.chunks(self.0.len() / threads).collect();
        Limits {
            single: best(|| rate(threads, |_| rate::single())),
            double: best(|| rate(threads, |_| rate::double())),
            bandwidth: best(|| rate(threads, |thread| read(parts[thread]))),
            issue: least(threads, rate::issue),
        }
    }
}

fn best(measurement: impl FnMut() -> f64) -> f64 {
    let measurements = std::iter::repeat_with(measurement);
    measurements.take(4).fold(f64::NAN, f64::max)
}

/// The least of what so many threads find at once.
fn least(threads: usize, find: impl Fn() -> f64 + Sync) -> f64 {
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(&find)).collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, f64>| {
            worker.join().expect("a measurement does not panic")
        };
        workers.into_iter().map(join).fold(f64::NAN, f64::min)
    })
}

/// Work per second of `threads` threads that start together, until the last one ends.
fn rate(threads: usize, work: impl Fn(usize) -> f64 + Sync) -> f64 {
    let barrier = Barrier::new(threads);
    let done: Vec<(Instant, Instant, f64)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let (barrier, work) = (&barrier, &work);
                scope.spawn(move || {
                    barrier.wait();
                    let start = Instant::now();
                    let done = work(thread);
                    (start, Instant::now(), done)
                })
            })
            .collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, _>| {
            worker.join().expect("a measurement does not panic")
        };
        workers.into_iter().map(join).collect()
    });
    let start = done.iter().map(|done| done.0).min();
    let end = done.iter().map(|done| done.1).max();
    let total: f64 = done.iter().map(|done| done.2).sum();
    match (start, end) {
        (Some(start), Some(end)) => total / (end - start).as_secs_f64(),
        _ => f64::NAN,
    }
}
