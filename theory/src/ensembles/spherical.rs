//! Patterns uniform on the sphere |ξ|² = N.

use std::sync::Arc;

use crate::ensemble::Ensemble;
use crate::error::{TheoryError, finite, positive, within};
use crate::kind::Kind;
use crate::numbers::root::find_root;
use crate::structure::Structure;

/// Uniform on |ξ|² = N. With t = λ√ρ and g = √(1 + 4t²) (LM24):
///
/// ```text
/// s_ρ(ε) = −½ ln(1 − ε²/ρ)          ζ_ρ(λ) = ½(g − 1) − ½ ln[(1 + g)/2]
/// ε(λ) = √ρ (g − 1)/(2t)            ε_*(α) = √(ρ(1 − e^{−2α}))
/// λ_*(α) = e^{2α}√(1 − e^{−2α})/√ρ   α_*(λ) = ½ ln[(1 + g)/2]
/// α₁ = α_c = λ − ζ_1(λ)
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Spherical;

/// Its entry in the list of ensembles.
pub(super) const KIND: Kind = Kind {
    name: "spherical",
    about: "uniform on the sphere |ξ|² = N",
    keys: &[],
    build: |_| Ok(Arc::new(Spherical)),
};

/// g − 1 = 4t²/(1 + g), free of cancellation and overflow.
fn excess(inverse_temperature: f64, squared_norm: f64) -> f64 {
    let double = 2.0 * inverse_temperature * squared_norm.sqrt();
    double * (double / (1.0 + double.hypot(1.0)))
}

fn check(inverse_temperature: f64, squared_norm: f64) -> Result<(), TheoryError> {
    positive("the squared norm ρ", squared_norm)?;
    let quantity = "the inverse temperature λ";
    positive(quantity, inverse_temperature)?;
    let reach = 2.0 * inverse_temperature * squared_norm.sqrt();
    finite("2λ√ρ", reach, quantity, inverse_temperature).map(drop)
}

impl Ensemble for Spherical {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn structure(&self) -> Structure<'_> {
        Structure::Sphere
    }

    fn rate_function(&self, overlap: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        let radius = positive("the squared norm ρ", squared_norm)?.sqrt();
        within("the overlap ε", overlap, overlap.abs() < radius, "|ε| < √ρ")?;
        let cosine = (overlap / radius).abs();
        if cosine < 0.5 {
            return Ok(-0.5 * (-cosine * cosine).ln_1p());
        }
        Ok(-0.5 * ((1.0 - cosine) * (1.0 + cosine)).ln())
    }

    fn cumulant_generating_function(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        check(lambda, rho)?;
        let excess = excess(lambda, rho);
        Ok(0.5 * (excess - (0.5 * excess).ln_1p()))
    }

    fn saddle_overlap(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        check(lambda, rho)?;
        let excess = excess(lambda, rho);
        Ok(2.0 * lambda * rho / (2.0 + excess))
    }

    fn extreme_overlap(&self, load: f64, squared_norm: f64) -> Result<f64, TheoryError> {
        positive("the load α", load)?;
        positive("the squared norm ρ", squared_norm)?;
        Ok((-(-2.0 * load).exp_m1() * squared_norm).sqrt())
    }

    fn condensation_inverse_temperature(&self, load: f64, rho: f64) -> Result<f64, TheoryError> {
        let value = (2.0 * load).exp() * self.extreme_overlap(load, rho)? / rho;
        finite("λ_*", value, "the load α", load)
    }

    fn condensation_load(&self, lambda: f64, rho: f64) -> Result<f64, TheoryError> {
        check(lambda, rho)?;
        Ok(0.5 * (0.5 * excess(lambda, rho)).ln_1p())
    }

    fn typical_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        let lambda = inverse_temperature;
        if lambda < 1.0 {
            return Ok(lambda - self.cumulant_generating_function(lambda, 1.0)?);
        }
        // λ − ½g = −1/[2(2λ + g)], which keeps the digits that λ − ζ(λ) loses at large λ.
        check(lambda, 1.0)?;
        let excess = excess(lambda, 1.0);
        let root = 1.0 + excess;
        Ok(0.5 * (0.5 * excess).ln_1p() + 0.5 - 0.5 / (2.0 * lambda + root))
    }

    fn typical_inverse_temperature(&self, load: f64) -> Result<f64, TheoryError> {
        // λ₁ > α since ζ > 0, and α₁(e^{2α}) > α since α₁(λ) > ½ ln λ for λ ≥ 1.
        within(
            "the load α",
            load,
            load > 0.0 && load < 340.0,
            "0 < α < 340 (λ₁ within f64)",
        )?;
        let excess = |lambda: f64| self.typical_threshold(lambda).unwrap_or(f64::NAN) - load;
        find_root(excess, load, (2.0 * load).exp())
    }

    fn all_patterns_lower_bound(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        self.typical_threshold(inverse_temperature)
    }

    fn uncondensed_threshold(&self, inverse_temperature: f64) -> Result<f64, TheoryError> {
        self.typical_threshold(inverse_temperature)
    }

    fn extreme_overlap_gap(&self, load: f64) -> Result<f64, TheoryError> {
        Ok((-2.0 * load).exp() / (1.0 + self.extreme_overlap(load, 1.0)?))
    }
}
