//! The median of λ_× over disorder samples, whatever the ensemble.

use super::component_crossover::{median_component_crossover, median_covariance_crossover};
use super::crossover::{crossover_of, mean_spectrum};
use super::gaussian_norm::gaussian_crossover_distribution;
use super::pattern_count::PatternCount;
use crate::parameters::{self, Parameters};
use crate::{GaussianMixtureLaw, TheoryError, UniformLaw};

/// The median over targets of λ_× from x₀ = ξ¹: what a simulation of many disorder samples
/// measures. Where |ξ¹|² = N it is λ_× of the typical target; for Gaussian patterns the median over
/// |ξ¹|² ~ χ²_N; for other laws of the components, correlated Gaussian patterns and hidden
/// manifolds (averaged over F, whose fluctuations are smaller by 1/√N) the median to first order in
/// the fluctuations of the target. `None` where fewer than half of the targets have a crossover.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, median_crossover};
/// # use dam_theory::Parameters;
/// let patterns = PatternCount::from_load(0.2, 40.0)?;
/// let sphere = median_crossover("spherical", &Parameters::new(), patterns, 40.0)?;
/// assert!((sphere.expect("the sphere has one") - 0.31647).abs() < 1e-5);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// An unknown ensemble; N or P outside the domain.
pub fn median_crossover(
    ensemble: &str,
    parameters: &Parameters,
    patterns: PatternCount,
    size: f64,
) -> Result<Option<f64>, TheoryError> {
    parameters::check(ensemble, parameters)?;
    let found = match ensemble {
        "gaussian" => return Ok(gaussian_crossover_distribution(patterns, size)?.median),
        "uniform" => median_component_crossover(&UniformLaw, size, patterns)?,
        "gaussian-mixture" => median_component_crossover(&GaussianMixtureLaw, size, patterns)?,
        "correlated-gaussian" | "hidden-manifold" => {
            let spectrum = mean_spectrum(ensemble, parameters, size)?;
            median_covariance_crossover(&spectrum, patterns)?
        }
        _ => crossover_of(ensemble, parameters, patterns, size)?,
    };
    Ok(found.map(|crossover| crossover.inverse_temperature))
}
