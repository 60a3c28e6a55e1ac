//! Minimisation with limited memory (L-BFGS), exact in the gradient where values no longer differ.

use std::collections::VecDeque;

use dam_memory::products::{add_scaled, dot};

/// Pairs of steps and gradient changes that are kept.
const MEMORY: usize = 12;
/// Sufficient decrease (Armijo).
const DECREASE: f64 = 1e-4;
/// Curvature condition (weak Wolfe).
const CURVATURE: f64 = 0.9;
/// Relative noise of a value, within which the slopes decide.
const VALUE_NOISE: f64 = 1e-14;
/// Trials of one line search.
const MOST_TRIALS: usize = 40;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    /// Largest component of the gradient.
    pub(crate) gradient: f64,
    /// Iterations.
    pub(crate) iterations: usize,
}

/// Minimises `function(position, gradient) -> value` from `position`, in place (J. Nocedal, Math.
/// Comput. 35, 773 (1980); line search by bisection on the weak Wolfe conditions, which near the
/// minimum are those of the slopes alone, W. W. Hager and H. Zhang, SIAM J. Optim. 16, 170 (2005)).
pub(crate) fn minimise(
    mut function: impl FnMut(&[f64], &mut [f64]) -> f64,
    position: &mut Vec<f64>,
    stop: Stop,
) {
    let size = position.len();
    let mut gradient = vec![0.0; size];
    let mut value = function(position, &mut gradient);
    let mut trial = position.clone();
    let mut trial_gradient = gradient.clone();
    let mut history: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::new();
    let mut direction = vec![0.0; size];
    for _ in 0..stop.iterations {
        let largest = gradient.iter().fold(0.0, |most: f64, g| most.max(g.abs()));
        if largest <= stop.gradient {
            return;
        }
        descend(&history, &gradient, &mut direction);
        let mut slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            // rounding has spoilt the curvature
            history.clear();
            descend(&history, &gradient, &mut direction);
            slope = dot(&direction, &gradient);
        }
        let mut step = if history.is_empty() {
            // a first step of a hundredth of a radian at most
            (0.01 / largest).min(1.0)
        } else {
            1.0
        };
        let (mut low, mut high) = (0.0, f64::INFINITY);
        let mut accepted = None;
        for _ in 0..MOST_TRIALS {
            for ((trial, x), d) in trial.iter_mut().zip(&*position).zip(&direction) {
                *trial = x + step * d;
            }
            let trial_value = function(&trial, &mut trial_gradient);
            let trial_slope = dot(&direction, &trial_gradient);
            let noise = VALUE_NOISE * (1.0 + value.abs());
            let decreases = trial_value <= value + DECREASE * step * slope
                || (trial_value <= value + noise && trial_slope <= (2.0 * DECREASE - 1.0) * slope);
            if !decreases {
                high = step;
            } else if trial_slope < CURVATURE * slope {
                low = step;
            } else {
                accepted = Some(trial_value);
                break;
            }
            step = if high.is_finite() {
                f64::midpoint(low, high)
            } else {
                2.0 * step
            };
        }
        let Some(trial_value) = accepted else {
            if history.is_empty() {
                return;
            }
            history.clear();
            continue;
        };
        let pairs = |new: &[f64], old: &[f64]| -> Vec<f64> {
            new.iter().zip(old).map(|(new, old)| new - old).collect()
        };
        let moved = pairs(&trial, position);
        let changed = pairs(&trial_gradient, &gradient);
        let curvature = dot(&moved, &changed);
        std::mem::swap(position, &mut trial);
        std::mem::swap(&mut gradient, &mut trial_gradient);
        value = trial_value;
        if curvature > f64::EPSILON * dot(&changed, &changed).sqrt() * dot(&moved, &moved).sqrt() {
            if history.len() == MEMORY {
                history.pop_front();
            }
            history.push_back((moved, changed, curvature));
        }
    }
}

/// −H g, by the two loops of L-BFGS.
fn descend(history: &VecDeque<(Vec<f64>, Vec<f64>, f64)>, gradient: &[f64], direction: &mut [f64]) {
    for (direction, g) in direction.iter_mut().zip(gradient) {
        *direction = -g;
    }
    let mut factors = Vec::with_capacity(history.len());
    for (moved, changed, curvature) in history.iter().rev() {
        let factor = dot(moved, direction) / curvature;
        add_scaled(direction, -factor, changed);
        factors.push(factor);
    }
    if let Some((_, changed, curvature)) = history.back() {
        let scale = curvature / dot(changed, changed);
        for direction in &mut *direction {
            *direction *= scale;
        }
    }
    for ((moved, changed, curvature), factor) in history.iter().zip(factors.into_iter().rev()) {
        let correction = dot(changed, direction) / curvature;
        add_scaled(direction, factor - correction, moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curved_valley_is_followed_to_its_end() {
        // Rosenbrock's function in ten dimensions, minimum 0 at (1, …, 1)
        let function = |x: &[f64], gradient: &mut [f64]| {
            gradient.fill(0.0);
            let mut value = 0.0;
            for i in 0..x.len() - 1 {
                let valley = x[i + 1] - x[i] * x[i];
                value += 100.0 * valley * valley + (1.0 - x[i]).powi(2);
                gradient[i] += -400.0 * valley * x[i] - 2.0 * (1.0 - x[i]);
                gradient[i + 1] += 200.0 * valley;
            }
            value
        };
        let mut position = vec![-0.5; 10];
        let stop = Stop {
            gradient: 1e-11,
            iterations: 2000,
        };
        minimise(function, &mut position, stop);
        for x in position {
            assert!((x - 1.0).abs() < 1e-11, "{x}");
        }
    }
}
