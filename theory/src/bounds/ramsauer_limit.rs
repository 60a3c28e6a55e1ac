//! The capacity bound of Ramsauer et al. as N → ∞.

use lambert_w::lambert_w0;

use crate::error::{TheoryError, positive};

/// α_R(λ) = ¼ W₀(2λ/5), the load guaranteed by Theorem 3 of Ramsauer et al. (arXiv:2008.02217)
/// for random patterns on the sphere as N → ∞ (K = 1): the dotted line of LM24 Fig. 1.
///
/// ```
/// let lambda = 1.0;
/// let bound = dam_theory::bounds::ramsauer_load(lambda)?;
/// let exact = dam_theory::ensemble("spherical")?.typical_threshold(lambda)?;
/// assert!(bound < exact / 5.0);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// λ ≤ 0.
pub fn ramsauer_load(inverse_temperature: f64) -> Result<f64, TheoryError> {
    Ok(0.25 * lambert_w0(0.4 * positive("the inverse temperature λ", inverse_temperature)?))
}
