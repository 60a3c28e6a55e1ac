//! The goodness of a fit: how often chance alone gives a larger χ².

use statrs::function::gamma::gamma_ur;

use crate::StatisticsError;

/// The probability that χ² with `k = degrees_of_freedom` exceeds `chi_squared`,
/// `Q(k/2, χ²/2) = Γ(k/2, χ²/2)/Γ(k/2)`; `None` without degrees of freedom.
///
/// # Errors
/// A χ² that is negative or NaN.
///
/// ```
/// use dam_statistics::chi_squared_survival;
/// let p = chi_squared_survival(4.0, 2)?.expect("two degrees of freedom");
/// assert!((p - (-2.0_f64).exp()).abs() < 1e-16);
/// assert_eq!(chi_squared_survival(0.0, 0)?, None);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn chi_squared_survival(
    chi_squared: f64,
    degrees_of_freedom: usize,
) -> Result<Option<f64>, StatisticsError> {
    if chi_squared.is_nan() || chi_squared < 0.0 {
        return Err(StatisticsError::ChiSquared { chi_squared });
    }
    if degrees_of_freedom == 0 {
        return Ok(None);
    }
    let x = 0.5 * chi_squared;
    if x == 0.0 || x == f64::INFINITY {
        return Ok(Some(if x == 0.0 { 1.0 } else { 0.0 }));
    }
    Ok(Some(gamma_ur(0.5 * degrees_of_freedom as f64, x)))
}
