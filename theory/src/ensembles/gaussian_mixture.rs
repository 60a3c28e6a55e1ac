//! Patterns with independent components from an equal mixture of two centred normal laws.

use std::f64::consts::{LN_2, PI};
use std::sync::Arc;

use crate::families::independent::IndependentComponents;
use crate::kind::Kind;
use crate::laws::component::{ComponentLaw, Draw};
use crate::numbers::log_tails::log_normal_tail;
use crate::numbers::quadrature::graded_nodes;

/// ½ N(0, ½) + ½ N(0, 3/2): unit variance, tails heavier than normal (E ξ⁴ = 3.75), and
///
/// ```text
/// K(h) = ln ½(e^{h²/4} + e^{3h²/4})        K'(h) = h σ²(h)
/// ```
///
/// finite for all h; σ²(h) is the mean variance under the law tilted by e^{hξ}, from 1 up to 3/2.
/// Exponential tails would not do: the Laplace law has K(h) = −ln(1 − h²/2), infinite from
/// |h| = √2 on, so that at x = ξ¹ with typical (unbounded) components ζ(λ) = E_y K(λy) is infinite
/// at every λ > 0, and the noise is carried by single components and not by N of them.
#[derive(Clone, Copy, Debug)]
pub struct GaussianMixtureLaw;

/// The variances of the two normal laws, each of weight ½.
const VARIANCES: [f64; 2] = [0.5, 1.5];

/// Components beyond this have weight below e^{−300}.
const LARGEST_COMPONENT: f64 = 32.0;

/// Its entry in the list of ensembles.
///
/// ```
/// // Heavier tails let the noise grow faster: a lower load than of Gaussian patterns.
/// assert!(dam_theory::ensemble("gaussian-mixture")?.typical_threshold(0.5)? < 0.375);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
pub(super) const KIND: Kind = Kind {
    name: "gaussian-mixture",
    about: "independent components, ½ N(0, ½) + ½ N(0, 3/2)",
    keys: &[],
    build: |_| Ok(Arc::new(IndependentComponents::new(GaussianMixtureLaw))),
};

impl ComponentLaw for GaussianMixtureLaw {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        let [narrow, wide] = VARIANCES.map(|variance| 0.5 * variance * field * field);
        if wide < 1.0 {
            (0.5 * (narrow.exp_m1() + wide.exp_m1())).ln_1p()
        } else {
            wide + (narrow - wide).exp().ln_1p() - LN_2
        }
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        let [narrow, wide] = VARIANCES;
        let share = 1.0 / (1.0 + (0.5 * (narrow - wide) * field * field).exp());
        field * (narrow + (wide - narrow) * share)
    }

    fn nodes(&self) -> Vec<(f64, f64)> {
        let density = |y: f64| -> f64 {
            VARIANCES
                .iter()
                .map(|variance| (-0.5 * y * y / variance).exp() / (2.0 * PI * variance).sqrt())
                .sum()
        };
        graded_nodes(LARGEST_COMPONENT, 0.5, 45)
            .into_iter()
            .map(|(y, weight)| (y, weight * density(y)))
            .collect()
    }

    fn upper_tail(&self, value: f64) -> f64 {
        let tails = VARIANCES.map(|variance| log_normal_tail(value / variance.sqrt()).exp());
        0.5 * (tails[0] + tails[1])
    }

    fn draw(&self) -> Draw {
        Draw::TwoNormals {
            deviations: VARIANCES.map(f64::sqrt),
        }
    }
}
