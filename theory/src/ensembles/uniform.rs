//! Patterns with independent components, uniform on [−√3, √3].

use std::sync::Arc;

use crate::families::independent::IndependentComponents;
use crate::kind::Kind;
use crate::laws::component::{ComponentLaw, Draw};
use crate::numbers::quadrature::graded_nodes;

/// The uniform law on [−√3, √3], of unit variance: with x = √3 |h|
///
/// ```text
/// K(h) = ln(sinh x / x)        K'(h) = √3 (coth x − 1/x) sign h
/// ```
#[derive(Clone, Copy, Debug)]
pub struct UniformLaw;

/// √3.
const EDGE: f64 = 1.732_050_807_568_877_2;

/// Its entry in the list of ensembles.
pub(super) const KIND: Kind = Kind {
    name: "uniform",
    about: "independent components, uniform on [−√3, √3]",
    keys: &[],
    build: |_| Ok(Arc::new(IndependentComponents::new(UniformLaw))),
};

impl ComponentLaw for UniformLaw {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        let x = EDGE * field.abs();
        if x < 1.0 {
            // sinh x / x − 1 = Σ_{k ≥ 1} x^{2k}/(2k + 1)!
            let square = x * x;
            let series = (1..=9).rev().fold(0.0, |sum, k| {
                (1.0 + sum) * square / (f64::from(2 * k) * f64::from(2 * k + 1))
            });
            return series.ln_1p();
        }
        x - (2.0 * x).ln() + (-(-2.0 * x).exp()).ln_1p()
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        let x = EDGE * field.abs();
        let langevin = if x < 2.0 {
            // The continued fraction x/(3 + x²/(5 + x²/(7 + …))).
            let square = x * x;
            let tail = (1..=12)
                .rev()
                .fold(0.0, |tail, k| square / (f64::from(2 * k + 3) + tail));
            x / (3.0 + tail)
        } else {
            1.0 / x.tanh() - 1.0 / x
        };
        EDGE * langevin.copysign(field)
    }

    fn tilted_rate(&self, field: f64) -> f64 {
        let x = EDGE * field.abs();
        if x < 1.0 {
            return field * self.tilted_mean(field) - self.log_moment_generating_function(field);
        }
        // x coth x − 1 − ln(sinh x / x), in which ±x cancels.
        let tail = (-2.0 * x).exp();
        2.0 * x * tail / (1.0 - tail) - 1.0 + (2.0 * x).ln() - (-tail).ln_1p()
    }

    fn nodes(&self) -> Vec<(f64, f64)> {
        let density = 1.0 / EDGE;
        graded_nodes(EDGE, 0.5, 40)
            .into_iter()
            .map(|(y, weight)| (y, weight * density))
            .collect()
    }

    fn upper_tail(&self, value: f64) -> f64 {
        (0.5 * (1.0 - value / EDGE)).max(0.0)
    }

    fn quantile(&self, probability: f64) -> f64 {
        EDGE * (2.0 * probability - 1.0)
    }

    fn draw(&self) -> Draw {
        Draw::Uniform { half_width: EDGE }
    }
}
