//! The law of the overlap of one random pattern with a given state, its tails in log space, and the
//! nearest of many.

use super::domain;
use super::domain::within;
use crate::error::TheoryError;
use crate::numbers::log_tails::{
    log_gamma_half_ratio, log_half_beta, log_normal_tail, log_one_minus_exp,
};
use crate::numbers::quadrature::integrate;
use crate::numbers::root::find_root;
use std::f64::consts::{LN_2, PI};

/// e^{−40}: 1 − x and ln(1 − x) = −x agree to rounding below it.
const LOG_SMALL: f64 = -40.0;

/// The cosine t = x·ξ/(|x||ξ|) of a pattern uniform on the sphere: (1 + t)/2 ~ Beta((N−1)/2,
/// (N−1)/2).
///
/// ```text
/// p(t) = Γ(N/2)/(√π Γ((N−1)/2)) (1 − t²)^{(N−3)/2},   Pr(t > c) = ½ I_{1−c²}((N−1)/2, ½) for c ≥ 0
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SphericalOverlapLaw {
    size: f64,
    log_constant: f64,
}

impl SphericalOverlapLaw {
    /// The law in N = `size` dimensions.
    ///
    /// # Errors
    /// [`TheoryError`] when N is not finite or below 3.
    pub fn new(size: f64) -> Result<Self, TheoryError> {
        domain::spherical_size(size)?;
        Ok(Self {
            size,
            log_constant: log_gamma_half_ratio(0.5 * (size - 1.0)) - 0.5 * PI.ln(),
        })
    }

    /// N.
    pub fn size(&self) -> f64 {
        self.size
    }

    /// ln [Γ(N/2)/(√π Γ((N−1)/2))], the logarithm of the density at t = 0.
    pub(crate) fn log_constant(&self) -> f64 {
        self.log_constant
    }

    /// ln p(t) for −1 ≤ t ≤ 1.
    ///
    /// # Errors
    /// [`TheoryError`] when t is outside [−1, 1].
    pub fn log_density(&self, cosine: f64) -> Result<f64, TheoryError> {
        require_cosine(cosine)?;
        let power = 0.5 * (self.size - 3.0);
        if power == 0.0 {
            return Ok(self.log_constant);
        }
        Ok(self.log_constant + power * (-cosine * cosine).ln_1p())
    }

    /// ln Pr(t > c) for −1 ≤ c ≤ 1, with full relative accuracy in both tails.
    ///
    /// # Errors
    /// [`TheoryError`] when c is outside [−1, 1].
    pub fn log_tail(&self, cosine: f64) -> Result<f64, TheoryError> {
        require_cosine(cosine)?;
        Ok(self.tail(cosine))
    }

    /// The cosine c with ln Pr(t > c) = `log_tail` ≤ 0, the inverse of
    /// [`log_tail`](Self::log_tail).
    ///
    /// # Errors
    /// [`TheoryError`] when `log_tail` is positive or not a number.
    pub fn quantile_of_log_tail(&self, log_tail: f64) -> Result<f64, TheoryError> {
        if log_tail == f64::NEG_INFINITY {
            return Ok(1.0);
        }
        within("the log-tail", log_tail, log_tail <= 0.0, "at most 0")?;
        if log_tail > -LN_2 {
            return Ok(-self.upper_quantile(log_one_minus_exp(log_tail))?);
        }
        self.upper_quantile(log_tail)
    }

    /// E max of M = `e^{log_count}` independent cosines, the mean nearest-pattern cosine:
    /// ∫ {1 − [1 − Pr(t > c)]^M} dc − 1 over [−1, 1].
    ///
    /// At large N it is √(1 − M^{−2/N}).
    ///
    /// # Errors
    /// [`TheoryError`] when ln M is negative or not finite.
    pub fn mean_maximum(&self, log_count: f64) -> Result<f64, TheoryError> {
        domain::non_negative("ln M", log_count)?;
        // E max = c₀ + ∫_{c₀}^{c₁} Pr(max > c) dc where Pr(max > c) is 1 below c₀ and 0 above c₁ to
        // e^{−40}
        let log_tail_at = |log_expected: f64| {
            // M |ln(1 − Q)| = e^{log_expected}
            let log_rate = log_expected - log_count;
            if log_rate < LOG_SMALL {
                log_rate
            } else {
                log_one_minus_exp(-log_rate.exp())
            }
        };
        let low = self.quantile_of_log_tail(log_tail_at((-LOG_SMALL).ln()))?;
        let high = self.quantile_of_log_tail(log_tail_at(LOG_SMALL))?;
        let maximum_exceeds = |cosine: f64| {
            let log_tail = self.tail(cosine);
            // ln |ln(1 − Q)|
            let log_rate = if log_tail < LOG_SMALL {
                log_tail
            } else {
                (-log_one_minus_exp(log_tail)).ln()
            };
            -(-(log_count + log_rate).exp()).exp_m1()
        };
        let [excess] = integrate(|cosine| [maximum_exceeds(cosine)], low, high, 1e-13);
        Ok(low + excess)
    }

    fn tail(&self, cosine: f64) -> f64 {
        let upper = log_half_beta(0.5 * (self.size - 1.0), cosine * cosine) - LN_2;
        if cosine < 0.0 {
            log_one_minus_exp(upper)
        } else {
            upper
        }
    }

    /// The quantile for a tail of at most ½.
    fn upper_quantile(&self, log_tail: f64) -> Result<f64, TheoryError> {
        // Pr(t > c) ≤ ½ (1 − c²)^{(N−1)/2}, so with v = −½ ln(1 − c²) the root has v ≤ (|ln Q| − ln
        // 2)/(N − 1). In v the log-tail is nearly linear, and c keeps its digits near 0.
        let cosine = |v: f64| (-(-2.0 * v).exp_m1()).sqrt();
        let highest = (-log_tail - LN_2) / (self.size - 1.0);
        if highest <= 0.0 {
            return Ok(0.0);
        }
        // the root stays inside the bracket when rounding puts the bound on it
        let high = highest * (1.0 + 1e-9);
        if cosine(high) == 1.0 {
            return Ok(1.0);
        }
        find_root(|v| self.tail(cosine(v)) - log_tail, 0.0, high).map(cosine)
    }
}

/// ln Pr(x·ξ/N > m) for Gaussian patterns `ξ_i` ~ N(0, 1) at |x|² = ρN: x·ξ/|x| is standard normal.
///
/// # Errors
/// [`TheoryError`] when N or ρ is not positive, or an argument is not finite.
pub fn gaussian_overlap_log_tail(
    size: f64,
    squared_norm: f64,
    overlap: f64,
) -> Result<f64, TheoryError> {
    domain::size_and(size, ("the squared norm ρ", squared_norm))?;
    within("the overlap m", overlap, true, "finite")?;
    Ok(log_normal_tail(overlap * (size / squared_norm).sqrt()))
}

/// ln Pr(ξ·ξ' > |ξ|²) for two Gaussian patterns: ½ `I_{1/2}(N/2, ½)`, the tail of Student's t_N
/// above √N.
///
/// Decreases as −(N/2) ln 2: the pairs that limit the Gaussian capacity to ¼ ln 2.
///
/// # Errors
/// [`TheoryError`] when N is not finite and positive.
pub fn gaussian_pair_log_probability(size: f64) -> Result<f64, TheoryError> {
    domain::size(size)?;
    Ok(log_half_beta(0.5 * size, 0.5) - LN_2)
}

fn require_cosine(cosine: f64) -> Result<(), TheoryError> {
    within("the cosine", cosine, cosine.abs() <= 1.0, "within [−1, 1]").map(|_| ())
}
