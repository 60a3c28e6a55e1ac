//! The 2-D map of Rademacher patterns from a start with flipped signs.

use super::domain;
use super::domain::within;
use super::map::weight_of_log_odds;
use super::noise::{CollinearNoise, RademacherNoise};
use super::pattern_count::PatternCount;
use crate::error::TheoryError;

/// The map from a start with a share p of the target's signs flipped, `x_i` = a ξ_i where kept and
/// b ξ_i where flipped:
///
/// ```text
/// a' = w + (1 − w) tanh λa,   b' = w + (1 − w) tanh λb,   a₀ = 1,  b₀ = −1,  cos θ = 1 − 2p
/// ln[w/(1 − w)] = N[(1 − p)(λa − ln cosh λa) + p(λb − ln cosh λb)] − ln(P − 1)
/// ```
///
/// The components of a class stay equal because the noise acts on each component alone (the case of
/// two classes of [`ComponentMap`](super::ComponentMap), with pN a real number).
#[derive(Debug, Clone, Copy)]
pub struct FlippedMap {
    noise: RademacherNoise,
    patterns: PatternCount,
    inverse_temperature: f64,
    share: f64,
}

/// A state of [`FlippedMap`]: its components in units of the target's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlippedState {
    /// a, of the components that started as the target's.
    pub kept: f64,
    /// b ≤ a, of the components that started with the other sign.
    pub flipped: f64,
}

impl FlippedState {
    /// a = 1, b = −1.
    pub const START: Self = Self {
        kept: 1.0,
        flipped: -1.0,
    };
}

impl FlippedMap {
    /// The map at inverse temperature λ ≥ 0 with a share p = `share` of flipped signs.
    ///
    /// # Errors
    /// [`TheoryError`] when λ is negative or not finite, or p is outside [0, 1].
    pub fn new(
        noise: RademacherNoise,
        patterns: PatternCount,
        inverse_temperature: f64,
        share: f64,
    ) -> Result<Self, TheoryError> {
        domain::inverse_temperature(inverse_temperature)?;
        let allowed = (0.0..=1.0).contains(&share);
        within(
            "the share of flipped signs",
            share,
            allowed,
            "within [0, 1]",
        )?;
        Ok(Self {
            noise,
            patterns,
            inverse_temperature,
            share,
        })
    }

    /// The next state and the target's weight it was made with.
    pub fn step(&self, state: FlippedState) -> (FlippedState, f64) {
        let kept = self.noise.average(self.inverse_temperature * state.kept);
        let flipped = self.noise.average(self.inverse_temperature * state.flipped);
        let advantage = (1.0 - self.share) * kept.advantage + self.share * flipped.advantage;
        let weight = weight_of_log_odds(advantage - self.patterns.log_noise_patterns());
        let next = FlippedState {
            kept: weight + (1.0 - weight) * kept.mean,
            flipped: weight + (1.0 - weight) * flipped.mean,
        };
        (next, weight)
    }
}
