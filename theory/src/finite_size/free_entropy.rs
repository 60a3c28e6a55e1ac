//! The mean of ln Σ_μ exp(λ x·ξ^μ) over the disorder at finite size, through condensation.
//!
//! For M independent levels e^μ = λ x·ξ^μ, Z = Σ_μ e^{e^μ} and an independent E ~ Exp(1), the
//! variable U = ln(E/Z) has
//!
//! ```text
//! Pr(U > u) = E exp(−e^u Z) = [1 − q(u)]^M,   q(u) = E[1 − exp(−e^{u + e})],   E ln Z = −γ − E U
//! ```
//!
//! with Euler's γ = −E ln E: one integral over u of the law of one level, without the replica or
//! the annealed average. (The identity is the Gumbel trick; for the Random Energy Model see B.
//! Derrida, Phys. Rev. B 24, 2613 (1981).)

use std::f64::consts::PI;

use super::domain;
use super::overlap_law::SphericalOverlapLaw;
use super::pattern_count::PatternCount;
use crate::error::TheoryError;
use crate::numbers::quadrature::integrate;
use crate::numbers::root::find_root;

/// Euler's constant γ.
const EULER: f64 = 0.577_215_664_901_532_9;
/// Pr(U > u) is taken as 1 or 0 where it is so to e^{−28} and e^{−33}.
const LOG_RATE_AT_ONE: f64 = -28.0;
const LOG_RATE_AT_ZERO: f64 = 3.5;
/// Nodes that one of M patterns reaches with probability below e^{−45} are left out.
const LOG_NEGLECTED: f64 = -45.0;
/// Beyond this the logarithm of the rate only matters by its sign.
const LARGEST_LOG_RATE: f64 = 1e3;

/// (1/N) E ln Σ_{μ≥2} e^{λ x·ξ^μ} of the P − 1 noise patterns on the sphere |ξ|² = N, at a state
/// with |x|² = ρN.
///
/// It tends to Φ_{α,ρ}(λ), and stays below the annealed [ln(P − 1) + ln E e^{λ x·ξ}]/N at every N
/// and λ.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, spherical_mean_free_entropy};
/// // one pattern: E λ x·ξ = 0
/// let single = spherical_mean_free_entropy(PatternCount::from_count(2.0)?, 20.0, 0.7, 1.0)?;
/// assert!(single.abs() < 1e-9);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// [`TheoryError`] when N is below 3, or λ or ρ is not positive.
pub fn spherical_mean_free_entropy(
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
    squared_norm: f64,
) -> Result<f64, TheoryError> {
    let law = SphericalOverlapLaw::new(size)?;
    let scale = scale(size, inverse_temperature, squared_norm)?;
    // ε = √ρ cos θ: the midpoint rule in θ converges like e^{−c/h} once it resolves the width 1/√N
    // of the law and 1/(λN√ρ) of the Boltzmann factor
    let count = (64.0 + PI * (4.0 * scale + 4.0 * size.sqrt())).ceil();
    let step = PI / count;
    let nodes = indices(count)
        .map(|index| {
            let angle = (index + 0.5) * step;
            let log_weight = law.log_density(angle.cos())? + (step * angle.sin()).ln();
            Ok((scale * angle.cos(), log_weight))
        })
        .collect::<Result<_, TheoryError>>()?;
    Ok(mean_log_sum(patterns, nodes)? / size)
}

/// (1/N) E ln Σ_{μ≥2} e^{λ x·ξ^μ} of P − 1 Gaussian patterns `ξ_i` ~ N(0, 1), at a state with |x|²
/// = ρN.
///
/// # Errors
/// [`TheoryError`] when N is below 1, or λ or ρ is not positive.
pub fn gaussian_mean_free_entropy(
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
    squared_norm: f64,
) -> Result<f64, TheoryError> {
    domain::size(size)?;
    // λ x·ξ = λ√(ρN) z, z ~ N(0, 1)
    let scale = scale(size, inverse_temperature, squared_norm)? / size.sqrt();
    let step = 0.25 / scale.max(1.0);
    let largest = (2.0 * (patterns.log_noise_patterns() - LOG_NEGLECTED)).sqrt();
    let half = (largest / step).ceil();
    let nodes = indices(2.0 * half + 1.0)
        .map(|index| {
            let normal = (index - half) * step;
            let log_weight = step.ln() - 0.5 * normal * normal - 0.5 * (2.0 * PI).ln();
            (scale * normal, log_weight)
        })
        .collect();
    Ok(mean_log_sum(patterns, nodes)? / size)
}

/// 0, 1, …, `count` − 1.
fn indices(count: f64) -> impl Iterator<Item = f64> {
    std::iter::successors(Some(0.0), move |index| {
        Some(index + 1.0).filter(|&next| next < count)
    })
}

/// λN√ρ.
fn scale(size: f64, inverse_temperature: f64, squared_norm: f64) -> Result<f64, TheoryError> {
    domain::positive("the inverse temperature λ", inverse_temperature)?;
    domain::positive("the squared norm ρ", squared_norm)?;
    Ok(inverse_temperature * size * squared_norm.sqrt())
}

/// E ln Σ e^{e} for M independent levels, from nodes (e, ln weight) of the law of one.
fn mean_log_sum(patterns: PatternCount, nodes: Vec<(f64, f64)>) -> Result<f64, TheoryError> {
    let log_count = patterns.log_noise_patterns();
    let nodes: Vec<(f64, f64)> = nodes
        .into_iter()
        .filter(|(_, log_weight)| log_weight + log_count > LOG_NEGLECTED)
        .map(|(level, log_weight)| (level, log_weight.exp()))
        .collect();
    let total: f64 = nodes.iter().map(|(_, weight)| weight).sum();
    // ln of −ln Pr(U > u) = −M ln(1 − q)
    let log_rate = |u: f64| {
        let missed: f64 = nodes
            .iter()
            .map(|(level, weight)| -weight * (-(u + level).exp()).exp_m1())
            .sum();
        let rate = -(-(missed / total).min(1.0)).ln_1p();
        (log_count + rate.ln()).clamp(-LARGEST_LOG_RATE, LARGEST_LOG_RATE)
    };
    let levels = || nodes.iter().map(|(level, _)| *level);
    let highest = levels().fold(f64::NEG_INFINITY, f64::max);
    let lowest = levels().fold(f64::INFINITY, f64::min);
    // q(u) lies between its values for levels that are all highest or all lowest
    let bottom = LOG_RATE_AT_ONE - log_count - highest - 1.0;
    let top = LOG_RATE_AT_ZERO - lowest + 1.0;
    let low = find_root(|u| log_rate(u) - LOG_RATE_AT_ONE, bottom, top)?;
    let high = find_root(|u| log_rate(u) - LOG_RATE_AT_ZERO, low, top)?;
    let [above] = integrate(|u| [(-log_rate(u).exp()).exp()], low, high, 1e-11);
    Ok(-EULER - (low + above))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::finite_size::SphericalNoise;

    #[test]
    fn one_level_has_mean_zero_and_two_match_a_single_integral() {
        let one = PatternCount::from_count(2.0).unwrap();
        let two = PatternCount::from_count(3.0).unwrap();
        for (size, lambda, rho) in [(5.0, 0.3, 1.0), (20.0, 1.0, 0.5), (40.0, 2.0, 1.0)] {
            let value = gaussian_mean_free_entropy(one, size, lambda, rho).unwrap();
            assert!(value.abs() < 1e-9, "{size} {value}");
            let value = spherical_mean_free_entropy(one, size, lambda, rho).unwrap();
            assert!(value.abs() < 1e-8, "{size} {value}");
            // E ln(e^a + e^b) = E ln(2 cosh d), d = (a − b)/2 of variance λ²ρN/2
            let deviation = lambda * (0.5 * rho * size).sqrt();
            let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
            let log_cosh = |d: f64| d.abs() + (-2.0 * d.abs()).exp().ln_1p();
            let [half] = integrate(|z| [density(z) * log_cosh(deviation * z)], 0.0, 12.0, 1e-13);
            let value = size * gaussian_mean_free_entropy(two, size, lambda, rho).unwrap();
            assert!((value - 2.0 * half).abs() < 1e-8, "{size} {value} {half}");
        }
    }

    #[test]
    fn it_joins_the_annealed_average_and_the_largest_level() {
        let size = 40.0;
        let patterns = PatternCount::from_load(0.2, size).unwrap();
        let noise = SphericalNoise::new(size).unwrap();
        let law = SphericalOverlapLaw::new(size).unwrap();
        let log_count = patterns.log_noise_patterns();
        let annealed = |lambda: f64| {
            let moment = noise.log_moment_generating_function(lambda, 1.0).unwrap();
            (log_count + moment) / size
        };
        let mut gap = 0.0;
        for lambda in [0.05, 0.2, 0.5, 1.0, 2.0] {
            let mean = spherical_mean_free_entropy(patterns, size, lambda, 1.0).unwrap();
            let below = annealed(lambda) - mean;
            assert!(below > gap, "{lambda}: {below}");
            gap = below;
        }
        let mean = spherical_mean_free_entropy(patterns, size, 0.05, 1.0).unwrap();
        assert!(annealed(0.05) - mean < 1e-6);
        let lambda = 40.0;
        let mean = spherical_mean_free_entropy(patterns, size, lambda, 1.0).unwrap();
        let largest = law.mean_maximum(log_count).unwrap();
        assert!(mean / lambda > largest && mean / lambda - largest < 1e-4);
    }

    #[test]
    fn small_spheres_and_bad_arguments() {
        // N = 3: x·ξ is uniform, M = 1
        let one = PatternCount::from_count(2.0).unwrap();
        assert!(
            spherical_mean_free_entropy(one, 3.0, 2.0, 1.0)
                .unwrap()
                .abs()
                < 1e-3
        );
        assert!(spherical_mean_free_entropy(one, 2.0, 1.0, 1.0).is_err());
        assert!(spherical_mean_free_entropy(one, 10.0, 0.0, 1.0).is_err());
        assert!(gaussian_mean_free_entropy(one, 10.0, 1.0, -1.0).is_err());
    }
}
