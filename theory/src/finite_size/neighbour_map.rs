//! The map with one explicit neighbour: the target and the nearest other pattern compete, all others are averaged.

use super::log_tails::log_normal_tail;
use super::noise::{CollinearNoise, RademacherNoise, SphericalNoise};

/// Updates after which a state that still moves is taken where it is.
const MOST_STEPS: usize = 1_000;
/// Change of both amplitudes at which the map rests.
const TOLERANCE: f64 = 1e-9;

/// Gaussian patterns other than the target and its neighbour ν, at λ and with ln of their number.
///
/// ```text
/// x = aξ + bν,   x' = w₁ξ + w₂ν + w₀⟨ξ⟩_x,   w₁ : w₂ : w₀ = e^{λx·ξ} : e^{λx·ν} : (P − 2) E e^{λx·ξ}
/// ```
///
/// The overlap y = x̂·ξ^μ of an averaged pattern is N(0, 1) below the neighbour's own y_ν = ν·ξ/|ξ|, since none is nearer:
/// E[e^{uy}; y < y_ν]/Pr(y < y_ν) with u = λ|x|, which keeps the average bounded at every λ.
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
        let update = |along: f64, towards: f64| {
            let lambda = self.inverse_temperature;
            let target = lambda * (along * self.squared_norm + towards * self.overlap);
            let neighbour = lambda * (along * self.overlap + towards * self.neighbour_squared_norm);
            let squared_length = (along * target + towards * neighbour) / lambda;
            let length = squared_length.max(0.0).sqrt();
            let field = lambda * length;
            let log_tilted = log_normal_tail(field - cut_off);
            let others = self.log_others + 0.5 * field * field + log_tilted - log_below;
            // the mean of the tilted, cut law is u less the inverse Mills ratio at the cut
            let distance = cut_off - field;
            let log_density = -0.5 * distance * distance - 0.5 * std::f64::consts::TAU.ln();
            let mean = field - (log_density - log_tilted).exp();
            let pull = if length > 0.0 { mean / length } else { 0.0 };
            let [w_target, w_neighbour, w_others] = softmax([target, neighbour, others]);
            let next = [
                w_target + w_others * pull * along,
                w_neighbour + w_others * pull * towards,
            ];
            (next, w_target)
        };
        weight_at_rest(update) <= 0.5
    }
}

/// Patterns on the sphere |ξ|² = N, as [`GaussianNeighbour`] with the average over the whole sphere.
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
        let update = |along: f64, towards: f64| {
            let target = along + self.cosine * towards;
            let neighbour = self.cosine * along + towards;
            let length = (along * target + towards * neighbour).max(0.0).sqrt();
            let average = self.noise.average(self.inverse_temperature * length);
            let others = self.log_others + average.log_moment_generating_function;
            let scale = self.inverse_temperature * size;
            let pull = if length > 0.0 {
                average.mean / length
            } else {
                0.0
            };
            let [w_target, w_neighbour, w_others] =
                softmax([scale * target, scale * neighbour, others]);
            let next = [
                w_target + w_others * pull * along,
                w_neighbour + w_others * pull * towards,
            ];
            (next, w_target)
        };
        weight_at_rest(update) <= 0.5
    }
}

/// Rademacher patterns: amplitudes of the components on which the neighbour agrees with the target, and of the others.
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
        let start = [1.0, 1.0];
        rest(start, update) <= 0.5
    }
}

/// From x₀ = ξ, (a, b) = (1, 0).
fn weight_at_rest(update: impl Fn(f64, f64) -> ([f64; 2], f64)) -> f64 {
    rest([1.0, 0.0], update)
}

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
