//! Whether all stored patterns are retrieved at finite N: expected numbers of lost ones, and the
//! load at which half of the samples lose none.
//!
//! A pattern is lost to the noise, which beats targets of low norm first, or to a close neighbour.
//! Both enter one map: the nearest other pattern is followed explicitly, all others are averaged.
//! It loses the target from some overlap s_* of the neighbour on (every s where the averaged noise
//! alone does), so that with t(s) = Pr(one overlap > s)
//!
//! ```text
//! E[lost] = P E_ξ{1 − [1 − t(s_*(ξ))]^{P−1}},    P(all retrieved) = exp(−E[lost])
//! ```
//!
//! The last step takes the losses as independent and rare (Poisson); equal signs of Rademacher
//! patterns come in pairs, which are lost together. Close pairs proper, ξ^μ·ξ^ν ≥ |ξ^μ|², are those
//! that no λ separates: s_* → |ξ|² as λ → ∞.

use std::f64::consts::LN_2;

use super::axis_noise::AxisNoise;
use super::crossover_law::expanded_law;
use super::domain;
use super::domain::{positive, within};
use super::estimate::Estimate;
use super::losses::{LossError, LostPatterns, OVERLAP_ACCURACY, least_losing, log_any};
use super::lost_gaussian::lost_gaussian;
use super::neighbour_map::{RademacherNeighbour, SphericalNeighbour};
use super::noise::{RademacherNoise, SphericalNoise};
use super::overlap_law::SphericalOverlapLaw;
use super::pattern_count::PatternCount;
use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::numbers::log_tails::{log_less_one, log_normal_tail};
use crate::structure::{NormLaw, Structure};

/// Standard deviations of first order that stand for one of a law with a heavy upper tail.
const LOSING_DEVIATIONS: f64 = 1.5;
/// How many times fewer or more than expected are lost: at one norm, and where the norm decides (measured:
/// .93 to 1.17 times, `docs/validation.md`).
const FACTOR_OF_CLUSTERS: f64 = 2.0;
const FACTOR_OF_NORMS: f64 = 1.3;
/// Accuracy of the load of probability ½.
const LOAD_ACCURACY: f64 = 1e-5;

/// The expected numbers of lost patterns among P at λ, for patterns on the sphere, normal
/// components and fair signs of N = `size` components.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, lost_patterns};
/// // Simulated: 10.995(232) and 0.070(21) of 167 patterns, and 3.575(139) of 88 at α = 0.14.
/// let (gaussian, patterns) = (dam_theory::ensembles::Gaussian, PatternCount::from_load(0.16, 32.0)?);
/// let lost = lost_patterns(&gaussian, patterns, 32.0, 0.5)?;
/// assert!((lost.lost() - 10.4).abs() < 0.2 && (lost.lost_to_close_pair() - 0.04).abs() < 0.005);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// [`TheoryError::NotKnown`] for other structures; N below 3, or λ that is not positive.
pub fn lost_patterns(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<LostPatterns, TheoryError> {
    domain::spherical_size(size)?;
    positive("the inverse temperature λ", inverse_temperature)?;
    match ensemble.structure() {
        Structure::Sphere => spherical(patterns, size, inverse_temperature),
        Structure::Normal => lost_gaussian(patterns, size, inverse_temperature),
        Structure::Signs => rademacher(patterns, size, inverse_temperature),
        Structure::Components(_) | Structure::Covariance(_) => Err(TheoryError::NotKnown {
            quantity: "the number of lost patterns",
            ensemble: ensemble.name(),
            reason: "it is known for patterns on the sphere, normal components and fair signs",
        }),
    }
}

/// The load α at which half of the samples retrieve all their P = e^{αN} patterns (P a real
/// number); `None` where fewer do with three patterns already.
///
/// It tends to α_c as N → ∞: α₁ on the sphere, min(α_B, ¼ ln 2) for Gaussian patterns.
///
/// Losses are taken as independent, and all patterns but the nearest as averaged. Where the
/// threshold is that of the typical target (the sphere), the others fluctuate from target to target
/// and lose some of them too, so that this overestimates the load at small N, by 1 to 3 % at
/// λ = 0.5, N = 16 to 24 (`docs/extrapolation.md` holds it against measurements).
///
/// # Errors
/// As [`lost_patterns`].
pub fn half_load(
    ensemble: &dyn Ensemble,
    size: f64,
    inverse_temperature: f64,
) -> Result<Option<f64>, TheoryError> {
    half_load_of(ensemble, size, inverse_temperature, |lost, _| {
        Ok(log_losses(lost))
    })
}

/// What [`lost_patterns`] may be off by.
///
/// Where |ξ|² = N, a factor of two and those targets whose λ_× the fluctuations of the noise raise above λ:
/// λ_× normal around its expected median and the error of that (at most a deviation), with one and a half
/// times the [first-order deviation](super::crossover_deviation), since its upper tail is heavier. Of signs
/// also half of the targets whose neighbour differs in one sign more than the averaged noise needs to lose them. The losses of normal
/// components go by the norm of the target, and are known to a third.
///
/// # Errors
/// As [`lost_patterns`].
pub fn loss_error(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<LossError, TheoryError> {
    domain::spherical_size(size)?;
    positive("the inverse temperature λ", inverse_temperature)?;
    let of_noise = LossError {
        factor: match ensemble.structure().norm_law() {
            NormLaw::Fixed => FACTOR_OF_CLUSTERS,
            NormLaw::ChiSquared | NormLaw::Fluctuating => FACTOR_OF_NORMS,
        },
        to_fluctuations: 0.0,
        count: patterns.log_count().exp(),
    };
    // one other pattern leaves λ_× = 0 in every sample
    if ensemble.structure().norm_law() != NormLaw::Fixed || patterns.log_noise_patterns() == 0.0 {
        return Ok(of_noise);
    }
    let noise = AxisNoise::of(ensemble, size)?;
    let log_share = match expanded_law(noise, patterns)? {
        Some(law) => {
            let deviation = LOSING_DEVIATIONS * law.deviation;
            let distance = inverse_temperature - law.median - law.median_error.min(deviation);
            // a deviation that underflows leaves a step
            if distance == 0.0 {
                -LN_2
            } else {
                log_normal_tail(distance / deviation)
            }
        }
        None => 0.0,
    };
    let mut to_fluctuations = (patterns.log_count() + log_share).exp();
    if let Structure::Signs = ensemble.structure() {
        let sure = most_differing(patterns, size, inverse_temperature)?;
        let share = |differing| log_share_of_signs(patterns, size, differing).exp();
        let next = share(sure.map(|sure| sure + 1.0)) - share(sure);
        to_fluctuations += 0.5 * patterns.log_count().exp() * next;
    }
    Ok(LossError {
        to_fluctuations,
        ..of_noise
    })
}

/// [`half_load`] and what it may be off by: its distance to the load at which the most losses that
/// [`loss_error`] allows leave half of the samples. `None` where there is no half-load.
///
/// ```
/// use dam_theory::finite_size::half_load_estimate;
/// let spherical = dam_theory::ensemble("spherical")?;
/// let half = half_load_estimate(spherical.as_ref(), 20.0, 0.5)?.expect("there is one");
/// // measured: 0.2613(2)
/// assert!((half.value - 0.2613).abs() < half.error && half.error < 0.07 * half.value);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// As [`lost_patterns`].
pub fn half_load_estimate(
    ensemble: &dyn Ensemble,
    size: f64,
    inverse_temperature: f64,
) -> Result<Option<Estimate>, TheoryError> {
    let Some(half) = half_load(ensemble, size, inverse_temperature)? else {
        return Ok(None);
    };
    let most = |lost: &LostPatterns, patterns| -> Result<f64, TheoryError> {
        let error = loss_error(ensemble, patterns, size, inverse_temperature)?;
        Ok(log_losses(&error.range(lost)[1]))
    };
    let least = half_load_of(ensemble, size, inverse_temperature, most)?;
    // with three patterns already more are lost
    let least = least.unwrap_or(3.0_f64.ln() / size);
    Ok(Some(Estimate {
        value: half,
        // both are found to this
        error: (half - least).max(LOAD_ACCURACY),
    }))
}

/// ln of the losses that count one by one.
fn log_losses(lost: &LostPatterns) -> f64 {
    if lost.pairs_are_mutual {
        lost.losses().ln()
    } else {
        lost.log_lost
    }
}

/// The load at which the logarithm of the losses is ln ln 2; `None` where three patterns have more.
fn half_load_of(
    ensemble: &dyn Ensemble,
    size: f64,
    inverse_temperature: f64,
    log_losses: impl Fn(&LostPatterns, PatternCount) -> Result<f64, TheoryError>,
) -> Result<Option<f64>, TheoryError> {
    let excess = |load: f64| -> Result<f64, TheoryError> {
        let patterns = PatternCount::from_log_noise_patterns(log_less_one(load * size))?;
        let lost = lost_patterns(ensemble, patterns, size, inverse_temperature)?;
        // where nothing is lost the logarithm is −∞
        Ok((log_losses(&lost, patterns)? - LN_2.ln()).max(-1e6))
    };
    let low = 3.0_f64.ln() / size;
    if excess(low)? > 0.0 {
        return Ok(None);
    }
    let mut high = low;
    let mut step = 0.02_f64.max(1.0 / size);
    while excess(high)? <= 0.0 {
        high += step;
        step *= 1.3;
        within("the load α_{1/2}", high, high < 20.0, "below 20")?;
    }
    let mut low = low.max(high - step);
    let (mut at_low, mut at_high) = (excess(low)?, excess(high)?);
    while high - low > LOAD_ACCURACY {
        // the logarithm is nearly linear in α: a chord, kept off the ends so that both close in
        let chord = at_low / (at_low - at_high);
        let margin = (0.1 * LOAD_ACCURACY / (high - low)).max(0.02);
        let middle = low + chord.clamp(margin, 1.0 - margin) * (high - low);
        let value = excess(middle)?;
        if value > 0.0 {
            (high, at_high) = (middle, value);
        } else {
            (low, at_low) = (middle, value);
        }
    }
    Ok(Some(0.5 * (low + high)))
}

fn spherical(
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<LostPatterns, TheoryError> {
    let noise = SphericalNoise::new(size)?;
    let law = SphericalOverlapLaw::new(size)?;
    let log_others = patterns.log_others();
    // at right angles the neighbour is as harmless as the others; a target lost there is lost to
    // the noise
    let least = least_losing(0.0, 1.0, OVERLAP_ACCURACY / size, |cosine| {
        SphericalNeighbour {
            inverse_temperature,
            log_others,
            noise,
            cosine,
        }
        .is_lost()
    });
    let log_share = match least {
        Some(0.0) => 0.0,
        Some(cosine) => log_any(patterns, law.log_tail(cosine)?),
        None => f64::NEG_INFINITY,
    };
    Ok(LostPatterns {
        log_lost: patterns.log_count() + log_share,
        log_close_pair: f64::NEG_INFINITY,
        pairs_are_mutual: false,
    })
}

fn rademacher(
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<LostPatterns, TheoryError> {
    let sure = most_differing(patterns, size, inverse_temperature)?;
    let log_count = patterns.log_count();
    Ok(LostPatterns {
        log_lost: log_count + log_share_of_signs(patterns, size, sure),
        log_close_pair: log_count + log_any(patterns, -size * LN_2),
        pairs_are_mutual: true,
    })
}

/// The largest number of differing components of a neighbour that still loses the target; none differing, a
/// duplicate, always does. `None` where every neighbour does.
fn most_differing(
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<Option<f64>, TheoryError> {
    let noise = RademacherNoise::new(size)?;
    let log_others = patterns.log_others();
    let is_lost = |differing: f64| {
        RademacherNeighbour {
            inverse_temperature,
            log_others,
            size,
            differing,
            noise,
        }
        .is_lost()
    };
    let half = (0.5 * size).floor();
    if is_lost(half) {
        return Ok(None);
    }
    let (mut lost, mut kept) = (0.0, half);
    while kept - lost > 1.0 {
        let middle = (0.5 * (lost + kept)).floor();
        if is_lost(middle) {
            lost = middle;
        } else {
            kept = middle;
        }
    }
    Ok(Some(lost))
}

/// ln of the probability that some pattern differs from the target in so many components or fewer.
fn log_share_of_signs(patterns: PatternCount, size: f64, differing: Option<f64>) -> f64 {
    differing.map_or(0.0, |differing| {
        log_any(patterns, log_lower_binomial(size, differing))
    })
}

/// ln Pr(k ≤ `most`) of fair coins, by the sum of its terms from the largest down.
fn log_lower_binomial(size: f64, most: f64) -> f64 {
    let log_factorial = |n: f64| libm::lgamma(n + 1.0);
    let largest = log_factorial(size) - log_factorial(most) - log_factorial(size - most);
    let (mut term, mut sum) = (1.0, 1.0);
    let mut count = most;
    while count > 0.0 && term > 1e-17 * sum {
        term *= count / (size - count + 1.0);
        sum += term;
        count -= 1.0;
    }
    largest + sum.ln() - size * LN_2
}
