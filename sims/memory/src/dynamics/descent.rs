//! Gradient descent of the energy for a batch of states that share each pass over the patterns.

use std::sync::Arc;

use dam_theory::Ensemble;
use serde_json::json;

use crate::composed::Composition;
use crate::dynamics::keys::{KeyError, Keys};
use crate::dynamics::{Arrival, Dynamics, Kind, Moment, Outlook, Start, StopReason, all_arrived};
use crate::kernel::{Batch, Workspace};
use crate::memory::{Memory, Outcome};
use crate::streams::{Settings, StreamKey};

/// The kind that job files name, and the default.
pub const KIND: Kind = Kind {
    name: "descent",
    about: "gradient descent to a fixed point",
    keys: &["step_size", "tolerance", "max_steps"],
    read,
};

/// Gradient descent x ← (1 − η) x + η T(x), which is x − η ∇E(x) for attention, and when it stops.
///
/// By default the update itself, η = 1, to |T(x) − x|/√N ≤ 1e-8.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientDescent {
    /// Step size η ∈ (0, 1]; η = 1 is the update of the memory.
    pub step_size: f64,
    /// Stops when |T(x) − x|/√N is at most this.
    pub tolerance: f64,
    /// Stops after this many updates.
    pub max_steps: usize,
}

impl Default for GradientDescent {
    fn default() -> Self {
        Self {
            step_size: 1.0,
            tolerance: 1e-8,
            max_steps: 20_000,
        }
    }
}

fn read(keys: &Keys) -> Result<Arc<dyn Dynamics>, KeyError> {
    let default = GradientDescent::default();
    let descent = GradientDescent {
        step_size: keys.real("step_size", default.step_size)?,
        tolerance: keys.positive("tolerance", default.tolerance)?,
        max_steps: keys.count("max_steps", default.max_steps)?,
    };
    GradientDescent::check_step_size(descent.step_size)
        .map_err(|message| KeyError::new("step_size", message))?;
    if descent.max_steps == 0 {
        let message = format!("0 allows no update; the default is {}", default.max_steps);
        return Err(KeyError::new("max_steps", message));
    }
    Ok(Arc::new(descent))
}

impl GradientDescent {
    /// Refuses an η outside (0, 1].
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_step_size(value: f64) -> Result<(), String> {
        if value > 0.0 && value <= 1.0 {
            return Ok(());
        }
        Err(format!(
            "{value} lies outside (0, 1]; 1 is the attention update"
        ))
    }

    /// Descends from every start to its fixed point; starts that have arrived leave the batch.
    ///
    /// # Panics
    /// If a start does not have N components or its target is not a stored pattern.
    pub fn descend(&self, memory: &dyn Memory, starts: &[Start]) -> Vec<Arrival> {
        all_arrived(self.descend_watched(memory, starts, &mut |_| Outlook::Open))
    }

    /// Descends until `watch` says of a state that its fate is certain, or it arrives; without an arrival are
    /// the states still moving when it says that enough is known.
    ///
    /// # Panics
    /// As [`descend`](Self::descend).
    pub fn descend_watched(
        &self,
        memory: &dyn Memory,
        starts: &[Start],
        watch: &mut dyn FnMut(&Moment<'_>) -> Outlook,
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
                let moment = self.moment(&active, slot, step);
                let outlook = watch(&moment);
                let reason = moment
                    .end
                    .or((outlook != Outlook::Open).then_some(StopReason::Foreseen));
                if let Some(reason) = reason {
                    arrivals[moment.start] = Some(Arrival {
                        state: moment.state.to_vec(),
                        outcome: moment.outcome,
                        gradient_norm: moment.gradient_norm,
                        steps: step,
                        reason,
                    });
                    active.remove(slot);
                } else {
                    active.step(slot, self.step_size);
                    slot += 1;
                }
                if outlook == Outlook::Enough {
                    return arrivals;
                }
            }
        }
        arrivals
    }

    fn moment<'a>(&self, active: &'a Active, slot: usize, step: usize) -> Moment<'a> {
        let gradient_norm = active.gradient_norm(slot);
        let end = if gradient_norm <= self.tolerance {
            Some(StopReason::Converged)
        } else {
            (step >= self.max_steps).then_some(StopReason::MaxSteps)
        };
        Moment {
            start: active.indices[slot],
            step,
            state: active.state(slot),
            outcome: active.outcomes[slot],
            gradient_norm,
            end,
        }
    }
}

impl Dynamics for GradientDescent {
    fn settings(&self) -> Settings {
        Settings::from([
            ("dynamics.step_size".to_owned(), json!(self.step_size)),
            ("dynamics.tolerance".to_owned(), json!(self.tolerance)),
            ("dynamics.max_steps".to_owned(), json!(self.max_steps)),
        ])
    }

    fn run(
        &self,
        memory: &dyn Memory,
        starts: &[Start],
        _streams: &StreamKey,
        watch: &mut dyn FnMut(&Moment<'_>) -> Outlook,
    ) -> Vec<Option<Arrival>> {
        self.descend_watched(memory, starts, watch)
    }

    fn as_descent(&self) -> Option<Self> {
        Some(*self)
    }

    fn typical_threshold(
        &self,
        composition: &Composition,
        ensemble: &dyn Ensemble,
        lambda: f64,
    ) -> Option<f64> {
        composition.typical_threshold(ensemble, lambda)
    }

    fn typical_inverse_temperature(
        &self,
        composition: &Composition,
        ensemble: &dyn Ensemble,
        alpha: f64,
    ) -> Option<f64> {
        composition.typical_inverse_temperature(ensemble, alpha)
    }
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
        memory.pass(
            &mut self.workspace,
            batch,
            &mut self.updates,
            &mut self.outcomes,
        );
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

    fn step(&mut self, slot: usize, step_size: f64) {
        let range = self.range(slot);
        for (value, update) in self.states[range.clone()]
            .iter_mut()
            .zip(&self.updates[range])
        {
            // η = 1 must give the attention update exactly.
            *value = (1.0 - step_size) * *value + step_size * update;
        }
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
