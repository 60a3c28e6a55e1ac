//! How λ_× scatters over disorder samples of patterns of fixed norm.

use super::map::CollinearMap;
use super::noise::CollinearNoise;
use super::saddle_node::CrossoverKind;
use crate::error::TheoryError;

/// The standard deviation of λ_× over disorder samples around a target of given norm, to first
/// order in the fluctuations of the noise sum Z(u) = Σ e^{u ξ¹·ξ}. `None` without a saddle-node
/// (few patterns).
///
/// With δ(u) = Z/E Z − 1 the map F of the fixed points moves by δF = −w(1 − w)(1 − A)δ + (1 −
/// w)δ'/|ξ¹|², and λ_× = min u/F by −(λ_×²/u) δF at the saddle-node's field u; with G = ln E e^{u
/// ξ¹·ξ} and q = e^{G(2u) − 2G(u)}/(P − 1)
///
/// ```text
/// Var δ = q − 1/(P − 1),   Cov(δ, δ') = q[G'(2u) − G'(u)],   Var δ' = q{[G'(2u) − G'(u)]² + G''(2u)}
/// ```
///
/// It falls as 1/√P up to powers of N, much faster than the shift of λ_×. As a first order it is
/// low for few patterns, on the sphere at α = 0.2 by 13 % at N = 24 (P = 122): there
/// [`CrossoverLaw`](super::CrossoverLaw) gives the whole law.
///
/// ```
/// use dam_theory::finite_size::{CollinearMap, PatternCount, SphericalNoise, crossover_deviation};
/// let map = CollinearMap::new(SphericalNoise::new(40.0)?, PatternCount::from_load(0.2, 40.0)?);
/// // Simulated, 300 samples: 0.00157(6).
/// let deviation = crossover_deviation(&map)?.expect("a saddle-node");
/// assert!((deviation - 0.00157).abs() < 2e-5);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// As [`CollinearMap::crossover`].
pub fn crossover_deviation<N: CollinearNoise>(
    map: &CollinearMap<N>,
) -> Result<Option<f64>, TheoryError> {
    let found = map.crossover()?;
    let Some(found) = found.filter(|found| found.kind == CrossoverKind::SaddleNode) else {
        return Ok(None);
    };
    let (lambda, weight) = (found.inverse_temperature, found.weight);
    let field = lambda * found.amplitude;
    let (once, twice) = (map.noise().average(field), map.noise().average(2.0 * field));
    let squared_norm = map.noise().squared_norm();
    let log_noise = map.patterns().log_noise_patterns();
    let log_ratio =
        twice.log_moment_generating_function - 2.0 * once.log_moment_generating_function;
    let ratio = (log_ratio - log_noise).exp();
    // δF = −w(1 − w)(1 − A)(δ − κ δ')
    let lever = 1.0 / (weight * squared_norm * (1.0 - once.mean));
    let rise = squared_norm * (twice.mean - once.mean);
    let curvature = squared_norm * twice.slope;
    let variance = ratio * (1.0 - 2.0 * lever * rise + lever * lever * (rise * rise + curvature))
        - (-log_noise).exp();
    let slope = lambda * lambda / field * weight * (1.0 - weight) * (1.0 - once.mean);
    Ok(Some(slope * variance.max(0.0).sqrt()))
}
