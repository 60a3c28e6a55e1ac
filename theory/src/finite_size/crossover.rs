//! λ_×(α, N) of any ensemble, by its structure: of the typical target, and the median over targets.

use super::axis_noise::AxisNoise;
use super::component_crossover::{
    Median, median_component_crossover, median_covariance_crossover, typical_component_crossover,
    typical_covariance_crossover,
};
use super::component_fluctuations::normal_shift;
use super::crossover_law::{CrossoverLaw, expanded_law};
use super::estimate::Estimate;
use super::gaussian_norm::GaussianNormLaw;
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

/// The median over targets of λ_× from x₀ = ξ¹ by the averaged noise. Where |ξ¹|² = N it is λ_× of the typical target; for normal components the median over
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
    match ensemble.structure() {
        Structure::Sphere | Structure::Signs => {
            let found = typical_crossover(ensemble, patterns, size)?;
            Ok(found.map(|crossover| crossover.inverse_temperature))
        }
        Structure::Normal | Structure::Components(_) | Structure::Covariance(_) => {
            Ok(median_target(ensemble, patterns, size)?.map(|median| median.averaged))
        }
    }
}

/// The median over targets whose norm fluctuates; `None` where half or more have no crossover, and for
/// other structures.
fn median_target(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
) -> Result<Option<Median>, TheoryError> {
    match ensemble.structure() {
        Structure::Sphere | Structure::Signs => Ok(None),
        Structure::Normal => {
            let norm = GaussianNormLaw::new(size)?.quantile(0.5)?;
            let found = normal_shift(size, norm, patterns)?;
            Ok(found.map(|(averaged, shift)| Median {
                averaged,
                shift: shift.shift_of(averaged),
            }))
        }
        Structure::Components(law) => median_component_crossover(law, size, patterns),
        Structure::Covariance(law) => median_covariance_crossover(&law.spectrum(size)?, patterns),
    }
}

/// By how much the fluctuations of the noise raise λ_× over that of the averaged noise, for the median
/// target: the median of what a simulation finds over what the averaged noise says of its targets.
///
/// Each pattern draws the state towards itself; it is λ times about 1 % at P = 50 and .2 % at P = 300. To
/// second order in the fluctuations, for every structure. `None` where [`median_crossover`] is.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, crossover_shift};
/// let gaussian = dam_theory::ensemble("gaussian")?;
/// let shift = crossover_shift(gaussian.as_ref(), PatternCount::from_load(0.1, 40.0)?, 40.0)?;
/// // measured, 6000 samples: 0.00216(6)
/// assert!(shift.is_some_and(|shift| (shift.value - 0.00216).abs() < shift.error && shift.error < 1e-3));
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// N or P outside the domain.
pub fn crossover_shift(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
) -> Result<Option<Estimate>, TheoryError> {
    let medians = averaged_and_expected_median(ensemble, patterns, size)?;
    Ok(medians.map(|(averaged, expected)| Estimate {
        value: expected.value - averaged,
        error: expected.error,
    }))
}

/// [`median_crossover`] and [`expected_median_crossover`] from one search where one will do.
pub(crate) fn averaged_and_expected_median(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
) -> Result<Option<(f64, Estimate)>, TheoryError> {
    match ensemble.structure() {
        Structure::Sphere | Structure::Signs => {
            let averaged = median_crossover(ensemble, patterns, size)?;
            Ok(averaged.zip(expected_median_crossover(ensemble, patterns, size)?))
        }
        Structure::Normal | Structure::Components(_) | Structure::Covariance(_) => {
            let median = median_target(ensemble, patterns, size)?;
            Ok(median.map(|Median { averaged, shift }| (averaged, shift.above(averaged))))
        }
    }
}

/// The median over disorder samples of λ_× from x₀ = ξ¹, what a simulation measures: of the
/// [law](CrossoverLaw) where |ξ|² = N, elsewhere and below the domain of the law [`median_crossover`] and
/// its [shift](crossover_shift), which fades where it may be off by λ itself. `None` where
/// [`median_crossover`] is.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, expected_median_crossover};
/// let spherical = dam_theory::ensemble("spherical")?;
/// let patterns = PatternCount::from_load(0.4, 12.0)?;
/// let median = expected_median_crossover(spherical.as_ref(), patterns, 12.0)?.expect("there is one");
/// // measured, 6000 samples: 0.78100(63); the averaged noise says 0.73027
/// assert!((median.value - 0.781).abs() < median.error && median.error < 0.05);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// N or P outside the domain.
pub fn expected_median_crossover(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
) -> Result<Option<Estimate>, TheoryError> {
    match ensemble.structure() {
        Structure::Sphere | Structure::Signs => {
            if patterns.log_noise_patterns() == 0.0 {
                // one noise pattern: w ≥ ½ from λ = 0 on, in every sample
                return Ok(Some(Estimate::exact(0.0)));
            }
            let noise = AxisNoise::of(ensemble, size)?;
            if let Some(law) = CrossoverLaw::new(noise, patterns)? {
                return Ok(Some(Estimate {
                    value: law.median,
                    error: law.median_error,
                }));
            }
            let law = expanded_law(noise, patterns)?;
            let averaged = median_crossover(ensemble, patterns, size)?;
            // signs next to the target, which few samples have, may carry all of it
            let is_signs = matches!(ensemble.structure(), Structure::Signs);
            Ok(averaged.zip(law).map(|(averaged, law)| {
                let value = law.median - averaged;
                let rare = if is_signs { value.abs() } else { 0.0 };
                let shift = Estimate {
                    value,
                    error: law.median_error + rare,
                };
                shift.shift_of(averaged).above(averaged)
            }))
        }
        Structure::Normal | Structure::Components(_) | Structure::Covariance(_) => {
            let median = median_target(ensemble, patterns, size)?;
            Ok(median.map(|median| median.shift.above(median.averaged)))
        }
    }
}
