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

/// 1/(2k + 1)!, k = 1 to 9.
const SINH_SERIES: [f64; 9] = sinh_series();
/// By powers of x², numerator and denominator of 1/(5 + x²/(7 + x²/(9 + …))), twelve levels of the
/// continued fraction 1/(3 + x²/(5 + …)) of coth x − 1/x over x as one division. All coefficients are
/// whole and positive. Of its rounding little comes through beside the 3.
const LANGEVIN: [[f64; 7]; 2] = langevin();

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
            return (square * polynomial(&SINH_SERIES, square)).ln_1p();
        }
        x - (2.0 * x).ln() + (-(-2.0 * x).exp()).ln_1p()
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        let x = EDGE * field.abs();
        let langevin = if x < 2.0 {
            let square = x * x;
            let [numerator, denominator] = &LANGEVIN;
            let tail = polynomial(numerator, square) / polynomial(denominator, square);
            x / (3.0 + square * tail)
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

const fn sinh_series() -> [f64; 9] {
    let mut coefficients = [1.0 / 6.0; 9];
    let mut power = 1;
    while power < 9 {
        let even = 2.0 * (power as f64 + 1.0);
        coefficients[power] = coefficients[power - 1] / (even * (even + 1.0));
        power += 1;
    }
    coefficients
}

const fn langevin() -> [[f64; 7]; 2] {
    let mut before = [[0.0; 7], [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]];
    let mut last = [before[1], [5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]];
    let mut level = 7.0;
    while level <= 27.0 {
        // each convergent is level times the last and x² times the one before
        let mut next = [[0.0; 7]; 2];
        let mut part = 0;
        while part < 2 {
            let mut power = 0;
            while power < 7 {
                next[part][power] = level * last[part][power];
                if power > 0 {
                    next[part][power] += before[part][power - 1];
                }
                power += 1;
            }
            part += 1;
        }
        before = last;
        last = next;
        level += 2.0;
    }
    last
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Level by level: twelve divisions, whose rounding fades.
    fn continued_fraction(x: f64) -> f64 {
        let square = x * x;
        let levels = (2..=13).rev();
        let tail = levels.fold(0.0, |tail, k| square / (f64::from(2 * k + 1) + tail));
        x / (3.0 + tail)
    }

    /// Searches of fixed points end at the rounding of this function, so that it must not be much.
    #[test]
    fn the_mean_has_the_rounding_of_its_continued_fraction() {
        for step in 1..20_000 {
            let x = 1e-4 * f64::from(step);
            let (mean, plain) = (
                UniformLaw.tilted_mean(x / EDGE) / EDGE,
                continued_fraction(x),
            );
            let apart = (mean / plain - 1.0).abs() / f64::EPSILON;
            assert!(apart <= 5.0, "{x}: {apart}");
        }
    }
}
