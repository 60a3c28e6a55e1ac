//! Means of cross-validations and their errors.

use dam_statistics::{StatisticsError, mean, standard_deviation};

/// The error of a mean over the folds of repeated cross-validations whose training sets overlap: √((1/n + ρ) s²) with ρ
/// the ratio of test to training bags (C. Nadeau and Y. Bengio, Mach. Learn. 52, 239 (2003), eq. 9).
///
/// # Errors
/// Fewer than two values; a value that is not finite.
pub fn corrected_error(values: &[f64], folds: usize) -> Result<f64, StatisticsError> {
    let deviation = standard_deviation(values)?.unwrap_or(f64::NAN);
    let ratio = (folds as f64 - 1.0).recip();
    Ok(((values.len() as f64).recip() + ratio).sqrt() * deviation)
}

/// The mean difference of two models over the same folds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Of the first and the second.
    pub difference: f64,
    /// Its corrected error.
    pub error: f64,
}

impl Comparison {
    /// Whether the difference is more than two errors.
    pub fn is_resolved(&self) -> bool {
        self.difference.abs() > 2.0 * self.error
    }
}

/// Compares two models fold by fold.
///
/// # Errors
/// As [`corrected_error`].
///
/// # Panics
/// If they have not as many folds.
pub fn compare(first: &[f64], second: &[f64], folds: usize) -> Result<Comparison, StatisticsError> {
    assert_eq!(first.len(), second.len(), "the same folds");
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    Ok(Comparison {
        difference: mean(&differences)?.unwrap_or(f64::NAN),
        error: corrected_error(&differences, folds)?,
    })
}
