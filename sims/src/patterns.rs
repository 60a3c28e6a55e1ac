//! The stored patterns ξ¹ … ξᴾ as one row-major matrix.

use crate::huge_pages;
use crate::real::Real;

/// P stored patterns of N components, row-major: pattern μ is `row(μ)`.
///
/// ```
/// use dam_sims::Patterns;
/// let patterns = Patterns::from_rows(2, vec![1.0_f64, 0.0, 0.0, 1.0, -1.0, 0.0]);
/// assert_eq!(patterns.count(), 3);
/// assert_eq!(patterns.row(2), &[-1.0, 0.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Patterns<T> {
    size: usize,
    rows: Vec<T>,
}

impl<T: Real> Patterns<T> {
    /// Takes a row-major matrix of `rows.len() / size` patterns.
    ///
    /// # Panics
    /// If `size` is 0 or does not divide the number of values, or there is no pattern.
    pub fn from_rows(size: usize, rows: Vec<T>) -> Self {
        assert!(
            size > 0 && !rows.is_empty() && rows.len().is_multiple_of(size),
            "{} values do not make whole patterns of {size} components",
            rows.len()
        );
        Self { size, rows }
    }

    /// `count` patterns of zeros, to be written to.
    pub(crate) fn zeros(size: usize, count: usize) -> Self {
        let mut rows = huge_pages::with_capacity(size * count);
        rows.resize(size * count, T::default());
        Self::from_rows(size, rows)
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.rows
    }

    /// N, the number of components of a pattern.
    pub fn size(&self) -> usize {
        self.size
    }

    /// P, the number of patterns.
    pub fn count(&self) -> usize {
        self.rows.len() / self.size
    }

    /// Pattern μ, counted from 0.
    pub fn row(&self, pattern: usize) -> &[T] {
        &self.rows[pattern * self.size..(pattern + 1) * self.size]
    }

    /// Pattern μ in double precision.
    pub fn row_f64(&self, pattern: usize) -> Vec<f64> {
        self.row(pattern)
            .iter()
            .map(|value| value.to_f64())
            .collect()
    }

    /// All P·N values, row-major.
    pub fn as_slice(&self) -> &[T] {
        &self.rows
    }

    /// r = |ξ|²/N of pattern μ.
    pub fn squared_norm(&self, pattern: usize) -> f64 {
        let sum: f64 = self
            .row(pattern)
            .iter()
            .map(|value| value.to_f64().powi(2))
            .sum();
        sum / self.size as f64
    }
}
