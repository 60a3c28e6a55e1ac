//! Standard normals from random bits by the transformation of Box and Muller.
//!
//! Each pair of normals is a branchless text of additions, multiplications, fused
//! multiply-adds, one division and one square root, which the compiler spreads over the
//! vector lanes. The polynomials interpolate in Chebyshev nodes.
//!
//! G. E. P. Box, M. E. Muller, A note on the generation of random normal deviates,
//! Ann. Math. Statist. 29 (1958), 610.

#![expect(
    clippy::inline_always,
    reason = "to take the vector instructions of the caller"
)]

use crate::sampling::Kind;
use crate::sampling::generator::Generator;

/// Pairs of normals made at a time.
const PAIRS: usize = 128;

/// Polynomials of one precision, in ascending powers, and what their arguments need.
macro_rules! transformation {
    ($name:ident, $real:ident, $word:ty, $bits:literal, $mantissa:literal,
     log: [$($log:literal),*], sine: [$($sine:literal),*], cosine: [$($cosine:literal),*]) => {
        mod $name {
            /// (atanh √w / √w − 1)·2/w for ln(1 + f) = 2s + s·w·LOG(w), s = f/(2 + f), w = s².
            const LOG: &[$real] = &[$($log),*];
            /// (sin(πt/2)/t − π/2)/t² in t².
            const SINE: &[$real] = &[$($sine),*];
            /// (cos(πt/2) − 1)/t² in t².
            const COSINE: &[$real] = &[$($cosine),*];
            /// One unit of a random word: 2^−bits.
            const UNIT: $real = 1.0 / ((1_u128 << $bits) as $real);
            const MANTISSA: $word = (1 << $mantissa) - 1;

            #[inline(always)]
            fn polynomial(coefficients: &[$real], x: $real) -> $real {
                let mut sum = 0.0;
                for (index, coefficient) in coefficients.iter().rev().enumerate() {
                    sum = if index == 0 { *coefficient } else { <$real>::mul_add(sum, x, *coefficient) };
                }
                sum
            }

            /// √(−2 ln u), u = (`word` + ½)·2^−bits.
            #[inline(always)]
            pub(super) fn radius(word: $word) -> $real {
                // The word is 2^exponent·m, m between √½ and √2; 2^bits gives exponent 0.
                let root = std::$real::consts::FRAC_1_SQRT_2.to_bits();
                let lowest = root - (1 << $mantissa);
                let above = (word as $real + 0.5).to_bits() - lowest;
                let m = <$real>::from_bits((above & MANTISSA) + root);
                // An integer below 2^mantissa in the lowest bits of 2^mantissa.
                let two_to_mantissa = (1_u64 << $mantissa) as $real;
                let exponent = <$real>::from_bits((above >> $mantissa) | two_to_mantissa.to_bits())
                    - ((1_u64 << $mantissa) + $bits + 1) as $real;
                // Next to 1 the complement of u has more digits than m − 1.
                let complement = (!word as $real + 0.5) * -UNIT;
                let f = if exponent == 0.0 { complement } else { m - 1.0 };
                let s = f / (2.0 + f);
                let w = s * s;
                let logarithm = <$real>::mul_add(s * w, polynomial(LOG, w), s + s);
                let logarithm = <$real>::mul_add(exponent, std::$real::consts::LN_2, logarithm);
                (-2.0 * logarithm).sqrt()
            }

            /// The pair `radius`·(cos φ, sin φ) at the angle that the word tells: its
            /// highest bit the signs, the next which is which, the others φ within ±π/4.
            #[inline(always)]
            pub(super) fn pair(radius: $real, word: $word) -> ($real, $real) {
                let one: $real = 1.0;
                let fraction = <$real>::from_bits(((word << 2) >> ($bits - $mantissa)) | one.to_bits());
                // Midpoints of the steps of the fraction.
                let t = (fraction - 1.5) + <$real>::EPSILON / 2.0;
                let square = t * t;
                let sine = t * <$real>::mul_add(square, polynomial(SINE, square), std::$real::consts::FRAC_PI_2);
                let cosine = <$real>::mul_add(square, polynomial(COSINE, square), 1.0);
                let radius = <$real>::from_bits(radius.to_bits() | (word >> ($bits - 1) << ($bits - 1)));
                let swap = word & (1 << ($bits - 2)) != 0;
                let (first, second) = if swap { (sine, cosine) } else { (cosine, sine) };
                (radius * first, radius * second)
            }
        }
    };
}

transformation!(double, f64, u64, 64, 52,
    log: [0.666666666666667, 0.39999999999899505, 0.28571428625975487, 0.2222221113479508,
          0.18182889125261723, 0.15331721600556042, 0.14616449685043406],
    sine: [-0.6459640975062462, 0.07969262624614423, -0.004681754134254207,
           0.00016044116661409423, -3.5987029509735105e-06, 5.642225369163528e-08],
    cosine: [-1.2337005501361697, 0.2536695079010478, -0.020863480763340773,
             0.0009192602745468447, -2.5202039028029178e-05, 4.710678405505227e-07,
             -6.329396344967424e-09]);

transformation!(single, f32, u32, 32, 23,
    log: [0.66666687, 0.3998878, 0.2957995],
    sine: [-0.645964, 0.07968703, -0.004621967],
    cosine: [-1.2337005, 0.2536694, -0.020861529, 0.0009067399]);

/// The words of some pairs: of their radii, and of their angles.
type Words = [[u64; PAIRS]; 2];

/// Writes normals that `transform` makes of random words, the first and the second of each pair.
#[inline(always)]
fn fill<R: Copy + Default>(
    (seed, tile): (&[u8; 32], u64),
    out: &mut [R],
    transform: impl Fn(&Words, &mut [R], &mut [R]),
) {
    let mut generator = Generator::new(seed, tile, Kind::Normal as u64);
    let mut words = [[0; PAIRS]; 2];
    let mut normals = [R::default(); 2 * PAIRS];
    for out in out.chunks_mut(2 * PAIRS) {
        generator.fill(&mut words[0]);
        generator.fill(&mut words[1]);
        let (first, second) = normals.split_at_mut(PAIRS);
        transform(&words, first, second);
        out.copy_from_slice(&normals[..out.len()]);
    }
}

/// Writes standard normals in double precision.
#[inline(always)]
pub(super) fn fill_double(seed: &[u8; 32], tile: u64, out: &mut [f64]) {
    fill((seed, tile), out, |[radii, angles], first, second| {
        for pair in 0..PAIRS {
            let radius = double::radius(radii[pair]);
            (first[pair], second[pair]) = double::pair(radius, angles[pair]);
        }
    });
}

/// Writes the same normals, computed in single precision from the upper half of each word.
#[inline(always)]
pub(super) fn fill_single(seed: &[u8; 32], tile: u64, out: &mut [f32]) {
    fill((seed, tile), out, |words, first, second| {
        let [radii, angles] = words;
        let mut smallest = u32::MAX;
        for pair in 0..PAIRS {
            let word = upper_half(radii[pair]);
            smallest = smallest.min(word);
            let radius = single::radius(word);
            (first[pair], second[pair]) = single::pair(radius, upper_half(angles[pair]));
        }
        if smallest < REFINED {
            refine(words, first, second);
        }
    });
}

#[inline(always)]
fn upper_half(word: u64) -> u32 {
    (word >> 32) as u32
}

/// Upper halves below this leave u too coarse in single precision.
const REFINED: u32 = 1 << 16;

#[cold]
fn refine([radii, angles]: &Words, first: &mut [f32], second: &mut [f32]) {
    for pair in 0..PAIRS {
        if upper_half(radii[pair]) < REFINED {
            #[expect(clippy::cast_possible_truncation, reason = "to single precision")]
            let radius = double::radius(radii[pair]) as f32;
            (first[pair], second[pair]) = single::pair(radius, upper_half(angles[pair]));
        }
    }
}
