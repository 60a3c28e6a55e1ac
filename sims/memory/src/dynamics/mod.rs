//! How states move in a memory, when they arrive, and what counts as a retrieval. One file a kind
//! of dynamics, all of them in [`DYNAMICS`].

pub mod criterion;
pub mod descent;
mod fixed_points;
pub mod keys;
pub mod moving;
mod retriever;
pub mod softmax_gibbs;
pub mod verdict;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use dam_theory::Ensemble;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::composed::Composition;
use crate::dynamics::keys::{Key, KeyError, Keys};
use crate::memory::{Memory, Outcome};
use crate::products::dot;
use crate::streams::{Settings, StreamKey};

pub use descent::GradientDescent;
pub use fixed_points::crossover_of_fixed_points;
pub use retriever::Retriever;

/// A kind of dynamics: what section `[dynamics]` of a job file may name.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The name in job files.
    pub name: &'static str,
    /// How states move, in one line.
    pub about: &'static str,
    /// The keys of the section that it reads.
    pub keys: &'static [Key],
    /// The dynamics of these keys.
    pub read: fn(&Keys) -> Result<Arc<dyn Dynamics>, KeyError>,
}

/// The kinds that there are, the default first.
pub const DYNAMICS: &[Kind] = &[descent::KIND, softmax_gibbs::KIND];

/// What is shown every moment of every trajectory, and says what is known of its fate.
pub type Watch<'a> = &'a mut dyn FnMut(&Moment<'_>) -> Outlook;

/// From where states move.
#[derive(Clone, Copy, Debug)]
pub struct Departure<'a> {
    /// The memory in which they move.
    pub memory: &'a dyn Memory,
    /// The states.
    pub starts: &'a [Start],
    /// The root of the sample's random streams. Stochastic dynamics take one for each start, named
    /// by its λ and its place, so that no result depends on threads or order.
    pub streams: &'a StreamKey,
}

/// A memory of random patterns, as theory at N = ∞ speaks of it.
#[derive(Clone, Copy, Debug)]
pub struct RandomMemory<'a> {
    /// The similarity and the separation.
    pub composition: &'a Composition,
    /// The law of the patterns.
    pub ensemble: &'a dyn Ensemble,
}

/// How states move in a memory.
pub trait Dynamics: Debug + Send + Sync {
    /// The settings that its numbers depend on, by dotted key of the job file; `dynamics.kind` too,
    /// but for the default.
    fn settings(&self) -> Settings;

    /// Moves every start until it arrives, or `watch` says that its fate is certain. `watch` is
    /// shown every moment of every trajectory, the last one with its [`end`](Moment::end). Without
    /// an arrival are the states still moving when it says that enough is known.
    ///
    /// # Panics
    /// If a start does not have N components or its target is not a stored pattern.
    fn run(&self, from: Departure<'_>, watch: Watch<'_>) -> Vec<Option<Arrival>>;

    /// The descent that it is, if it is one: at T = 0, to a fixed point, without chance.
    fn as_descent(&self) -> Option<GradientDescent> {
        None
    }

    /// Refuses memories in which it is not defined, and says why.
    ///
    /// # Errors
    /// The reason, and what would do.
    fn fits(&self, composition: &Composition) -> Result<(), &'static str> {
        let _ = composition;
        Ok(())
    }

    /// The first step of time averages, of dynamics that fluctuate; `None` where the last state is
    /// the result.
    fn averaged_from(&self) -> Option<usize> {
        None
    }

    /// The state at N = ∞ in which a typical pattern of the ensemble is retrieved, below
    /// [`typical_threshold`](Self::typical_threshold); `None` where theory does not say.
    fn retrieval_state(&self, ensemble: &dyn Ensemble, lambda: f64) -> Option<RetrievalState> {
        let _ = (ensemble, lambda);
        None
    }

    /// α₁(λ) at N = ∞, up to which a typical pattern of the ensemble is retrieved in a memory of
    /// these parts (of dynamics that fluctuate: up to which the retrieval state is at least
    /// metastable); `None` where theory does not say.
    fn typical_threshold(&self, memory: RandomMemory<'_>, lambda: f64) -> Option<f64> {
        let _ = (memory, lambda);
        None
    }

    /// The inverse of [`typical_threshold`](Self::typical_threshold): λ₁(α).
    fn typical_inverse_temperature(&self, memory: RandomMemory<'_>, alpha: f64) -> Option<f64> {
        let _ = (memory, alpha);
        None
    }
}

/// Where a state of retrieval lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetrievalState {
    /// m = x·ξ/N with its pattern.
    pub overlap: f64,
    /// ρ = |x|²/N.
    pub squared_norm: f64,
}

/// One state to move from.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// N components.
    pub state: Vec<f64>,
    /// λ.
    pub inverse_temperature: f64,
    /// The pattern to be retrieved, counted from 0.
    pub target: usize,
}

impl Start {
    /// A random stream for each start, named by the dynamics, its λ and its place among the starts
    /// of this λ: starts of other λ in the batch change nothing.
    pub fn streams(starts: &[Self], root: &StreamKey, dynamics: &str) -> Vec<Xoshiro256PlusPlus> {
        let mut places = BTreeMap::new();
        let named = |start: &Self| {
            let lambda = start.inverse_temperature;
            let place: &mut u64 = places.entry(lambda.to_bits()).or_default();
            let key = root.clone().with_real("lambda", lambda);
            let stream = key.with_integer("place", *place).rng(dynamics);
            *place += 1;
            stream
        };
        starts.iter().map(named).collect()
    }

    /// One at each λ, all from `state` and with pattern 0 as target.
    pub fn at_temperatures(state: &[f64], inverse_temperatures: &[f64]) -> Vec<Self> {
        Self::of(0, state, inverse_temperatures)
    }

    /// One at each λ, all from `state` and with the same target.
    pub fn of(target: usize, state: &[f64], inverse_temperatures: &[f64]) -> Vec<Self> {
        let start = |&inverse_temperature: &f64| Self {
            state: state.to_vec(),
            inverse_temperature,
            target,
        };
        inverse_temperatures.iter().map(start).collect()
    }

    /// One at each of the states of `size` components, at the same λ and with pattern 0 as target.
    pub fn at_each(states: &[f64], size: usize, inverse_temperature: f64) -> Vec<Self> {
        let states = states.chunks_exact(size);
        states
            .map(|state| Self {
                state: state.to_vec(),
                inverse_temperature,
                target: 0,
            })
            .collect()
    }
}

/// One state before its next step, or at its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment<'a> {
    /// Position of the state in the batch of starts.
    pub start: usize,
    /// Steps made so far.
    pub step: usize,
    /// x, N components.
    pub state: &'a [f64],
    /// What the pass over the patterns tells of x.
    pub outcome: Outcome,
    /// |T(x) − x|/√N, for attention |∇E|/√N.
    pub gradient_norm: f64,
    /// Why it moves no further, if it does not.
    pub end: Option<StopReason>,
}

impl Moment<'_> {
    /// m = x·ξ/N.
    pub fn overlap(&self, pattern: &[f64]) -> f64 {
        dot(self.state, pattern) / pattern.len() as f64
    }

    /// ρ = |x|²/N.
    pub fn squared_norm(&self) -> f64 {
        dot(self.state, self.state) / self.state.len() as f64
    }
}

/// What is known of a moving state's fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It moves further.
    Open,
    /// It need not move further.
    Certain,
    /// Nor need any other.
    Enough,
}

/// Why a state moves no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The gradient fell below the tolerance: a fixed point.
    Converged,
    /// The allowed number of updates was used up.
    MaxSteps,
    /// The verdict was certain before the fixed point was reached.
    Foreseen,
    /// All sweeps of stochastic dynamics were made, which know no fixed points.
    Swept,
}

/// Where a state ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// The final state, N components.
    pub state: Vec<f64>,
    /// What the pass over the patterns tells of the final state.
    pub outcome: Outcome,
    /// |T(x) − x|/√N at the final state.
    pub gradient_norm: f64,
    /// Updates made.
    pub steps: usize,
    /// Why it stopped.
    pub reason: StopReason,
}

/// Every start has arrived, as they do where nobody says that enough is known.
fn all_arrived(arrivals: Vec<Option<Arrival>>) -> Vec<Arrival> {
    arrivals
        .into_iter()
        .map(|arrival| arrival.expect("every start stays active until it arrives"))
        .collect()
}

/// The fields of these dynamics by dotted key of the job file.
fn dotted(dynamics: &impl Serialize) -> Settings {
    let fields = serde_json::to_value(dynamics).ok();
    let fields = fields
        .as_ref()
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    fields
        .map(|(key, value)| (format!("dynamics.{key}"), value.clone()))
        .collect()
}
