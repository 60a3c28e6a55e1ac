//! The number of stored patterns, carried by ln(P − 1) so that P = e^{αN} never overflows.

use super::domain;
use super::domain::{positive, within};
use crate::error::TheoryError;
use crate::numbers::log_tails::log_less_one;

/// The number P of stored patterns, through the logarithm of the P − 1 patterns that are not the
/// target.
///
/// ```
/// use dam_theory::finite_size::PatternCount;
/// let small = PatternCount::from_load(0.2, 40.0)?; // P = round(e⁸) = 2981
/// assert!((small.log_noise_patterns() - 2980_f64.ln()).abs() < 1e-14);
/// let large = PatternCount::from_load(0.2, 1e6)?; // P = e^200000
/// assert_eq!(large.log_noise_patterns(), 2e5);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct PatternCount {
    log_noise_patterns: f64,
}

impl PatternCount {
    /// P = round(e^{αN}) at load α and size N; beyond 2⁵³ the rounding is below the precision of an
    /// `f64`.
    ///
    /// # Errors
    /// [`TheoryError`] when α or N is not finite and positive, or when fewer than two patterns
    /// result.
    pub fn from_load(load: f64, size: f64) -> Result<Self, TheoryError> {
        positive("the load α", load)?;
        positive("the size N", size)?;
        let log_count = load * size;
        if log_count < 36.0 {
            Self::from_count(log_count.exp().round())
        } else {
            Self::from_log_noise_patterns(log_count)
        }
    }

    /// P itself, target included; any real number of at least 2.
    ///
    /// # Errors
    /// [`TheoryError`] when P is not finite or below 2.
    pub fn from_count(count: f64) -> Result<Self, TheoryError> {
        within(
            "the pattern count P",
            count,
            count >= 2.0,
            "at least 2 (raise α or N)",
        )?;
        Self::from_log_noise_patterns((count - 1.0).ln())
    }

    /// ln(P − 1).
    ///
    /// # Errors
    /// [`TheoryError`] when it is not finite or negative (P < 2).
    pub fn from_log_noise_patterns(log_noise_patterns: f64) -> Result<Self, TheoryError> {
        domain::non_negative("ln(P − 1)", log_noise_patterns)?;
        Ok(Self { log_noise_patterns })
    }

    /// ln(P − 1).
    pub fn log_noise_patterns(self) -> f64 {
        self.log_noise_patterns
    }

    /// ln(P − 2); −∞ with two patterns.
    pub(super) fn log_others(self) -> f64 {
        if self.log_noise_patterns == 0.0 {
            f64::NEG_INFINITY
        } else {
            log_less_one(self.log_noise_patterns)
        }
    }

    /// ln P.
    pub(super) fn log_count(self) -> f64 {
        self.log_noise_patterns + (-self.log_noise_patterns).exp().ln_1p()
    }
}
