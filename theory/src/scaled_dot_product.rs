//! Thresholds in the scaling of attention, λ = λ̂/√N and ln P = α̂√N, for Gaussian patterns.

use crate::ensemble::Ensemble;
use crate::error::{TheoryError, positive};
use crate::gaussian::Gaussian;

/// α̂₁ = √N α₁(λ̂/√N) = λ̂ − λ̂²/(2√N): one typical pattern (LM24). → λ̂ as N → ∞.
///
/// # Errors
/// λ̂ ≤ 0 or N ≤ 0.
pub fn scaled_typical_threshold(
    scaled_inverse_temperature: f64,
    size: f64,
) -> Result<f64, TheoryError> {
    let root = positive("the size N", size)?.sqrt();
    Ok(root * Gaussian.typical_threshold(scaled_inverse_temperature / root)?)
}

/// α̂_c = √N α_c^lb(λ̂/√N) = λ̂(1 − 2√λ̂ N^{−1/4} + …): all patterns (LM24). → λ̂ as N → ∞.
///
/// # Errors
/// λ̂ ≤ 0 or N ≤ 0.
pub fn scaled_all_patterns_lower_bound(
    scaled_inverse_temperature: f64,
    size: f64,
) -> Result<f64, TheoryError> {
    let root = positive("the size N", size)?.sqrt();
    Ok(root * Gaussian.all_patterns_lower_bound(scaled_inverse_temperature / root)?)
}
