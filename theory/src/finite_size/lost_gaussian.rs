//! The losses of Gaussian patterns, over the laws of the target's norm and of its nearest
//! neighbour.

use std::f64::consts::LN_2;

use super::gaussian_norm::GaussianNormLaw;
use super::losses::{LostPatterns, OVERLAP_ACCURACY, least_losing, log_any};
use super::neighbour_map::GaussianNeighbour;
use super::pattern_count::PatternCount;
use super::projection::ProjectionLaw;
use crate::error::TheoryError;
use crate::numbers::log_tails::{log_normal_tail, log_sum};
use crate::numbers::minimum::minimize;
use crate::numbers::quadrature::{LEGENDRE_NODES, NORMAL_PROBABILITIES};

/// Neighbours nearer than this multiple of |ξ|² lose every target of typical length.
const LARGEST_OVERLAP: f64 = 2.0;
/// From this N on the length of ν_⊥ is taken at its mean.
const SIZE_OF_FIXED_LENGTH: f64 = 64.0;
/// Points on either side of the largest term of the expectation over ln r, and their distance in
/// standard deviations: the trapezoidal rule is good to 1e-5 there.
const NORM_POINTS: i32 = 10;
const NORM_STEP: f64 = 0.5;
/// Mean number of neighbours beyond the overlap that surely loses the target.
const SURE: f64 = 7.0;
/// Intervals in which the largest term of an expectation is looked for.
const CANDIDATES: i32 = 12;
/// Terms of the expectation below e^{−12} of the largest are left out.
const NEGLECTED: f64 = 12.0;
/// Norms r below e^{−20} are taken to be lost.
const LEAST_LOG_NORM: f64 = -20.0;

/// The losses of normal components.
pub(super) fn lost_gaussian(
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<LostPatterns, TheoryError> {
    let law = GaussianNormLaw::new(size)?;
    let perpendicular_law = GaussianNormLaw::new(size - 1.0)?;
    let log_others = patterns.log_others();
    let mut perpendicular = vec![(size - 1.0, 1.0)];
    if size < SIZE_OF_FIXED_LENGTH {
        perpendicular.clear();
        for (probability, weight) in NORMAL_PROBABILITIES {
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
    let log_count = patterns.log_count();
    Ok(LostPatterns {
        log_lost: log_count + log_sum(&log_shares),
        log_close_pair: log_count + log_close_pair_share(law, patterns)?,
        pairs_are_mutual: false,
    })
}

/// ln Pr(some pattern overlaps more with a target than itself): λ does not help those.
pub(super) fn log_close_pair_share(
    law: GaussianNormLaw,
    patterns: PatternCount,
) -> Result<f64, TheoryError> {
    let size = law.size();
    log_expectation(law, |norm| {
        log_any(patterns, log_normal_tail((norm * size).sqrt()))
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
/// Above r_c g falls from 0 within a width of order 1/N, far below the √(2/N) of the law of r:
/// panels of a Gauss rule grow from both sides of the largest term by factors of two. Good to 1e-2.
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
    let edge = if is_surely_lost(lowest.exp()) {
        let kept = if lowest == -spread {
            highest
        } else {
            0.5 * lowest
        };
        let edge = last_lost(lowest, kept, 1e-3 / law.size(), is_surely_lost);
        logs.push(law.log_lower_tail(edge.exp())?);
        edge
    } else {
        lowest
    };
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
    let peak = minimize(|x| Ok(-exponent(x)?), low, high, 0.1 * spread)?.place;
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
            for (node, weight) in LEGENDRE_NODES {
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

/// The x between `lost` and `kept` up to which a target of r = e^x is lost, by bisection.
fn last_lost(mut lost: f64, mut kept: f64, accuracy: f64, is_lost: impl Fn(f64) -> bool) -> f64 {
    while kept - lost > accuracy {
        let middle = 0.5 * (lost + kept);
        if is_lost(middle.exp()) {
            lost = middle;
        } else {
            kept = middle;
        }
    }
    lost
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
            for (probability, weight) in NORMAL_PROBABILITIES {
                let squared_norm = perpendicular_law.quantile(probability).unwrap();
                let is_fixed = size >= SIZE_OF_FIXED_LENGTH;
                let target = GaussianTarget {
                    patterns,
                    size,
                    inverse_temperature,
                    log_others: patterns.log_others(),
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
            let found = lost_gaussian(patterns, size, inverse_temperature).unwrap();
            let expected = log_count + log_sum(&logs);
            assert!(
                (found.log_lost - expected).abs() < 1.5e-2,
                "{size} {load}: {} {expected}",
                found.log_lost
            );
        }
    }
}
