//! The vector operations of AVX2 with FMA and of AVX-512.

#![expect(
    clippy::inline_always,
    reason = "vector code must land in a function that enables its instructions"
)]
#![allow(clippy::wildcard_imports, reason = "dozens of intrinsics")]

use std::arch::asm;
use std::arch::x86_64::*;

use crate::kernel::simd::{Load, Simd};

/// All ones, then zeros: eight lanes from 8 − n on select the first n.
static FIRST_32: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
static FIRST_64: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];

/// The vector as it is. The compiler must think that the text changes it, and keeps such texts in their order.
macro_rules! in_order {
    ($name:ident, $features:literal, $register:ident, $vector:ty) => {
        #[target_feature(enable = $features)]
        #[inline]
        fn $name(mut vector: $vector) -> $vector {
            // SAFETY: it holds no instruction.
            unsafe {
                asm!("/* {0} */", inout($register) vector, options(nomem, nostack, preserves_flags));
            }
            vector
        }
    };
}
in_order!(single_in_order, "avx2,fma", ymm_reg, __m256);
in_order!(double_in_order, "avx2,fma", ymm_reg, __m256d);
in_order!(wide_single_in_order, "avx512f", zmm_reg, __m512);
in_order!(wide_double_in_order, "avx512f", zmm_reg, __m512d);

/// Implements the operations that are one intrinsic for every vector type.
macro_rules! common {
    ($element:ty, $lanes:expr, $splat:ident, $load:ident, $store:ident, $add:ident, $sub:ident,
     $mul:ident, $fma:ident, $max:ident) => {
        type Element = $element;
        const LANES: usize = $lanes;

        #[inline(always)]
        unsafe fn prefetch(line: *const u8) {
            // SAFETY: a prefetch does not fault.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(line.cast()) }
        }
        #[inline(always)]
        unsafe fn prefetch_second_level(line: *const u8) {
            // SAFETY: a prefetch does not fault.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(line.cast()) }
        }
        #[inline(always)]
        unsafe fn splat(value: $element) -> Self {
            // SAFETY: the entry point enables the instruction.
            unsafe { $splat(value) }
        }
        #[inline(always)]
        unsafe fn load(from: *const $element) -> Self {
            // SAFETY: the caller gives LANES readable elements.
            unsafe { $load(from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut $element) {
            // SAFETY: the caller gives LANES writable elements.
            unsafe { $store(to, self) }
        }
        #[inline(always)]
        unsafe fn add(self, other: Self) -> Self {
            // SAFETY: the entry point enables the instruction.
            unsafe { $add(self, other) }
        }
        #[inline(always)]
        unsafe fn sub(self, other: Self) -> Self {
            // SAFETY: the entry point enables the instruction.
            unsafe { $sub(self, other) }
        }
        #[inline(always)]
        unsafe fn mul(self, other: Self) -> Self {
            // SAFETY: the entry point enables the instruction.
            unsafe { $mul(self, other) }
        }
        #[inline(always)]
        unsafe fn mul_add(self, factor: Self, summand: Self) -> Self {
            // SAFETY: the entry point enables the instruction.
            unsafe { $fma(self, factor, summand) }
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            // SAFETY: the entry point enables the instruction.
            unsafe { $max(self, other) }
        }
    };
}

/// The sums of neighbouring quarters, those of `a` before those of `b`.
#[inline(always)]
unsafe fn add_neighbours_single(a: __m512, b: __m512) -> __m512 {
    // SAFETY: the entry point enables the instructions.
    unsafe {
        _mm512_add_ps(
            _mm512_shuffle_f32x4::<0x88>(a, b),
            _mm512_shuffle_f32x4::<0xDD>(a, b),
        )
    }
}

/// The sums of neighbouring quarters, those of `a` before those of `b`.
#[inline(always)]
unsafe fn add_neighbours_double(a: __m512d, b: __m512d) -> __m512d {
    // SAFETY: the entry point enables the instructions.
    unsafe {
        _mm512_add_pd(
            _mm512_shuffle_f64x2::<0x88>(a, b),
            _mm512_shuffle_f64x2::<0xDD>(a, b),
        )
    }
}

impl Simd for __m512 {
    type Mask = __mmask16;
    common!(
        f32,
        16,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_add_ps,
        _mm512_sub_ps,
        _mm512_mul_ps,
        _mm512_fmadd_ps,
        _mm512_max_ps
    );

    #[inline(always)]
    unsafe fn in_order(self) -> Self {
        // SAFETY: the entry point enables the instruction set.
        unsafe { wide_single_in_order(self) }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> Self {
        // SAFETY: masked lanes are not read.
        unsafe { _mm512_maskz_loadu_ps(0xFFFF >> (16 - count), from) }
    }
    #[inline(always)]
    unsafe fn greater(self, other: Self) -> __mmask16 {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm512_cmp_ps_mask::<_CMP_GT_OQ>(self, other) }
    }
    #[inline(always)]
    unsafe fn select(mask: __mmask16, yes: Self, no: Self) -> Self {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm512_mask_blend_ps(mask, no, yes) }
    }
    #[inline(always)]
    unsafe fn bits(mask: __mmask16) -> u32 {
        u32::from(mask)
    }
    #[inline(always)]
    unsafe fn scale_by_power(self, integer: Self) -> Self {
        // SAFETY: the entry point enables the instructions.
        unsafe {
            let power = _mm512_slli_epi32::<23>(_mm512_castps_si512(integer));
            _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(self), power))
        }
    }
    #[inline(always)]
    unsafe fn sums_of(vectors: *const Self) -> Self {
        // SAFETY: the caller gives LANES vectors.
        unsafe {
            let mut quarters = [_mm512_setzero_ps(); 4];
            for (index, quarter) in quarters.iter_mut().enumerate() {
                let at = vectors.add(4 * index);
                let (a, b, c, d) = (*at, *at.add(1), *at.add(2), *at.add(3));
                let first = _mm512_castps_pd(_mm512_add_ps(
                    _mm512_unpacklo_ps(a, b),
                    _mm512_unpackhi_ps(a, b),
                ));
                let second = _mm512_castps_pd(_mm512_add_ps(
                    _mm512_unpacklo_ps(c, d),
                    _mm512_unpackhi_ps(c, d),
                ));
                *quarter = _mm512_add_ps(
                    _mm512_castpd_ps(_mm512_unpacklo_pd(first, second)),
                    _mm512_castpd_ps(_mm512_unpackhi_pd(first, second)),
                );
            }
            let low = add_neighbours_single(quarters[0], quarters[1]);
            let high = add_neighbours_single(quarters[2], quarters[3]);
            add_neighbours_single(low, high)
        }
    }
}

impl Simd for __m512d {
    type Mask = __mmask8;
    common!(
        f64,
        8,
        _mm512_set1_pd,
        _mm512_loadu_pd,
        _mm512_storeu_pd,
        _mm512_add_pd,
        _mm512_sub_pd,
        _mm512_mul_pd,
        _mm512_fmadd_pd,
        _mm512_max_pd
    );

    #[inline(always)]
    unsafe fn in_order(self) -> Self {
        // SAFETY: the entry point enables the instruction set.
        unsafe { wide_double_in_order(self) }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f64, count: usize) -> Self {
        // SAFETY: masked lanes are not read.
        unsafe { _mm512_maskz_loadu_pd(0xFF >> (8 - count), from) }
    }
    #[inline(always)]
    unsafe fn greater(self, other: Self) -> __mmask8 {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm512_cmp_pd_mask::<_CMP_GT_OQ>(self, other) }
    }
    #[inline(always)]
    unsafe fn select(mask: __mmask8, yes: Self, no: Self) -> Self {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm512_mask_blend_pd(mask, no, yes) }
    }
    #[inline(always)]
    unsafe fn bits(mask: __mmask8) -> u32 {
        u32::from(mask)
    }
    #[inline(always)]
    unsafe fn scale_by_power(self, integer: Self) -> Self {
        // SAFETY: the entry point enables the instructions.
        unsafe {
            let power = _mm512_slli_epi64::<52>(_mm512_castpd_si512(integer));
            _mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(self), power))
        }
    }
    #[inline(always)]
    unsafe fn sums_of(vectors: *const Self) -> Self {
        // SAFETY: the caller gives LANES vectors.
        unsafe {
            let mut pairs = [_mm512_setzero_pd(); 4];
            for (index, pair) in pairs.iter_mut().enumerate() {
                let (a, b) = (*vectors.add(2 * index), *vectors.add(2 * index + 1));
                *pair = _mm512_add_pd(_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b));
            }
            let low = add_neighbours_double(pairs[0], pairs[1]);
            let high = add_neighbours_double(pairs[2], pairs[3]);
            add_neighbours_double(low, high)
        }
    }
}

impl Simd for __m256 {
    type Mask = __m256;
    common!(
        f32,
        8,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_add_ps,
        _mm256_sub_ps,
        _mm256_mul_ps,
        _mm256_fmadd_ps,
        _mm256_max_ps
    );

    #[inline(always)]
    unsafe fn in_order(self) -> Self {
        // SAFETY: the entry point enables the instruction set.
        unsafe { single_in_order(self) }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> Self {
        // SAFETY: the mask lies in the table; masked lanes are not read.
        unsafe {
            let mask = _mm256_loadu_si256(FIRST_32.as_ptr().add(8 - count).cast());
            _mm256_maskload_ps(from, mask)
        }
    }
    #[inline(always)]
    unsafe fn greater(self, other: Self) -> __m256 {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm256_cmp_ps::<_CMP_GT_OQ>(self, other) }
    }
    #[inline(always)]
    unsafe fn select(mask: __m256, yes: Self, no: Self) -> Self {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm256_blendv_ps(no, yes, mask) }
    }
    #[inline(always)]
    unsafe fn bits(mask: __m256) -> u32 {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm256_movemask_ps(mask).cast_unsigned() }
    }
    #[inline(always)]
    unsafe fn scale_by_power(self, integer: Self) -> Self {
        // SAFETY: the entry point enables the instructions.
        unsafe {
            let power = _mm256_slli_epi32::<23>(_mm256_castps_si256(integer));
            _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(self), power))
        }
    }
    #[inline(always)]
    unsafe fn sums_of(vectors: *const Self) -> Self {
        // SAFETY: the caller gives LANES vectors.
        unsafe {
            let mut halves = [_mm256_setzero_ps(); 2];
            for (index, half) in halves.iter_mut().enumerate() {
                let at = vectors.add(4 * index);
                let (a, b, c, d) = (*at, *at.add(1), *at.add(2), *at.add(3));
                let first = _mm256_castps_pd(_mm256_add_ps(
                    _mm256_unpacklo_ps(a, b),
                    _mm256_unpackhi_ps(a, b),
                ));
                let second = _mm256_castps_pd(_mm256_add_ps(
                    _mm256_unpacklo_ps(c, d),
                    _mm256_unpackhi_ps(c, d),
                ));
                *half = _mm256_add_ps(
                    _mm256_castpd_ps(_mm256_unpacklo_pd(first, second)),
                    _mm256_castpd_ps(_mm256_unpackhi_pd(first, second)),
                );
            }
            _mm256_add_ps(
                _mm256_permute2f128_ps::<0x20>(halves[0], halves[1]),
                _mm256_permute2f128_ps::<0x31>(halves[0], halves[1]),
            )
        }
    }
}

impl Simd for __m256d {
    type Mask = __m256d;
    common!(
        f64,
        4,
        _mm256_set1_pd,
        _mm256_loadu_pd,
        _mm256_storeu_pd,
        _mm256_add_pd,
        _mm256_sub_pd,
        _mm256_mul_pd,
        _mm256_fmadd_pd,
        _mm256_max_pd
    );

    #[inline(always)]
    unsafe fn in_order(self) -> Self {
        // SAFETY: the entry point enables the instruction set.
        unsafe { double_in_order(self) }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f64, count: usize) -> Self {
        // SAFETY: the mask lies in the table; masked lanes are not read.
        unsafe {
            let mask = _mm256_loadu_si256(FIRST_64.as_ptr().add(4 - count).cast());
            _mm256_maskload_pd(from, mask)
        }
    }
    #[inline(always)]
    unsafe fn greater(self, other: Self) -> __m256d {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm256_cmp_pd::<_CMP_GT_OQ>(self, other) }
    }
    #[inline(always)]
    unsafe fn select(mask: __m256d, yes: Self, no: Self) -> Self {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm256_blendv_pd(no, yes, mask) }
    }
    #[inline(always)]
    unsafe fn bits(mask: __m256d) -> u32 {
        // SAFETY: the entry point enables the instruction.
        unsafe { _mm256_movemask_pd(mask).cast_unsigned() }
    }
    #[inline(always)]
    unsafe fn scale_by_power(self, integer: Self) -> Self {
        // SAFETY: the entry point enables the instructions.
        unsafe {
            let power = _mm256_slli_epi64::<52>(_mm256_castpd_si256(integer));
            _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(self), power))
        }
    }
    #[inline(always)]
    unsafe fn sums_of(vectors: *const Self) -> Self {
        // SAFETY: the caller gives LANES vectors.
        unsafe {
            let (a, b) = (*vectors, *vectors.add(1));
            let (c, d) = (*vectors.add(2), *vectors.add(3));
            let first = _mm256_add_pd(_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
            let second = _mm256_add_pd(_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
            _mm256_add_pd(
                _mm256_permute2f128_pd::<0x20>(first, second),
                _mm256_permute2f128_pd::<0x31>(first, second),
            )
        }
    }
}

impl Load<f32> for __m512d {
    #[inline(always)]
    unsafe fn load_stored(from: *const f32) -> Self {
        // SAFETY: the caller gives LANES readable numbers.
        unsafe { _mm512_cvtps_pd(_mm256_loadu_ps(from)) }
    }
    #[inline(always)]
    unsafe fn load_first_stored(from: *const f32, count: usize) -> Self {
        // SAFETY: the mask lies in the table; masked lanes are not read.
        unsafe { _mm512_cvtps_pd(__m256::load_first(from, count)) }
    }
}

impl Load<f32> for __m256d {
    #[inline(always)]
    unsafe fn load_stored(from: *const f32) -> Self {
        // SAFETY: the caller gives LANES readable numbers.
        unsafe { _mm256_cvtps_pd(_mm_loadu_ps(from)) }
    }
    #[inline(always)]
    unsafe fn load_first_stored(from: *const f32, count: usize) -> Self {
        // SAFETY: the mask lies in the table; masked lanes are not read.
        unsafe {
            let mask = _mm_loadu_si128(FIRST_32.as_ptr().add(8 - count).cast());
            _mm256_cvtps_pd(_mm_maskload_ps(from, mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::batch::InstructionSet;
    use crate::kernel::compiled::available;
    use crate::kernel::simd::Number;
    use crate::patterns::real::Real;

    /// The largest relative error of the vector's 2^x over its whole range.
    #[inline(always)]
    unsafe fn largest_error<S: Simd>() -> f64 {
        let mut largest = 0.0_f64;
        for step in 0..200_000 {
            let exponent = S::Element::from_f64(-f64::from(step) * 2.9e-4);
            let mut power = [S::Element::default(); 16];
            // SAFETY: the caller has the instruction set; a vector has at most 16 lanes.
            unsafe { S::splat(exponent).exp2().store(power.as_mut_ptr()) };
            let right = exponent.to_f64().exp2();
            largest = largest.max((power[S::LANES - 1].to_f64() / right - 1.0).abs());
            assert!(step > 0 || power[0] == S::Element::ONE);
        }
        largest
    }

    macro_rules! check {
        ($set:path, $features:literal, $vector:ty, $limit:literal) => {{
            #[target_feature(enable = $features)]
            fn error() -> f64 {
                // SAFETY: this function enables the instruction set.
                unsafe { largest_error::<$vector>() }
            }
            if available().contains(&$set) {
                // SAFETY: the set has just been found available.
                let error = unsafe { error() };
                assert!(error < $limit, "{:?}: {error:e}", $set);
            }
        }};
    }

    #[test]
    fn powers_of_two_are_as_accurate_as_said() {
        check!(InstructionSet::Avx2, "avx2,fma", __m256, 3e-7);
        check!(InstructionSet::Avx2, "avx2,fma", __m256d, 4e-16);
        check!(InstructionSet::Avx512, "avx512f,avx2,fma", __m512, 3e-7);
        check!(InstructionSet::Avx512, "avx512f,avx2,fma", __m512d, 4e-16);
    }
}
