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
mod laws;
mod normal;
mod rows;

use crate::kernel::{InstructionSet, SOURCE_TILE};
use crate::patterns::real::Real;
use generator::Generator;

pub use laws::{LawCheck, check_laws};

/// Kinds of numbers, which have streams of their own.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Normal = 1,
    Uniform,
    Signs,
}

/// Compiles a text for each instruction set and runs the best that `set` allows.
macro_rules! run {
    ($set:expr, $text:path, $($name:ident: $value:expr => $type:ty),*) => {{
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")]
            fn wide($($name: $type),*) {
                $text($($name),*);
            }
            #[target_feature(enable = "avx2,fma")]
            fn narrow($($name: $type),*) {
                $text($($name),*);
            }
            match $set {
                $crate::kernel::InstructionSet::Avx512
                    if is_x86_feature_detected!("avx512dq")
                        && is_x86_feature_detected!("avx512bw")
                        && is_x86_feature_detected!("avx512vl") =>
                {
                    // SAFETY: the set is available, and its parts have just been detected.
                    unsafe { wide($($value),*) }
                }
                $crate::kernel::InstructionSet::Avx512 | $crate::kernel::InstructionSet::Avx2 => {
                    // SAFETY: the set is available, and AVX-512 includes AVX2 here.
                    unsafe { narrow($($value),*) }
                }
                $crate::kernel::InstructionSet::Portable => $text($($value),*),
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _: $crate::kernel::InstructionSet = $set;
            $text($($value),*);
        }
    }};
}

/// The random numbers of one tile of patterns.
///
/// ```
/// use dam_memory::sampling::Tile;
/// let seed = [7; 32];
/// let mut values = [0.0_f64; 256];
/// Tile::new(&seed, 3).normals(&mut values);
/// assert!(values.iter().sum::<f64>().abs() < 80.0);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tile<'a> {
    seed: &'a [u8; 32],
    index: u64,
}

impl<'a> Tile<'a> {
    /// Tile `index` of the patterns of a seed.
    pub fn new(seed: &'a [u8; 32], index: u64) -> Self {
        Self { seed, index }
    }

    /// The number of its first pattern.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "patterns are numbered by usize"
    )]
    pub fn first_pattern(self) -> usize {
        self.index as usize * SOURCE_TILE
    }

    /// Independent standard normals: [`fill_normals_f64`] or [`fill_normals_f32`].
    pub fn normals<T: Sampled>(self, out: &mut [T]) {
        T::fill_normals(self.seed, self.index, out);
    }

    /// Independent uniform numbers in [0, 1): those of [`fill_uniform`], rounded.
    pub fn uniform<T: Sampled>(self, out: &mut [T]) {
        T::fill_uniform(self.seed, self.index, out);
    }

    /// Independent signs: [`fill_signs`].
    pub fn signs<T: Sampled>(self, out: &mut [T]) {
        fill_signs(self.seed, self.index, out);
    }

    /// Independent bits, a set one for each −1 of [`signs`](Self::signs).
    pub fn sign_bits(self, out: &mut [u64]) {
        fill_sign_bits(self.seed, self.index, out);
    }
}

/// The two types of numbers that are drawn. Their numbers from one stream differ by rounding only.
pub trait Sampled: Real {
    /// Standard normals.
    fn fill_normals(seed: &[u8; 32], tile: u64, out: &mut [Self]);
    /// Uniform numbers in [0, 1), in single precision 1 where they round to it.
    fn fill_uniform(seed: &[u8; 32], tile: u64, out: &mut [Self]);
    /// 64 numbers ±1 per word, −1 where its bit is set, from the lowest on.
    fn expand_signs(words: &[u64], out: &mut [Self]);
    /// Multiplies each row of `size` numbers so that its squares add up to `size`.
    fn to_sphere(size: usize, rows: &mut [Self]);
}

impl Sampled for f64 {
    fn fill_normals(seed: &[u8; 32], tile: u64, out: &mut [Self]) {
        fill_normals_f64(seed, tile, out);
    }

    fn fill_uniform(seed: &[u8; 32], tile: u64, out: &mut [Self]) {
        fill_uniform(seed, tile, out);
    }

    fn expand_signs(words: &[u64], out: &mut [Self]) {
        run!(best(), rows::expand_signs_f64, words: words => &[u64], out: out => &mut [f64]);
    }

    fn to_sphere(size: usize, rows: &mut [Self]) {
        run!(best(), rows::to_sphere, size: size => usize, rows: rows => &mut [f64]);
    }
}

impl Sampled for f32 {
    fn fill_normals(seed: &[u8; 32], tile: u64, out: &mut [Self]) {
        fill_normals_f32(seed, tile, out);
    }

    fn fill_uniform(seed: &[u8; 32], tile: u64, out: &mut [Self]) {
        run!(best(), uniform, seed: seed => &[u8; 32], tile: tile => u64, out: out => &mut [f32]);
    }

    fn expand_signs(words: &[u64], out: &mut [Self]) {
        run!(best(), rows::expand_signs_f32, words: words => &[u64], out: out => &mut [f32]);
    }

    fn to_sphere(size: usize, rows: &mut [Self]) {
        run!(best(), rows::to_sphere, size: size => usize, rows: rows => &mut [f32]);
    }
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
/// dam_memory::sampling::fill_normals_f64(&[7; 32], 0, &mut tile);
/// assert!(tile.iter().sum::<f64>().abs() < 80.0);
/// ```
pub fn fill_normals_f64(seed: &[u8; 32], tile: u64, out: &mut [f64]) {
    fill_normals_f64_on(best(), seed, tile, out);
}

/// Fills `out` with independent standard normals in single precision.
///
/// They are the numbers of [`fill_normals_f64`], from the same random bits, but computed in single
/// precision from the upper half of each word, at 1.2 times the rate: u on 2^32 midpoints, refined
/// to 2^64 where u < 2^−16, and φ on 2^25 midpoints of the circle. Both agree to 3e-6, or where
/// both numbers of a pair are smaller than 1e-4 to 1.6e-5.
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
pub fn fill_signs<T: Sampled>(seed: &[u8; 32], tile: u64, out: &mut [T]) {
    let mut words = [0; 64];
    let mut signs = [T::default(); 64 * 64];
    let mut generator = Generator::new(seed, tile, Kind::Signs as u64);
    for out in out.chunks_mut(signs.len()) {
        generator.fill(&mut words);
        T::expand_signs(&words, &mut signs);
        out.copy_from_slice(&signs[..out.len()]);
    }
}

/// Adds to each row of `rows` the row of `coefficients` times `matrix`.
///
/// `coefficients` holds as many rows of D numbers as `rows` has rows of N, and `matrix` D
/// rows of N, all row-major. The sums run in the order of the D terms, each rounded.
///
/// # Panics
/// If the lengths do not fit together.
pub fn add_products(size: usize, matrix: &[f64], coefficients: &[f64], rows: &mut [f64]) {
    let terms = matrix.len() / size;
    assert!(
        terms * size == matrix.len() && coefficients.len() * size == rows.len() * terms,
        "a row of coefficients is needed for each row of {size} numbers"
    );
    run!(
        best(),
        rows::add_products,
        size: size => usize,
        matrix: matrix => &[f64],
        coefficients: coefficients => &[f64],
        rows: rows => &mut [f64]
    );
}

fn best() -> InstructionSet {
    InstructionSet::available()[0]
}

macro_rules! fill_on {
    ($($name:ident: $text:path => $element:ty;)*) => {
        $(#[doc(hidden)]
        pub fn $name(set: InstructionSet, seed: &[u8; 32], tile: u64, out: &mut [$element]) {
            run!(set, $text, seed: seed => &[u8; 32], tile: tile => u64, out: out => &mut [$element]);
        })*
    };
}

fill_on! {
    fill_normals_f64_on: normal::fill_double => f64;
    fill_normals_f32_on: normal::fill_single => f32;
    fill_uniform_on: uniform => f64;
    fill_sign_bits_on: sign_bits => u64;
}

#[expect(
    clippy::inline_always,
    reason = "to take the instructions of its caller"
)]
#[inline(always)]
fn uniform<T: Real>(seed: &[u8; 32], tile: u64, out: &mut [T]) {
    let mut generator = Generator::new(seed, tile, Kind::Uniform as u64);
    let mut words = [0; 128];
    for out in out.chunks_mut(words.len()) {
        generator.fill(&mut words);
        for (out, word) in out.iter_mut().zip(words) {
            *out = T::from_f64((word >> 11) as f64 * (0.5 / (1_u64 << 52) as f64));
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
