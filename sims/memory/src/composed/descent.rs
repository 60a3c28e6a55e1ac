//! Iterating the update to a fixed point.

use crate::composed::AssociativeMemory;
use crate::dynamics::{GradientDescent, StopReason};

/// Where the iteration of one state ended.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedPoint {
    /// The final state, d components.
    pub state: Vec<f64>,
    /// The weights of the M patterns at the final state.
    pub weights: Vec<f64>,
    /// |T(x) − x|/√d at the final state.
    pub change: f64,
    /// Updates made.
    pub steps: usize,
    /// Why it stopped.
    pub reason: StopReason,
}

impl AssociativeMemory {
    /// Iterates x ← (1 − η) x + η T(x) from each of B states until |T(x) − x|/√d is at most the
    /// tolerance, or as often as allowed.
    ///
    /// For compositions with an energy this descends it, at η = 1 and at every smaller η.
    ///
    /// # Panics
    /// If the memory is hetero-associative, or `states` does not hold whole states of d components.
    pub fn descend(&self, descent: &GradientDescent, states: &[f64], beta: f64) -> Vec<FixedPoint> {
        assert!(
            self.is_auto_associative(),
            "only an auto-associative memory can be iterated"
        );
        let size = self.size();
        let mut active: Vec<usize> = (0..states.len() / size).collect();
        let mut moving = states.to_vec();
        let mut arrived = vec![None; active.len()];
        for steps in 0.. {
            if active.is_empty() {
                break;
            }
            let next = self.retrieve(&moving, beta);
            let mut still_active = Vec::new();
            let mut still_moving = Vec::new();
            let pairs = moving.chunks_exact(size).zip(next.chunks_exact(size));
            for (&index, (state, next)) in active.iter().zip(pairs) {
                let squared: f64 = state.iter().zip(next).map(|(x, y)| (y - x).powi(2)).sum();
                let change = (squared / size as f64).sqrt();
                let reason = if change <= descent.tolerance {
                    StopReason::Converged
                } else if steps >= descent.max_steps {
                    StopReason::MaxSteps
                } else {
                    still_active.push(index);
                    still_moving.extend(state.iter().zip(next).map(|(x, y)| {
                        // η = 1 must give the update exactly
                        (1.0 - descent.step_size) * x + descent.step_size * y
                    }));
                    continue;
                };
                arrived[index] = Some(FixedPoint {
                    state: state.to_vec(),
                    weights: self.weights(state, beta),
                    change,
                    steps,
                    reason,
                });
            }
            active = still_active;
            moving = still_moving;
        }
        arrived
            .into_iter()
            .map(|point| point.expect("every state stays active until it arrives"))
            .collect()
    }
}
