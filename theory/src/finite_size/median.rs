//! The median of λ_× over disorder samples, whatever the ensemble.

use super::crossover::crossover_of;
use super::gaussian_norm::gaussian_crossover_distribution;
use super::pattern_count::PatternCount;
use crate::TheoryError;

/// The median over targets of λ_× from x₀ = ξ¹: what a simulation of many disorder samples
/// measures. Where |ξ¹|² = N, and for general densities, it is λ_× of the typical target; for
/// Gaussian patterns the median over |ξ¹|² ~ χ²_N. `None` where fewer than half of the targets
/// have a crossover.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, median_crossover};
/// let patterns = PatternCount::from_load(0.2, 40.0)?;
/// let sphere = median_crossover("spherical", patterns, 40.0)?.expect("the sphere has one");
/// assert!((sphere - 0.31647).abs() < 1e-5);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// An unknown ensemble; N or P outside the domain.
pub fn median_crossover(
    ensemble: &str,
    patterns: PatternCount,
    size: f64,
) -> Result<Option<f64>, TheoryError> {
    if ensemble == "gaussian" {
        return Ok(gaussian_crossover_distribution(patterns, size)?.median);
    }
    Ok(crossover_of(ensemble, patterns, size)?.map(|crossover| crossover.inverse_temperature))
}
