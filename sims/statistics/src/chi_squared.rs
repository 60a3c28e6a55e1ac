//! The goodness of a fit: how often chance alone gives a larger χ².

use std::f64::consts::PI;

use crate::StatisticsError;

/// The probability that χ² with `k = degrees_of_freedom` exceeds `chi_squared`,
/// `Q(k/2, χ²/2) = Γ(k/2, χ²/2)/Γ(k/2)`.
///
/// With `x = χ²/2` and an integer `k` this is a finite sum of positive terms:
/// `e⁻ˣ Σ_{j<k/2} xʲ/j!` for even `k`, and
/// `erfc(√x) + e⁻ˣ Σ_{j=1}^{(k−1)/2} x^{j−1/2}/Γ(j + 1/2)` for odd `k`
/// (Abramowitz and Stegun, 26.4.4 and 26.4.5). `None` without degrees of freedom.
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
    if chi_squared == f64::INFINITY {
        return Ok(Some(0.0));
    }
    let x = 0.5 * chi_squared;
    let terms = degrees_of_freedom / 2;
    let (head, first, offset) = if degrees_of_freedom.is_multiple_of(2) {
        (0.0, 1.0, 0.0)
    } else {
        (libm::erfc(x.sqrt()), 2.0 * (x / PI).sqrt(), 0.5)
    };
    let mut sum = 0.0;
    let mut term: f64 = first;
    let mut log_scale = 0.0;
    for j in 1..=terms {
        sum += term;
        term *= x / (j as f64 + offset);
        // e⁻ˣ alone would underflow where the terms overflow.
        if term > 1e250 {
            term *= 1e-250;
            sum *= 1e-250;
            log_scale += 250.0 * std::f64::consts::LN_10;
        }
    }
    // Rounding can carry a probability of one past one.
    Ok(Some((head + sum * (log_scale - x).exp()).min(1.0)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::reference::{assert_close, table};

    #[test]
    fn survival_agrees_with_high_precision() {
        for row in table("chi_squared") {
            let x = row.number("chi_squared");
            let dof = usize::try_from(row.count("degrees_of_freedom")).unwrap();
            let p = chi_squared_survival(x, dof).unwrap().unwrap();
            // The exponent of e⁻ˣ carries its own rounding.
            assert_close(p, row.number("survival"), 1e-13 + 1e-15 * x);
        }
    }

    #[test]
    fn limits_and_refusals() {
        assert_eq!(chi_squared_survival(0.0, 5).unwrap(), Some(1.0));
        assert_eq!(chi_squared_survival(f64::INFINITY, 5).unwrap(), Some(0.0));
        assert!(chi_squared_survival(-1.0, 5).is_err());
        assert!(chi_squared_survival(f64::NAN, 5).is_err());
    }
}
