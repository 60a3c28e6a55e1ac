//! Whether all stored patterns are retrieved at finite N: expected numbers of lost ones, and the load at which half of the
//! samples lose none.
//!
//! A pattern is lost to the noise, which beats targets of low norm first, or to a close neighbour. Both enter one map: the
//! nearest other pattern is followed explicitly, all others are averaged. It loses the target from some overlap s_* of the
//! neighbour on (every s where the averaged noise alone does), so that with t(s) = Pr(one overlap > s)
//!
//! ```text
//! E[lost] = P E_ξ{1 − [1 − t(s_*(ξ))]^{P−1}},    P(all retrieved) = exp(−E[lost])
//! ```
//!
//! The last step takes the losses as independent and rare (Poisson); equal signs of Rademacher patterns come in pairs, which
//! are lost together. Close pairs proper, ξ^μ·ξ^ν ≥ |ξ^μ|², are those that no λ separates: s_* → |ξ|² as λ → ∞.

use super::domain;
use super::domain::{positive, within};
use super::gaussian_norm::GaussianNormLaw;
use super::log_tails::{log_normal_tail, log_one_minus_exp};
use super::neighbour_map::{GaussianNeighbour, RademacherNeighbour, SphericalNeighbour};
use super::noise::{RademacherNoise, SphericalNoise};
use super::overlap_law::SphericalOverlapLaw;
use super::pattern_count::PatternCount;
use super::projection::ProjectionLaw;
use crate::TheoryError;
use std::f64::consts::LN_2;

/// The ensembles for which the expectations are known.
pub const ALL_PATTERNS_ENSEMBLES: [&str; 3] = ["spherical", "gaussian", "rademacher"];

/// Width of the last bracket of s_*/|ξ|², times N: the logarithm of its tail errs by less than r times this.
const OVERLAP_ACCURACY: f64 = 4e-3;
/// Accuracy of the load of probability ½.
const LOAD_ACCURACY: f64 = 1e-5;
/// Neighbours nearer than this multiple of |ξ|² lose every target of typical length.
const LARGEST_OVERLAP: f64 = 2.0;
/// From this N on the length of ν_⊥ is taken at its mean.
const SIZE_OF_FIXED_LENGTH: f64 = 64.0;
/// Points on either side of the largest term of the expectation over ln r, and their distance in standard deviations: the
/// trapezoidal rule is good to 1e-5 there.
const NORM_POINTS: i32 = 10;
const NORM_STEP: f64 = 0.5;
/// Probabilities at which |ν_⊥|² is taken and their weights (three-point Gauss–Hermite rule).
const PERPENDICULAR_NODES: [(f64, f64); 3] = [
    (0.041_632_258_331_775_2, 1.0 / 6.0),
    (0.5, 2.0 / 3.0),
    (0.958_367_741_668_224_8, 1.0 / 6.0),
];

/// Three-point Gauss–Legendre rule on [−1, 1].
const GAUSS_NODES: [(f64, f64); 3] = [
    (-0.774_596_669_241_483_4, 5.0 / 9.0),
    (0.0, 8.0 / 9.0),
    (0.774_596_669_241_483_4, 5.0 / 9.0),
];
/// Mean number of neighbours beyond the overlap that surely loses the target.
const SURE: f64 = 7.0;
/// Intervals in which the largest term of an expectation is looked for.
const CANDIDATES: i32 = 12;
/// Terms of the expectation below e^{−12} of the largest are left out.
const NEGLECTED: f64 = 12.0;
/// Norms r below e^{−20} are taken to be lost.
const LEAST_LOG_NORM: f64 = -20.0;

/// Expected numbers of patterns lost at one λ, as logarithms: they overflow f64 at large N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LostPatterns {
    /// ln of the expected number of lost patterns.
    pub log_lost: f64,
    /// ln of the expected number that have a close pair, ξ^μ·ξ^ν ≥ |ξ^μ|²; −∞ on the sphere.
    pub log_close_pair: f64,
    /// Whether close pairs are lost two at a time (equal signs).
    pub pairs_are_mutual: bool,
}

impl LostPatterns {
    /// The expected number of lost patterns.
    pub fn lost(&self) -> f64 {
        self.log_lost.exp()
    }

    /// The expected number of patterns lost to a close pair.
    pub fn lost_to_close_pair(&self) -> f64 {
        self.log_close_pair.exp()
    }

    /// The expected number of patterns lost without one.
    pub fn lost_to_low_norm(&self) -> f64 {
        (self.lost() - self.lost_to_close_pair()).max(0.0)
    }

    /// The expected number of independent losses: a mutual pair counts once.
    pub fn losses(&self) -> f64 {
        if self.pairs_are_mutual {
            self.lost() - 0.5 * self.lost_to_close_pair()
        } else {
            self.lost()
        }
    }

    /// P(all retrieved) = exp(−losses).
    pub fn all_retrieved(&self) -> f64 {
        (-self.losses()).exp()
    }
}

/// The expected numbers of lost patterns among P at λ, for spherical, Gaussian and Rademacher patterns of N = `size`.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, lost_patterns};
/// // Simulated: 10.995(232) and 0.070(21) of 167 patterns, and 3.575(139) of 88 at α = 0.14.
/// let lost = lost_patterns("gaussian", PatternCount::from_load(0.16, 32.0)?, 32.0, 0.5)?;
/// assert!((lost.lost() - 10.4).abs() < 0.2 && (lost.lost_to_close_pair() - 0.04).abs() < 0.005);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// [`TheoryError`] for other ensembles, N below 3, or λ that is not positive.
pub fn lost_patterns(
    ensemble: &str,
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<LostPatterns, TheoryError> {
    domain::spherical_size(size)?;
    positive("the inverse temperature λ", inverse_temperature)?;
    match ensemble {
        "spherical" => spherical(patterns, size, inverse_temperature),
        "gaussian" => gaussian(patterns, size, inverse_temperature),
        "rademacher" => rademacher(patterns, size, inverse_temperature),
        _ => Err(TheoryError::UnknownEnsemble {
            name: ensemble.to_owned(),
            known: ALL_PATTERNS_ENSEMBLES.join(", "),
        }),
    }
}

/// The load α at which half of the samples retrieve all their P = e^{αN} patterns (P a real number); `None` where fewer do
/// with three patterns already.
///
/// It tends to α_c as N → ∞: α₁ on the sphere, min(α_B, ¼ ln 2) for Gaussian patterns.
///
/// Losses are taken as independent, and all patterns but the nearest as averaged. Where the threshold is that of the typical
/// target (the sphere), the others fluctuate from target to target and lose some of them too, so that this overestimates the
/// load at small N. Spherical patterns, measured against this theory:
///
/// ```text
/// λ = 0.5   N = 16: 0.2299(5) 0.2322   N = 20: 0.2613(2) 0.2668   N = 24: 0.2802(2) 0.2876
/// λ = 0.6   N = 16: 0.2752(5) 0.2750   N = 20: 0.3121(3) 0.3141
/// ```
///
/// For Gaussian patterns, N = 20 to 32, λ = 0.5 and 1, six measured loads with errors of 0.001 to 0.002 lie within 3
/// standard errors of it.
///
/// # Errors
/// As [`lost_patterns`].
pub fn half_load(
    ensemble: &str,
    size: f64,
    inverse_temperature: f64,
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
        Ok((log_losses - LN_2.ln()).max(-1e6))
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

/// ln(e^x − 1).
fn log_less_one(x: f64) -> f64 {
    x + log_one_minus_exp(-x)
}

/// ln(P − 2) of ln(P − 1); −∞ with two patterns.
fn log_others(patterns: PatternCount) -> f64 {
    let log_noise = patterns.log_noise_patterns();
    if log_noise == 0.0 {
        f64::NEG_INFINITY
    } else {
        log_less_one(log_noise)
    }
}

/// ln P of ln(P − 1).
fn log_count(patterns: PatternCount) -> f64 {
    let log_noise = patterns.log_noise_patterns();
    log_noise + (-log_noise).exp().ln_1p()
}

/// ln{1 − [1 − t]^{P−1}} of ln t.
fn log_any(patterns: PatternCount, log_tail: f64) -> f64 {
    if log_tail >= 0.0 {
        return 0.0;
    }
    // (P − 1) |ln(1 − t)|
    let log_rate = if log_tail < -36.0 {
        log_tail
    } else {
        (-log_one_minus_exp(log_tail)).ln()
    };
    let log_expected = patterns.log_noise_patterns() + log_rate;
    if log_expected < -36.0 {
        log_expected
    } else {
        log_one_minus_exp(-log_expected.exp())
    }
}

/// The least overlap in [`low`, `high`] that loses the target, by bisection; `None` when even `high` does not.
fn least_losing(low: f64, high: f64, accuracy: f64, is_lost: impl Fn(f64) -> bool) -> Option<f64> {
    if is_lost(low) {
        return Some(low);
    }
    if !is_lost(high) {
        return None;
    }
    let (mut kept, mut lost) = (low, high);
    while lost - kept > accuracy {
        let middle = 0.5 * (kept + lost);
        if is_lost(middle) {
            lost = middle;
        } else {
            kept = middle;
        }
    }
    Some(0.5 * (kept + lost))
}

fn spherical(
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<LostPatterns, TheoryError> {
    let noise = SphericalNoise::new(size)?;
    let law = SphericalOverlapLaw::new(size)?;
    let log_others = log_others(patterns);
    // at right angles the neighbour is as harmless as the others; a target lost there is lost to the noise
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
        log_lost: log_count(patterns) + log_share,
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
    let log_others = log_others(patterns);
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
    // the largest number of differing components that still loses the target; none differing, a duplicate, always does
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
    let log_count = log_count(patterns);
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

fn gaussian(
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<LostPatterns, TheoryError> {
    let law = GaussianNormLaw::new(size)?;
    let perpendicular_law = GaussianNormLaw::new(size - 1.0)?;
    let log_others = log_others(patterns);
    let mut perpendicular = vec![(size - 1.0, 1.0)];
    if size < SIZE_OF_FIXED_LENGTH {
        perpendicular.clear();
        for (probability, weight) in PERPENDICULAR_NODES {
            let squared_norm = perpendicular_law.quantile(probability)?;
            perpendicular.push(((size - 1.0) * squared_norm, weight));
        }
    }
    // the y that some neighbour exceeds but for one sample in e⁷
    let log_tail = SURE.ln() - patterns.log_noise_patterns();
    let sure = if log_tail < -LN_2 {
        ProjectionLaw::Gaussian.upper_quantile(log_tail)?
    } else {
        0.0
    };
    let mut log_shares = Vec::new();
    for (perpendicular, weight) in perpendicular {
        let target = GaussianTarget {
            patterns,
            size,
            inverse_temperature,
            log_others,
            perpendicular,
        };
        let is_sure = |norm: f64| target.is_lost(norm, sure / (norm * size).sqrt());
        let log_share = log_lost_share(law, is_sure, |norm| target.log_lost(norm))?;
        log_shares.push(weight.ln() + log_share);
    }
    let log_pair_at = |norm: f64| log_any(patterns, log_normal_tail((norm * size).sqrt()));
    let log_count = log_count(patterns);
    Ok(LostPatterns {
        log_lost: log_count + log_sum(&log_shares),
        log_close_pair: log_count + log_expectation(law, log_pair_at)?,
        pairs_are_mutual: false,
    })
}

/// A Gaussian target and its nearest neighbour: y = ξ·ν/|ξ| ~ N(0, 1) and |ν|² = y² + |ν_⊥|².
struct GaussianTarget {
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
    log_others: f64,
    /// |ν_⊥|².
    perpendicular: f64,
}

impl GaussianTarget {
    /// Whether a neighbour with ξ·ν/|ξ|² = `ratio` loses a target of r = `norm`.
    fn is_lost(&self, norm: f64, ratio: f64) -> bool {
        let squared_norm = norm * self.size;
        let overlap = ratio * squared_norm;
        GaussianNeighbour {
            inverse_temperature: self.inverse_temperature,
            log_others: self.log_others,
            squared_norm,
            overlap,
            neighbour_squared_norm: overlap * overlap / squared_norm + self.perpendicular,
        }
        .is_lost()
    }

    /// ln Pr(lost | r).
    fn log_lost(&self, norm: f64) -> f64 {
        let accuracy = OVERLAP_ACCURACY / self.size;
        let least = least_losing(0.0, LARGEST_OVERLAP, accuracy, |ratio| {
            self.is_lost(norm, ratio)
        });
        match least {
            Some(0.0) => 0.0,
            Some(ratio) => {
                let log_tail = log_normal_tail(ratio * (norm * self.size).sqrt());
                log_any(self.patterns, log_tail)
            }
            None => f64::NEG_INFINITY,
        }
    }
}

/// ln of Pr(r < r_c) + E[e^{g(r)}; r > r_c], where targets up to r_c are lost but for one in e⁷.
///
/// Above r_c g falls from 0 within a width of order 1/N, far below the √(2/N) of the law of r: panels of a Gauss rule grow from both
/// sides of the largest term by factors of two. Good to 1e-2.
fn log_lost_share(
    law: GaussianNormLaw,
    is_surely_lost: impl Fn(f64) -> bool,
    log_lost_at: impl Fn(f64) -> f64,
) -> Result<f64, TheoryError> {
    let spread = (2.0 / law.size()).sqrt();
    // in x = ln r
    let exponent = |x: f64| -> Result<f64, TheoryError> {
        let norm = x.exp();
        Ok(law.log_density(norm)? + x + log_lost_at(norm))
    };
    let highest = 8.0 * spread;
    if is_surely_lost(highest.exp()) {
        return Ok(0.0);
    }
    let mut lowest = -spread;
    while lowest > LEAST_LOG_NORM && !is_surely_lost(lowest.exp()) {
        lowest *= 2.0;
    }
    let mut logs = Vec::new();
    let mut edge = lowest;
    if is_surely_lost(lowest.exp()) {
        let mut kept = if lowest == -spread {
            highest
        } else {
            0.5 * lowest
        };
        while kept - edge > 1e-3 / law.size() {
            let middle = 0.5 * (edge + kept);
            *(if is_surely_lost(middle.exp()) {
                &mut edge
            } else {
                &mut kept
            }) = middle;
        }
        logs.push(law.log_lower_tail(edge.exp())?);
    }
    // candidates are dense above the edge, where the largest term is if low norms alone lose
    let top = highest.max(edge + highest);
    let candidate = |index: i32| {
        let fraction = f64::from(index.clamp(0, CANDIDATES)) / f64::from(CANDIDATES);
        edge + (top - edge) * fraction * fraction
    };
    let mut best = (0, f64::NEG_INFINITY);
    for index in 0..=CANDIDATES {
        let value = exponent(candidate(index))?;
        if value > best.1 {
            best = (index, value);
        }
    }
    let (low, high) = (candidate(best.0 - 1), candidate(best.0 + 1));
    let peak = largest(low, high, 0.1 * spread, &exponent)?;
    let at_peak = exponent(peak)?;
    for direction in [-1.0, 1.0] {
        let (mut inner, mut width) = (peak, 0.25 / law.size());
        loop {
            let outer = inner + direction * width;
            let outer = if direction < 0.0 {
                outer.max(edge)
            } else {
                outer
            };
            let (middle, half) = (0.5 * (inner + outer), 0.5 * (outer - inner).abs());
            let mut largest = f64::NEG_INFINITY;
            for (node, weight) in GAUSS_NODES {
                let log = exponent(middle + half * node)?;
                largest = largest.max(log);
                logs.push(log + (half * weight).ln());
            }
            inner = outer;
            width = (2.0 * width).min(0.7 * spread);
            if largest < at_peak - NEGLECTED || inner <= edge {
                break;
            }
        }
    }
    Ok(log_sum(&logs).min(0.0))
}

/// Where a function with one maximum in [`low`, `high`] is largest, by golden sections.
fn largest(
    mut low: f64,
    mut high: f64,
    accuracy: f64,
    function: &impl Fn(f64) -> Result<f64, TheoryError>,
) -> Result<f64, TheoryError> {
    const SECTION: f64 = 0.618_033_988_749_894_9;
    let (mut left, mut right) = (high - SECTION * (high - low), low + SECTION * (high - low));
    let (mut at_left, mut at_right) = (function(left)?, function(right)?);
    while high - low > accuracy {
        if at_left >= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - SECTION * (high - low);
            at_left = function(left)?;
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + SECTION * (high - low);
            at_right = function(right)?;
        }
    }
    Ok(0.5 * (low + high))
}

/// ln E_r e^{g(r)} for a falling g ≤ 0, which may be carried far in the lower tail of r.
fn log_expectation(
    law: GaussianNormLaw,
    log_function: impl Fn(f64) -> f64,
) -> Result<f64, TheoryError> {
    // in x = ln r
    let exponent = |x: f64| -> Result<f64, TheoryError> {
        let norm = x.exp();
        Ok(law.log_density(norm)? + x + log_function(norm))
    };
    let (mut centre, mut reach) = (-1.0_f64, 2.0_f64);
    let step = NORM_STEP * (2.0 / law.size()).sqrt();
    // the largest term, on grids that close in; g falls with steps of its slope only
    while reach > step {
        let mut best = (f64::NEG_INFINITY, centre);
        for index in -4..=4 {
            let x = centre + reach * f64::from(index) / 4.0;
            let value = exponent(x)?;
            if value > best.0 {
                best = (value, x);
            }
        }
        centre = best.1;
        reach *= 0.3;
    }
    let mut logs = Vec::new();
    for index in -NORM_POINTS..=NORM_POINTS {
        logs.push(exponent(centre + step * f64::from(index))?);
    }
    Ok(log_sum(&logs) + step.ln())
}

/// ln Σ e^{x_i}.
fn log_sum(logs: &[f64]) -> f64 {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest
        + logs
            .iter()
            .map(|log| (log - largest).exp())
            .sum::<f64>()
            .ln()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// A sum over thousands of norms, which resolves how steeply targets of low norm are lost.
    #[test]
    fn expectations_over_norms_are_those_of_a_fine_sum() {
        for (size, load, inverse_temperature) in
            [(26.0, 0.24, 0.5), (100.0, 0.16, 0.5), (2000.0, 0.152, 0.5)]
        {
            let patterns = PatternCount::from_load(load, size).unwrap();
            let law = GaussianNormLaw::new(size).unwrap();
            let perpendicular_law = GaussianNormLaw::new(size - 1.0).unwrap();
            let spread = (2.0 / size).sqrt();
            let step = 0.15 / size;
            let mut logs = Vec::new();
            for (probability, weight) in PERPENDICULAR_NODES {
                let squared_norm = perpendicular_law.quantile(probability).unwrap();
                let is_fixed = size >= SIZE_OF_FIXED_LENGTH;
                let target = GaussianTarget {
                    patterns,
                    size,
                    inverse_temperature,
                    log_others: log_others(patterns),
                    perpendicular: (size - 1.0) * if is_fixed { 1.0 } else { squared_norm },
                };
                let mut x = 6.0 * spread;
                let mut largest = f64::NEG_INFINITY;
                let mut log_term = largest;
                while x > -4.0 && log_term >= largest - 25.0 {
                    let norm = x.exp();
                    log_term = law.log_density(norm).unwrap() + x + target.log_lost(norm);
                    // the last neighbours beyond the longest overlap count for nothing
                    if log_term > f64::NEG_INFINITY {
                        largest = largest.max(log_term);
                    }
                    logs.push(log_term + (step * weight).ln());
                    x -= step;
                }
            }
            let log_count = load * size;
            let found = lost_patterns("gaussian", patterns, size, inverse_temperature).unwrap();
            let expected = log_count + log_sum(&logs);
            assert!(
                (found.log_lost - expected).abs() < 1.5e-2,
                "{size} {load}: {} {expected}",
                found.log_lost
            );
        }
    }
}
