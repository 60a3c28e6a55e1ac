//! Gibbs sampling at T = 1/(nλ): n draws from the softmax weights, then noise around their mean.

use std::sync::Arc;

use dam_theory::Ensemble;
use dam_theory::numbers::find_root;
use rand::{Rng, RngExt};
use rand_distr::{Beta, Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

use crate::composed::Composition;
use crate::dynamics::keys::{Key, KeyError, KeyValue, Keys};
use crate::dynamics::moving::{Motion, advance};
use crate::dynamics::{
    Arrival, Departure, Dynamics, Kind, RandomMemory, RetrievalState, Start, StopReason, Watch,
    dotted,
};
use crate::memory::Memory;
use crate::products::dot;
use crate::streams::Settings;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "softmax-gibbs",
    about: "exact Gibbs sweeps at temperature T = 1/(nλ), n = replicas",
    keys: &[
        Key::count("replicas", "n ≥ 1, the temperature is 1/(nλ); default 2"),
        Key::count("sweeps", "sweeps made; default 100"),
        Key::count(
            "burn_in",
            "sweeps before time averages begin; default half of them",
        ),
        Key {
            name: "space",
            about: "R^N with ½|x|², the default, or the sphere |x|² = N",
            value: KeyValue::OneOf(&[Space::Free.name(), Space::Sphere.name()]),
        },
    ],
    read,
};

/// Where the states live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Space {
    /// R^N, with the energy −(1/λ) ln Σ_μ e^{λ x·ξ^μ} + ½|x|².
    Free,
    /// The sphere |x|² = N, on which ½|x|² is a constant.
    Sphere,
}

impl Space {
    const ALL: [Self; 2] = [Self::Free, Self::Sphere];

    /// The name in job files.
    const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Sphere => "sphere",
        }
    }
}

/// Sweeps that leave e^{−E/T} at T = 1/(nλ) unchanged, E the energy of attention.
///
/// e^{−E/T} ∝ (Σ_μ e^{λ x·ξ^μ})^n is the sum over n-tuples of patterns of e^{λ x·Σ_i ξ^{μ_i}}. A
/// sweep draws the tuple given x, then x given the tuple, so that it is reversible, has no step
/// size and renews all components:
///
/// ```text
/// μ_1 … μ_n i.i.d. from softmax(λ x·ξ^μ)
/// free      x ~ N(n⁻¹ Σ_i ξ^{μ_i}, T·1)
/// sphere    x ~ von Mises–Fisher around Σ_i ξ^{μ_i}, κ = λ√N |Σ_i ξ^{μ_i}|
/// ```
///
/// At n = 1 the measure is a mixture with a component for each pattern; n → ∞ is the attention
/// update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SoftmaxGibbs {
    /// n ≥ 1.
    pub replicas: usize,
    /// Sweeps made, at least one.
    pub sweeps: usize,
    /// Sweeps before time averages begin, at most [`sweeps`](Self::sweeps).
    pub burn_in: usize,
    /// Where the states live.
    pub space: Space,
}

fn read(keys: &Keys) -> Result<Arc<dyn Dynamics>, KeyError> {
    let sweeps = keys.count("sweeps", 100)?;
    let dynamics = SoftmaxGibbs {
        replicas: keys.count("replicas", 2)?,
        sweeps,
        burn_in: keys.count("burn_in", sweeps / 2)?,
        space: keys.one_of("space", &Space::ALL, Space::name)?,
    };
    for (key, value) in [("replicas", dynamics.replicas), ("sweeps", sweeps)] {
        if value == 0 {
            let message = "0 will not do; at least 1 is needed".to_owned();
            return Err(KeyError::new(key, message));
        }
    }
    if dynamics.burn_in > sweeps {
        let message = format!(
            "{} leaves nothing of {sweeps} sweeps to average over",
            dynamics.burn_in
        );
        return Err(KeyError::new("burn_in", message));
    }
    Ok(Arc::new(dynamics))
}

impl SoftmaxGibbs {
    /// T = 1/(nλ).
    pub fn temperature(&self, lambda: f64) -> f64 {
        (self.replicas as f64 * lambda).recip()
    }

    /// One sweep of the state.
    ///
    /// # Panics
    /// If the memory has no [weights](Memory::pattern_weights), or the state not N components.
    pub fn sweep(&self, memory: &dyn Memory, lambda: f64, state: &mut [f64], rng: &mut impl Rng) {
        let weights = memory
            .pattern_weights(state, lambda)
            .expect("a softmax memory gives weights");
        let mut sum = vec![0.0; state.len()];
        for _ in 0..self.replicas {
            let pattern = memory.pattern(drawn(&weights, rng));
            for (sum, component) in sum.iter_mut().zip(pattern) {
                *sum += component;
            }
        }
        match self.space {
            Space::Free => {
                let deviation = self.temperature(lambda).sqrt();
                for (value, sum) in state.iter_mut().zip(sum) {
                    let normal: f64 = StandardNormal.sample(rng);
                    *value = sum / self.replicas as f64 + deviation * normal;
                }
            }
            Space::Sphere => {
                let radius = (state.len() as f64).sqrt();
                let concentration = lambda * radius * dot(&sum, &sum).sqrt();
                state.copy_from_slice(&around(&sum, concentration, rng));
                for value in state {
                    *value *= radius;
                }
            }
        }
    }

    /// The load up to which the retrieval state is a state at λ, for ensembles that know the noise
    /// there.
    fn spinodal(&self, ensemble: &dyn Ensemble, lambda: f64) -> Option<f64> {
        let state = self.retrieval_state(ensemble, lambda)?;
        let (overlap, rho) = (state.overlap, state.squared_norm);
        let noise = ensemble.cumulant_generating_function(lambda, rho).ok()?;
        let uncondensed = lambda * overlap - noise;
        if uncondensed >= ensemble.condensation_load(lambda, rho).ok()? {
            return Some(uncondensed);
        }
        // condensed noise: the nearest of the other patterns is as near as the own one
        ensemble.rate_function(overlap, rho).ok()
    }
}

/// A position, drawn with these weights, whose sum is 1 up to rounding.
fn drawn(weights: &[f64], rng: &mut impl Rng) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    for (position, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return position;
        }
    }
    // rounding has left something beyond the last weight that counts
    let last = weights.iter().rposition(|&weight| weight > 0.0);
    last.expect("some pattern has weight")
}

/// A point of the unit sphere with density ∝ e^{κ x·d}, d the unit vector along `axis` (κ = 0 where
/// that has no direction).
///
/// The cosine w by Wood's rejection (A. T. A. Wood, Commun. Stat. Simul. Comput. 23, 157 (1994)),
/// the rest uniform.
///
/// # Panics
/// If there are fewer than two components.
pub fn around(axis: &[f64], concentration: f64, rng: &mut impl Rng) -> Vec<f64> {
    assert!(axis.len() > 1, "a sphere has at least two components");
    let length = dot(axis, axis).sqrt();
    let mut axis = axis.to_vec();
    if length > 0.0 {
        for value in &mut axis {
            *value /= length;
        }
    } else {
        axis[0] = 1.0;
    }
    let (cosine, sine) = cosine_and_sine(axis.len(), concentration, rng);
    let mut across: Vec<f64> = axis.iter().map(|_| StandardNormal.sample(rng)).collect();
    // twice: of a vector along the axis hardly more than rounding is left by the first time
    for _ in 0..2 {
        let along = dot(&across, &axis);
        for (value, axis) in across.iter_mut().zip(&axis) {
            *value -= along * axis;
        }
    }
    let scale = sine / dot(&across, &across).sqrt();
    let parts = axis.iter().zip(across);
    parts
        .map(|(axis, across)| cosine * axis + scale * across)
        .collect()
}

/// w with density ∝ e^{κw} (1 − w²)^{(N−3)/2}, and √(1 − w²).
fn cosine_and_sine(size: usize, kappa: f64, rng: &mut impl Rng) -> (f64, f64) {
    let dimension = size as f64 - 1.0;
    let ratio = dimension / (2.0 * kappa + (2.0 * kappa).hypot(dimension));
    let mode = (1.0 - ratio) / (1.0 + ratio);
    let law = Beta::new(0.5 * dimension, 0.5 * dimension).expect("two components or more");
    loop {
        let z: f64 = law.sample(rng);
        let scale = (1.0 - (1.0 - ratio) * z).recip();
        let cosine = (1.0 - (1.0 + ratio) * z) * scale;
        // (1 − x₀w)/(1 − x₀²) = scale (1 + b)/2
        let log_ratio = kappa * (cosine - mode) + dimension * (0.5 * (1.0 + ratio) * scale).ln();
        if log_ratio >= rng.random::<f64>().ln() {
            return (cosine, 2.0 * (ratio * z * (1.0 - z)).sqrt() * scale);
        }
    }
}

/// A batch of chains, each with the random numbers of its λ and its place among the starts of that
/// λ.
struct Chains<'a> {
    dynamics: SoftmaxGibbs,
    from: Departure<'a>,
    streams: Vec<Xoshiro256PlusPlus>,
}

impl Motion for Chains<'_> {
    fn end(&self, step: usize, _gradient_norm: f64) -> Option<StopReason> {
        (step >= self.dynamics.sweeps).then_some(StopReason::Swept)
    }

    fn step(&mut self, start: usize, state: &mut [f64], _update: &[f64]) {
        let lambda = self.from.starts[start].inverse_temperature;
        let stream = &mut self.streams[start];
        self.dynamics.sweep(self.from.memory, lambda, state, stream);
    }
}

impl Dynamics for SoftmaxGibbs {
    fn settings(&self) -> Settings {
        let mut settings = dotted(self);
        settings.insert("dynamics.kind".to_owned(), KIND.name.into());
        settings
    }

    fn run(&self, from: Departure<'_>, watch: Watch<'_>) -> Vec<Option<Arrival>> {
        let streams = Start::streams(from.starts, from.streams, KIND.name);
        let mut chains = Chains {
            dynamics: *self,
            from,
            streams,
        };
        advance(from.memory, from.starts, &mut chains, watch)
    }

    fn fits(&self, composition: &Composition) -> Result<(), &'static str> {
        if composition.is_attention() {
            return Ok(());
        }
        Err(
            "draws patterns with softmax weights of λ x·ξ; use similarity dot and separation softmax",
        )
    }

    fn averaged_from(&self) -> Option<usize> {
        Some(self.burn_in)
    }

    /// In R^N x = ξ + √T z: m = 1, ρ = 1 + T. On the sphere m maximises m/T + ½ ln(1 − m²).
    fn retrieval_state(&self, ensemble: &dyn Ensemble, lambda: f64) -> Option<RetrievalState> {
        let temperature = self.temperature(lambda);
        let state = match self.space {
            Space::Free => RetrievalState {
                overlap: 1.0,
                squared_norm: 1.0 + temperature,
            },
            Space::Sphere => RetrievalState {
                // ½(√(T² + 4) − T), without its cancellation
                overlap: 2.0 / (temperature.hypot(2.0) + temperature),
                squared_norm: 1.0,
            },
        };
        // the noise at x ≠ ξ is known of isotropic patterns only
        ensemble.structure().is_isotropic().then_some(state)
    }

    fn typical_threshold(&self, memory: RandomMemory<'_>, lambda: f64) -> Option<f64> {
        self.spinodal(memory.ensemble, lambda)
    }

    fn typical_inverse_temperature(&self, memory: RandomMemory<'_>, alpha: f64) -> Option<f64> {
        let excess = |lambda| Some(self.spinodal(memory.ensemble, lambda)? - alpha);
        // the spinodal load is less than λ and rises with it
        let mut high = alpha;
        while excess(high)? < 0.0 {
            high *= 2.0;
            if high > LARGEST {
                return None;
            }
        }
        find_root(|lambda| excess(lambda).unwrap_or(f64::NAN), alpha, high).ok()
    }
}

/// λ beyond which no spinodal is looked for.
const LARGEST: f64 = 1e6;
