//! Random numbers for patterns, many at a time: normals, uniform numbers and signs.
//!
//! Every function fills a slice from the stream of (`seed`, `tile`, kind of number). A
//! tile is a fixed piece of the patterns, such as 256 of them: whoever fills it, in
//! whatever order, on however many threads, gets the same values, and tiles may be made
//! again when they are needed. The first values of a stream do not depend on how many
//! are asked for. Streams of different seeds, tiles or kinds are independent.
//!
//! All numbers are the same bits on every machine: the text is written once, in
//! operations that IEEE 754 rounds in one way, and compiled for the instruction sets of
//! [`InstructionSet`], of which the best is taken.

mod generator;
mod normal;

use crate::kernel::InstructionSet;
use crate::real::Real;
use generator::Generator;

/// Kinds of numbers, which have streams of their own.
#[derive(Clone, Copy, Debug)]
enum Kind {
    NormalF64 = 1,
    NormalF32,
    Uniform,
    Signs,
}

/// Compiles a text for each instruction set and runs the best that `set` allows.
macro_rules! run {
    ($set:expr, $text:path, $seed:expr, $tile:expr, $out:expr, $element:ty) => {{
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")]
            fn wide(seed: &[u8; 32], tile: u64, out: &mut [$element]) {
                $text(seed, tile, out);
            }
            #[target_feature(enable = "avx2,fma")]
            fn narrow(seed: &[u8; 32], tile: u64, out: &mut [$element]) {
                $text(seed, tile, out);
            }
            match $set {
                InstructionSet::Avx512
                    if is_x86_feature_detected!("avx512dq")
                        && is_x86_feature_detected!("avx512bw")
                        && is_x86_feature_detected!("avx512vl") =>
                {
                    // SAFETY: the set is available, and its parts have just been detected.
                    unsafe { wide($seed, $tile, $out) }
                }
                InstructionSet::Avx512 | InstructionSet::Avx2 => {
                    // SAFETY: the set is available, and AVX-512 includes AVX2 here.
                    unsafe { narrow($seed, $tile, $out) }
                }
                InstructionSet::Portable => $text($seed, $tile, $out),
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _: InstructionSet = $set;
            $text($seed, $tile, $out);
        }
    }};
}

/// Fills `out` with independent standard normals.
///
/// Box–Muller: (r cos φ, r sin φ) with r = √(−2 ln u), where u is uniform on the 2^64
/// midpoints (k + ½)·2^−64 and φ on 2^54 midpoints of the circle. The values follow the
/// normal law up to |x| = √(130 ln 2) = 9.49, which no number exceeds and a normal
/// exceeds with probability 2e-21; within it u is rounded to 53 bits and the functions
/// are right to a few units in the last place.
///
/// # Examples
/// ```
/// let mut tile = [0.0; 256];
/// dam_sims::sampling::fill_normals_f64(&[7; 32], 0, &mut tile);
/// assert!(tile.iter().sum::<f64>().abs() < 80.0);
/// ```
pub fn fill_normals_f64(seed: &[u8; 32], tile: u64, out: &mut [f64]) {
    fill_normals_f64_on(best(), seed, tile, out);
}

/// Fills `out` with independent standard normals in single precision.
///
/// They are not the rounded values of [`fill_normals_f64`] but a stream of their own, of
/// twice the rate. The law is the same, with u on 2^32 midpoints, refined to 2^64 where
/// u < 2^−16, and φ on 2^25 midpoints of the circle: the largest |x| is 9.49, radii have
/// steps of at most 4e-6 (at r = 4.7, just before u is refined) or those of single
/// precision, and angles steps of 2e-7.
pub fn fill_normals_f32(seed: &[u8; 32], tile: u64, out: &mut [f32]) {
    fill_normals_f32_on(best(), seed, tile, out);
}

/// Fills `out` with independent uniform numbers: multiples of 2^−53 in [0, 1).
pub fn fill_uniform(seed: &[u8; 32], tile: u64, out: &mut [f64]) {
    fill_uniform_on(best(), seed, tile, out);
}

/// Fills `out` with independent random bits, 64 signs to a word.
pub fn fill_sign_bits(seed: &[u8; 32], tile: u64, out: &mut [u64]) {
    fill_sign_bits_on(best(), seed, tile, out);
}

/// Fills `out` with independent random signs ±1: −1 where the bit of
/// [`fill_sign_bits`] is set, from the lowest of the first word on.
pub fn fill_signs<T: Real>(seed: &[u8; 32], tile: u64, out: &mut [T]) {
    let mut words = [0; 64];
    let (plus, minus) = (T::from_f64(1.0), T::from_f64(-1.0));
    let mut generator = Generator::new(seed, tile, Kind::Signs as u64);
    for out in out.chunks_mut(64 * words.len()) {
        generator.fill(&mut words);
        for (out, word) in out.chunks_mut(64).zip(words) {
            for (bit, sign) in out.iter_mut().enumerate() {
                *sign = if word >> bit & 1 == 0 { plus } else { minus };
            }
        }
    }
}

fn best() -> InstructionSet {
    InstructionSet::available()[0]
}

#[doc(hidden)]
pub fn fill_normals_f64_on(set: InstructionSet, seed: &[u8; 32], tile: u64, out: &mut [f64]) {
    run!(set, normal::fill_double, seed, tile, out, f64);
}

#[doc(hidden)]
pub fn fill_normals_f32_on(set: InstructionSet, seed: &[u8; 32], tile: u64, out: &mut [f32]) {
    run!(set, normal::fill_single, seed, tile, out, f32);
}

#[doc(hidden)]
pub fn fill_uniform_on(set: InstructionSet, seed: &[u8; 32], tile: u64, out: &mut [f64]) {
    run!(set, uniform, seed, tile, out, f64);
}

#[doc(hidden)]
pub fn fill_sign_bits_on(set: InstructionSet, seed: &[u8; 32], tile: u64, out: &mut [u64]) {
    run!(set, sign_bits, seed, tile, out, u64);
}

#[expect(
    clippy::inline_always,
    reason = "to take the instructions of its caller"
)]
#[inline(always)]
fn uniform(seed: &[u8; 32], tile: u64, out: &mut [f64]) {
    let mut generator = Generator::new(seed, tile, Kind::Uniform as u64);
    let mut words = [0; 128];
    for out in out.chunks_mut(words.len()) {
        generator.fill(&mut words);
        for (out, word) in out.iter_mut().zip(words) {
            *out = (word >> 11) as f64 * (0.5 / (1_u64 << 52) as f64);
        }
    }
}

#[expect(
    clippy::inline_always,
    reason = "to take the instructions of its caller"
)]
#[inline(always)]
fn sign_bits(seed: &[u8; 32], tile: u64, out: &mut [u64]) {
    let mut generator = Generator::new(seed, tile, Kind::Signs as u64);
    let mut words = [0; 128];
    for out in out.chunks_mut(words.len()) {
        generator.fill(&mut words);
        out.copy_from_slice(&words[..out.len()]);
    }
}
