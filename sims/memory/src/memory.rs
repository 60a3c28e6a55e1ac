//! What every memory is: stored patterns, and a pass over them that tells where states go.

use std::fmt::Debug;

use crate::kernel::{Batch, Workspace};

/// What one pass over the patterns tells of a state x.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// E(x), where the memory has an energy.
    pub energy: Option<f64>,
    /// The target's share of the weights, p_μ/Σp.
    pub target_weight: f64,
    /// The pattern of largest weight (the first of equals), counted from 0.
    pub best_pattern: usize,
    /// Participation ratio Σ_μ p_μ²/(Σ_μ p_μ)²: 1 when one pattern holds all the weight.
    pub participation: f64,
}

/// Where a pass writes what it tells of a batch.
#[derive(Debug)]
pub struct Told<'a> {
    /// T(x) of every state, B×N, row-major.
    pub updates: &'a mut [f64],
    /// What is known of every state.
    pub outcomes: &'a mut [Outcome],
}

/// A memory: patterns, an energy where it has one, and an update of states.
pub trait Memory: Debug {
    /// N.
    fn size(&self) -> usize;

    /// Pattern μ, counted from 0.
    fn pattern(&self, pattern: usize) -> Vec<f64>;

    /// The update T(x) of every state of the batch (B×N, row-major), x − ∇E(x) for the memories
    /// whose energy holds ½|x|², and what the pass tells of x. A state at which T(x) = x is a fixed
    /// point.
    ///
    /// # Panics
    /// If the lengths do not fit together, or a target is not a pattern.
    fn pass(&self, workspace: &mut Workspace, batch: Batch<'_>, told: Told<'_>);

    /// The [`pass`](Self::pass) of one state, whose target is pattern 0.
    ///
    /// # Panics
    /// If the state does not have N components.
    fn pass_state(
        &self,
        workspace: &mut Workspace,
        state: &[f64],
        lambda: f64,
    ) -> (Vec<f64>, Outcome) {
        let mut update = vec![0.0; state.len()];
        let mut outcome = [Outcome::default()];
        let batch = Batch {
            states: state,
            inverse_temperatures: &[lambda],
            targets: &[0],
            seeds: None,
        };
        let told = Told {
            updates: &mut update,
            outcomes: &mut outcome,
        };
        self.pass(workspace, batch, told);
        (update, outcome[0])
    }

    /// The weights of all patterns at a state, where all patterns are at hand.
    fn pattern_weights(&self, state: &[f64], inverse_temperature: f64) -> Option<Vec<f64>>;

    /// Whether the weights are the softmax of λ x·ξ, so that the fate of a descent can be told
    /// before it ends: see [`verdict`](crate::dynamics::verdict).
    fn allows_foresight(&self) -> bool {
        false
    }
}

impl<M: Memory + ?Sized> Memory for &M {
    fn size(&self) -> usize {
        (**self).size()
    }

    fn pattern(&self, pattern: usize) -> Vec<f64> {
        (**self).pattern(pattern)
    }

    fn pass(&self, workspace: &mut Workspace, batch: Batch<'_>, told: Told<'_>) {
        (**self).pass(workspace, batch, told);
    }

    fn pattern_weights(&self, state: &[f64], inverse_temperature: f64) -> Option<Vec<f64>> {
        (**self).pattern_weights(state, inverse_temperature)
    }

    fn allows_foresight(&self) -> bool {
        (**self).allows_foresight()
    }
}
