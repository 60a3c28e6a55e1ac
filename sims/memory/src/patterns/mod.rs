//! The stored patterns ξ¹ … ξᴾ as one row-major matrix.

pub mod drawn;
pub mod huge_pages;
pub mod real;
pub mod signs;

use crate::patterns::real::Real;

/// P stored patterns of N components, row-major: pattern μ is `row(μ)`.
///
/// ```
/// use dam_memory::patterns::Patterns;
/// let patterns = Patterns::from_rows(2, vec![1.0_f64, 0.0, 0.0, 1.0, -1.0, 0.0]);
/// assert_eq!(patterns.count(), 3);
/// assert_eq!(patterns.row(2), &[-1.0, 0.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Patterns<T> {
    size: usize,
    /// Where the first row begins: on a cache line, where there was room for that and they are not
    /// a clone.
    start: usize,
    values: Vec<T>,
}

impl<T: Real> PartialEq for Patterns<T> {
    fn eq(&self, other: &Self) -> bool {
        self.size == other.size && self.as_slice() == other.as_slice()
    }
}

impl<T: Real> Patterns<T> {
    /// Takes a row-major matrix of `rows.len() / size` patterns. With room for
    /// [`LINE`](huge_pages::LINE) bytes more, as [`huge_pages::with_capacity`] leaves it, the rows
    /// are moved to a cache line, so that no vector of them crosses two where N fills whole lines.
    ///
    /// # Panics
    /// If `size` is 0 or does not divide the number of values, or there is no pattern.
    pub fn from_rows(size: usize, mut rows: Vec<T>) -> Self {
        assert!(
            size > 0 && !rows.is_empty() && rows.len().is_multiple_of(size),
            "{} values do not make whole patterns of {size} components",
            rows.len()
        );
        let length = rows.len();
        let start = huge_pages::start_on_line(&rows);
        if start > 0 {
            rows.resize(length + start, T::default());
            rows.copy_within(..length, start);
        }
        Self {
            size,
            start,
            values: rows,
        }
    }

    /// `count` patterns of zeros, to be written to.
    pub(crate) fn zeros(size: usize, count: usize) -> Self {
        let (values, start) = huge_pages::zeros(size * count);
        Self {
            size,
            start,
            values,
        }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.values[self.start..]
    }

    /// N, the number of components of a pattern.
    pub fn size(&self) -> usize {
        self.size
    }

    /// P, the number of patterns.
    pub fn count(&self) -> usize {
        self.as_slice().len() / self.size
    }

    /// Pattern μ, counted from 0.
    pub fn row(&self, pattern: usize) -> &[T] {
        &self.as_slice()[pattern * self.size..(pattern + 1) * self.size]
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
        &self.values[self.start..]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_begin_on_a_cache_line_where_there_is_room_and_keep_their_values() {
        let given: Vec<f32> = (0..3 * 50_000).map(|value| value as f32).collect();
        let mut roomy = huge_pages::with_capacity(given.len());
        roomy.extend_from_slice(&given);
        let (roomy, tight) = (
            Patterns::from_rows(3, roomy),
            Patterns::from_rows(3, given.clone()),
        );
        assert_eq!(roomy.as_slice().as_ptr().align_offset(huge_pages::LINE), 0);
        assert_eq!(roomy.as_slice(), given);
        assert_eq!(roomy, tight);
        assert_eq!(roomy.count(), 50_000);
        assert_eq!(roomy.row(49_999), [149_997.0, 149_998.0, 149_999.0]);
        assert_eq!(roomy.clone(), tight);

        let zeros = Patterns::<f64>::zeros(40, 1000);
        assert_eq!(zeros.as_slice().as_ptr().align_offset(huge_pages::LINE), 0);
        assert_eq!((zeros.count(), zeros.size()), (1000, 40));
    }
}
