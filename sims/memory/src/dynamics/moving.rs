//! The loop that all dynamics share: states in a batch, one pass over the patterns for all of them,
//! then a step of each.

use crate::dynamics::{Arrival, Moment, Outlook, Start, StopReason, Watch};
use crate::kernel::{Batch, Workspace};
use crate::memory::{Memory, Outcome, Told};

/// One step of a kind of dynamics.
pub trait Motion {
    /// Why a state moves no further after so many steps, if it does not; `gradient_norm` is
    /// |T(x) − x|/√N.
    fn end(&self, step: usize, gradient_norm: f64) -> Option<StopReason>;

    /// Moves the state x of a start, for which the pass gave T(x).
    fn step(&mut self, start: usize, state: &mut [f64], update: &[f64]);
}

/// Moves every start to its end, or until `watch` says that its fate is certain; states that have
/// arrived leave the batch. Without an arrival are the states still moving when it says that enough
/// is known.
///
/// # Panics
/// If a start does not have N components or its target is not a stored pattern.
pub fn advance(
    memory: &dyn Memory,
    starts: &[Start],
    motion: &mut impl Motion,
    watch: Watch<'_>,
) -> Vec<Option<Arrival>> {
    let mut active = Active::new(starts, memory.size());
    let mut arrivals = vec![None; starts.len()];
    for step in 0.. {
        if active.indices.is_empty() {
            break;
        }
        active.evaluate(memory);
        let mut slot = 0;
        while slot < active.indices.len() {
            let gradient_norm = active.gradient_norm(slot);
            let moment = Moment {
                start: active.indices[slot],
                step,
                state: active.state(slot),
                outcome: active.outcomes[slot],
                gradient_norm,
                end: motion.end(step, gradient_norm),
            };
            let outlook = watch(&moment);
            let is_foreseen = outlook != Outlook::Open;
            let reason = moment.end.or(is_foreseen.then_some(StopReason::Foreseen));
            if let Some(reason) = reason {
                arrivals[moment.start] = Some(Arrival {
                    state: moment.state.to_vec(),
                    outcome: moment.outcome,
                    gradient_norm,
                    steps: step,
                    reason,
                });
                active.remove(slot);
            } else {
                let range = active.range(slot);
                let state = &mut active.states[range.clone()];
                motion.step(active.indices[slot], state, &active.updates[range]);
                slot += 1;
            }
            if outlook == Outlook::Enough {
                return arrivals;
            }
        }
    }
    arrivals
}

/// The states still moving, contiguous for the kernel.
struct Active {
    size: usize,
    indices: Vec<usize>,
    states: Vec<f64>,
    updates: Vec<f64>,
    inverse_temperatures: Vec<f64>,
    targets: Vec<usize>,
    outcomes: Vec<Outcome>,
    /// The best pattern of the last step: where the largest weights are expected again.
    seeds: Vec<usize>,
    workspace: Workspace,
}

impl Active {
    fn new(starts: &[Start], size: usize) -> Self {
        assert!(
            starts.iter().all(|start| start.state.len() == size),
            "every start must have N = {size} components"
        );
        Self {
            size,
            indices: (0..starts.len()).collect(),
            states: starts
                .iter()
                .flat_map(|start| start.state.iter().copied())
                .collect(),
            updates: vec![0.0; starts.len() * size],
            inverse_temperatures: starts
                .iter()
                .map(|start| start.inverse_temperature)
                .collect(),
            targets: starts.iter().map(|start| start.target).collect(),
            outcomes: vec![Outcome::default(); starts.len()],
            seeds: starts.iter().map(|start| start.target).collect(),
            workspace: Workspace::default(),
        }
    }

    fn evaluate(&mut self, memory: &dyn Memory) {
        let batch = Batch {
            states: &self.states,
            inverse_temperatures: &self.inverse_temperatures,
            targets: &self.targets,
            seeds: Some(&self.seeds),
        };
        let told = Told {
            updates: &mut self.updates,
            outcomes: &mut self.outcomes,
        };
        memory.pass(&mut self.workspace, batch, told);
        for (seed, outcome) in self.seeds.iter_mut().zip(&self.outcomes) {
            *seed = outcome.best_pattern;
        }
    }

    fn range(&self, slot: usize) -> std::ops::Range<usize> {
        slot * self.size..(slot + 1) * self.size
    }

    fn state(&self, slot: usize) -> &[f64] {
        &self.states[self.range(slot)]
    }

    fn gradient_norm(&self, slot: usize) -> f64 {
        let squared: f64 = self
            .state(slot)
            .iter()
            .zip(&self.updates[self.range(slot)])
            .map(|(value, update)| (value - update).powi(2))
            .sum();
        (squared / self.size as f64).sqrt()
    }

    /// Fills the slot with the last state, so that the batch stays contiguous.
    fn remove(&mut self, slot: usize) {
        let last = self.indices.len() - 1;
        let (from, to) = (self.range(last), self.range(slot));
        self.states.copy_within(from.clone(), to.start);
        self.updates.copy_within(from, to.start);
        self.states.truncate(last * self.size);
        self.updates.truncate(last * self.size);
        self.indices.swap_remove(slot);
        self.inverse_temperatures.swap_remove(slot);
        self.targets.swap_remove(slot);
        self.outcomes.swap_remove(slot);
        self.seeds.swap_remove(slot);
    }
}
