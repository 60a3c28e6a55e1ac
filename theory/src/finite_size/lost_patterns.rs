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
use super::crossover_deviation::crossover_deviation;
use super::domain;
use super::domain::{positive, within};
use super::losses::{LostPatterns, OVERLAP_ACCURACY, least_losing, log_any};
use super::lost_gaussian::lost_gaussian;
use super::map::CollinearMap;
use super::neighbour_map::{RademacherNeighbour, SphericalNeighbour};
use super::noise::{RademacherNoise, SphericalNoise};
use super::overlap_law::SphericalOverlapLaw;
use super::pattern_count::PatternCount;
use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::numbers::log_tails::{log_less_one, normal_upper_quantile};
use crate::structure::{NormLaw, Structure};

/// Standard deviations of first order that stand for one of a law with a heavy upper tail.
const LOSING_DEVIATIONS: f64 = 1.5;
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
    load_of_losses(ensemble, size, inverse_temperature, LN_2)
}

/// What [`half_load`] may be off by where |ξ|² = N: the distance of the load at which half as many are
/// lost, or of that at which the fluctuations of the noise lose one target, if that is larger: where
/// the P-th part of the targets has λ_× above λ, λ_× normal around the averaged one with one and a half
/// times the [first-order deviation](crossover_deviation). `None` for normal components, whose losses
/// go by the norm of the target, and where there is no half-load.
///
/// ```
/// use dam_theory::finite_size::{half_load, half_load_error};
/// let spherical = dam_theory::ensemble("spherical")?;
/// let half = half_load(spherical.as_ref(), 20.0, 0.5)?.expect("there is one");
/// let error = half_load_error(spherical.as_ref(), 20.0, 0.5)?.expect("on the sphere");
/// assert!((half - 0.2613).abs() < error && error < 0.05 * half); // measured: 0.2613(2)
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// As [`lost_patterns`].
pub fn half_load_error(
    ensemble: &dyn Ensemble,
    size: f64,
    inverse_temperature: f64,
) -> Result<Option<f64>, TheoryError> {
    if ensemble.structure().norm_law() != NormLaw::Fixed {
        return Ok(None);
    }
    let at = |losses| load_of_losses(ensemble, size, inverse_temperature, losses);
    let (Some(half), Some(fewer)) = (at(LN_2)?, at(0.5 * LN_2)?) else {
        return Ok(None);
    };
    let noise = AxisNoise::of(ensemble, size)?;
    let excess = |load: f64| -> Result<f64, TheoryError> {
        let patterns = PatternCount::from_log_noise_patterns(log_less_one(load * size))?;
        let map = CollinearMap::new(noise, patterns);
        let Some(found) = map.crossover()? else {
            return Ok(f64::INFINITY);
        };
        let deviation = LOSING_DEVIATIONS * crossover_deviation(&map)?.unwrap_or(0.0);
        let rarest = normal_upper_quantile(LN_2.ln() - patterns.log_count())?;
        Ok(found.inverse_temperature + rarest * deviation - inverse_temperature)
    };
    let (mut low, mut high) = (3.0_f64.ln() / size, half);
    if excess(high)? > 0.0 {
        while high - low > LOAD_ACCURACY {
            let middle = 0.5 * (low + high);
            if excess(middle)? > 0.0 {
                high = middle;
            } else {
                low = middle;
            }
        }
    }
    Ok(Some((half - fewer).max(half - high)))
}

/// The load of an expected number of losses; `None` where three patterns have more.
fn load_of_losses(
    ensemble: &dyn Ensemble,
    size: f64,
    inverse_temperature: f64,
    losses: f64,
) -> Result<Option<f64>, TheoryError> {
    let excess = |load: f64| -> Result<f64, TheoryError> {
        let patterns = PatternCount::from_log_noise_patterns(log_less_one(load * size))?;
        let lost = lost_patterns(ensemble, patterns, size, inverse_temperature)?;
        let log_losses = if lost.pairs_are_mutual {
            lost.losses().ln()
        } else {
            lost.log_lost
        };
        // where nothing is lost the logarithm is −∞
        Ok((log_losses - losses.ln()).max(-1e6))
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
    // the largest number of differing components that still loses the target; none differing, a
    // duplicate, always does
    let half = (0.5 * size).floor();
    let log_share = if is_lost(half) {
        0.0
    } else {
        let (mut lost, mut kept) = (0.0, half);
        while kept - lost > 1.0 {
            let middle = (0.5 * (lost + kept)).floor();
            if is_lost(middle) {
                lost = middle;
            } else {
                kept = middle;
            }
        }
        log_any(patterns, log_lower_binomial(size, lost))
    };
    let log_count = patterns.log_count();
    Ok(LostPatterns {
        log_lost: log_count + log_share,
        log_close_pair: log_count + log_any(patterns, -size * LN_2),
        pairs_are_mutual: true,
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
