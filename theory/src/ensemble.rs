//! What every pattern ensemble knows: its Random Energy Model and its thresholds.

use std::fmt::Debug;

use crate::error::{TheoryError, positive, within};
use crate::great_circle::GreatCircle;
use crate::numbers::log_cosh::log_cosh;
use crate::parameters::Parameters;
use crate::structure::Structure;

/// Which levels carry the noise sum Σ_μ exp(λ x·ξ^μ) of the Random Energy Model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Exponentially many patterns: λ ≤ λ_*(α).
    Uncondensed,
    /// The few nearest patterns: λ > λ_*(α).
    Condensed,
}

/// Φ = lim (1/N) ln Σ_μ exp(λ x·ξ^μ) of the noise, and its phase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FreeEntropy {
    /// Φ.
    pub value: f64,
    /// The phase.
    pub phase: Phase,
}

/// A law of random patterns with |ξ|² ≈ N, seen through the Random Energy Model of LM24
/// (Lucibello and Mézard, PRL 132, 077301 (2024)).
///
/// At a state x with |x|² = ρN the P − 1 = e^{αN} other patterns give independent levels
/// ε = x·ξ/N. `squared_norm` is ρ everywhere; ensembles that are not rotation invariant know
/// only x = ξ¹, ρ = 1. Inverse temperatures λ and loads α are positive.
///
/// ```
/// let spherical = dam_theory::ensemble("spherical")?;
/// // LM24: on the sphere one typical pattern is retrieved up to the same load as all of them.
/// assert_eq!(spherical.typical_threshold(2.0)?, spherical.all_patterns_lower_bound(2.0)?);
/// let lambda = spherical.typical_inverse_temperature(0.2)?;
/// assert!((lambda - 0.2246325191128682).abs() < 1e-15);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
pub trait Ensemble: Debug + Send + Sync {
    /// The name in job files and columns.
    fn name(&self) -> &'static str;

    /// The parameters that it was built from; none for most.
    fn parameters(&self) -> Parameters {
        Parameters::new()
    }

    /// What the patterns are made of, which finite-N theory and samplers go by.
    fn structure(&self) -> Structure<'_>;

    /// s_ρ(ε) = −lim (1/N) ln density of ε = x·ξ/N (LM24 Fig. 4).
    ///
    /// # Errors
    /// ε outside the range of overlaps; ρ that this ensemble does not know.
    fn rate_function(&self, overlap: f64, squared_norm: f64) -> Result<f64, TheoryError>;

    /// ζ_ρ(λ) = lim (1/N) ln E exp(λ x·ξ) = max_ε [λε − s_ρ(ε)].
    ///
    /// # Errors
    /// λ ≤ 0; ρ that this ensemble does not know.
    fn cumulant_generating_function(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError>;

    /// The overlap ε(λ) = ζ'(λ) that carries E exp(λ x·ξ).
    ///
    /// # Errors
    /// As [`cumulant_generating_function`](Self::cumulant_generating_function).
    fn saddle_overlap(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError>;

    /// ε_*(α), the largest overlap among e^{αN} patterns: s(ε_*) = α.
    ///
    /// # Errors
    /// α ≤ 0; ρ that this ensemble does not know.
    fn extreme_overlap(&self, load: f64, squared_norm: f64) -> Result<f64, TheoryError>;

    /// λ_*(α) = s'(ε_*): the noise condenses onto the extreme patterns above it.
    ///
    /// # Errors
    /// α at which nothing condenses; ρ that this ensemble does not know.
    fn condensation_inverse_temperature(&self, load: f64, rho: f64) -> Result<f64, TheoryError>;

    /// α_*(λ) = s(ε(λ)) = λ ζ'(λ) − ζ(λ): the noise is condensed below this load.
    ///
    /// # Errors
    /// As [`cumulant_generating_function`](Self::cumulant_generating_function).
    fn condensation_load(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError>;

    /// α₁(λ), the load up to which a typical pattern is retrieved from x₀ = ξ¹.
    ///
    /// # Errors
    /// λ ≤ 0.
    fn typical_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError>;

    /// λ₁(α), the inverse of α₁ on its increasing branch.
    ///
    /// # Errors
    /// α ≤ 0, or α at or above the supremum of α₁.
    fn typical_inverse_temperature(&self, load: f64) -> Result<f64, TheoryError>;

    /// α_c^lb(λ), a lower bound of the load up to which all patterns are retrieved.
    ///
    /// # Errors
    /// λ ≤ 0.
    fn all_patterns_lower_bound(&self, inverse_temperature: f64) -> Result<f64, TheoryError>;

    /// λ − ζ_1(λ): the load at which uncondensed noise matches the target at x = ξ¹. Ensembles
    /// override it where the difference loses digits.
    ///
    /// # Errors
    /// λ ≤ 0.
    fn uncondensed_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        Ok(inverse_temperature - self.cumulant_generating_function(inverse_temperature, 1.0)?)
    }

    /// 1 − ε_*(α) at ρ = 1. Ensembles override it where the difference loses digits.
    ///
    /// # Errors
    /// α ≤ 0.
    fn extreme_overlap_gap(&self, load: f64) -> Result<f64, TheoryError> {
        Ok(1.0 - self.extreme_overlap(load, 1.0)?)
    }

    /// Φ = α + ζ_ρ(λ) while uncondensed (α ≥ α_*(λ)), λ ε_*(α) while condensed.
    ///
    /// # Errors
    /// α ≤ 0 or λ ≤ 0; ρ that this ensemble does not know.
    fn free_entropy(
        &self,
        load: f64,
        inverse_temperature: f64,
        squared_norm: f64,
    ) -> Result<FreeEntropy, TheoryError> {
        positive("the load α", load)?;
        if load >= self.condensation_load(inverse_temperature, squared_norm)? {
            let noise = self.cumulant_generating_function(inverse_temperature, squared_norm)?;
            Ok(FreeEntropy {
                value: load + noise,
                phase: Phase::Uncondensed,
            })
        } else {
            let extreme = self.extreme_overlap(load, squared_norm)?;
            Ok(FreeEntropy {
                value: inverse_temperature * extreme,
                phase: Phase::Condensed,
            })
        }
    }

    /// θ_c in radians for starts on a random great circle through ξ¹ on |x₀|² = N, x₀ = cos θ ξ¹ +
    /// sin θ |ξ¹| e: those within it are retrieved, λ cos θ_c = Φ_{x₀}(λ) (LM24 Fig. 2), with the
    /// noise that acts at such a start,
    ///
    /// ```text
    /// Φ = α + ζ_θ(λ) while uncondensed, λ ε_*(α, θ) beyond
    /// ζ_θ = ζ_1 (patterns that rotations do not change),  E_{y,g} K(λ(y cos θ + g sin θ))
    ///       (independent components),  ½λ²(v cos²θ + sin²θ) (covariance, v = tr C²/N)
    /// ```
    ///
    /// Above condensation it is the angle of the nearest other pattern. `None` where there is no
    /// basin, λ ≤ λ₁(α).
    ///
    /// ```
    /// let uniform = dam_theory::ensemble("uniform")?;
    /// let angle = uniform.basin_angle(0.263, 0.733)?.expect("a basin").to_degrees();
    /// assert!((angle - 46.675).abs() < 1e-3);
    /// let angle = uniform.pattern_basin_angle(0.263, 0.733)?.expect("a basin").to_degrees();
    /// assert!((angle - 45.896).abs() < 1e-3);
    /// # Ok::<(), dam_theory::TheoryError>(())
    /// ```
    ///
    /// # Errors
    /// α ≤ 0 or λ ≤ 0.
    fn basin_angle(&self, load: f64, inverse_temperature: f64) -> Result<Option<f64>, TheoryError> {
        let circle = match self.structure() {
            Structure::Sphere | Structure::Normal => {
                return self.pattern_basin_angle(load, inverse_temperature);
            }
            Structure::Signs => GreatCircle::Components {
                nodes: vec![(1.0, 1.0)],
                log_moment: Box::new(log_cosh),
                mean: Box::new(f64::tanh),
            },
            Structure::Components(law) => GreatCircle::Components {
                nodes: law.nodes(),
                log_moment: Box::new(|field| law.log_moment_generating_function(field)),
                mean: Box::new(|field| law.tilted_mean(field)),
            },
            Structure::Covariance(law) => {
                let limit = law.limit();
                GreatCircle::Covariance {
                    second_moment: limit.iter().map(|(c, weight)| weight * c * c).sum(),
                }
            }
        };
        positive("the load α", load)?;
        if load >= self.typical_threshold(inverse_temperature)? {
            return Ok(None);
        }
        circle.basin_angle(load, inverse_temperature).map(Some)
    }

    /// θ_c in radians for starts x₀ that are distributed as a pattern themselves, so that ζ = ζ_1: a
    /// share 1 − cos θ of the components of ξ¹ (of a covariance, in its eigenbasis) drawn anew from
    /// their law, for signs half as many flipped. For patterns that rotations do not change it is
    /// [`basin_angle`](Self::basin_angle). `None` where there is no basin, λ ≤ λ₁(α).
    ///
    /// # Errors
    /// α ≤ 0 or λ ≤ 0.
    fn pattern_basin_angle(
        &self,
        load: f64,
        inverse_temperature: f64,
    ) -> Result<Option<f64>, TheoryError> {
        positive("the load α", load)?;
        let threshold = self.typical_threshold(inverse_temperature)?;
        if load >= threshold {
            return Ok(None);
        }
        // 1 − cos θ_c: as a difference of loads it keeps its digits where the basin closes.
        let gap = if load >= self.condensation_load(inverse_temperature, 1.0)? {
            (self.uncondensed_threshold(inverse_temperature)? - load) / inverse_temperature
        } else {
            self.extreme_overlap_gap(load)?
        };
        Ok(Some(2.0 * (0.5 * gap).max(0.0).sqrt().asin()))
    }
}

/// ρ of a state along a pattern, the only one that an ensemble without rotation invariance knows.
pub(crate) fn only_unit_norm(squared_norm: f64) -> Result<(), TheoryError> {
    let domain = "ρ = 1 (x = ξ¹), since this ensemble is not rotation invariant";
    within(
        "the squared norm ρ",
        squared_norm,
        squared_norm == 1.0,
        domain,
    )
    .map(drop)
}
