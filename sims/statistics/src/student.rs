//! The confidence interval of a mean by Student's law.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::interval::tail_probability;
use crate::summary::check_finite;
use crate::{Interval, StatisticsError, mean, standard_deviation};

/// Values whose skewness is worth a correction.
const SKEWED: usize = 5;

/// Student's interval of the mean, of five values or more with Hall's correction for skewness
/// (P. Hall, J. R. Stat. Soc. B 54, 221 (1992)). Values without spread give a width of zero.
///
/// # Errors
/// Fewer than two values; a value that is not finite; a confidence outside (0, 1).
///
/// ```
/// let interval = dam_statistics::mean_interval(&[1.0, 2.0, 3.0, 4.0], 0.95)?;
/// // 2.5 ∓ 3.182 · 1.291/2
/// assert!((interval.low - 0.4457).abs() < 1e-4 && (interval.high - 4.5543).abs() < 1e-4);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn mean_interval(values: &[f64], confidence: f64) -> Result<Interval, StatisticsError> {
    let found = StudentInterval::new(values, confidence)?;
    Ok(Interval {
        low: found.mean - found.errors[0],
        high: found.mean + found.errors[1],
    })
}

/// How many standard errors the interval of a mean of `count` values reaches, by Student's law.
///
/// # Errors
/// Fewer than two values; a confidence outside (0, 1).
///
/// ```
/// let found = dam_statistics::student_factor(0.95, 10)?;
/// assert!((found - 2.262157162740992).abs() < 1e-9);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn student_factor(confidence: f64, count: usize) -> Result<f64, StatisticsError> {
    let tail = tail_probability(confidence)?;
    let law = StudentsT::new(0.0, 1.0, count as f64 - 1.0);
    law.map(|law| -law.inverse_cdf(tail))
        .map_err(|_| StatisticsError::TooFewValues {
            found: count,
            needed: 2,
        })
}

/// A mean and how far its interval reaches.
pub(crate) struct StudentInterval {
    pub(crate) mean: f64,
    /// From the mean to the lower and to the upper end of its interval.
    pub(crate) errors: [f64; 2],
}

impl StudentInterval {
    pub(crate) fn new(values: &[f64], confidence: f64) -> Result<Self, StatisticsError> {
        check_finite(values, 2)?;
        let quantile = student_factor(confidence, values.len())?;
        let known = |number: Option<f64>| number.unwrap_or(f64::NAN);
        let count = values.len() as f64;
        let (mean, deviation) = (known(mean(values)?), known(standard_deviation(values)?));
        let cubes = values
            .iter()
            .map(|value| ((value - mean) / deviation).powi(3));
        let skewness = cubes.sum::<f64>() / count;
        let ends = [quantile, -quantile].map(|end| {
            // a skewness of few values, of equal ones, or next to none
            if values.len() < SKEWED || skewness.is_nan() || skewness.abs() < 1e-6 {
                return end;
            }
            unskewed(end, skewness, count)
        });
        let error = deviation / count.sqrt();
        Ok(Self {
            mean,
            errors: ends.map(|end| end.abs() * error),
        })
    }
}

/// The t of which `end` is what Hall's transformation makes,
/// t + γt²/(3√n) + γ²t³/(27n) + γ/(6√n) (P. Hall, J. R. Stat. Soc. B 54, 221 (1992)).
fn unskewed(end: f64, skewness: f64, count: f64) -> f64 {
    let root = count.sqrt();
    let cube = 1.0 + skewness * (end / root - skewness / (6.0 * count));
    3.0 * root / skewness * (cube.cbrt() - 1.0)
}
