//! Arithmetic on the rows of a tile, in operations that every machine rounds alike.

#![expect(
    clippy::inline_always,
    reason = "to take the vector instructions of the caller"
)]

use crate::patterns::real::Real;

/// ±1 in single precision from bits.
#[inline(always)]
pub(super) fn expand_signs_f32(words: &[u64], out: &mut [f32]) {
    // A vector at a time into an array of its own, for the compiler to see the vectors.
    for (index, out) in out.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        #[expect(clippy::cast_possible_truncation, reason = "the lowest 16 bits")]
        let bits = (words[index / 4] >> (16 * (index % 4))) as u32;
        let mut signs = [0; 16];
        for (bit, sign) in (0_u32..).zip(&mut signs) {
            *sign = 1.0_f32.to_bits() | (bits << (31 - bit) & 1 << 31);
        }
        *out = signs.map(f32::from_bits);
    }
}

/// ±1 in double precision from bits.
#[inline(always)]
pub(super) fn expand_signs_f64(words: &[u64], out: &mut [f64]) {
    for (out, word) in out.as_chunks_mut::<64>().0.iter_mut().zip(words) {
        for (bit, sign) in (0_u32..).zip(out) {
            *sign = f64::from_bits(1.0_f64.to_bits() | (*word << (63 - bit) & 1 << 63));
        }
    }
}

/// Multiplies each row of `size` numbers so that its squares add up to `size`.
#[inline(always)]
pub(super) fn to_sphere<T: Real>(size: usize, rows: &mut [T]) {
    for row in rows.chunks_exact_mut(size) {
        // Sums side by side, for the compiler to see the vectors.
        let mut sums = [0.0; 16];
        for chunk in row.chunks(sums.len()) {
            for (sum, value) in sums.iter_mut().zip(chunk) {
                let value = value.to_f64();
                *sum += value * value;
            }
        }
        let squared_length: f64 = sums.iter().sum();
        let factor = (size as f64 / squared_length).sqrt();
        for value in row {
            *value = T::from_f64(value.to_f64() * factor);
        }
    }
}

/// Adds to each row of `size` numbers its row of coefficients times the matrix.
#[inline(always)]
pub(super) fn add_products(size: usize, matrix: &[f64], coefficients: &[f64], rows: &mut [f64]) {
    let terms = matrix.len() / size;
    for (row, coefficients) in rows
        .chunks_exact_mut(size)
        .zip(coefficients.chunks_exact(terms))
    {
        for (coefficient, direction) in coefficients.iter().zip(matrix.chunks_exact(size)) {
            for (value, direction) in row.iter_mut().zip(direction) {
                *value += coefficient * direction;
            }
        }
    }
}
