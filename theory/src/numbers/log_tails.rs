//! Logarithms of the error, incomplete gamma and incomplete beta functions, where the functions
//! themselves underflow.
//!
//! Arguments are validated by the public callers; each function states the domain it is given.

use super::root::find_root;
use crate::error::TheoryError;
use std::f64::consts::{LN_2, PI};

/// Relative size at which a series or a continued fraction stops.
const PRECISION: f64 = 1e-17;

/// ln(1 − e^x) for x ≤ 0.
pub(crate) fn log_one_minus_exp(x: f64) -> f64 {
    if x > -LN_2 {
        (-x.exp_m1()).ln()
    } else {
        (-x.exp()).ln_1p()
    }
}

/// ln(e^x − 1) for x > 0.
pub(crate) fn log_less_one(x: f64) -> f64 {
    x + log_one_minus_exp(-x)
}

/// ln Σ e^{x_i}.
pub(crate) fn log_sum(logs: &[f64]) -> f64 {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest
        + logs
            .iter()
            .map(|log| (log - largest).exp())
            .sum::<f64>()
            .ln()
}

/// ln Pr(Z > z) of a standard normal variable, at any z.
pub(crate) fn log_normal_tail(z: f64) -> f64 {
    if !z.is_finite() {
        return if z == f64::NEG_INFINITY { 0.0 } else { -z };
    }
    let x = z / std::f64::consts::SQRT_2;
    if x < 0.0 {
        return (-0.5 * libm::erfc(-x)).ln_1p();
    }
    if x < 2.0 {
        return (0.5 * libm::erfc(x)).ln();
    }
    // Lentz's method on erfc(x) = e^{−x²}/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))) (DLMF
    // 7.9.1)
    let mut fraction = x;
    let mut numerator = x;
    let mut denominator = 0.0;
    let mut coefficient = 0.0;
    loop {
        coefficient += 0.5;
        denominator = 1.0 / (x + coefficient * denominator);
        numerator = x + coefficient / numerator;
        let change = numerator * denominator;
        fraction *= change;
        if (change - 1.0).abs() < 2.0 * f64::EPSILON {
            break;
        }
    }
    -0.5 * z * z - 0.5 * PI.ln() - LN_2 - fraction.ln()
}

/// z ≥ 0 with ln Pr(Z > z) = `log_tail` ≤ −ln 2 of a standard normal variable.
pub(crate) fn normal_upper_quantile(log_tail: f64) -> Result<f64, TheoryError> {
    // Pr(Z > z) ≤ ½e^{−z²/2}
    let highest = (-2.0 * (log_tail + LN_2)).max(0.0).sqrt() + 1e-9;
    find_root(|z| log_normal_tail(z) - log_tail, 0.0, highest)
}

/// z with Pr(Z < z) = `probability` of a standard normal variable; beyond ±6 it is ±6.
pub(crate) fn normal_deviate(probability: f64) -> Result<f64, TheoryError> {
    let tail = probability.min(1.0 - probability);
    if tail <= 1e-9 {
        return Ok(6.0_f64.copysign(probability - 0.5));
    }
    let size = normal_upper_quantile(tail.ln())?;
    Ok(size.copysign(probability - 0.5))
}

/// ln Γ(a) − [(a − ½) ln a − a + ½ ln 2π] for a > 0.
pub(crate) fn stirling_remainder(a: f64) -> f64 {
    if a < 16.0 {
        return libm::lgamma(a) - ((a - 0.5) * a.ln() - a + 0.5 * (2.0 * PI).ln());
    }
    let y = 1.0 / (a * a);
    (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y / 1188.0)))) / a
}

/// ln [Γ(a + ½)/Γ(a)] for a > 0, without the cancellation of two logarithms of Γ.
pub(crate) fn log_gamma_half_ratio(a: f64) -> f64 {
    if a < 16.0 {
        return libm::lgamma(a + 0.5) - libm::lgamma(a);
    }
    let y = 1.0 / (a * a);
    0.5 * a.ln()
        - (1.0 / 8.0
            - y * (1.0 / 192.0 - y * (1.0 / 640.0 - y * (17.0 / 14336.0 - y * (31.0 / 18432.0)))))
            / a
}

/// ln P(a, x), the lower regularised incomplete gamma function, for a > 0 and x > 0.
pub(crate) fn log_lower_gamma(a: f64, x: f64) -> f64 {
    if x < a + 1.0 {
        lower_gamma_series(a, x)
    } else {
        log_one_minus_exp(upper_gamma_fraction(a, x))
    }
}

/// ln Q(a, x) = ln[1 − P(a, x)], the upper regularised incomplete gamma function, for a > 0 and x >
/// 0.
pub(crate) fn log_upper_gamma(a: f64, x: f64) -> f64 {
    if x < a + 1.0 {
        log_one_minus_exp(lower_gamma_series(a, x))
    } else {
        upper_gamma_fraction(a, x)
    }
}

/// ln [x^a e^{−x}/Γ(a)], with the large terms cancelled by hand.
pub(crate) fn log_gamma_weight(a: f64, x: f64) -> f64 {
    let excess = (x - a) / a;
    let log_ratio = if excess > -0.5 {
        excess.ln_1p()
    } else {
        (x / a).ln()
    };
    a * (log_ratio - excess) + 0.5 * (a / (2.0 * PI)).ln() - stirling_remainder(a)
}

fn lower_gamma_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut n = a;
    while term > PRECISION * sum {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    log_gamma_weight(a, x) + (sum / a).ln()
}

fn upper_gamma_fraction(a: f64, x: f64) -> f64 {
    // Lentz's method on Γ(a, x) = x^a e^{−x}/(x + 1 − a − 1(1 − a)/(x + 3 − a − …)) (DLMF 8.9.2,
    // even part)
    let mut partial = x + 1.0 - a;
    let mut numerator = f64::INFINITY;
    let mut denominator = 1.0 / partial;
    let mut fraction = denominator;
    let mut n = 0.0;
    loop {
        n += 1.0;
        let coefficient = -n * (n - a);
        partial += 2.0;
        denominator = 1.0 / (coefficient * denominator + partial);
        numerator = partial + coefficient / numerator;
        let change = numerator * denominator;
        fraction *= change;
        if (change - 1.0).abs() < 2.0 * f64::EPSILON {
            break;
        }
    }
    log_gamma_weight(a, x) + fraction.ln()
}

/// ln `I_{1−y}(a, ½)` for a > 0 and 0 ≤ y ≤ 1: the regularised incomplete beta function of
/// Student's law and of the sphere.
///
/// The argument is y = 1 − x so that no digit is lost near x = 1.
pub(crate) fn log_half_beta(a: f64, y: f64) -> f64 {
    half_beta(a, 1.0 - y, y, (-y).ln_1p())
}

/// ln `I_x(a, ½)` for a > 0 and 0 ≤ x ≤ 1, without loss of digits near x = 0.
pub(crate) fn log_half_beta_lower(a: f64, x: f64) -> f64 {
    half_beta(a, x, 1.0 - x, x.ln())
}

/// ln `I_x(a, ½)` from x, y = 1 − x and ln x.
fn half_beta(a: f64, x: f64, y: f64, log_x: f64) -> f64 {
    if y == 0.0 {
        return 0.0;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    // ln [x^a y^½/B(a, ½)]
    let log_weight = a * log_x + 0.5 * (y / PI).ln() + log_gamma_half_ratio(a);
    if y * (a + 2.5) <= 1.5 {
        // 1 − I_y(½, a), by the positive series of I_y (DLMF 8.17.8)
        let mut term = 1.0;
        let mut sum = 1.0;
        let mut n = 0.0;
        while term > PRECISION * sum {
            term *= (a + 0.5 + n) * y / (1.5 + n);
            sum += term;
            n += 1.0;
        }
        return log_one_minus_exp(log_weight + (2.0 * sum).ln());
    }
    log_weight - a.ln() - beta_fraction(a, 0.5, x).ln()
}

/// 1 + d₁/(1 + d₂/(1 + …)) of the incomplete beta function (DLMF 8.17.22), for x < (a + 1)/(a + b +
/// 2).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut fraction = 1.0;
    let mut numerator = 1.0;
    let mut denominator = 0.0;
    let mut m = 0.0;
    loop {
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        m += 1.0;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let mut largest = 0.0_f64;
        for coefficient in [odd, even] {
            denominator = 1.0 / (1.0 + coefficient * denominator);
            numerator = 1.0 + coefficient / numerator;
            let change = numerator * denominator;
            fraction *= change;
            largest = largest.max((change - 1.0).abs());
        }
        if largest < 2.0 * f64::EPSILON {
            return fraction;
        }
    }
}
