//! The confidence interval of a retrieval probability.

use crate::interval::tail_probability;
use crate::{Interval, StatisticsError, normal_quantile};

/// Wilson's score interval of a probability from `successes` out of `trials`.
///
/// The two ends solve `(p̂ − p)² = z² p (1 − p)/n` with `p̂ = successes/n`, `n = trials` and
/// `z = Φ⁻¹((1 + confidence)/2)`:
/// `p = [p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)] / (1 + z²/n)`.
/// The interval stays inside `[0, 1]` and has a finite width at `p̂ = 0` and `p̂ = 1`
/// (E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927)).
///
/// # Errors
/// No trials, more successes than trials, or a confidence outside (0, 1).
///
/// ```
/// use dam_statistics::wilson_interval;
/// let interval = wilson_interval(0, 100, 0.95)?;
/// assert_eq!(interval.low, 0.0);
/// assert!((interval.high - 0.0370).abs() < 1e-4);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn wilson_interval(
    successes: u64,
    trials: u64,
    confidence: f64,
) -> Result<Interval, StatisticsError> {
    if trials == 0 {
        return Err(StatisticsError::NoTrials);
    }
    if successes > trials {
        return Err(StatisticsError::TooManySuccesses { successes, trials });
    }
    let z = -normal_quantile(tail_probability(confidence)?)?;
    let failures = trials - successes;
    // The larger end of either outcome comes from the smaller one, exact at 0 and 1.
    Ok(if successes <= failures {
        Interval {
            low: lower_end(successes, trials, z),
            high: upper_end(successes, trials, z),
        }
    } else {
        Interval {
            low: 1.0 - upper_end(failures, trials, z),
            high: 1.0 - lower_end(failures, trials, z),
        }
    })
}

/// `2s + z² + z √(z² + 4 s (1 − s/n))`, the numerator that has no cancellation.
fn root_sum(successes: u64, trials: u64, z: f64) -> f64 {
    let (s, n) = (successes as f64, trials as f64);
    let failed_share = (trials - successes) as f64 / n;
    2.0 * s + z * z + z * (z * z + 4.0 * s * failed_share).sqrt()
}

/// The smaller root, from the product of the roots.
fn lower_end(successes: u64, trials: u64, z: f64) -> f64 {
    let (s, n) = (successes as f64, trials as f64);
    if successes == 0 {
        return 0.0;
    }
    2.0 * s * (s / n) / root_sum(successes, trials, z)
}

/// The larger root.
fn upper_end(successes: u64, trials: u64, z: f64) -> f64 {
    root_sum(successes, trials, z) / (2.0 * (trials as f64 + z * z))
}
