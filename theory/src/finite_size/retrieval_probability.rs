//! The probability over disorder samples that a target is retrieved from itself.

use super::axis_noise::AxisNoise;
use super::component_fluctuations::normal_shift;
use super::crossover_law::CrossoverLaw;
use super::estimate::Estimate;
use super::gaussian_norm::{GaussianNormLaw, gaussian_least_norm};
use super::lost_gaussian::log_close_pair_share;
use super::map::CollinearMap;
use super::pattern_count::PatternCount;
use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::structure::Structure;

/// ln r is found to this, by steps that grow from so many standard deviations of r.
const NORM_ACCURACY: f64 = 1e-10;
const FIRST_STEP: f64 = 0.05;
const GROWTH: f64 = 1.5;

/// The probability over disorder samples that x₀ = ξ¹ is retrieved at λ.
///
/// Spherical and Rademacher patterns: the distribution function of λ_× by its [law](CrossoverLaw).
/// Gaussian patterns: the probability that |ξ¹|² is above the least norm whose λ_× is below λ, that of the
/// averaged noise and [its shift](super::crossover_shift) at that norm (the scatter of λ_× at one norm is far
/// below that over norms); its error follows from that of the shift, and nothing is retrieved that has a pattern of larger overlap with the
/// target than itself. `None` for other ensembles, and with few patterns.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, retrieval_probability};
/// let gaussian = dam_theory::ensemble("gaussian")?;
/// let patterns = PatternCount::from_load(0.15, 33.0)?;
/// let found = retrieval_probability(gaussian.as_ref(), patterns, 33.0, 0.26005)?.expect("known");
/// // the median of 6000 samples
/// assert!((found.value - 0.5).abs() < found.error + 0.013 && found.error < 0.02);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// N or λ out of its domain.
pub fn retrieval_probability(
    ensemble: &dyn Ensemble,
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<Option<Estimate>, TheoryError> {
    match ensemble.structure() {
        Structure::Normal => NormalTargets { patterns, size }
            .probability(inverse_temperature)
            .map(Some),
        Structure::Sphere | Structure::Signs => {
            let noise = AxisNoise::of(ensemble, size)?;
            if CollinearMap::new(noise, patterns).crossover()?.is_none() {
                return Ok(Some(Estimate::exact(0.0)));
            }
            let probability = |law: CrossoverLaw| Estimate {
                value: law.probability(inverse_temperature),
                error: law.probability_error(inverse_temperature),
            };
            Ok(CrossoverLaw::new(noise, patterns)?.map(probability))
        }
        Structure::Components(_) | Structure::Covariance(_) => Ok(None),
    }
}

/// Gaussian targets of every norm.
#[derive(Debug, Clone, Copy)]
struct NormalTargets {
    patterns: PatternCount,
    size: f64,
}

impl NormalTargets {
    fn probability(self, lambda: f64) -> Result<Estimate, TheoryError> {
        let lowest = 2.0 * self.patterns.log_noise_patterns() / self.size;
        if lowest == 0.0 {
            // one noise pattern
            return Ok(Estimate::exact(1.0));
        }
        let law = GaussianNormLaw::new(self.size)?;
        // from typical targets down: near the lowest norm the noise condenses, and the shift means nothing
        let averaged = gaussian_least_norm(self.patterns, self.size, lambda)?;
        let range = (lowest, averaged.max(law.quantile(0.5)?));
        let least = |place: fn(Estimate) -> f64| self.least_norm(range, |at| place(at) < lambda);
        let above = |norm: f64| -> Result<f64, TheoryError> { Ok(law.log_upper_tail(norm)?.exp()) };
        let most = -log_close_pair_share(law, self.patterns)?.exp_m1();
        let value = most.min(above(least(|at| at.value)?)?);
        let low = above(least(|at| at.value + at.error)?)?;
        let shortest = least(|at| at.value - at.error)?;
        // where the error says little, shorter targets may be retrieved too
        let is_open = |at: Estimate| at.error >= 0.5 * at.value;
        let high = if self.at_norm(shortest)?.is_none_or(is_open) {
            most
        } else {
            most.min(above(shortest)?)
        };
        Ok(Estimate {
            value,
            error: (value - low).max(high - value).max(0.0),
        })
    }

    /// The r between `lowest` and ∞, nearest to `start`, at which `is_retrieved` begins.
    fn least_norm(
        self,
        (lowest, start): (f64, f64),
        is_retrieved: impl Fn(Estimate) -> bool,
    ) -> Result<f64, TheoryError> {
        let holds = |logarithm: f64| -> Result<bool, TheoryError> {
            Ok(self.at_norm(logarithm.exp())?.is_some_and(&is_retrieved))
        };
        let mut step = FIRST_STEP * (2.0 / self.size).sqrt();
        let mut inner = start.ln();
        let begins = holds(inner)?;
        let mut outer = inner;
        while holds(outer)? == begins {
            inner = outer;
            outer += if begins { -step } else { step };
            step *= GROWTH;
            if outer <= lowest.ln() {
                return Ok(lowest);
            }
        }
        let (mut lost, mut kept) = if begins {
            (outer, inner)
        } else {
            (inner, outer)
        };
        while kept - lost > NORM_ACCURACY {
            let middle = 0.5 * (lost + kept);
            if holds(middle)? {
                kept = middle;
            } else {
                lost = middle;
            }
        }
        Ok(kept.exp())
    }

    fn at_norm(self, norm: f64) -> Result<Option<Estimate>, TheoryError> {
        let found = normal_shift(self.size, norm, self.patterns)?;
        Ok(found.map(|(averaged, shift)| shift.above(averaged)))
    }
}
