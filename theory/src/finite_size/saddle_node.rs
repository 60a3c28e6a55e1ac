//! The finite-size retrieval crossover λ_×(α, N), from the saddle-node itself.
//!
//! At a fixed point x = a ξ¹ of the collinear map everything depends on the field u = λa alone: a =
//! F(u) = w(u) + [1 − w(u)] A(u). So λ = u/F(u) is explicit along the branch of fixed points, and
//!
//! ```text
//! λ_× = min over {u : w(u) ≥ ½} of u/F(u)
//! ```
//!
//! w and F increase with u up to [`CollinearNoise::largest_field`]; hence from x₀ = ξ¹ the map
//! falls onto the largest fixed point, and the target is retrieved exactly when one with w > ½
//! exists. Where u/F is stationary, F = uF', i.e.
//!
//! ```text
//! g(u) = 1 − u(1 − w)|ξ¹|²(1 − A)² + (A − uA')(1 − w)/w = 0
//! ```
//!
//! For concave A this has at most one root on w ≥ ½ (at a root, g rises), so it is bracketed. At
//! the root two fixed points merge (f(m) = m, f'(m) = 1): a saddle-node. When g > 0 already at w =
//! ½ (few patterns) nothing merges: the fixed point moves smoothly and its weight passes ½.

use super::domain;
use super::map::{CollinearMap, weight_of_log_odds};
use super::noise::{CollinearNoise, GaussianNoise};
use super::noise_variance::log_noise_variance;
use super::pattern_count::PatternCount;
use crate::error::TheoryError;
use crate::numbers::root::find_root;

/// Fields beyond this lose the digits of 1 − A; loads near 17 on the sphere come here.
const LARGEST_FIELD: f64 = 1e15;

/// How the retrieval fixed point is lost as λ decreases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrossoverKind {
    /// It merges with an unstable fixed point and disappears while its weight is above ½.
    SaddleNode,
    /// It persists; its weight falls through ½ smoothly (very few patterns).
    WeightCrossing,
}

/// The crossover: for λ > λ_× the target is retrieved from x₀ = ξ¹.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossover {
    /// λ_×.
    pub inverse_temperature: f64,
    /// Amplitude a of the last fixed point x = a ξ¹ (its overlap is m = a r).
    pub amplitude: f64,
    /// Softmax weight w ≥ ½ of the target there.
    pub weight: f64,
    /// What happens there.
    pub kind: CrossoverKind,
}

impl<N: CollinearNoise> CollinearMap<N> {
    /// λ_×, or `None` when no λ gives the target a weight above ½
    /// (Gaussian: ln(P − 1) ≥ rN/2; Rademacher: P − 1 ≥ 2^N).
    ///
    /// # Errors
    /// [`TheoryError`] when the load is so large that λ_× passes 10¹⁵.
    pub fn crossover(&self) -> Result<Option<Crossover>, TheoryError> {
        let Some(lowest) = self.one_step_crossover()? else {
            return Ok(None);
        };
        if self.stationarity(lowest) >= 0.0 {
            return Ok(Some(
                self.branch_point(lowest, CrossoverKind::WeightCrossing),
            ));
        }
        let ceiling = self.noise().largest_field();
        let mut low = lowest;
        let mut high = lowest;
        let mut step = self.field_step(lowest);
        loop {
            high = (high + step).min(ceiling);
            if self.stationarity(high) > 0.0 {
                break;
            }
            if high > LARGEST_FIELD {
                return Err(domain::load_too_large(self.patterns().log_noise_patterns()));
            }
            low = high;
            step *= 2.0;
        }
        let field = find_root(|field| self.stationarity(field), low, high)?;
        Ok(Some(self.branch_point(field, CrossoverKind::SaddleNode)))
    }

    /// The one-step "signal = noise" crossover: (P − 1) E e^{λ ξ¹·ξ} = e^{λ|ξ¹|²}, where the first
    /// update from x₀ = ξ¹ has w = ½.
    ///
    /// It has no feedback of the state, lies below λ_×, and approaches λ₁ as 1/N where λ_× does as
    /// (ln N)/N. `None` as in [`crossover`](Self::crossover).
    ///
    /// # Errors
    /// [`TheoryError`] when the load is so large that the field passes 10¹⁵.
    pub fn one_step_crossover(&self) -> Result<Option<f64>, TheoryError> {
        let log_noise_patterns = self.patterns().log_noise_patterns();
        if log_noise_patterns >= self.noise().largest_advantage() {
            return Ok(None);
        }
        if log_noise_patterns == 0.0 {
            return Ok(Some(0.0));
        }
        let ceiling = self.noise().largest_field();
        let mut low = 0.0;
        // the advantage is concave with slope |ξ¹|² at 0, so the root lies above this
        let mut high = log_noise_patterns / self.noise().squared_norm();
        high = (1.5 * high).min(ceiling);
        while self.log_odds(high) < 0.0 {
            if high > LARGEST_FIELD {
                if self.noise().largest_advantage().is_finite() {
                    return Ok(None); // the distance to the supremum is below rounding
                }
                return Err(domain::load_too_large(log_noise_patterns));
            }
            low = high;
            high = (2.0 * high).min(ceiling);
        }
        find_root(|field| self.log_odds(field), low, high).map(Some)
    }

    /// What the mean of the one-step crossover of samples may be off its value for the averaged noise, at
    /// λ = `one_step`: ln(1 + V)/[|ξ¹|²(1 − A)], V = Var Z/(E Z)², twice the distance of the quenched from
    /// the annealed noise of a log-normal Z.
    ///
    /// # Errors
    /// λ negative or not finite.
    pub fn one_step_error(&self, one_step: f64) -> Result<f64, TheoryError> {
        let log_noise = self.patterns().log_noise_patterns();
        let log_variance = log_noise_variance(self.noise(), self.patterns(), one_step)?;
        let variance = (log_variance.exp() - (-log_noise).exp()).max(0.0);
        let slope = self.noise().squared_norm() * (1.0 - self.noise().average(one_step).mean);
        Ok(variance.ln_1p() / slope)
    }

    /// g(u) of the module's introduction.
    fn stationarity(&self, field: f64) -> f64 {
        let average = self.noise().average(field);
        let log_odds = average.advantage - self.patterns().log_noise_patterns();
        let rest = weight_of_log_odds(-log_odds);
        let lost = 1.0 - average.mean;
        1.0 - field * rest * self.noise().squared_norm() * lost * lost
            + (average.mean - field * average.slope) * (-log_odds).exp()
    }

    /// Field over which the log-odds rise by about what separates w = ½ from the saddle-node.
    fn field_step(&self, field: f64) -> f64 {
        let lost = 1.0 - self.noise().average(field).mean;
        let rate = self.noise().squared_norm() * lost;
        (1.0 + (field * rate * lost).ln_1p()) / rate
    }

    fn branch_point(&self, field: f64, kind: CrossoverKind) -> Crossover {
        let (amplitude, weight) = self.step(1.0, field);
        Crossover {
            inverse_temperature: field / amplitude,
            amplitude,
            weight,
            kind,
        }
    }
}

/// λ_×(α, N) for Gaussian patterns and a target of norm r = |ξ¹|²/N, with P = round(e^{αN}).
///
/// # Errors
/// [`TheoryError`] when α, N or r is out of its domain.
pub fn gaussian_crossover_given_norm(
    load: f64,
    size: f64,
    norm: f64,
) -> Result<Option<Crossover>, TheoryError> {
    let patterns = PatternCount::from_load(load, size)?;
    CollinearMap::new(GaussianNoise::new(size, norm)?, patterns).crossover()
}
