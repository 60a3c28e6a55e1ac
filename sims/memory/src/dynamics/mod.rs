//! Gradient descent of the energy for a batch of states that share each pass over the patterns.

pub mod criterion;
pub mod verdict;

use serde::{Deserialize, Serialize};

use crate::attention::{SoftmaxMemory, dot, energy};
use crate::kernel::{Batch, StateSummary, Workspace};

/// Gradient descent x ← x − η ∇E(x) = (1 − η) x + η softmax(λ x Ξᵀ) Ξ and when it stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientDescent {
    /// Step size η ∈ (0, 1]; η = 1 is the attention update.
    pub step_size: f64,
    /// Stops when |∇E|/√N is at most this.
    pub tolerance: f64,
    /// Stops after this many updates.
    pub max_steps: usize,
}

/// Why a descent stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The gradient fell below the tolerance: a fixed point.
    Converged,
    /// The allowed number of updates was used up.
    MaxSteps,
    /// The verdict was certain before the fixed point was reached.
    Foreseen,
}

/// One state to descend from.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// N components.
    pub state: Vec<f64>,
    /// λ.
    pub inverse_temperature: f64,
    /// The pattern to be retrieved, counted from 0.
    pub target: usize,
}

/// Where a descent ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// The final state, N components.
    pub state: Vec<f64>,
    /// Softmax weights and log-sum-exp at the final state.
    pub summary: StateSummary,
    /// |∇E|/√N at the final state.
    pub gradient_norm: f64,
    /// Updates made.
    pub steps: usize,
    /// Why it stopped.
    pub reason: StopReason,
}

/// What a recorder sees of one state before each update, and at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Position of the state in the batch of starts.
    pub start: usize,
    /// Updates made so far.
    pub step: usize,
    /// E(x).
    pub energy: f64,
    /// m = x·ξ/N with the target ξ.
    pub overlap: f64,
    /// ρ = |x|²/N.
    pub squared_norm: f64,
    /// Softmax weight of the target.
    pub target_weight: f64,
    /// |∇E|/√N.
    pub gradient_norm: f64,
}

impl GradientDescent {
    /// Descends from every start to its fixed point; starts that have arrived leave the batch.
    ///
    /// # Panics
    /// If a start does not have N components or its target is not a stored pattern.
    pub fn descend(&self, memory: &dyn SoftmaxMemory, starts: &[Start]) -> Vec<Arrival> {
        all_arrived(self.run(memory, starts, &mut |_: &View<'_>| Outlook::Open))
    }

    /// Like [`descend`](Self::descend), and shows every [`Moment`] of every trajectory to `recorder`.
    ///
    /// # Panics
    /// If a start does not have N components or its target is not a stored pattern.
    pub fn descend_recorded(
        &self,
        memory: &dyn SoftmaxMemory,
        starts: &[Start],
        recorder: &mut dyn FnMut(Moment),
    ) -> Vec<Arrival> {
        let size = memory.size() as f64;
        let arrivals = self.run(memory, starts, &mut |view: &View<'_>| {
            let start = &starts[view.start];
            let target = memory.pattern(start.target);
            recorder(Moment {
                start: view.start,
                step: view.step,
                energy: energy(
                    view.summary.log_sum_exp,
                    view.state,
                    start.inverse_temperature,
                ),
                overlap: dot(view.state, &target) / size,
                squared_norm: dot(view.state, view.state) / size,
                target_weight: view.summary.target_weight,
                gradient_norm: view.gradient_norm,
            });
            Outlook::Open
        });
        all_arrived(arrivals)
    }

    /// Descends until `outlook` says of a state that its fate is certain, or it arrives; without an arrival are
    /// the states still moving when it says that enough is known.
    pub(crate) fn run(
        &self,
        memory: &dyn SoftmaxMemory,
        starts: &[Start],
        outlook: &mut dyn FnMut(&View<'_>) -> Outlook,
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
                let view = active.view(slot, step);
                let outlook = outlook(&view);
                let reason = self
                    .stop_reason(&view)
                    .or((outlook != Outlook::Open).then_some(StopReason::Foreseen));
                if let Some(reason) = reason {
                    arrivals[view.start] = Some(Arrival {
                        state: view.state.to_vec(),
                        summary: *view.summary,
                        gradient_norm: view.gradient_norm,
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

    /// Why a descent ends at the state, if not for its outlook.
    pub(crate) fn stop_reason(&self, view: &View<'_>) -> Option<StopReason> {
        if view.gradient_norm <= self.tolerance {
            Some(StopReason::Converged)
        } else if view.step >= self.max_steps {
            Some(StopReason::MaxSteps)
        } else {
            None
        }
    }
}

/// What is known of a moving state's fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// It descends further.
    Open,
    /// It need not descend further.
    Certain,
    /// Nor need any other.
    Enough,
}

fn all_arrived(arrivals: Vec<Option<Arrival>>) -> Vec<Arrival> {
    arrivals
        .into_iter()
        .map(|arrival| arrival.expect("every start stays active until it arrives"))
        .collect()
}

/// One moving state before its next update.
pub(crate) struct View<'a> {
    /// Position in the batch of starts.
    pub(crate) start: usize,
    /// Updates made so far.
    pub(crate) step: usize,
    /// N components.
    pub(crate) state: &'a [f64],
    /// Softmax weights and log-sum-exp at the state.
    pub(crate) summary: &'a StateSummary,
    /// |∇E|/√N at the state.
    pub(crate) gradient_norm: f64,
}

/// The states still moving, contiguous for the kernel.
struct Active {
    size: usize,
    indices: Vec<usize>,
    states: Vec<f64>,
    means: Vec<f64>,
    inverse_temperatures: Vec<f64>,
    targets: Vec<usize>,
    summaries: Vec<StateSummary>,
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
            means: vec![0.0; starts.len() * size],
            inverse_temperatures: starts
                .iter()
                .map(|start| start.inverse_temperature)
                .collect(),
            targets: starts.iter().map(|start| start.target).collect(),
            summaries: vec![StateSummary::default(); starts.len()],
            seeds: starts.iter().map(|start| start.target).collect(),
            workspace: Workspace::default(),
        }
    }

    fn evaluate(&mut self, memory: &dyn SoftmaxMemory) {
        let batch = Batch {
            states: &self.states,
            inverse_temperatures: &self.inverse_temperatures,
            targets: &self.targets,
        };
        memory.update_with(
            &mut self.workspace,
            batch,
            Some(&self.seeds),
            &mut self.means,
            &mut self.summaries,
        );
        for (seed, summary) in self.seeds.iter_mut().zip(&self.summaries) {
            *seed = summary.best_pattern;
        }
    }

    fn view(&self, slot: usize, step: usize) -> View<'_> {
        View {
            start: self.indices[slot],
            step,
            state: self.state(slot),
            summary: &self.summaries[slot],
            gradient_norm: self.gradient_norm(slot),
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
            .zip(&self.means[self.range(slot)])
            .map(|(value, mean)| (value - mean).powi(2))
            .sum();
        (squared / self.size as f64).sqrt()
    }

    fn step(&mut self, slot: usize, step_size: f64) {
        let range = self.range(slot);
        for (value, mean) in self.states[range.clone()]
            .iter_mut()
            .zip(&self.means[range])
        {
            // η = 1 must give the attention update exactly.
            *value = (1.0 - step_size) * *value + step_size * mean;
        }
    }

    /// Fills the slot with the last state, so that the batch stays contiguous.
    fn remove(&mut self, slot: usize) {
        let last = self.indices.len() - 1;
        let (from, to) = (self.range(last), self.range(slot));
        self.states.copy_within(from.clone(), to.start);
        self.means.copy_within(from, to.start);
        self.states.truncate(last * self.size);
        self.means.truncate(last * self.size);
        self.indices.swap_remove(slot);
        self.inverse_temperatures.swap_remove(slot);
        self.targets.swap_remove(slot);
        self.summaries.swap_remove(slot);
        self.seeds.swap_remove(slot);
    }
}
