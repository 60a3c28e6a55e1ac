//! λ_×(α, N) of any ensemble, by its structure: of the typical target, and the median over targets.

use super::axis_noise::AxisNoise;
use super::component_crossover::{
    median_component_crossover, median_covariance_crossover, typical_component_crossover,
    typical_covariance_crossover,
};
use super::gaussian_norm::gaussian_crossover_distribution;
use super::map::CollinearMap;
use super::pattern_count::PatternCount;
use super::saddle_node::Crossover;
use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::structure::Structure;

/// λ_×(α, N) of the typical target with P = round(e^{αN}): the norm r = 1 of normal components,
/// one target component for each node of other laws, ξ_i² = c_i in the eigenbasis of a covariance,
/// whose spectrum is averaged where it is random (give that of one sample to
/// [`typical_covariance_crossover`]).
///
/// Since λ_× falls with r and the median of r is 1 − 2/(3N) + …, the median of λ_× over Gaussian
/// targets lies a little above its value at r = 1 (.3234 against .3173 at α = .2, N = 40).
/// `None` when no λ retrieves (see [`CollinearMap::crossover`]).
///
/// ```
/// use dam_theory::finite_size::{CrossoverKind, crossover};
/// let spherical = dam_theory::ensemble("spherical")?;
/// let found = crossover(spherical.as_ref(), 0.2, 40.0)?.expect("the sphere always has one");
/// assert!((found.inverse_temperature - 0.316469357848).abs() < 1e-11);
/// assert_eq!(found.kind, CrossoverKind::SaddleNode);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// α or N out of the ensemble's domain.
pub fn crossover(
    ensemble: &dyn Ensemble,
    load: f64,
    size: f64,
) -> Result<Option<Crossover>, TheoryError> {
    typical_crossover(ensemble, PatternCount::from_load(load, size)?, size)
}

/// [`crossover`] for any number of patterns.
fn typical_crossover(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
) -> Result<Option<Crossover>, TheoryError> {
    match ensemble.structure() {
        Structure::Sphere | Structure::Normal | Structure::Signs => {
            CollinearMap::new(AxisNoise::of(ensemble, size)?, patterns).crossover()
        }
        Structure::Components(law) => typical_component_crossover(law, size, patterns),
        Structure::Covariance(law) => typical_covariance_crossover(&law.spectrum(size)?, patterns),
    }
}

/// The median over targets of λ_× from x₀ = ξ¹: what a simulation of many disorder samples
/// measures. Where |ξ¹|² = N it is λ_× of the typical target; for normal components the median over
/// |ξ¹|² ~ χ²_N; for other laws of the components and for covariances (averaged over their
/// disorder, whose fluctuations are smaller by 1/√N) the median to first order in the fluctuations
/// of the target. `None` where fewer than half of the targets have a crossover.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, median_crossover};
/// let patterns = PatternCount::from_load(0.2, 40.0)?;
/// let spherical = dam_theory::ensemble("spherical")?;
/// let median = median_crossover(spherical.as_ref(), patterns, 40.0)?;
/// assert!((median.expect("the sphere has one") - 0.31647).abs() < 1e-5);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// N or P outside the domain.
pub fn median_crossover(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
) -> Result<Option<f64>, TheoryError> {
    let found = match ensemble.structure() {
        Structure::Normal => return Ok(gaussian_crossover_distribution(patterns, size)?.median),
        Structure::Sphere | Structure::Signs => typical_crossover(ensemble, patterns, size)?,
        Structure::Components(law) => median_component_crossover(law, size, patterns)?,
        Structure::Covariance(law) => median_covariance_crossover(&law.spectrum(size)?, patterns)?,
    };
    Ok(found.map(|crossover| crossover.inverse_temperature))
}
