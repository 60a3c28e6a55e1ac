//! Verdicts before arrival: a descent ends as soon as its fate is certain.
//!
//! Near λ_× most of a descent is spent on the last digits of a fixed point that no verdict
//! depends on. A verdict is certain when what is left of the way cannot change it. The way left
//! is judged from the gradient norms g of the last steps and their ratios q = g'/g:
//!
//! * near a fixed point q settles, and the state moves by about g q/(1 − q) in all;
//! * in the ghost of a saddle-node, where a fixed point is about to appear or has just gone, the
//!   speed follows ε + a y² (y the distance from the narrowest point, ε > 0 without a fixed
//!   point), so that (1 − q)² ≤ 4 |q' − q|: q still changes. Only (1 − q)² > 8 |q' − q|, three
//!   times in a row, counts as settled.
//!
//! With the way left δ (twice its estimate, per √N), the verdict stands if it stands everywhere
//! within δ: see [`Criterion::is_settled`].

use crate::criterion::Criterion;
use crate::dynamics::{Arrival, GradientDescent, Start, View};
use crate::memory::SoftmaxMemory;

/// Steps in a row whose ratios must have settled.
const SETTLED_STEPS: usize = 3;
/// How much the settled ratio may change, against (1 − q)²; the ghost of a saddle-node has ¼.
const RATIO_DRIFT: f64 = 8.0;
/// The way left is taken to be this many times its estimate.
const SAFETY: f64 = 2.0;

/// The recent speed of one descent.
#[derive(Clone, Copy, Debug, Default)]
struct Speed {
    norm: f64,
    ratio: Option<f64>,
    settled_steps: usize,
}

impl Speed {
    /// Takes the next gradient norm; returns the way left (per √N) once the ratio has settled.
    fn way_left(&mut self, norm: f64) -> Option<f64> {
        let ratio = (self.norm > 0.0).then(|| norm / self.norm);
        let is_settled = match (self.ratio, ratio) {
            (Some(previous), Some(ratio)) if ratio < 1.0 => {
                (1.0 - ratio).powi(2) > RATIO_DRIFT * (ratio - previous).abs()
            }
            _ => false,
        };
        self.settled_steps = if is_settled {
            self.settled_steps + 1
        } else {
            0
        };
        self.norm = norm;
        self.ratio = ratio;
        match ratio {
            Some(ratio) if self.settled_steps >= SETTLED_STEPS => {
                Some(SAFETY * norm * ratio / (1.0 - ratio))
            }
            _ => None,
        }
    }
}

/// Whether each start is retrieved, and its arrival: at the fixed point, or where the verdict
/// became certain ([`StopReason::Foreseen`](crate::StopReason::Foreseen)).
///
/// # Panics
/// If a start does not have N components or its target is not a stored pattern.
pub fn verdicts(
    descent: &GradientDescent,
    criterion: Criterion,
    memory: &dyn SoftmaxMemory,
    starts: &[Start],
) -> Vec<(bool, Arrival)> {
    let targets: Vec<Vec<f64>> = starts
        .iter()
        .map(|start| memory.pattern(start.target))
        .collect();
    let mut speeds = vec![Speed::default(); starts.len()];
    let arrivals = descent.run(memory, starts, &mut |view: &View<'_>| {
        // The gradient is the full way of a step of size 1; smaller steps shrink it as slowly.
        let way_left = speeds[view.start].way_left(view.gradient_norm);
        way_left.is_some_and(|way_left| {
            let target = &targets[view.start];
            let lambda = starts[view.start].inverse_temperature;
            // The step covers η of the gradient, and the ratio belongs to that step.
            criterion.is_settled(view, target, lambda, descent.step_size * way_left)
        })
    });
    arrivals
        .into_iter()
        .zip(&targets)
        .map(|(arrival, target)| (criterion.is_retrieved(&arrival, target), arrival))
        .collect()
}
