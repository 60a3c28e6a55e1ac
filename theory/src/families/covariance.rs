//! Gaussian patterns of a given covariance, through the spectrum of the covariance.

use crate::ensemble::{Ensemble, only_unit_norm};
use crate::ensembles::gaussian::Gaussian;
use crate::error::{TheoryError, positive, within};
use crate::laws::covariance::CovarianceLaw;
use crate::numbers::root::find_root;
use crate::parameters::Parameters;
use crate::structure::Structure;

/// ξ ~ N(0, C) with tr C = N and v = tr C²/N, seen from a typical x = ξ¹.
///
/// E exp(λ x·ξ) = exp(λ² xᵀCx/2) and xᵀCx/N → v: the Random Energy Model of Gaussian patterns at
/// ρ = v, while |ξ¹|²/N → tr C/N = 1:
///
/// ```text
/// s(ε) = ε²/(2v)    ζ(λ) = vλ²/2    ε(λ) = vλ    ε_* = √(2αv)    λ_* = √(2α/v)    α_* = vλ²/2
/// α₁ = λ − vλ²/2 up to λ = 1/v, where ε(λ) = 1 and the noise condenses, then 1/(2v)
/// ```
///
/// α_c^lb counts targets and pairs as for independent components, with E_c over the eigenvalues. A
/// target y = √c g has the advantage c(λ − cλ²/2)g² in each eigendirection, so that
///
/// ```text
/// α_A = ¼ sup_k E_c ln(1 + 2kc − k²c²)                                          (close pairs)
/// α_B = E_c a q = E_c ½(q − 1 − ln q),  a = c(λ − cλ²/2),  q = 1/(1 + 2κa)     (weak targets)
/// ```
///
/// q is the variance of g among the weakest e^{αN} targets. α_B binds while they are uncondensed,
/// λ E_c c²q ≤ E_c cq. Otherwise it need not be imposed: on the segment between them and any
/// uncondensed law of targets that fails at a load α, both −E v and the Kullback–Leibler divergence
/// stay at most α, and somewhere ε = r; such a target has a pattern at ε = r, so that α ≥ α_A.
#[derive(Clone, Debug)]
pub struct GaussianCovariance {
    name: &'static str,
    parameters: Parameters,
    law: CovarianceLaw,
    /// Eigenvalues and weights at N = ∞. All expectations are of functions that vanish at 0, so
    /// that eigenvalues 0 are left out.
    spectrum: Vec<(f64, f64)>,
    /// v.
    second_moment: f64,
}

impl GaussianCovariance {
    /// The ensemble of a name and the parameters that state this law.
    pub fn new(name: &'static str, parameters: Parameters, law: CovarianceLaw) -> Self {
        let spectrum = law.limit();
        let second_moment = spectrum.iter().map(|(c, weight)| weight * c * c).sum();
        Self {
            name,
            parameters,
            law,
            spectrum,
            second_moment,
        }
    }

    /// v = tr C²/N.
    pub fn second_moment(&self) -> f64 {
        self.second_moment
    }

    /// E_c f(c) of a function with f(0) = 0.
    fn expectation(&self, function: impl Fn(f64) -> f64) -> f64 {
        self.spectrum
            .iter()
            .map(|&(c, weight)| weight * function(c))
            .sum()
    }

    fn largest_eigenvalue(&self) -> f64 {
        self.spectrum.iter().map(|&(c, _)| c).fold(0.0, f64::max)
    }

    /// α_A.
    ///
    /// # Errors
    /// [`TheoryError::Unsettled`] if the supremum is not found.
    pub fn close_pair_load(&self) -> Result<f64, TheoryError> {
        let argument = |k: f64, c: f64| k * c * (2.0 - k * c);
        // half the derivative, by k: from E c = 1 at 0 down to −∞ where a pair's moment diverges
        let slope = |k: f64| self.expectation(|c| c * (1.0 - k * c) / (1.0 + argument(k, c)));
        let divergence = (1.0 + 2.0_f64.sqrt()) / self.largest_eigenvalue();
        let best = find_root(slope, 0.0, divergence * (1.0 - 1e-12))?;
        Ok(0.25 * self.expectation(|c| argument(best, c).ln_1p()))
    }

    /// α_B(λ), or `None` where the weak targets are condensed and the bound does not bind.
    ///
    /// # Errors
    /// λ ≤ 0; [`TheoryError::Unsettled`] if the tilt κ is not found.
    pub fn weak_target_load(&self, inverse_temperature: f64) -> Result<Option<f64>, TheoryError> {
        let lambda = positive("the inverse temperature λ", inverse_temperature)?;
        let advantage = |c: f64| c * (lambda - 0.5 * c * lambda * lambda);
        if self.expectation(advantage) <= 0.0 {
            // λ ≥ 2/v: typical targets are condensed already
            return Ok(None);
        }
        let variance = |kappa: f64, c: f64| 1.0 / (1.0 + 2.0 * kappa * advantage(c));
        let load = |kappa: f64| self.expectation(|c| advantage(c) * variance(kappa, c));
        let balance = |kappa: f64| {
            let divergence = self.expectation(|c| {
                let tilt = 2.0 * kappa * advantage(c);
                0.5 * (tilt.ln_1p() - tilt / (1.0 + tilt))
            });
            divergence - load(kappa)
        };
        let least = self
            .spectrum
            .iter()
            .map(|&(c, _)| advantage(c))
            .fold(0.0, f64::min);
        let high = if least < 0.0 {
            // the divergence is infinite where a variance is
            (1.0 - 1e-12) * 0.5 / -least
        } else {
            let mut high = 1.0;
            while balance(high) < 0.0 {
                high *= 2.0;
                if high > LARGEST_TILT {
                    return Err(TheoryError::Unsettled {
                        what: "the tilt of weak targets",
                    });
                }
            }
            high
        };
        let kappa = find_root(balance, 0.0, high)?;
        let level = lambda * self.expectation(|c| c * c * variance(kappa, c));
        let norm = self.expectation(|c| c * variance(kappa, c));
        Ok((level <= norm).then(|| load(kappa)))
    }
}

/// Tilts beyond this are not searched.
const LARGEST_TILT: f64 = 1e18;

impl Ensemble for GaussianCovariance {
    fn name(&self) -> &'static str {
        self.name
    }

    fn parameters(&self) -> Parameters {
        self.parameters.clone()
    }

    fn structure(&self) -> Structure<'_> {
        Structure::Covariance(&self.law)
    }

    fn rate_function(&self, overlap: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        only_unit_norm(squared_norm)?;
        Gaussian.rate_function(overlap, self.second_moment)
    }

    fn cumulant_generating_function(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        only_unit_norm(rho)?;
        Gaussian.cumulant_generating_function(lambda, self.second_moment)
    }

    fn saddle_overlap(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        only_unit_norm(rho)?;
        Gaussian.saddle_overlap(lambda, self.second_moment)
    }

    fn extreme_overlap(&self, load: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        only_unit_norm(squared_norm)?;
        Gaussian.extreme_overlap(load, self.second_moment)
    }

    fn condensation_inverse_temperature(&self, load: f64, rho: f64) -> Result<f64, TheoryError> {
        only_unit_norm(rho)?;
        Gaussian.condensation_inverse_temperature(load, self.second_moment)
    }

    fn condensation_load(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        self.cumulant_generating_function(lambda, rho)
    }

    fn typical_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        // in units of 1/v this is the threshold of Gaussian patterns
        let lambda = positive("the inverse temperature λ", inverse_temperature)?;
        Ok(Gaussian.typical_threshold(self.second_moment * lambda)? / self.second_moment)
    }

    fn typical_inverse_temperature(&self, load: f64) -> Result<f64, TheoryError> {
        let supremum = 0.5 / self.second_moment;
        let domain = "0 < α < 1/(2v), v = tr C²/N, the largest load of a typical pattern";
        within("the load α", load, load > 0.0 && load < supremum, domain)?;
        Ok(Gaussian.typical_inverse_temperature(self.second_moment * load)? / self.second_moment)
    }

    fn all_patterns_lower_bound(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        let pairs = self.close_pair_load()?;
        Ok(self
            .weak_target_load(inverse_temperature)?
            .map_or(pairs, |load| load.min(pairs)))
    }
}
