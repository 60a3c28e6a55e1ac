//! Mean, median, spread and standard error of the values of independent samples.
//!
//! A value of +∞ is a *censored* sample: a crossover that lies beyond the scanned range. Means and
//! spreads of such a set are unknown (`None`); its median is known while fewer than half of the
//! values are censored.

use serde::{Deserialize, Serialize};

use crate::StatisticsError;

/// What a set of samples says about its distribution.
///
/// ```
/// use dam_statistics::Summary;
/// let summary = Summary::new(&[1.0, 2.0, 6.0])?;
/// assert_eq!((summary.mean, summary.median), (Some(3.0), Some(2.0)));
/// let censored = Summary::new(&[1.0, 2.0, f64::INFINITY])?;
/// assert_eq!((censored.mean, censored.median), (None, Some(2.0)));
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Number of samples, censored ones included.
    pub count: usize,
    /// Number of samples equal to +∞.
    pub censored: usize,
    /// See [`mean`].
    pub mean: Option<f64>,
    /// See [`median`].
    pub median: Option<f64>,
    /// See [`standard_deviation`].
    pub standard_deviation: Option<f64>,
    /// See [`standard_error`].
    pub standard_error: Option<f64>,
}

impl Summary {
    /// Summarises `values`, one per sample.
    ///
    /// # Errors
    /// A value that is NaN or −∞; a mean or spread beyond the range of f64.
    pub fn new(values: &[f64]) -> Result<Self, StatisticsError> {
        Ok(Self {
            count: values.len(),
            censored: censored_count(values)?,
            mean: mean(values)?,
            median: median(values)?,
            standard_deviation: standard_deviation(values)?,
            standard_error: standard_error(values)?,
        })
    }
}

/// The mean `x̄ = Σ xᵢ / n`; `None` without values or with a censored one.
///
/// # Errors
/// A value that is NaN or −∞; a sum beyond the range of f64.
///
/// ```
/// use dam_statistics::mean;
/// assert_eq!(mean(&[1.0, 2.0])?, Some(1.5));
/// assert_eq!(mean(&[])?, None);
/// assert!(mean(&[f64::NAN]).is_err());
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn mean(values: &[f64]) -> Result<Option<f64>, StatisticsError> {
    if censored_count(values)? > 0 || values.is_empty() {
        return Ok(None);
    }
    let mean = compensated_sum(values.iter().copied()) / values.len() as f64;
    finite(mean, "mean").map(Some)
}

/// The median, the middle value or the midpoint of the two middle ones; `None` without values or
/// where half of them or more are censored.
///
/// # Errors
/// A value that is NaN or −∞.
///
/// ```
/// use dam_statistics::median;
/// assert_eq!(median(&[3.0, 1.0, f64::INFINITY])?, Some(3.0));
/// assert_eq!(median(&[3.0, f64::INFINITY])?, None);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn median(values: &[f64]) -> Result<Option<f64>, StatisticsError> {
    censored_count(values)?;
    if values.is_empty() {
        return Ok(None);
    }
    let middle = median_in_place(&mut values.to_vec());
    Ok(middle.is_finite().then_some(middle))
}

/// The sample standard deviation `s = √[Σ (xᵢ − x̄)² / (n − 1)]`; `None` with fewer than two values
/// or with a censored one.
///
/// # Errors
/// A value that is NaN or −∞; a spread beyond the range of f64.
///
/// ```
/// use dam_statistics::standard_deviation;
/// assert_eq!(standard_deviation(&[1.0, 3.0, 5.0])?, Some(2.0));
/// assert_eq!(standard_deviation(&[1.0])?, None);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn standard_deviation(values: &[f64]) -> Result<Option<f64>, StatisticsError> {
    let Some(mean) = mean(values)? else {
        return Ok(None);
    };
    if values.len() < 2 {
        return Ok(None);
    }
    let deviations = values.iter().map(|value| value - mean);
    // The largest deviation sets the scale, so that squares neither overflow nor vanish.
    let scale = deviations.clone().map(f64::abs).fold(0.0, f64::max);
    if scale == 0.0 {
        return Ok(Some(0.0));
    }
    let scaled = deviations.map(|deviation| deviation / scale);
    let count = values.len() as f64;
    // The second sum is zero up to the rounding of the mean, which it removes.
    let squares =
        compensated_sum(scaled.clone().map(|d| d * d)) - compensated_sum(scaled).powi(2) / count;
    finite(
        scale * (squares / (count - 1.0)).sqrt(),
        "standard deviation",
    )
    .map(Some)
}

/// The standard error of the mean, `s/√n`; `None` where [`standard_deviation`] is.
///
/// # Errors
/// As [`standard_deviation`].
///
/// ```
/// use dam_statistics::standard_error;
/// assert_eq!(standard_error(&[1.0, 3.0, 3.0, 1.0])?, Some((1.0_f64 / 3.0).sqrt()));
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn standard_error(values: &[f64]) -> Result<Option<f64>, StatisticsError> {
    let deviation = standard_deviation(values)?;
    Ok(deviation.map(|deviation| deviation / (values.len() as f64).sqrt()))
}

/// Number of values equal to +∞, after refusing NaN and −∞.
pub(super) fn censored_count(values: &[f64]) -> Result<usize, StatisticsError> {
    let mut censored = 0;
    for (index, &value) in values.iter().enumerate() {
        if value == f64::INFINITY {
            censored += 1;
        } else if !value.is_finite() {
            return Err(StatisticsError::InvalidValue { index, value });
        }
    }
    Ok(censored)
}

/// Refuses every value that is not finite, and fewer than `needed` values.
pub(super) fn check_finite(values: &[f64], needed: usize) -> Result<(), StatisticsError> {
    if values.len() < needed {
        return Err(StatisticsError::TooFewValues {
            found: values.len(),
            needed,
        });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(StatisticsError::InvalidValue {
            index,
            value: values[index],
        }),
        None => Ok(()),
    }
}

/// The median of at least one value, none NaN; +∞ where the middle is censored. Reorders `values`.
pub(super) fn median_in_place(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let upper = *upper;
    if even {
        let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        lower.midpoint(upper)
    } else {
        upper
    }
}

/// The sum with Neumaier's correction of the rounding of every addition.
pub(super) fn compensated_sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() {
            (sum - next) + value
        } else {
            (value - next) + sum
        };
        sum = next;
    }
    sum + lost
}

fn finite(value: f64, quantity: &'static str) -> Result<f64, StatisticsError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(StatisticsError::Overflow { quantity })
    }
}
