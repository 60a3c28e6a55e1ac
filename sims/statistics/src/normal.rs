//! The standard normal distribution function and its inverse, to the last digits of f64.

use std::f64::consts::{FRAC_1_SQRT_2, PI, TAU};

use crate::StatisticsError;

/// The standard normal distribution function `Φ(z) = ½ erfc(−z/√2)`.
///
/// Relative accuracy holds in the lower tail too, down to `z ≈ −37`.
///
/// ```
/// use dam_statistics::normal_cumulative;
/// assert_eq!(normal_cumulative(0.0), 0.5);
/// ```
pub fn normal_cumulative(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// The standard normal quantile `z = Φ⁻¹(p)`, relative error below 1e-14.
///
/// An elementary approximation of the inverse error function (S. Winitzki, "A handy approximation
/// for the error function and its inverse", 2008; relative error 2e-3) starts Halley's iteration on
/// `Φ(z) − p`, which triples the digits each time. The upper half is mirrored, so that a
/// probability near 1 loses nothing beyond its own rounding.
///
/// # Errors
/// [`StatisticsError::Probability`] unless `2.3e-308 ≤ p < 1`.
///
/// ```
/// use dam_statistics::normal_quantile;
/// assert!((normal_quantile(0.975)? - 1.959963984540054).abs() < 1e-14);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn normal_quantile(probability: f64) -> Result<f64, StatisticsError> {
    if !(f64::MIN_POSITIVE..1.0).contains(&probability) {
        return Err(StatisticsError::Probability { probability });
    }
    if probability > 0.5 {
        // 1 − p is exact here.
        return Ok(-lower_quantile(1.0 - probability));
    }
    Ok(lower_quantile(probability))
}

/// `Φ⁻¹(p)` for `0 < p ≤ 1/2`.
fn lower_quantile(p: f64) -> f64 {
    const SHAPE: f64 = 0.147;
    let log = (4.0 * p).ln() + (-p).ln_1p();
    let half = 2.0 / (PI * SHAPE) + 0.5 * log;
    // Difference of two close numbers near p = 1/2, written without cancellation.
    let square = (-log / SHAPE) / ((half * half - log / SHAPE).sqrt() + half);
    let mut z = -(2.0 * square.max(0.0)).sqrt();
    for _ in 0..3 {
        // Near the centre Φ(z) − p would lose the digits of a small z; erf keeps them.
        let excess = if p > 0.25 {
            0.5 * libm::erf(z * FRAC_1_SQRT_2) - (p - 0.5)
        } else {
            normal_cumulative(z) - p
        };
        let newton = excess * TAU.sqrt() * (0.5 * z * z).exp();
        z -= newton / (1.0 + 0.5 * z * newton);
    }
    z
}
