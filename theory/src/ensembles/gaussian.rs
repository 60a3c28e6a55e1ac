//! Patterns with independent standard normal components.

use std::f64::consts::LN_2;
use std::sync::Arc;

use crate::ensemble::Ensemble;
use crate::error::{TheoryError, finite, positive, within};
use crate::kind::Kind;
use crate::numbers::root::find_root;
use crate::structure::Structure;

/// ξ_i ~ N(0, 1) (LM24):
///
/// ```text
/// s_ρ(ε) = ε²/(2ρ)     ζ_ρ(λ) = λ²ρ/2     ε(λ) = λρ     ε_*(α) = √(2αρ)
/// λ_*(α) = √(2α/ρ)     α_*(λ) = λ²ρ/2
/// α₁ = λ − λ²/2 for λ ≤ 1, ½ for λ ≥ 1
/// α_c^lb = min(α_B(λ), ¼ ln 2)
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Gaussian;

/// Its entry in the list of ensembles.
pub(super) const KIND: Kind = Kind {
    name: "gaussian",
    about: "independent components N(0, 1)",
    keys: &[],
    build: |_| Ok(Arc::new(Gaussian)),
};

fn checked_lambda(value: f64) -> Result<f64, TheoryError> {
    positive("the inverse temperature λ", value)
}

fn norm(value: f64) -> Result<f64, TheoryError> {
    positive("the squared norm ρ", value)
}

impl Ensemble for Gaussian {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn structure(&self) -> Structure<'_> {
        Structure::Normal
    }

    fn rate_function(&self, overlap: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        within("the overlap ε", overlap, true, "the finite numbers")?;
        Ok(0.5 * overlap * overlap / norm(squared_norm)?)
    }

    fn cumulant_generating_function(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        let lambda = checked_lambda(lambda)?;
        let value = 0.5 * lambda * lambda * norm(rho)?;
        finite("ζ", value, "the inverse temperature λ", lambda)
    }

    fn saddle_overlap(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        Ok(checked_lambda(lambda)? * norm(rho)?)
    }

    fn extreme_overlap(&self, load: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        Ok((2.0 * positive("the load α", load)? * norm(squared_norm)?).sqrt())
    }

    fn condensation_inverse_temperature(&self, load: f64, rho: f64) -> Result<f64, TheoryError> {
        Ok((2.0 * positive("the load α", load)? / norm(rho)?).sqrt())
    }

    fn condensation_load(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        self.cumulant_generating_function(lambda, rho)
    }

    fn typical_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        typical_threshold_given_norm(inverse_temperature, 1.0)
    }

    fn typical_inverse_temperature(&self, load: f64) -> Result<f64, TheoryError> {
        typical_inverse_temperature_given_norm(load, 1.0)
    }

    fn all_patterns_lower_bound(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        Ok(low_norm_load(inverse_temperature)?.min(CLOSE_PAIR_LOAD))
    }

    fn uncondensed_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        let lambda = checked_lambda(inverse_temperature)?;
        Ok(lambda * (1.0 - 0.5 * lambda))
    }

    fn extreme_overlap_gap(&self, load: f64) -> Result<f64, TheoryError> {
        Ok((1.0 - 2.0 * load) / (1.0 + self.extreme_overlap(load, 1.0)?))
    }
}

/// ¼ ln 2: from this load on some pair has ξ^μ·ξ^ν > |ξ^μ|², whatever λ.
pub const CLOSE_PAIR_LOAD: f64 = 0.25 * LN_2;

/// The load up to which a target of norm |ξ¹|² = rN is retrieved from x₀ = ξ¹:
/// r(λ − λ²/2) for λ ≤ 1, r/2 above.
///
/// # Errors
/// λ ≤ 0 or r ≤ 0.
pub fn typical_threshold_given_norm(
    inverse_temperature: f64,
    target_squared_norm: f64,
) -> Result<f64, TheoryError> {
    let lambda = checked_lambda(inverse_temperature)?.min(1.0);
    Ok(positive("the squared norm r", target_squared_norm)? * (lambda * (1.0 - 0.5 * lambda)))
}

/// λ₁ at which a target of norm |ξ¹|² = rN is lost: α = r(λ − λ²/2), λ₁ = 1 − √(1 − 2α/r).
///
/// # Errors
/// r ≤ 0, α ≤ 0, or α ≥ r/2, where no λ retrieves.
pub fn typical_inverse_temperature_given_norm(
    load: f64,
    target_squared_norm: f64,
) -> Result<f64, TheoryError> {
    let relative = load / positive("the squared norm r", target_squared_norm)?;
    let domain = "0 < α < r/2 (r = |ξ¹|²/N; α < 0.5 for a typical target)";
    within("the load α", load, relative > 0.0 && relative < 0.5, domain)?;
    // The form without cancellation at small α.
    Ok(2.0 * relative / (1.0 + (1.0 - 2.0 * relative).sqrt()))
}

/// I(r) = ½(r − 1 − ln r): e^{−N I(r)} is the density of |ξ|²/N at r.
///
/// # Errors
/// r ≤ 0.
pub fn norm_rate_function(target_squared_norm: f64) -> Result<f64, TheoryError> {
    let shortfall = 1.0 - positive("the squared norm r", target_squared_norm)?;
    Ok(0.5 * logarithm_remainder(shortfall))
}

/// r_B(λ), the lowest norm among e^{αN} targets at the load α_B where it is just retrieved:
/// r_B = −W₀(−q/e)/q with q = (1 − λ)² for λ < 1, and 1/e above.
///
/// W₀ is taken at its branch point for λ → 0, where it loses half of its digits; so the
/// equation r q = 1 + ln r is solved for 1 − r instead.
///
/// # Errors
/// λ ≤ 0.
pub fn lowest_retrieved_norm(inverse_temperature: f64) -> Result<f64, TheoryError> {
    Ok(1.0 - low_norm_shortfall(checked_lambda(inverse_temperature)?)?)
}

/// α_B(λ) = (λ − λ²/2) r_B for λ < 1 and 1/(2e) above: the load at which the target of lowest
/// norm is lost.
///
/// # Errors
/// λ ≤ 0.
pub fn low_norm_load(inverse_temperature: f64) -> Result<f64, TheoryError> {
    let lambda = checked_lambda(inverse_temperature)?.min(1.0);
    Ok(lambda * (1.0 - 0.5 * lambda) * (1.0 - low_norm_shortfall(lambda)?))
}

/// 1 − r_B: the root y of [−ln(1 − y) − y] = c (1 − y) with c = λ(2 − λ).
fn low_norm_shortfall(inverse_temperature: f64) -> Result<f64, TheoryError> {
    let lambda = inverse_temperature.min(1.0);
    let slope = lambda * (2.0 - lambda);
    let balance = |shortfall: f64| logarithm_remainder(shortfall) - slope * (1.0 - shortfall);
    // √(2c)/(1 + √(2c)) ≤ y ≤ √(2c), by y²/2 ≤ −ln(1 − y) − y ≤ y²/(2(1 − y)); twice as far for
    // rounding
    let leading = (2.0 * slope).sqrt();
    let high = (2.0 * leading).min(1.0 - 0.999 / std::f64::consts::E);
    find_root(balance, 0.5 * high.min(leading / (1.0 + leading)), high)
}

/// −ln(1 − y) − y, by its series where the difference would cancel.
fn logarithm_remainder(y: f64) -> f64 {
    if y.abs() > 0.1 {
        return -(-y).ln_1p() - y;
    }
    // Σ_{k ≥ 2} y^k/k: 16 terms reach 1e-17 of the first at |y| = 0.1.
    (2..=18)
        .rev()
        .fold(0.0, |sum, k| sum * y + 1.0 / f64::from(k))
        * y
        * y
}
