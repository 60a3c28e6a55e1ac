//! The map with one explicit neighbour: the target and the nearest other pattern compete, all
//! others are averaged.

use super::noise::{CollinearNoise, RademacherNoise, SphericalNoise};
use crate::numbers::log_tails::log_normal_tail;

/// Updates after which a state that still moves is taken where it is.
const MOST_STEPS: usize = 1_000;
/// Change of both amplitudes at which the map rests.
const TOLERANCE: f64 = 1e-9;

/// The plane of the target ξ and its neighbour ν, all other patterns being averaged, at λ and with
/// ln of their number.
///
/// ```text
/// x = aξ + bν,   x' = w₁ξ + w₂ν + w₀⟨ξ⟩_x,   w₁ : w₂ : w₀ = e^{λx·ξ} : e^{λx·ν} : (P − 2) E e^{λx·ξ}
/// ```
#[derive(Debug, Clone, Copy)]
struct Plane {
    inverse_temperature: f64,
    log_others: f64,
    /// |ξ|².
    squared_norm: f64,
    /// ξ·ν.
    overlap: f64,
    /// |ν|².
    neighbour_squared_norm: f64,
}

/// The average over one of the other patterns at x.
struct Others {
    /// ln E e^{λx·ξ}.
    log_moment: f64,
    /// |⟨ξ⟩_x|, along x.
    mean: f64,
}

impl Plane {
    /// Whether the target is lost from x₀ = ξ: w₁ ≤ ½ at the end. `average` depends on |x|.
    fn is_lost(&self, average: impl Fn(f64) -> Others) -> bool {
        let update = |along: f64, towards: f64| {
            let lambda = self.inverse_temperature;
            let target = along * self.squared_norm + towards * self.overlap;
            let neighbour = along * self.overlap + towards * self.neighbour_squared_norm;
            let length = (along * target + towards * neighbour).max(0.0).sqrt();
            let others = average(length);
            let pull = if length > 0.0 {
                others.mean / length
            } else {
                0.0
            };
            let [w_target, w_neighbour, w_others] = softmax([
                lambda * target,
                lambda * neighbour,
                self.log_others + others.log_moment,
            ]);
            let next = [
                w_target + w_others * pull * along,
                w_neighbour + w_others * pull * towards,
            ];
            (next, w_target)
        };
        rest([1.0, 0.0], update) <= 0.5
    }
}

/// Gaussian patterns.
///
/// The overlap y = x̂·ξ^μ of an averaged pattern is N(0, 1) below the neighbour's own y_ν =
/// ν·ξ/|ξ|, since none is nearer: E[e^{uy}; y < y_ν]/Pr(y < y_ν) with u = λ|x|, which keeps the
/// average bounded at every λ.
#[derive(Debug, Clone, Copy)]
pub(super) struct GaussianNeighbour {
    pub(super) inverse_temperature: f64,
    pub(super) log_others: f64,
    /// |ξ|².
    pub(super) squared_norm: f64,
    /// ξ·ν.
    pub(super) overlap: f64,
    /// |ν|².
    pub(super) neighbour_squared_norm: f64,
}

impl GaussianNeighbour {
    /// Whether the target is lost from x₀ = ξ: w₁ ≤ ½ at the end.
    pub(super) fn is_lost(&self) -> bool {
        let cut_off = self.overlap / self.squared_norm.sqrt();
        let log_below = log_normal_tail(-cut_off);
        let plane = Plane {
            inverse_temperature: self.inverse_temperature,
            log_others: self.log_others,
            squared_norm: self.squared_norm,
            overlap: self.overlap,
            neighbour_squared_norm: self.neighbour_squared_norm,
        };
        plane.is_lost(|length| {
            let field = self.inverse_temperature * length;
            let log_tilted = log_normal_tail(field - cut_off);
            // the mean of the tilted, cut law is u less the inverse Mills ratio at the cut
            let distance = cut_off - field;
            let log_density = -0.5 * distance * distance - 0.5 * std::f64::consts::TAU.ln();
            Others {
                log_moment: 0.5 * field * field + log_tilted - log_below,
                mean: field - (log_density - log_tilted).exp(),
            }
        })
    }
}

/// Patterns on the sphere |ξ|² = N, with the average over the whole sphere.
#[derive(Debug, Clone, Copy)]
pub(super) struct SphericalNeighbour {
    pub(super) inverse_temperature: f64,
    pub(super) log_others: f64,
    pub(super) noise: SphericalNoise,
    /// ξ·ν/N.
    pub(super) cosine: f64,
}

impl SphericalNeighbour {
    /// Whether the target is lost from x₀ = ξ: w₁ ≤ ½ at the end.
    pub(super) fn is_lost(&self) -> bool {
        let size = self.noise.size();
        let radius = size.sqrt();
        let plane = Plane {
            inverse_temperature: self.inverse_temperature,
            log_others: self.log_others,
            squared_norm: size,
            overlap: self.cosine * size,
            neighbour_squared_norm: size,
        };
        plane.is_lost(|length| {
            let average = self
                .noise
                .average(self.inverse_temperature * length / radius);
            Others {
                log_moment: average.log_moment_generating_function,
                mean: radius * average.mean,
            }
        })
    }
}

/// Rademacher patterns: amplitudes of the components on which the neighbour agrees with the target,
/// and of the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct RademacherNeighbour {
    pub(super) inverse_temperature: f64,
    pub(super) log_others: f64,
    pub(super) size: f64,
    /// Components in which the neighbour differs.
    pub(super) differing: f64,
    pub(super) noise: RademacherNoise,
}

impl RademacherNeighbour {
    /// Whether the target is lost from x₀ = ξ: w₁ ≤ ½ at the end.
    pub(super) fn is_lost(&self) -> bool {
        let share = self.differing / self.size;
        let update = |agreeing: f64, differing: f64| {
            let lambda = self.inverse_temperature;
            let scale = lambda * self.size;
            let target = scale * ((1.0 - share) * agreeing + share * differing);
            let neighbour = scale * ((1.0 - share) * agreeing - share * differing);
            let agreed = self.noise.average(lambda * agreeing);
            let differed = self.noise.average(lambda * differing);
            let log_moment = (1.0 - share) * agreed.log_moment_generating_function
                + share * differed.log_moment_generating_function;
            let [w_target, w_neighbour, w_others] =
                softmax([target, neighbour, self.log_others + log_moment]);
            let next = [
                w_target + w_neighbour + w_others * agreed.mean,
                w_target - w_neighbour + w_others * differed.mean,
            ];
            (next, w_target)
        };
        rest([1.0, 1.0], update) <= 0.5
    }
}

/// The weight of the target where the map rests, or where it no longer matters.
fn rest(start: [f64; 2], update: impl Fn(f64, f64) -> ([f64; 2], f64)) -> f64 {
    let mut state = start;
    let mut last = 0.0;
    for _ in 0..MOST_STEPS {
        let (next, weight) = update(state[0], state[1]);
        last = weight;
        let change = (next[0] - state[0]).abs().max((next[1] - state[1]).abs());
        if change <= TOLERANCE || !(TOLERANCE..=1.0 - TOLERANCE).contains(&weight) {
            break;
        }
        state = next;
    }
    last
}

fn softmax(exponents: [f64; 3]) -> [f64; 3] {
    let largest = exponents.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let weights = exponents.map(|exponent| (exponent - largest).exp());
    let total: f64 = weights.iter().sum();
    weights.map(|weight| weight / total)
}
