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

/// A mean and how far its interval reaches.
pub(crate) struct StudentInterval {
    pub(crate) mean: f64,
    /// From the mean to the lower and to the upper end of its interval.
    pub(crate) errors: [f64; 2],
}

impl StudentInterval {
    pub(crate) fn new(values: &[f64], confidence: f64) -> Result<Self, StatisticsError> {
        check_finite(values, 2)?;
        let tail = tail_probability(confidence)?;
        let known = |number: Option<f64>| number.unwrap_or(f64::NAN);
        let count = values.len() as f64;
        let student = StudentsT::new(0.0, 1.0, count - 1.0);
        let quantile = student.map_or(f64::NAN, |law| -law.inverse_cdf(tail));
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
