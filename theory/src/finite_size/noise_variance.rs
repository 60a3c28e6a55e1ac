//! How much the noise sum fluctuates, which decides whether its average may stand for it.

use super::domain;
use super::noise::{CollinearNoise, SphericalNoise};
use super::pattern_count::PatternCount;
use crate::error::TheoryError;

/// The largest Var Z/(E Z)² of the noise sum at which the averaged noise stands for crossovers of
/// Gaussian patterns; near condensation they are sampled. Basins go by the error of their angle
/// ([`LARGEST_AVERAGED_ERROR_DEGREES`](super::LARGEST_AVERAGED_ERROR_DEGREES)).
pub const LARGEST_NOISE_VARIANCE: f64 = 0.1;

/// ln of Var Z/(E Z)² for the noise sum Z = Σ exp(λ x·ξ) of P − 1 patterns at x = ξ¹ (and, for
/// rotation-invariant patterns, at every state as long),
///
/// ```text
/// ln E e^{2λ x·ξ} − 2 ln E e^{λ x·ξ} − ln(P − 1),
/// ```
///
/// without the −1/(P − 1) of the exact variance, which does not matter where it decides. It grows
/// long before λ reaches the condensation at λ_*(α).
///
/// ```
/// use dam_theory::finite_size::{PatternCount, RademacherNoise, log_noise_variance};
/// let (noise, patterns) = (RademacherNoise::new(40.0)?, PatternCount::from_load(0.2, 40.0)?);
/// // (cosh 2λ/cosh² λ)^N/(P − 1)
/// let expected = 40.0 * (0.6_f64.cosh() / 0.3_f64.cosh().powi(2)).ln() - 2980_f64.ln();
/// assert!((log_noise_variance(&noise, patterns, 0.3)? - expected).abs() < 1e-12);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// λ negative or not finite.
pub fn log_noise_variance<N: CollinearNoise + ?Sized>(
    noise: &N,
    patterns: PatternCount,
    inverse_temperature: f64,
) -> Result<f64, TheoryError> {
    domain::inverse_temperature(inverse_temperature)?;
    let log_moment = |field| noise.average(field).log_moment_generating_function;
    Ok(log_moment(2.0 * inverse_temperature)
        - 2.0 * log_moment(inverse_temperature)
        - patterns.log_noise_patterns())
}

/// Numbers of patterns that stand for the fluctuations of the noise sum, V = Var Z/(E Z)².
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FluctuatingCount {
    /// ln(P − 1) + V: the averaged theory moves by about its error from P to there.
    pub raised: PatternCount,
    /// ln(P − 1) + 3√V: what the averaged theory retrieves there, nearly every sample does.
    pub highest: PatternCount,
    /// ln(P − 1) − 3√V (at least 0): what it loses there, nearly every sample does.
    pub lowest: PatternCount,
}

/// The numbers of patterns between which P fluctuates; `None` where the noise fluctuates by more
/// than itself.
///
/// # Errors
/// λ negative or not finite.
pub fn fluctuating_count<N: CollinearNoise + ?Sized>(
    noise: &N,
    patterns: PatternCount,
    inverse_temperature: f64,
) -> Result<Option<FluctuatingCount>, TheoryError> {
    let log_variance = log_noise_variance(noise, patterns, inverse_temperature)?;
    if log_variance > 0.0 {
        return Ok(None);
    }
    let moved = |shift: f64| {
        PatternCount::from_log_noise_patterns((patterns.log_noise_patterns() + shift).max(0.0))
    };
    let spread = 3.0 * (0.5 * log_variance).exp();
    Ok(Some(FluctuatingCount {
        raised: moved(log_variance.exp())?,
        highest: moved(spread)?,
        lowest: moved(-spread)?,
    }))
}

/// [`log_noise_variance`] of patterns on the sphere.
///
/// ```
/// use dam_theory::finite_size::{PatternCount, SphericalNoise, spherical_log_noise_variance};
/// let (noise, patterns) = (SphericalNoise::new(40.0)?, PatternCount::from_load(0.2, 40.0)?);
/// let calm = spherical_log_noise_variance(noise, patterns, 0.3)?;
/// let wild = spherical_log_noise_variance(noise, patterns, 0.8)?;
/// assert!(calm.exp() < 0.02 && wild.exp() > 1.0);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// As [`log_noise_variance`].
pub fn spherical_log_noise_variance(
    noise: SphericalNoise,
    patterns: PatternCount,
    inverse_temperature: f64,
) -> Result<f64, TheoryError> {
    log_noise_variance(&noise, patterns, inverse_temperature)
}
