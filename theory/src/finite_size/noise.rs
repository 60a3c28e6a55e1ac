//! The finite-size noise average ln E e^{λ x·ξ} and the mean pattern under its tilted law.

use super::domain;
use super::domain::positive;
use crate::error::TheoryError;
use crate::numbers::log_bessel::sphere_average;
use crate::numbers::log_cosh::log_cosh;

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

    /// The field at which A = 1, where the target stops gaining on the noise (infinite if A < 1
    /// throughout).
    fn largest_field(&self) -> f64;

    /// The supremum of the advantage up to [`largest_field`](Self::largest_field):
    /// with ln(P − 1) at or above it the target's weight never passes ½.
    fn largest_advantage(&self) -> f64;
}

/// Noise whose law does not change under rotations: the average at any state x is that at the
/// collinear state of equal length, with ⟨ξ⟩_x along x.
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
/// Relative error below 1e-13 from N = 3 to 10⁹ and at every k (DLMF 10.41.3 for its logarithm, and
/// the backward recurrence).
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

/// Gaussian patterns `ξ_i` ~ N(0, 1) and a target of given norm r = |ξ¹|²/N: ln E e^{u ξ¹·ξ} = u² r
/// N/2, A = u.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianNoise {
    squared_norm: f64,
}

impl GaussianNoise {
    /// Patterns of N = `size` components and a target with |ξ¹|² = r N, r = `norm` (typically 1 ±
    /// √(2/N)).
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
