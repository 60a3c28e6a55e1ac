//! Bootstrap standard errors and intervals of any statistic of independent samples.
//!
//! Source: B. Efron and R. J. Tibshirani, *An Introduction to the Bootstrap* (1993), chapters 6, 13
//! and 14.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use crate::interval::tail_probability;
use crate::summary::{censored_count, check_finite, compensated_sum, median_in_place};
use crate::{Interval, StatisticsError, normal_cumulative, normal_quantile, standard_deviation};

/// How an interval is read off the bootstrap replicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BootstrapMethod {
    /// The quantiles of the replicates at `(1 ∓ confidence)/2`.
    Percentile,
    /// Bias-corrected and accelerated (`BCa`): the levels are corrected for bias and for the
    /// acceleration of the standard error.
    BiasCorrectedAccelerated,
    /// The value ± z times the standard error, for statistics that are nearly normal but take few
    /// values, of which quantiles of replicates make steps.
    Normal,
}

/// A statistic of the samples with its bootstrap error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BootstrapEstimate {
    /// The statistic of the samples themselves.
    pub value: f64,
    /// Standard deviation of the replicates; `None` where a replicate is infinite (censored).
    pub standard_error: Option<f64>,
    /// Confidence interval. Samples without spread give a width of zero.
    pub interval: Interval,
}

/// A seeded plan of resampling: the same seed gives the same resamples on any machine.
///
/// ```
/// use dam_statistics::{Bootstrap, BootstrapMethod};
/// let samples = [0.9, 1.1, 1.3, 0.7, 1.2, 0.8, 1.0, 1.05];
/// let largest = |values: &[f64]| values.iter().copied().fold(f64::MIN, f64::max);
/// let bootstrap = Bootstrap::new(2000, 1)?;
/// let estimate = bootstrap.estimate(&samples, largest, 0.95, BootstrapMethod::Percentile)?;
/// assert_eq!(estimate.value, 1.3);
/// assert_eq!(estimate.interval.high, 1.3);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    resamples: usize,
    seed: u64,
}

impl Bootstrap {
    /// A plan of `resamples` resamples (2000 suit a 95% interval) from `seed`.
    ///
    /// # Errors
    /// Fewer than two resamples.
    pub fn new(resamples: usize, seed: u64) -> Result<Self, StatisticsError> {
        if resamples < 2 {
            return Err(StatisticsError::Resamples { resamples });
        }
        Ok(Self { resamples, seed })
    }

    /// Number of resamples.
    pub fn resamples(&self) -> usize {
        self.resamples
    }

    /// The statistic of every resample, in the order drawn.
    ///
    /// Each resample draws `values.len()` values with replacement.
    ///
    /// # Errors
    /// Fewer than two values, a value or a statistic that is not finite.
    pub fn replicates(
        &self,
        values: &[f64],
        statistic: impl Fn(&[f64]) -> f64,
    ) -> Result<Vec<f64>, StatisticsError> {
        self.replicates_from(&mut self.generator(), values, statistic)
    }

    /// [`replicates`](Self::replicates) that continue the stream of `generator`, so that several
    /// sets of samples are resampled independently.
    pub(super) fn replicates_from(
        &self,
        generator: &mut Xoshiro256PlusPlus,
        values: &[f64],
        statistic: impl Fn(&[f64]) -> f64,
    ) -> Result<Vec<f64>, StatisticsError> {
        check_finite(values, 2)?;
        let replicates = self.resample(generator, values, |resample| statistic(resample));
        match replicates.iter().find(|replicate| !replicate.is_finite()) {
            Some(&value) => Err(StatisticsError::StatisticNotFinite { value }),
            None => Ok(replicates),
        }
    }

    /// The statistic of the samples with its standard error and confidence interval.
    ///
    /// Where every replicate equals the value (samples without spread) the standard error is 0
    /// and the interval has zero width, whatever the method. The corrected interval calls the
    /// statistic once more per value, for its jackknife.
    ///
    /// # Errors
    /// As [`replicates`](Self::replicates), [`bias_correction`] and [`corrected_interval`]; a
    /// confidence outside (0, 1).
    pub fn estimate(
        &self,
        values: &[f64],
        statistic: impl Fn(&[f64]) -> f64,
        confidence: f64,
        method: BootstrapMethod,
    ) -> Result<BootstrapEstimate, StatisticsError> {
        let mut replicates = self.replicates(values, &statistic)?;
        let value = statistic(values);
        if !value.is_finite() {
            return Err(StatisticsError::StatisticNotFinite { value });
        }
        let standard_error = standard_deviation(&replicates)?;
        replicates.sort_unstable_by(f64::total_cmp);
        let interval = match method {
            BootstrapMethod::Percentile => percentile_interval(&replicates, confidence)?,
            BootstrapMethod::Normal => {
                let z = normal_quantile(1.0 - tail_probability(confidence)?)?;
                let reach = z * standard_error.unwrap_or(f64::INFINITY);
                Interval {
                    low: value - reach,
                    high: value + reach,
                }
            }
            BootstrapMethod::BiasCorrectedAccelerated => {
                if replicates.iter().all(|&replicate| replicate == value) {
                    tail_probability(confidence)?;
                    Interval {
                        low: value,
                        high: value,
                    }
                } else {
                    let bias = bias_correction(value, &replicates)?;
                    let acceleration = acceleration(&jackknife(values, &statistic))?;
                    corrected_interval(&replicates, bias, acceleration, confidence)?
                }
            }
        };
        Ok(BootstrapEstimate {
            value,
            standard_error,
            interval,
        })
    }

    /// The median with its percentile interval, for samples that may be censored (+∞).
    ///
    /// Equal to [`estimate`](Self::estimate) with [`median`](super::median()) and
    /// [`BootstrapMethod::Percentile`] on finite samples, in linear time. With censored samples
    /// the interval stays defined; its upper end is +∞ where the data do not bound the median.
    ///
    /// # Errors
    /// Fewer than two values, NaN or −∞, half of the values or more censored, a confidence
    /// outside (0, 1).
    ///
    /// ```
    /// use dam_statistics::Bootstrap;
    /// let crossings = [1.0, 1.2, 0.9, 1.1, 1.3, 0.8, 1.0, 0.95, f64::INFINITY];
    /// let median = Bootstrap::new(2000, 1)?.median(&crossings, 0.95)?;
    /// assert_eq!(median.value, 1.0);
    /// assert!(median.interval.high < 2.0);
    /// # Ok::<(), dam_statistics::StatisticsError>(())
    /// ```
    pub fn median(
        &self,
        values: &[f64],
        confidence: f64,
    ) -> Result<BootstrapEstimate, StatisticsError> {
        let censored = censored_count(values)?;
        let count = values.len();
        if count < 2 {
            return Err(StatisticsError::TooFewValues {
                found: count,
                needed: 2,
            });
        }
        if 2 * censored >= count {
            return Err(StatisticsError::CensoredMedian { censored, count });
        }
        let mut replicates = self.resample(&mut self.generator(), values, median_in_place);
        // A replicate of +∞ leaves the standard error undefined.
        let standard_error = standard_deviation(&replicates)?;
        replicates.sort_unstable_by(f64::total_cmp);
        Ok(BootstrapEstimate {
            value: median_in_place(&mut values.to_vec()),
            standard_error,
            interval: percentile_interval(&replicates, confidence)?,
        })
    }

    /// The random stream of the seed, from its start.
    pub(super) fn generator(&self) -> Xoshiro256PlusPlus {
        Xoshiro256PlusPlus::seed_from_u64(self.seed)
    }

    /// Applies `statistic`, which may reorder its argument, to every resample of `values`.
    fn resample(
        &self,
        generator: &mut Xoshiro256PlusPlus,
        values: &[f64],
        mut statistic: impl FnMut(&mut [f64]) -> f64,
    ) -> Vec<f64> {
        let mut resample = vec![0.0; values.len()];
        (0..self.resamples)
            .map(|_| {
                for drawn in &mut resample {
                    *drawn = values[generator.random_range(0..values.len())];
                }
                statistic(&mut resample)
            })
            .collect()
    }
}

/// The percentile interval: the quantiles of the sorted replicates at `(1 ∓ confidence)/2`.
///
/// Quantiles interpolate linearly between order statistics (the default of `numpy`; definition 7 of
/// R. J. Hyndman and Y. Fan, Am. Stat. 50, 361 (1996)). Replicates of +∞ are allowed.
///
/// # Errors
/// No replicates; a confidence outside (0, 1).
pub fn percentile_interval(
    sorted_replicates: &[f64],
    confidence: f64,
) -> Result<Interval, StatisticsError> {
    let tail = tail_probability(confidence)?;
    Ok(Interval {
        low: quantile(sorted_replicates, tail)?,
        high: quantile(sorted_replicates, 1.0 - tail)?,
    })
}

/// The `BCa` interval from sorted replicates, bias correction `z₀` and acceleration `a`.
///
/// The ends are the quantiles of the replicates at
/// `Φ(z₀ + (z₀ + z)/(1 − a (z₀ + z)))`, `z = Φ⁻¹((1 ∓ confidence)/2)`
/// (B. Efron, J. Am. Stat. Assoc. 82, 171 (1987)).
///
/// # Errors
/// No replicates; a confidence outside (0, 1); an acceleration with `1 − a (z₀ + z) ≤ 0`.
pub fn corrected_interval(
    sorted_replicates: &[f64],
    bias_correction: f64,
    acceleration: f64,
    confidence: f64,
) -> Result<Interval, StatisticsError> {
    let z = normal_quantile(tail_probability(confidence)?)?;
    let end = |z: f64| {
        let shifted = bias_correction + z;
        let denominator = 1.0 - acceleration * shifted;
        if denominator > 0.0 {
            let level = normal_cumulative(bias_correction + shifted / denominator);
            quantile(sorted_replicates, level)
        } else {
            Err(StatisticsError::Acceleration { acceleration })
        }
    };
    Ok(Interval {
        low: end(z)?,
        high: end(-z)?,
    })
}

/// The bias correction `z₀ = Φ⁻¹(share of the replicates below the estimate)`; ties count half.
///
/// # Errors
/// No replicates; [`StatisticsError::BiasCorrection`] where all replicates lie on one side of the
/// estimate.
pub fn bias_correction(estimate: f64, replicates: &[f64]) -> Result<f64, StatisticsError> {
    if replicates.is_empty() {
        return Err(StatisticsError::TooFewValues {
            found: 0,
            needed: 1,
        });
    }
    let below = replicates.iter().filter(|&&r| r < estimate).count();
    let up_to = replicates.iter().filter(|&&r| r <= estimate).count();
    if up_to == 0 || below == replicates.len() {
        return Err(StatisticsError::BiasCorrection { estimate });
    }
    normal_quantile((below + up_to) as f64 / (2 * replicates.len()) as f64)
}

/// The acceleration `a = Σ uᵢ³ / (6 (Σ uᵢ²)^{3/2})`, `uᵢ = θ̄ − θ₍ᵢ₎`, from the jackknife values
/// `θ₍ᵢ₎` (the statistic without sample `i`).
///
/// It is a sixth of a skewness; where all jackknife values are equal the skewness of a spread of
/// zero is taken as 0, which leaves the bias correction alone.
///
/// # Errors
/// Fewer than two jackknife values, or one that is not finite.
pub fn acceleration(jackknife_values: &[f64]) -> Result<f64, StatisticsError> {
    check_finite(jackknife_values, 2)?;
    let count = jackknife_values.len() as f64;
    let mean = compensated_sum(jackknife_values.iter().copied()) / count;
    let deviations = jackknife_values.iter().map(|value| mean - value);
    let scale = deviations.clone().map(f64::abs).fold(0.0, f64::max);
    let equal = jackknife_values.windows(2).all(|pair| pair[0] == pair[1]);
    if equal || scale == 0.0 {
        return Ok(0.0);
    }
    let scaled = deviations.map(|deviation| deviation / scale);
    let squares = compensated_sum(scaled.clone().map(|u| u * u));
    let cubes = compensated_sum(scaled.map(|u| u * u * u));
    Ok(cubes / (6.0 * squares.powf(1.5)))
}

/// The statistic of the samples without sample `i`, for every `i`.
fn jackknife(values: &[f64], statistic: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let mut kept = values[1..].to_vec();
    let mut jackknife_values = Vec::with_capacity(values.len());
    jackknife_values.push(statistic(&kept));
    for index in 0..kept.len() {
        // Turns "without sample index" into "without sample index + 1".
        kept[index] = values[index];
        jackknife_values.push(statistic(&kept));
    }
    jackknife_values
}

/// The quantile at `level` in [0, 1] of sorted values by linear interpolation.
fn quantile(sorted: &[f64], level: f64) -> Result<f64, StatisticsError> {
    let Some(last) = sorted.len().checked_sub(1) else {
        return Err(StatisticsError::TooFewValues {
            found: 0,
            needed: 1,
        });
    };
    let position = level * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 ≤ level ≤ 1, so the position lies in 0..=last"
    )]
    let index = (position.floor() as usize).min(last);
    let weight = position - index as f64;
    if weight == 0.0 || sorted[index] == sorted[(index + 1).min(last)] {
        return Ok(sorted[index]);
    }
    Ok(sorted[index] + weight * (sorted[index + 1] - sorted[index]))
}
