//! Patterns of independent fair signs.

use std::f64::consts::LN_2;
use std::sync::Arc;

use crate::ensemble::{Ensemble, only_unit_norm};
use crate::error::{TheoryError, positive, within};
use crate::kind::Kind;
use crate::numbers::root::find_root;
use crate::structure::Structure;

/// ξ_i = ±1, seen from x = ξ¹, ρ = 1 (LM24):
///
/// ```text
/// s(ε) = ½[(1+ε) ln(1+ε) + (1−ε) ln(1−ε)]     ζ(λ) = ln cosh λ     ε(λ) = tanh λ
/// s(ε_*) = α (ε_* = 1 for α ≥ ln 2)            λ_*(α) = artanh ε_*  α_*(λ) = λ tanh λ − ln cosh λ
/// α₁ = λ − ln cosh λ → ln 2                    α_c^lb = min(α₁, ½ ln 2)
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rademacher;

/// Its entry in the list of ensembles.
pub(super) const KIND: Kind = Kind {
    name: "rademacher",
    about: "independent fair signs",
    keys: &[],
    build: |_| Ok(Arc::new(Rademacher)),
};

/// ln 2 less its f64 value, which is too small.
const LN_2_REST: f64 = 2.319_046_813_846_299_6e-17;

/// ln 2 − α, to the last bit of α.
fn distance_to_saturation(load: f64) -> f64 {
    (LN_2 - load) + LN_2_REST
}

/// ln 2 − α_*(λ) = λ(1 − tanh λ) + ln(1 + e^{−2λ}).
fn condensation_gap(lambda: f64) -> f64 {
    let tail = (-2.0 * lambda).exp();
    tail.ln_1p() + 2.0 * (lambda * tail) / (1.0 + tail)
}

fn check(inverse_temperature: f64, squared_norm: f64) -> Result<f64, TheoryError> {
    only_unit_norm(squared_norm)?;
    positive("the inverse temperature λ", inverse_temperature)
}

/// λ tanh λ − ln cosh λ.
fn condensation_load(lambda: f64) -> f64 {
    if lambda < 1.0 {
        return lambda * lambda.tanh() - log_cosh(lambda);
    }
    LN_2 - condensation_gap(lambda)
}

/// ln cosh λ for λ ≥ 0.
pub(crate) fn log_cosh(lambda: f64) -> f64 {
    if lambda < 1.0 {
        return 0.5 * lambda.sinh().powi(2).ln_1p();
    }
    lambda + (-2.0 * lambda).exp().ln_1p() - LN_2
}

impl Ensemble for Rademacher {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn structure(&self) -> Structure<'_> {
        Structure::Signs
    }

    fn rate_function(&self, overlap: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        only_unit_norm(squared_norm)?;
        within("the overlap ε", overlap, overlap.abs() <= 1.0, "|ε| ≤ 1")?;
        let square = overlap * overlap;
        if square < 0.04 {
            // Σ_{k ≥ 1} ε^{2k}/(2k(2k−1)): 12 terms reach 1e-17 of the first at ε = 0.2.
            let terms = (1..=12).rev().map(|k| 1.0 / f64::from(2 * k * (2 * k - 1)));
            return Ok(terms.fold(0.0, |sum, term| sum * square + term) * square);
        }
        let part = |x: f64| if x == 0.0 { 0.0 } else { x * x.ln() };
        Ok(0.5 * (part(1.0 + overlap) + part(1.0 - overlap)))
    }

    fn cumulant_generating_function(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        Ok(log_cosh(check(lambda, rho)?))
    }

    fn saddle_overlap(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        Ok(check(lambda, rho)?.tanh())
    }

    fn extreme_overlap(&self, load: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        if distance_to_saturation(load) <= 0.0 {
            only_unit_norm(squared_norm)?;
            within("the load α", load, true, "the positive numbers")?;
            return Ok(1.0);
        }
        Ok(self
            .condensation_inverse_temperature(load, squared_norm)?
            .tanh())
    }

    fn condensation_inverse_temperature(&self, load: f64, rho: f64) -> Result<f64, TheoryError> {
        only_unit_norm(rho)?;
        let domain = "0 < α < ln 2 (beyond it every sign pattern is stored and nothing condenses)";
        let distance = distance_to_saturation(load);
        within("the load α", load, load > 0.0 && distance > 0.0, domain)?;
        // α_* < λ²/2, and ln 2 − α_*(40) lies below every distance that f64 can hold.
        let (low, high) = ((2.0 * load).sqrt(), 40.0);
        if load < 0.3 {
            return find_root(|lambda| condensation_load(lambda) - load, low, high);
        }
        // Near ln 2 the distance to it holds the digits.
        find_root(
            |lambda| distance.ln() - condensation_gap(lambda).ln(),
            low,
            high,
        )
    }

    fn condensation_load(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        Ok(condensation_load(check(lambda, rho)?))
    }

    fn typical_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        // λ − ln cosh λ = −ln[(1 + e^{−2λ})/2].
        let lambda = check(inverse_temperature, 1.0)?;
        Ok(-(0.5 * (-2.0 * lambda).exp_m1()).ln_1p())
    }

    fn typical_inverse_temperature(&self, load: f64) -> Result<f64, TheoryError> {
        let domain = "0 < α < ln 2 = 0.6931…, the supremum of α₁";
        let distance = distance_to_saturation(load);
        within("the load α", load, load > 0.0 && distance > 0.0, domain)?;
        // e^{−2λ} = 2e^{−α} − 1 = e^{ln 2 − α} − 1; the second form keeps the digits near ln 2.
        Ok(-0.5
            * if load < 0.3 {
                (2.0 * (-load).exp_m1()).ln_1p()
            } else {
                distance.exp_m1().ln()
            })
    }

    fn all_patterns_lower_bound(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        // Among 2^{N/2} random sign patterns two are equal.
        Ok(self.typical_threshold(inverse_temperature)?.min(0.5 * LN_2))
    }

    fn uncondensed_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        self.typical_threshold(inverse_temperature)
    }

    fn extreme_overlap_gap(&self, load: f64) -> Result<f64, TheoryError> {
        if distance_to_saturation(load) <= 0.0 {
            return Ok(1.0 - self.extreme_overlap(load, 1.0)?);
        }
        // 1 − tanh λ_*.
        let lambda = self.condensation_inverse_temperature(load, 1.0)?;
        Ok(2.0 / ((2.0 * lambda).exp() + 1.0))
    }
}
