//! The finite-size noise average ln E e^{λ x·ξ} and the mean pattern under its tilted law.

use super::domain;
use super::domain::positive;
use super::log_bessel::sphere_average;
use crate::{ComponentLaw, TheoryError};

/// The noise average at the collinear state x = a ξ¹, as a function of the field u = λ a.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseAverage {
    /// ln E e^{u ξ¹·ξ}, of order N.
    pub log_moment_generating_function: f64,
    /// u |ξ¹|² − ln E e^{u ξ¹·ξ}: by how much the target beats one average pattern.
    pub advantage: f64,
    /// A(u): the tilted mean pattern is A ξ¹.
    pub mean: f64,
    /// dA/du.
    pub slope: f64,
}

/// Noise patterns for which a state along the target stays there: the mean noise is A(u) ξ¹.
///
/// Implementors keep d(advantage)/du = |ξ¹|²(1 − A) and A increasing and concave on
/// 0 ≤ u ≤ [`largest_field`](Self::largest_field): the crossover is then one scalar minimum.
pub trait CollinearNoise {
    /// The average at field u ≥ 0.
    fn average(&self, field: f64) -> NoiseAverage;

    /// |ξ¹|² = N r.
    fn squared_norm(&self) -> f64;

    /// The field at which A = 1, where the target stops gaining on the noise (infinite if A < 1 throughout).
    fn largest_field(&self) -> f64;

    /// The supremum of the advantage up to [`largest_field`](Self::largest_field):
    /// with ln(P − 1) at or above it the target's weight never passes ½.
    fn largest_advantage(&self) -> f64;
}

/// Noise whose law does not change under rotations: the average at any state x is that at the collinear state of equal
/// length, with ⟨ξ⟩_x along x.
pub trait RotationInvariantNoise: CollinearNoise + Copy {}

impl RotationInvariantNoise for SphericalNoise {}

impl RotationInvariantNoise for GaussianNoise {}

/// Patterns uniform on the sphere |ξ|² = N, at finite N ≥ 3.
///
/// ```text
/// E e^{λ x·ξ} = ₀F₁(; N/2; k²/4) = Γ(N/2)(2/k)^{N/2−1} I_{N/2−1}(k),   k = λ N √ρ,   ρ = |x|²/N
/// ⟨ξ⟩_x = √N x̂ A,   A = I_{N/2}(k)/I_{N/2−1}(k)
/// ```
///
/// Relative error below 1e-13 from N = 3 to 10⁹ and at every k (DLMF 10.41.3 for its logarithm, and the backward recurrence).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SphericalNoise {
    size: f64,
}

impl SphericalNoise {
    /// Patterns in N = `size` dimensions.
    ///
    /// # Errors
    /// [`TheoryError`] when N is not finite or below 3.
    pub fn new(size: f64) -> Result<Self, TheoryError> {
        domain::spherical_size(size)?;
        Ok(Self { size })
    }

    /// N.
    pub fn size(&self) -> f64 {
        self.size
    }

    /// ln E e^{λ x·ξ} at inverse temperature λ ≥ 0 and ρ = |x|²/N ≥ 0.
    ///
    /// # Errors
    /// [`TheoryError`] when λ or ρ is negative or not finite.
    pub fn log_moment_generating_function(
        &self,
        inverse_temperature: f64,
        squared_norm: f64,
    ) -> Result<f64, TheoryError> {
        let k = self.argument(inverse_temperature, squared_norm)?;
        Ok(sphere_average(self.size, k).log_moment)
    }

    /// The mean overlap ⟨x·ξ⟩/N = √ρ A of a pattern drawn with weight e^{λ x·ξ}.
    ///
    /// # Errors
    /// [`TheoryError`] when λ or ρ is negative or not finite.
    pub fn mean_overlap(
        &self,
        inverse_temperature: f64,
        squared_norm: f64,
    ) -> Result<f64, TheoryError> {
        let k = self.argument(inverse_temperature, squared_norm)?;
        Ok(squared_norm.sqrt() * sphere_average(self.size, k).mean_cosine)
    }

    fn argument(self, inverse_temperature: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        domain::inverse_temperature(inverse_temperature)?;
        domain::non_negative("the squared norm ρ", squared_norm)?;
        Ok(inverse_temperature * self.size * squared_norm.sqrt())
    }
}

impl CollinearNoise for SphericalNoise {
    fn average(&self, field: f64) -> NoiseAverage {
        let average = sphere_average(self.size, field * self.size);
        NoiseAverage {
            log_moment_generating_function: average.log_moment,
            advantage: average.deficit,
            mean: average.mean_cosine,
            slope: average.slope,
        }
    }

    fn squared_norm(&self) -> f64 {
        self.size
    }

    fn largest_field(&self) -> f64 {
        f64::INFINITY
    }

    fn largest_advantage(&self) -> f64 {
        f64::INFINITY
    }
}

/// Gaussian patterns `ξ_i` ~ N(0, 1) and a target of given norm r = |ξ¹|²/N: ln E e^{u ξ¹·ξ} = u² r N/2, A = u.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianNoise {
    squared_norm: f64,
}

impl GaussianNoise {
    /// Patterns of N = `size` components and a target with |ξ¹|² = r N, r = `norm` (typically 1 ± √(2/N)).
    ///
    /// # Errors
    /// [`TheoryError`] when N is below 1, r is not positive, or either is not finite.
    pub fn new(size: f64, norm: f64) -> Result<Self, TheoryError> {
        domain::size(size)?;
        positive("the norm r", norm)?;
        Ok(Self {
            squared_norm: size * norm,
        })
    }
}

impl CollinearNoise for GaussianNoise {
    fn average(&self, field: f64) -> NoiseAverage {
        let log_moment_generating_function = 0.5 * field * field * self.squared_norm;
        NoiseAverage {
            log_moment_generating_function,
            advantage: field * (1.0 - 0.5 * field) * self.squared_norm,
            mean: field,
            slope: 1.0,
        }
    }

    fn squared_norm(&self) -> f64 {
        self.squared_norm
    }

    fn largest_field(&self) -> f64 {
        1.0
    }

    fn largest_advantage(&self) -> f64 {
        0.5 * self.squared_norm
    }
}

/// Rademacher patterns `ξ_i` = ±1: ln E e^{u ξ¹·ξ} = N ln cosh u, A = tanh u.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RademacherNoise {
    size: f64,
}

impl RademacherNoise {
    /// Patterns of N = `size` components.
    ///
    /// # Errors
    /// [`TheoryError`] when N is below 1 or not finite.
    pub fn new(size: f64) -> Result<Self, TheoryError> {
        domain::size(size)?;
        Ok(Self { size })
    }
}

impl CollinearNoise for RademacherNoise {
    fn average(&self, field: f64) -> NoiseAverage {
        let mean = field.tanh();
        // u − ln cosh u = ln 2 − ln(1 + e^{−2u})
        let lost = (-2.0 * field).exp().ln_1p();
        NoiseAverage {
            log_moment_generating_function: self.size * log_cosh(field),
            advantage: self.size * (std::f64::consts::LN_2 - lost),
            mean,
            slope: 1.0 - mean * mean,
        }
    }

    fn squared_norm(&self) -> f64 {
        self.size
    }

    fn largest_field(&self) -> f64 {
        f64::INFINITY
    }

    fn largest_advantage(&self) -> f64 {
        self.size * std::f64::consts::LN_2
    }
}

/// The ensembles that [`collinear_noise`] knows: those whose states stay on the target's axis.
pub const COLLINEAR_ENSEMBLES: [&str; 3] = ["spherical", "gaussian", "rademacher"];

/// The noise of the named ensemble at size N: `spherical`, `gaussian` (target of norm r = 1) or `rademacher`.
///
/// # Errors
/// [`TheoryError`] when the name is unknown here or N is out of the ensemble's domain.
pub fn collinear_noise(ensemble: &str, size: f64) -> Result<Box<dyn CollinearNoise>, TheoryError> {
    match ensemble {
        "spherical" => Ok(Box::new(SphericalNoise::new(size)?)),
        "gaussian" => Ok(Box::new(GaussianNoise::new(size, 1.0)?)),
        "rademacher" => Ok(Box::new(RademacherNoise::new(size)?)),
        _ => Err(TheoryError::UnknownEnsemble {
            name: ensemble.to_owned(),
            known: COLLINEAR_ENSEMBLES.join(", "),
        }),
    }
}

/// ln cosh h without overflow, and without cancellation at small h.
fn log_cosh(h: f64) -> f64 {
    let h = h.abs();
    if h < 0.5 {
        // cosh h = 1 + 2 sinh²(h/2)
        let half = (0.5 * h).sinh();
        (2.0 * half * half).ln_1p()
    } else {
        h + (-2.0 * h).exp().ln_1p() - std::f64::consts::LN_2
    }
}

/// What the maps need of the law of one component: K(h) = ln E e^{hξ} and K'(h).
///
/// Every [`ComponentLaw`] has it; [`ComponentClosures`] makes one of two functions.
pub trait ComponentNoise {
    /// K(h) = ln E e^{hξ}.
    fn log_moment_generating_function(&self, field: f64) -> f64;

    /// K'(h), the mean of ξ under the law tilted by e^{hξ}.
    fn tilted_mean(&self, field: f64) -> f64;
}

impl<L: ComponentLaw> ComponentNoise for L {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        ComponentLaw::log_moment_generating_function(self, field)
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        ComponentLaw::tilted_mean(self, field)
    }
}

/// `ξ_i` ~ N(0, 1): K = h²/2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GaussianComponents;

impl ComponentNoise for GaussianComponents {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        0.5 * field * field
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        field
    }
}

/// `ξ_i` ~ N(0, c): K = c h²/2, one eigendirection of correlated Gaussian patterns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CentredGaussianComponent {
    variance: f64,
}

impl CentredGaussianComponent {
    /// The law of variance c = `variance`.
    ///
    /// # Errors
    /// [`TheoryError`] when c is negative or not finite.
    pub fn new(variance: f64) -> Result<Self, TheoryError> {
        domain::non_negative("an eigenvalue of the covariance", variance)?;
        Ok(Self { variance })
    }
}

impl ComponentNoise for CentredGaussianComponent {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        0.5 * self.variance * field * field
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        self.variance * field
    }
}

/// `ξ_i` = ±1: K = ln cosh h.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RademacherComponents;

impl ComponentNoise for RademacherComponents {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        log_cosh(field)
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        field.tanh()
    }
}

/// A law given by two closures, K and K'.
#[derive(Debug, Clone, Copy)]
pub struct ComponentClosures<K, M> {
    /// K(h) = ln E e^{hξ}.
    pub log_moment_generating_function: K,
    /// K'(h).
    pub tilted_mean: M,
}

impl<K: Fn(f64) -> f64, M: Fn(f64) -> f64> ComponentNoise for ComponentClosures<K, M> {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        (self.log_moment_generating_function)(field)
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        (self.tilted_mean)(field)
    }
}

/// ln E e^{λ x·ξ} = `Σ_i` K(λ `x_i`) of patterns with independent components, at the state x (length N).
pub fn independent_log_moment_generating_function<L: ComponentNoise + ?Sized>(
    law: &L,
    inverse_temperature: f64,
    state: &[f64],
) -> f64 {
    state
        .iter()
        .map(|x| law.log_moment_generating_function(inverse_temperature * x))
        .sum()
}

impl<N: CollinearNoise + ?Sized> CollinearNoise for Box<N> {
    fn average(&self, field: f64) -> NoiseAverage {
        (**self).average(field)
    }

    fn squared_norm(&self) -> f64 {
        (**self).squared_norm()
    }

    fn largest_field(&self) -> f64 {
        (**self).largest_field()
    }

    fn largest_advantage(&self) -> f64 {
        (**self).largest_advantage()
    }
}
