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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::reference::{assert_close, table};

    #[test]
    fn ends_agree_with_statsmodels() {
        for row in table("wilson") {
            let interval = wilson_interval(
                row.count("successes"),
                row.count("trials"),
                row.number("confidence"),
            )
            .unwrap();
            assert_close(interval.low, row.number("low"), 1e-12);
            assert_close(interval.high, row.number("high"), 1e-12);
        }
    }

    #[test]
    fn ends_are_exact_at_zero_and_one_and_mirror_each_other() {
        for trials in [1, 7, 100, 1_000_000_007] {
            assert_eq!(wilson_interval(0, trials, 0.95).unwrap().low, 0.0);
            assert_eq!(wilson_interval(trials, trials, 0.95).unwrap().high, 1.0);
        }
        let few = wilson_interval(3, 40, 0.9).unwrap();
        let many = wilson_interval(37, 40, 0.9).unwrap();
        assert_eq!(many.high, 1.0 - few.low);
        assert_eq!(many.low, 1.0 - few.high);
    }

    /// Sums the binomial law over the outcomes whose interval covers p: no randomness.
    #[test]
    fn exact_coverage_is_near_nominal() {
        let trials = 200_u64;
        for p in [0.1_f64, 0.3, 0.5, 0.8] {
            let mut log_weight = trials as f64 * (-p).ln_1p();
            let mut covered = 0.0;
            for successes in 0..=trials {
                if wilson_interval(successes, trials, 0.95)
                    .unwrap()
                    .contains(p)
                {
                    covered += log_weight.exp();
                }
                log_weight += ((trials - successes) as f64 / (successes + 1) as f64).ln()
                    + (p / (1.0 - p)).ln();
            }
            assert!((covered - 0.95).abs() < 0.015, "coverage {covered} at {p}");
        }
    }

    #[test]
    fn senseless_counts_are_refused() {
        assert_eq!(wilson_interval(0, 0, 0.95), Err(StatisticsError::NoTrials));
        assert!(matches!(
            wilson_interval(3, 2, 0.95),
            Err(StatisticsError::TooManySuccesses { .. })
        ));
        assert!(wilson_interval(1, 2, 1.0).is_err());
    }
}
