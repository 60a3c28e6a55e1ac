//! Thresholds in the scaling of attention, λ = λ̂/√N and ln P = α̂√N, for Gaussian patterns.

use crate::ensemble::Ensemble;
use crate::ensembles::gaussian::{CLOSE_PAIR_LOAD, Gaussian};
use crate::error::{TheoryError, positive, within};
use crate::numbers::root::find_root;

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

/// The λ̂ at which α̂₁ = α̂, the scaled √N λ₁(α̂/√N). → α̂ as N → ∞.
///
/// ```
/// use dam_theory::finite_size::scaled_dot_product::{scaled_typical_inverse_temperature, scaled_typical_threshold};
/// let lambda = scaled_typical_inverse_temperature(0.75, 100.0)?;
/// assert!((scaled_typical_threshold(lambda, 100.0)? - 0.75).abs() < 1e-14);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// N ≤ 0, α̂ ≤ 0, or α̂ ≥ √N/2, where no λ retrieves.
pub fn scaled_typical_inverse_temperature(scaled_load: f64, size: f64) -> Result<f64, TheoryError> {
    let root = positive("the size N", size)?.sqrt();
    Ok(root * Gaussian.typical_inverse_temperature(scaled_load / root)?)
}

/// The λ̂ above which α̂_c exceeds α̂, the inverse of [`scaled_all_patterns_lower_bound`]. → α̂ as
/// N → ∞.
///
/// # Errors
/// N ≤ 0, α̂ ≤ 0, or α̂ ≥ √N ¼ ln 2, where close pairs of patterns cap α_c^lb.
pub fn scaled_all_patterns_inverse_temperature(
    scaled_load: f64,
    size: f64,
) -> Result<f64, TheoryError> {
    let root = positive("the size N", size)?.sqrt();
    let load = scaled_load / root;
    within(
        "the load α = α̂/√N",
        load,
        load > 0.0 && load < CLOSE_PAIR_LOAD,
        "0 < α < ¼ ln 2, the cap of α_c^lb",
    )?;
    // α_c^lb < λ, and at λ = 1 it has reached its cap
    let excess = |lambda: f64| {
        Gaussian
            .all_patterns_lower_bound(lambda)
            .map_or(f64::NAN, |bound| bound - load)
    };
    Ok(root * find_root(excess, load, 1.0)?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_inverses_return_to_the_load_and_merge_with_it() {
        for scaled_load in [0.1, 0.5, 1.0, 1.5] {
            let mut gap = f64::INFINITY;
            for size in [1e2, 1e3, 1e4, 1e6, 1e9] {
                let typical = scaled_typical_inverse_temperature(scaled_load, size).unwrap();
                let all = scaled_all_patterns_inverse_temperature(scaled_load, size).unwrap();
                let back = scaled_typical_threshold(typical, size).unwrap();
                assert!((back / scaled_load - 1.0).abs() < 1e-12);
                let back = scaled_all_patterns_lower_bound(all, size).unwrap();
                assert!(
                    (back / scaled_load - 1.0).abs() < 1e-11,
                    "{scaled_load} {size} {back}"
                );
                assert!(scaled_load < typical && typical < all && all - scaled_load < gap);
                gap = all - scaled_load;
            }
            // 2 α̂^{3/2} N^{−1/4} to leading order
            let leading = 2.0 * scaled_load.powf(1.5) * 1e9_f64.powf(-0.25);
            assert!((gap / leading - 1.0).abs() < 0.05, "{gap} {leading}");
        }
    }

    #[test]
    fn loads_beyond_the_thresholds_are_refused() {
        assert!(scaled_typical_inverse_temperature(5.1, 100.0).is_err());
        assert!(scaled_all_patterns_inverse_temperature(1.74, 100.0).is_err());
        assert!(scaled_all_patterns_inverse_temperature(0.0, 100.0).is_err());
    }
}
