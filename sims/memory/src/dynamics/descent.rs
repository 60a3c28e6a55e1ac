//! Gradient descent of the energy for a batch of states that share each pass over the patterns.

use std::sync::Arc;

use serde::Serialize;

use crate::dynamics::keys::{Key, KeyError, Keys};
use crate::dynamics::moving::{Motion, advance};
use crate::dynamics::{
    Arrival, Departure, Dynamics, Kind, Outlook, RandomMemory, Start, StopReason, Watch,
    all_arrived, dotted,
};
use crate::memory::Memory;
use crate::streams::Settings;

/// The kind that job files name, and the default.
pub const KIND: Kind = Kind {
    name: "descent",
    about: "gradient descent to a fixed point",
    keys: &[
        Key::number(
            "step_size",
            "0 < η ≤ 1; 1, the default, is the attention update",
        ),
        Key::number(
            "tolerance",
            "stop when |∇E|/√N is at most this; default 1e-8",
        ),
        Key::count("max_steps", "or after this many updates; default 20000"),
    ],
    read,
};

/// Gradient descent x ← (1 − η) x + η T(x), which is x − η ∇E(x) for attention, and when it stops.
///
/// By default the update itself, η = 1, to |T(x) − x|/√N ≤ 1e-8.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
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

    /// Descends until `watch` says of a state that its fate is certain, or it arrives; without an
    /// arrival are the states still moving when it says that enough is known.
    ///
    /// # Panics
    /// As [`descend`](Self::descend).
    pub fn descend_watched(
        &self,
        memory: &dyn Memory,
        starts: &[Start],
        watch: Watch<'_>,
    ) -> Vec<Option<Arrival>> {
        advance(memory, starts, &mut { *self }, watch)
    }
}

impl Motion for GradientDescent {
    fn end(&self, step: usize, gradient_norm: f64) -> Option<StopReason> {
        if gradient_norm <= self.tolerance {
            return Some(StopReason::Converged);
        }
        (step >= self.max_steps).then_some(StopReason::MaxSteps)
    }

    fn step(&mut self, _start: usize, state: &mut [f64], update: &[f64]) {
        for (value, update) in state.iter_mut().zip(update) {
            // η = 1 must give the attention update exactly.
            *value = (1.0 - self.step_size) * *value + self.step_size * update;
        }
    }
}

impl Dynamics for GradientDescent {
    fn settings(&self) -> Settings {
        dotted(self)
    }

    fn run(&self, from: Departure<'_>, watch: Watch<'_>) -> Vec<Option<Arrival>> {
        self.descend_watched(from.memory, from.starts, watch)
    }

    fn as_descent(&self) -> Option<Self> {
        Some(*self)
    }

    fn typical_threshold(&self, memory: RandomMemory<'_>, lambda: f64) -> Option<f64> {
        memory
            .composition
            .typical_threshold(memory.ensemble, lambda)
    }

    fn typical_inverse_temperature(&self, memory: RandomMemory<'_>, alpha: f64) -> Option<f64> {
        let RandomMemory {
            composition,
            ensemble,
        } = memory;
        composition.typical_inverse_temperature(ensemble, alpha)
    }
}
