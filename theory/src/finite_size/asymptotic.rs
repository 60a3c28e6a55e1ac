//! The crossovers to order 1/N: where the finite-size theory meets the thermodynamic limit.
//!
//! With ln E e^{u ξ¹·ξ} = N r ζ(u) + C(u) + O(1/N) and ε = ζ'(λ₁), the two equations of the
//! saddle-node give
//!
//! ```text
//! λ_×     = λ₁ + [1 + ln(N r λ₁(1 − ε)²) + C]/(N r (1 − ε)) + …
//! one-step: λ₁ + C/(N r (1 − ε)) + …
//! ```
//!
//! where r[λ₁ − ζ(λ₁)] = α. On the sphere C = −½ ln(1 − ε⁴); for independent components C = 0.
//! The shift of λ_× is (ln N)/N, which no polynomial in 1/N extrapolates.

use super::domain;
use super::domain::within;
use crate::ensemble::Ensemble;
use crate::ensembles::gaussian::Gaussian;
use crate::ensembles::rademacher::Rademacher;
use crate::ensembles::spherical::Spherical;
use crate::error::TheoryError;

/// λ₁ and the crossovers with their leading finite-size corrections.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AsymptoticCrossover {
    /// λ₁(α) at the target's norm, the limit N → ∞.
    pub limit: f64,
    /// λ_× with its (ln N)/N and 1/N terms.
    pub crossover: f64,
    /// The one-step "signal = noise" crossover with its 1/N term.
    pub one_step: f64,
}

/// Patterns on the sphere at load α and size N.
///
/// # Errors
/// [`TheoryError`] when α is not positive or N is below 3.
pub fn spherical_asymptotic_crossover(
    load: f64,
    size: f64,
) -> Result<AsymptoticCrossover, TheoryError> {
    domain::spherical_size(size)?;
    let limit = Spherical.typical_inverse_temperature(load)?;
    let epsilon = Spherical.saddle_overlap(limit, 1.0)?;
    Ok(expand(
        limit,
        epsilon,
        size,
        -0.5 * (-epsilon.powi(4)).ln_1p(),
    ))
}

/// Gaussian patterns at load α and size N, and a target of norm r = |ξ¹|²/N: α = r(λ₁ − λ₁²/2), ε =
/// λ₁.
///
/// # Errors
/// [`TheoryError`] when α or r is not positive, N is below 1, or α ≥ r/2, where no λ retrieves.
pub fn gaussian_asymptotic_crossover(
    load: f64,
    size: f64,
    norm: f64,
) -> Result<AsymptoticCrossover, TheoryError> {
    domain::size_and(size, ("the norm r", norm))?;
    within(
        "the load α",
        load,
        load < 0.5 * norm,
        "below r/2, where λ₁ = 1",
    )?;
    let limit = Gaussian.typical_inverse_temperature(load / norm)?;
    Ok(expand(limit, limit, size * norm, 0.0))
}

/// Rademacher patterns at load α and size N: α = λ₁ − ln cosh λ₁, ε = tanh λ₁.
///
/// # Errors
/// [`TheoryError`] when α is not positive or not below ln 2, or N is below 1.
pub fn rademacher_asymptotic_crossover(
    load: f64,
    size: f64,
) -> Result<AsymptoticCrossover, TheoryError> {
    domain::size(size)?;
    let limit = Rademacher.typical_inverse_temperature(load)?;
    Ok(expand(limit, limit.tanh(), size, 0.0))
}

fn expand(limit: f64, epsilon: f64, squared_norm: f64, correction: f64) -> AsymptoticCrossover {
    let lost = 1.0 - epsilon;
    let rate = squared_norm * lost;
    AsymptoticCrossover {
        limit,
        crossover: limit + (1.0 + (rate * lost * limit).ln() + correction) / rate,
        one_step: limit + correction / rate,
    }
}
