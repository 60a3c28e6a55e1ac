//! The vector operations that the kernel text is written in, and 2^x from them.
//!
//! Every method is inlined into an entry point that enables the
//! instruction set, so that one text serves all of them.

#![expect(
    clippy::inline_always,
    reason = "vector code must land in a function that enables its instructions"
)]

use crate::patterns::real::Real;

/// A type of numbers that the kernel is compiled for: constants of 2^t = 2^k·2^f, k = round(t), |f|
/// ≤ ½.
pub trait Number: Real {
    /// 1.5·2^mantissa bits: adding it rounds to an integer in the lowest bits.
    const ROUNDING: Self;
    /// Weights do not fall below 2^this: their squares stay free of slow subnormals.
    const LOWEST_EXPONENT: Self;
    /// (2^f − 1)/f in ascending powers, interpolated in the Chebyshev nodes of |f| ≤ ½.
    const EXP2: &'static [Self];
    /// 1.
    const ONE: Self;
    /// Below every scalar product, far from overflow.
    const LOWEST: Self;
    /// Spacing of the numbers at 1.
    const EPSILON: f64;
}

impl Number for f32 {
    const ROUNDING: Self = 12_582_912.0;
    const LOWEST_EXPONENT: Self = -60.0;
    const EXP2: &'static [Self] = &[
        std::f32::consts::LN_2,
        0.240_223_5,
        0.055_503_81,
        0.009_666_368,
        0.001_338_130_2,
    ];
    const ONE: Self = 1.0;
    const LOWEST: Self = -1e37;
    const EPSILON: f64 = f32::EPSILON as f64;
}

impl Number for f64 {
    const ROUNDING: Self = 6_755_399_441_055_744.0;
    const LOWEST_EXPONENT: Self = -500.0;
    const EXP2: &'static [Self] = &[
        std::f64::consts::LN_2,
        0.24022650695910097,
        0.0555041086648216,
        0.009618129107606888,
        0.0013333558146416936,
        0.0001540353044173605,
        1.525273382983612e-05,
        1.321544258792169e-06,
        1.0178062445845774e-07,
        7.072585949269223e-09,
        4.4549605981865186e-10,
    ];
    const ONE: Self = 1.0;
    const LOWEST: Self = -1e300;
    const EPSILON: f64 = f64::EPSILON;
}

/// A vector register of one instruction set.
///
/// # Safety
/// Every method needs the instruction set of the implementing type; loads and stores
/// need their lanes to lie in memory that may be read or written.
pub(super) trait Simd: Copy {
    type Element: Number;
    type Mask: Copy;
    const LANES: usize;

    unsafe fn splat(value: Self::Element) -> Self;
    unsafe fn load(from: *const Self::Element) -> Self;
    /// The first `count` ≤ LANES elements, zeros after them; reads no more.
    unsafe fn load_first(from: *const Self::Element, count: usize) -> Self;
    unsafe fn store(self, to: *mut Self::Element);
    unsafe fn add(self, other: Self) -> Self;
    unsafe fn sub(self, other: Self) -> Self;
    unsafe fn mul(self, other: Self) -> Self;
    /// `self`·`factor` + `summand`, rounded once.
    unsafe fn mul_add(self, factor: Self, summand: Self) -> Self;
    /// The larger of both; `other` where either is not a number.
    unsafe fn max(self, other: Self) -> Self;
    unsafe fn greater(self, other: Self) -> Self::Mask;
    unsafe fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// Bit i is set where lane i is.
    unsafe fn bits(mask: Self::Mask) -> u32;
    /// Adds the integer in the lowest bits of `integer` to the exponent of `self`.
    unsafe fn scale_by_power(self, integer: Self) -> Self;
    /// The sums of LANES vectors, in order.
    unsafe fn sums_of(vectors: *const Self) -> Self;

    /// The vector as it is, computed before those that later calls return.
    unsafe fn in_order(self) -> Self;

    /// Asks for a line of memory in the nearest cache; any address is allowed.
    unsafe fn prefetch(line: *const u8);
    /// Asks for it in the second-level cache.
    unsafe fn prefetch_second_level(line: *const u8);

    /// 2^`self` for `self` ≤ 0: relative error below 3e-7 (f32) and 4e-16 (f64), exact at 0,
    /// never below 2^LOWEST_EXPONENT; not a number stays so.
    #[inline(always)]
    unsafe fn exp2(self) -> Self {
        let mut one = [[self]];
        // SAFETY: the caller's instruction set is that of these operations.
        unsafe { exp2_all(&mut one) }
        one[0][0]
    }
}

/// [`Simd::exp2`] of all vectors, step by step together: each step waits for the one before it, and
/// needs a constant. Left to itself, the compiler finishes one vector before it begins the next.
#[inline(always)]
pub(super) unsafe fn exp2_all<S: Simd, const V: usize, const R: usize>(vectors: &mut [[S; V]; R]) {
    // SAFETY: the caller's instruction set is that of these operations.
    unsafe {
        let lowest = S::splat(S::Element::LOWEST_EXPONENT);
        let magic = S::splat(S::Element::ROUNDING);
        let (mut shifted, mut fractions) = (*vectors, *vectors);
        for r in 0..R {
            for v in 0..V {
                let exponent = lowest.max(vectors[r][v]);
                shifted[r][v] = exponent.add(magic);
                fractions[r][v] = exponent.sub(shifted[r][v].sub(magic));
            }
        }
        let coefficients = S::Element::EXP2;
        let mut power = coefficients.len() - 1;
        let mut sums = [[S::splat(coefficients[power]); V]; R];
        while power > 0 {
            power -= 1;
            let coefficient = S::splat(coefficients[power]);
            for r in 0..R {
                for v in 0..V {
                    sums[r][v] = sums[r][v].mul_add(fractions[r][v], coefficient).in_order();
                }
            }
        }
        let one = S::splat(S::Element::ONE);
        for r in 0..R {
            for v in 0..V {
                let power = sums[r][v].mul_add(fractions[r][v], one);
                vectors[r][v] = power.scale_by_power(shifted[r][v]);
            }
        }
    }
}

/// Vectors of computed numbers that are loaded from stored ones of type U.
///
/// # Safety
/// As for [`Simd`].
pub(super) trait Load<U>: Simd {
    unsafe fn load_stored(from: *const U) -> Self;
    /// The first `count` ≤ LANES numbers, zeros after them; reads no more.
    unsafe fn load_first_stored(from: *const U, count: usize) -> Self;
}

impl<S: Simd> Load<S::Element> for S {
    #[inline(always)]
    unsafe fn load_stored(from: *const S::Element) -> Self {
        // SAFETY: as for the caller.
        unsafe { Self::load(from) }
    }
    #[inline(always)]
    unsafe fn load_first_stored(from: *const S::Element, count: usize) -> Self {
        // SAFETY: as for the caller.
        unsafe { Self::load_first(from, count) }
    }
}

#[inline(always)]
pub(super) unsafe fn load_all<S: Simd, const V: usize>(from: *const S::Element) -> [S; V] {
    // SAFETY: the caller gives V vectors of memory and the instruction set.
    unsafe {
        let mut vectors = [S::load(from); V];
        for (v, vector) in vectors.iter_mut().enumerate() {
            *vector = S::load(from.add(v * S::LANES));
        }
        vectors
    }
}

#[inline(always)]
pub(super) unsafe fn store_all<S: Simd, const V: usize>(vectors: [S; V], to: *mut S::Element) {
    for (v, vector) in vectors.into_iter().enumerate() {
        // SAFETY: the caller gives V vectors of memory and the instruction set.
        unsafe { vector.store(to.add(v * S::LANES)) }
    }
}
