//! Equations of Lambert's W solved for logarithms, where W and its argument overflow.

use crate::error::TheoryError;
use crate::numbers::root::find_root;

/// Newton steps after which every start has long converged.
const MOST_STEPS: usize = 100;

/// ln w of the w > 0 with w + ln w = `sum`: w = W₀(e^sum), Wright's ω function, at any finite
/// `sum`.
pub(super) fn log_wright_omega(sum: f64) -> f64 {
    // h(u) = e^u + u − sum is convex and increasing: Newton's method falls monotonically from h ≥ 0
    let mut u = if sum > 1.0 { sum.ln() } else { sum };
    for _ in 0..MOST_STEPS {
        let w = u.exp();
        let step = (w + u - sum) / (1.0 + w);
        u -= step;
        if step.abs() <= f64::EPSILON * u.abs() {
            break;
        }
    }
    u
}

/// ln c of the c > 0 with c ln c + a c = b, for finite a and b > 0: c = b/W₀(b e^a).
pub(super) fn log_growth(a: f64, b: f64) -> f64 {
    let y = b.ln() - log_wright_omega(a + b.ln());
    // one Newton step on y + a = b e^{−y} mends the digits that the difference loses near c = 1
    let w = b * (-y).exp();
    if w.is_finite() {
        y - (y + a - w) / (1.0 + w)
    } else {
        y
    }
}

/// ln s of both roots s of s − ln s = `excess` > 1, the smaller first: s = −W₀(−e^{−excess}),
/// −W₋₁(−e^{−excess}).
///
/// # Errors
/// [`TheoryError::Unsettled`] when `excess` is not finite.
pub(super) fn log_lambert_pair(excess: f64) -> Result<(f64, f64), TheoryError> {
    let difference = |v: f64| v.exp_m1() - v - (excess - 1.0);
    let smaller = find_root(difference, -excess, 0.0)?;
    let larger = find_root(difference, 0.0, (2.0 * excess).ln())?;
    Ok((smaller, larger))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn omega_solves_its_equation_from_the_smallest_to_the_largest_sums() {
        for sum in [-1e300, -800.0, -1.0, 0.0, 1.0, 1.5, 700.0, 1e5, 1e300] {
            let u = log_wright_omega(sum);
            let residual = (u.exp() + u - sum) / (1.0 + u.exp());
            assert!(
                residual.abs() <= 4.0 * f64::EPSILON * u.abs().max(1.0),
                "{sum}: {u}"
            );
        }
        // ω(1) = 1
        assert!(log_wright_omega(1.0).abs() < 1e-16);
    }

    #[test]
    fn omega_agrees_with_an_independent_lambert_w() {
        for index in 0..200 {
            let sum = -20.0 + 0.2 * f64::from(index);
            let reference = lambert_w::lambert_w0(sum.exp()).ln();
            let difference = (log_wright_omega(sum) - reference).abs();
            assert!(
                difference < 1e-14 * sum.abs().max(1.0),
                "{sum}: {difference}"
            );
        }
    }

    #[test]
    fn both_branches_agree_with_an_independent_lambert_w() {
        for excess in [1.0001_f64, 1.5, 3.0, 40.0, 600.0] {
            let (smaller, larger) = log_lambert_pair(excess).unwrap();
            let argument = -(-excess).exp();
            let expected = [
                (-lambert_w::lambert_w0(argument)).ln(),
                (-lambert_w::lambert_wm1(argument)).ln(),
            ];
            // near the branch point the argument itself loses half of its digits
            let tolerance = if excess < 1.1 { 1e-9 } else { 1e-13 };
            for (found, expected) in [smaller, larger].into_iter().zip(expected) {
                let difference = (found - expected).abs();
                assert!(difference < tolerance * expected.abs().max(1.0), "{excess}");
            }
        }
        // beyond the range of e^{−excess}
        let (smaller, larger) = log_lambert_pair(1e5).unwrap();
        assert_eq!(smaller, -1e5);
        assert!((larger.exp() - larger - 1e5).abs() < 1e-9);
    }
}
