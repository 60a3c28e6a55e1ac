//! The self-consistent retrieval maps: the attention update with the noise sum replaced by its
//! exact average.
//!
//! ```text
//! x' = w ξ¹ + (1 − w)⟨ξ⟩_x,   1/w = 1 + (P − 1) exp(ln E e^{λ x·ξ} − λ x·ξ¹)
//! ```

use super::component_noise::{ComponentNoise, independent_log_moment_generating_function};
use super::domain;
use super::domain::{positive, within};
use super::noise::{CollinearNoise, RotationInvariantNoise, SphericalNoise};
use super::pattern_count::PatternCount;
use crate::error::TheoryError;

/// Weight w of the target from y = ln[w/(1 − w)].
pub(crate) fn weight_of_log_odds(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Where a map came to rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedPoint {
    /// Softmax weight w of the target there; the pattern is retrieved iff w > ½.
    pub weight: f64,
    /// Updates made.
    pub steps: usize,
}

impl FixedPoint {
    /// w > ½.
    pub fn is_retrieved(&self) -> bool {
        self.weight > 0.5
    }
}

/// The 1-D map along the target, x = a ξ¹, from x₀ = ξ¹ (a = 1): a' = w + (1 − w) A(λa).
#[derive(Debug, Clone, Copy)]
pub struct CollinearMap<N> {
    noise: N,
    patterns: PatternCount,
}

impl<N: CollinearNoise> CollinearMap<N> {
    /// The map for a noise average and P patterns.
    pub fn new(noise: N, patterns: PatternCount) -> Self {
        Self { noise, patterns }
    }

    /// The noise average.
    pub fn noise(&self) -> &N {
        &self.noise
    }

    /// The number of patterns.
    pub fn patterns(&self) -> PatternCount {
        self.patterns
    }

    /// ln[w/(1 − w)] = u|ξ¹|² − ln E e^{u ξ¹·ξ} − ln(P − 1) at field u = λa.
    pub fn log_odds(&self, field: f64) -> f64 {
        self.noise.average(field).advantage - self.patterns.log_noise_patterns()
    }

    /// The next amplitude a' = F(λa), F(u) = w + (1 − w) A(u), and the weight w it was made with.
    pub fn step(&self, inverse_temperature: f64, amplitude: f64) -> (f64, f64) {
        let average = self.noise.average(inverse_temperature * amplitude);
        let weight = weight_of_log_odds(average.advantage - self.patterns.log_noise_patterns());
        (weight + (1.0 - weight) * average.mean, weight)
    }

    /// Iterates from a = 1 until a changes by at most `tolerance`.
    ///
    /// Near the crossover this takes a number of steps that grows as 1/√(λ − λ_×);
    /// [`crossover`](Self::crossover) finds λ_× without iterating.
    ///
    /// # Errors
    /// [`TheoryError`] when λ is negative or not finite, or when `most_steps` updates do not settle
    /// the map.
    pub fn run(
        &self,
        inverse_temperature: f64,
        tolerance: f64,
        most_steps: usize,
    ) -> Result<FixedPoint, TheoryError> {
        domain::inverse_temperature(inverse_temperature)?;
        let mut amplitude = 1.0;
        for steps in 1..=most_steps {
            let (next, weight) = self.step(inverse_temperature, amplitude);
            if (next - amplitude).abs() <= tolerance {
                return Ok(FixedPoint { weight, steps });
            }
            amplitude = next;
        }
        Err(domain::not_settled(
            "the fixed point of the collinear map; allow more updates",
        ))
    }
}

/// The 2-D map of rotation-invariant patterns, x = |ξ¹|(c₁ ξ̂¹ + c₂ ê) with ê ⊥ ξ̂¹: the noise
/// pulls back along x̂.
///
/// ```text
/// c₁' = w + (1 − w) A c₁/ℓ,   c₂' = (1 − w) A c₂/ℓ,   ℓ = √(c₁² + c₂²),   A = A(λℓ)
/// ln[w/(1 − w)] = λ c₁ |ξ¹|² − ln E e^{λ x·ξ} − ln(P − 1)
/// ```
///
/// The noise average is uncondensed: above λ_*(α) it is dominated by overlaps that no stored
/// pattern has, and the map is not to be used away from the target.
#[derive(Debug, Clone, Copy)]
pub struct PlaneMap<N = SphericalNoise> {
    noise: N,
    patterns: PatternCount,
    inverse_temperature: f64,
}

/// A state of [`PlaneMap`], in units of |ξ¹|.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaneState {
    /// c₁, along the target.
    pub along: f64,
    /// c₂ ≥ 0, across it.
    pub across: f64,
}

impl PlaneState {
    /// The state on the sphere |x|² = |ξ¹|² at angle θ (radians) from the target.
    pub fn at_angle(angle: f64) -> Self {
        Self {
            along: angle.cos(),
            across: angle.sin(),
        }
    }
}

impl<N: RotationInvariantNoise> PlaneMap<N> {
    /// The map at inverse temperature λ ≥ 0.
    ///
    /// # Errors
    /// [`TheoryError`] when λ is negative or not finite.
    pub fn new(
        noise: N,
        patterns: PatternCount,
        inverse_temperature: f64,
    ) -> Result<Self, TheoryError> {
        domain::inverse_temperature(inverse_temperature)?;
        Ok(Self {
            noise,
            patterns,
            inverse_temperature,
        })
    }

    /// The next state and the target's weight it was made with.
    pub fn step(&self, state: PlaneState) -> (PlaneState, f64) {
        let length = state.along.hypot(state.across);
        let average = self.noise.average(self.inverse_temperature * length);
        let signal = self.inverse_temperature * self.noise.squared_norm() * (state.along - length);
        let weight =
            weight_of_log_odds(signal + average.advantage - self.patterns.log_noise_patterns());
        let pull = if length > 0.0 {
            (1.0 - weight) * average.mean / length
        } else {
            0.0
        };
        let next = PlaneState {
            along: weight + pull * state.along,
            across: pull * state.across,
        };
        (next, weight)
    }

    /// Iterates from `start` until no coordinate changes by more than `tolerance`.
    ///
    /// # Errors
    /// [`TheoryError`] when `most_steps` updates do not settle the map.
    pub fn run(
        &self,
        start: PlaneState,
        tolerance: f64,
        most_steps: usize,
    ) -> Result<FixedPoint, TheoryError> {
        let mut state = start;
        for steps in 1..=most_steps {
            let (next, weight) = self.step(state);
            let change = (next.along - state.along)
                .abs()
                .max((next.across - state.across).abs());
            if change <= tolerance {
                return Ok(FixedPoint { weight, steps });
            }
            state = next;
        }
        Err(domain::not_settled(
            "the fixed point of the plane map; allow more updates",
        ))
    }
}

/// The N-dimensional map of patterns with independent components, around one given target: O(N) per
/// step, no patterns.
///
/// ```text
/// x_i' = w ξ_i + (1 − w) K'(λ x_i),   ln[w/(1 − w)] = λ x·ξ − Σ_i K(λ x_i) − ln(P − 1)
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ComponentMap<'a, L: ?Sized> {
    law: &'a L,
    target: &'a [f64],
    patterns: PatternCount,
    inverse_temperature: f64,
}

impl<'a, L: ComponentNoise + ?Sized> ComponentMap<'a, L> {
    /// The map at inverse temperature λ ≥ 0 around the target ξ¹ = `target` (length N).
    ///
    /// # Errors
    /// [`TheoryError`] when λ is negative or not finite, or the target is empty or not finite.
    pub fn new(
        law: &'a L,
        target: &'a [f64],
        patterns: PatternCount,
        inverse_temperature: f64,
    ) -> Result<Self, TheoryError> {
        domain::inverse_temperature(inverse_temperature)?;
        positive("the length of the target", target.len() as f64)?;
        for &component in target {
            within("a component of the target", component, true, "finite")?;
        }
        Ok(Self {
            law,
            target,
            patterns,
            inverse_temperature,
        })
    }

    /// ln[w/(1 − w)] at a state of length N.
    pub fn log_odds(&self, state: &[f64]) -> f64 {
        let overlap: f64 = state.iter().zip(self.target).map(|(x, xi)| x * xi).sum();
        self.inverse_temperature * overlap
            - independent_log_moment_generating_function(self.law, self.inverse_temperature, state)
            - self.patterns.log_noise_patterns()
    }

    /// Updates the state in place; returns the target's weight and the largest change of a
    /// component.
    pub fn step(&self, state: &mut [f64]) -> (f64, f64) {
        let weight = weight_of_log_odds(self.log_odds(state));
        let mut change = 0.0_f64;
        for (x, xi) in state.iter_mut().zip(self.target) {
            let mean = self.law.tilted_mean(self.inverse_temperature * *x);
            let next = weight * xi + (1.0 - weight) * mean;
            change = change.max((next - *x).abs());
            *x = next;
        }
        (weight, change)
    }

    /// Iterates the state in place until no component changes by more than `tolerance`.
    ///
    /// # Errors
    /// [`TheoryError`] when the state's length is not the target's, or when `most_steps` updates do
    /// not settle the map.
    pub fn run(
        &self,
        state: &mut [f64],
        tolerance: f64,
        most_steps: usize,
    ) -> Result<FixedPoint, TheoryError> {
        within(
            "the length of the state",
            state.len() as f64,
            state.len() == self.target.len(),
            "the length of the target",
        )?;
        for steps in 1..=most_steps {
            let (weight, change) = self.step(state);
            if change <= tolerance {
                return Ok(FixedPoint { weight, steps });
            }
        }
        Err(domain::not_settled(
            "the fixed point of the component map; allow more updates",
        ))
    }
}
