//! The law of the noise sum at given λ and weight of the target, and averages at its threshold.
//!
//! For given Z the weights of the P − 1 noise patterns are independent, and the target has at least
//! weight w at λ where Σ_{μ>1} ṽ_μ < 1 at Z = e^{λNm − u},
//!
//! ```text
//! ṽ = v [1 − C(t − T)]/[1 − C(τ − T)],   C = B(1 − τ)G/(1 − χ_∥),   χ_∥ = BGs²
//! ```
//!
//! with τ = E Σ vt, G = E Σ g, g = dv/d(field), and the mean T and variance s² of t over g: C lets the
//! overlap m of the state fluctuate with the sum. The probability is an inverse Laplace transform,
//! and so is every average on Σṽ = 1:
//!
//! ```text
//! Pr(Σṽ < 1) = L⁻¹[φ^{P−1}/s](1),   E[Σf | Σṽ = 1] = (P − 1) L⁻¹[E(f e^{−sṽ}) φ^{P−2}](1)/L⁻¹[φ^{P−1}](1)
//! ```
//!
//! φ(s) = E e^{−sṽ}, captured patterns having ṽ = ∞. All averages that the law of one pattern needs
//! are those at the threshold itself.

use super::cavity::{Cavity, CavityPattern};
use super::overlaps::Overlaps;
use crate::error::TheoryError;
use crate::finite_size::map::weight_of_log_odds;
use crate::numbers::laplace::{CONTOUR, Complex, contour_point, exponentials, inversion_weights};

/// Self-consistency of the averages.
const ACCURACY: f64 = 1e-7;
/// Rounds after which averages that still move have none.
const MOST_ROUNDS: usize = 100;
/// Share of the first step that is not taken, and the bounds of that of later ones.
const FIRST_SHARE: f64 = 0.3;
const SHARES: (f64, f64) = (-2.0, 0.8);
/// A narrow sum is inverted on the scale of so many standard deviations: no more of them lie between
/// 1 and the least sum that matters.
const REACH: f64 = 12.0;
/// Averages of a [`Closure`].
const AVERAGES: usize = 6;

/// The averages at the threshold that the law of one pattern needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Closure {
    /// τ = E Σ vt.
    pub(super) mean: f64,
    /// E Σ v(1 − t²).
    pub(super) across: f64,
    /// E Σ v²(1 − t²).
    pub(super) squares: f64,
    /// G = E Σ g.
    pub(super) response: f64,
    /// T = E Σ gt/G.
    pub(super) response_mean: f64,
    /// s² = E Σ gt²/G − T².
    pub(super) response_variance: f64,
}

/// P − 1 noise patterns.
pub(super) struct NoiseSum {
    overlaps: Overlaps,
    noise_patterns: f64,
    weights: [f64; CONTOUR],
}

/// λ, w and the averages there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Threshold {
    pub(super) lambda: f64,
    pub(super) log_odds: f64,
    pub(super) closure: Closure,
    /// Pr(Σṽ < 1): that the target has weight w at λ.
    pub(super) probability: f64,
    size: f64,
}

/// E[f e^{−s_k ṽ}] of some functions f of a pattern.
type Transforms<const F: usize> = [[Complex; F]; CONTOUR];

/// The law of Σṽ next to 1.
struct Spread {
    /// φ(s_k), that of (ṽ − centre)/unit.
    factor: [Complex; CONTOUR],
    /// φ(s_k)^{P−1}.
    power: [Complex; CONTOUR],
    probability: f64,
    density: f64,
}

impl Threshold {
    /// A first guess of what is there.
    pub(super) fn at(lambda: f64, log_odds: f64, closure: Closure) -> Self {
        Self {
            lambda,
            log_odds,
            closure,
            probability: f64::NAN,
            size: f64::NAN,
        }
    }

    /// B = λN(1 − w).
    fn feedback(&self) -> f64 {
        self.lambda * self.size * weight_of_log_odds(-self.log_odds)
    }

    /// m = w + (1 − w)τ.
    fn overlap(&self) -> f64 {
        let weight = weight_of_log_odds(self.log_odds);
        weight + (1.0 - weight) * self.closure.mean
    }

    /// χ.
    fn chi_across(&self) -> f64 {
        self.feedback() * self.closure.across / (self.size - 1.0)
    }

    /// χ_∥.
    fn chi_along(&self) -> f64 {
        self.feedback() * self.closure.response * self.closure.response_variance
    }

    /// B/(1 − χ).
    pub(super) fn amplified_feedback(&self) -> f64 {
        self.feedback() / (1.0 - self.chi_across())
    }

    /// ∂L/∂λ with the noise held fixed: Nm(1 − τ) − N(1 − w) E Σ v²(1 − t²).
    pub(super) fn lambda_slope(&self) -> f64 {
        let rest = weight_of_log_odds(-self.log_odds);
        self.size * (self.overlap() * (1.0 - self.closure.mean) - rest * self.closure.squares)
    }

    /// (C, 1 − C(τ − T)).
    fn lever(&self) -> (f64, f64) {
        let closure = &self.closure;
        let lever =
            self.feedback() * (1.0 - closure.mean) * closure.response / (1.0 - self.chi_along());
        let unit = 1.0 - lever * (closure.mean - closure.response_mean);
        (lever, unit)
    }

    /// ṽ/v of a pattern of cosine t.
    fn share(&self, cosine: f64) -> f64 {
        let (lever, unit) = self.lever();
        (1.0 - lever * (cosine - self.closure.response_mean)).max(0.0) / unit
    }

    fn cavity(&self) -> Cavity {
        let amplified = self.amplified_feedback();
        Cavity {
            field: self.lambda * self.size * self.overlap(),
            log_odds: self.log_odds,
            feedback: self.feedback(),
            across: self.chi_across(),
            random: 0.5 * amplified * amplified * self.closure.squares / (self.size - 1.0),
        }
    }

    /// What a noise pattern adds to ∂L/∂u here, from thresholds below and above in u.
    pub(super) fn slope_of(&self, [below, above]: &[Self; 2], pattern: &CavityPattern) -> f64 {
        let distance = above.log_odds - below.log_odds;
        let (_, unit) = self.lever();
        let rise = above.cavity().exponent(pattern) - below.cavity().exponent(pattern);
        let turn = above.share(pattern.cosine) - below.share(pattern.cosine);
        let change = pattern.response * rise * self.share(pattern.cosine) + pattern.weight * turn;
        -unit / self.closure.response * change / distance
    }
}

impl NoiseSum {
    pub(super) fn new(overlaps: Overlaps, noise_patterns: f64) -> Self {
        Self {
            overlaps,
            noise_patterns,
            weights: inversion_weights(),
        }
    }

    /// The probability at λ and u = ln[w/(1 − w)] with averages that repeat themselves, from a first
    /// guess of them.
    ///
    /// # Errors
    /// [`TheoryError::Unsettled`] where no averages repeat themselves: far in the tails of the law.
    pub(super) fn threshold(
        &self,
        lambda: f64,
        log_odds: f64,
        guess: Closure,
    ) -> Result<Threshold, TheoryError> {
        let mut threshold = Threshold {
            lambda,
            log_odds,
            closure: guess,
            probability: f64::NAN,
            size: self.overlaps.size(),
        };
        // a secant step on the residuals: the plain iteration overshoots
        let mut last: Option<([f64; AVERAGES], [f64; AVERAGES])> = None;
        for _ in 0..MOST_ROUNDS {
            let (spread, transforms) = self.spread(&threshold, Closure::summands)?;
            threshold.probability = spread.probability;
            let now = threshold.closure.to_array();
            let next = Closure::from_sums(self.averages(&spread, &transforms)).to_array();
            let residual: [f64; AVERAGES] = std::array::from_fn(|i| next[i] - now[i]);
            let change = residual.iter().fold(0.0_f64, |most, r| most.max(r.abs()));
            if change <= ACCURACY {
                return Ok(threshold);
            }
            let share = last.map_or(FIRST_SHARE, |(_, before)| {
                let (mut above, mut below) = (0.0, 0.0);
                for (now, before) in residual.iter().zip(before) {
                    above += now * (now - before);
                    below += (now - before) * (now - before);
                }
                (above / below).clamp(SHARES.0, SHARES.1)
            });
            let previous = last.map_or(now, |(next, _)| next);
            let mixed = std::array::from_fn(|i| next[i] - share * (next[i] - previous[i]));
            threshold.closure = Closure::from_array(mixed);
            last = Some((next, residual));
            // an average that is no number never settles
            if change.is_nan() {
                break;
            }
        }
        Err(TheoryError::Unsettled {
            what: "the averages of the noise at the crossover",
        })
    }

    fn spread<const F: usize>(
        &self,
        threshold: &Threshold,
        functions: impl Fn(&CavityPattern) -> [f64; F],
    ) -> Result<(Spread, Transforms<F>), TheoryError> {
        let drawn = self
            .overlaps
            .drawn(&threshold.cavity(), self.noise_patterns)?;
        let share = |pattern: &CavityPattern| pattern.weight * threshold.share(pattern.cosine);
        let (mut mean, mut square) = (0.0, 0.0);
        for (probability, pattern) in &drawn.patterns {
            mean += probability * share(pattern);
            square += probability * share(pattern).powi(2);
        }
        let deviation = (self.noise_patterns * (square - mean * mean)).sqrt();
        // Σ(ṽ − centre)/unit = (Σṽ − 1)/unit + 1 is taken at 1
        let unit = (REACH * deviation).min(1.0);
        let centre = (1.0 - unit) / self.noise_patterns;
        let mut lost = [Complex::new(drawn.captured, 0.0); CONTOUR];
        let mut transforms = [[Complex::default(); F]; CONTOUR];
        for (probability, pattern) in &drawn.patterns {
            let values = functions(pattern).map(|value| probability * value);
            let exponentials = exponentials((share(pattern) - centre) / unit);
            for (k, exponential) in exponentials.iter().enumerate() {
                lost[k].re += probability * (1.0 - exponential.re);
                lost[k].im -= probability * exponential.im;
                for (sum, value) in transforms[k].iter_mut().zip(values) {
                    sum.re += value * exponential.re;
                    sum.im += value * exponential.im;
                }
            }
        }
        let power = lost.map(|lost| {
            let log = lost.log_one_minus();
            Complex::new(self.noise_patterns * log.re, self.noise_patterns * log.im).exp()
        });
        let (mut probability, mut density) = (0.0, 0.0);
        for (k, weight) in self.weights.iter().enumerate() {
            probability += weight * power[k].over(contour_point(k)).re;
            density += weight * power[k].re;
        }
        let spread = Spread {
            factor: lost.map(|lost| Complex::new(1.0 - lost.re, -lost.im)),
            power,
            probability,
            density,
        };
        Ok((spread, transforms))
    }

    /// E[Σf | Σṽ = 1] of some functions of a pattern.
    fn averages<const F: usize>(&self, spread: &Spread, transforms: &Transforms<F>) -> [f64; F] {
        let mut averages = [0.0; F];
        for (k, weight) in self.weights.iter().enumerate() {
            let others = spread.power[k].over(spread.factor[k]);
            for (average, sum) in averages.iter_mut().zip(transforms[k]) {
                *average += weight * sum.times(others).re;
            }
        }
        averages.map(|average| self.noise_patterns * average / spread.density)
    }

    /// E[ΣΣ_{μ≠ν} f_μ f_ν | Σṽ = 1] of some functions of a pattern.
    fn pair_averages<const F: usize>(
        &self,
        spread: &Spread,
        transforms: &Transforms<F>,
    ) -> [f64; F] {
        let mut averages = [0.0; F];
        for (k, weight) in self.weights.iter().enumerate() {
            let others = spread.power[k]
                .over(spread.factor[k])
                .over(spread.factor[k]);
            for (average, sum) in averages.iter_mut().zip(transforms[k]) {
                *average += weight * sum.times(sum).times(others).re;
            }
        }
        let pairs = self.noise_patterns * (self.noise_patterns - 1.0);
        averages.map(|average| pairs * average / spread.density)
    }

    /// E ΣΣ_{μ≠ν} v_μ² v_ν² (1 − t_μ²)(1 − t_ν²) and Var Σf on Σṽ = 1.
    pub(super) fn pair_moments(
        &self,
        threshold: &Threshold,
        function: impl Fn(&CavityPattern) -> f64,
    ) -> Result<(f64, f64), TheoryError> {
        let functions = |pattern: &CavityPattern| {
            let value = function(pattern);
            [pattern.square_across(), value, value * value]
        };
        let (spread, transforms) = self.spread(threshold, functions)?;
        let [_, mean, squares] = self.averages(&spread, &transforms);
        let [across, pairs, _] = self.pair_averages(&spread, &transforms);
        Ok((across, squares + pairs - mean * mean))
    }
}

impl Closure {
    /// What a pattern adds to the sums of [`from_sums`](Self::from_sums).
    fn summands(pattern: &CavityPattern) -> [f64; AVERAGES] {
        let (t, v, g) = (pattern.cosine, pattern.weight, pattern.response);
        [
            v * t,
            v * (1.0 - t * t),
            pattern.square_across(),
            g,
            g * t,
            g * t * t,
        ]
    }

    fn from_sums([mean, across, squares, response, first, second]: [f64; AVERAGES]) -> Self {
        let along = first / response;
        let variance = second / response - along * along;
        Self::from_array([mean, across, squares, response, along, variance])
    }

    /// The sum of several with weights.
    pub(super) fn weighted<const K: usize>(closures: [Self; K], weights: [f64; K]) -> Self {
        let mut sums = [0.0; AVERAGES];
        for (closure, weight) in closures.into_iter().zip(weights) {
            for (sum, value) in sums.iter_mut().zip(closure.to_array()) {
                *sum += weight * value;
            }
        }
        Self::from_array(sums)
    }

    fn to_array(self) -> [f64; AVERAGES] {
        [
            self.mean,
            self.across,
            self.squares,
            self.response,
            self.response_mean,
            self.response_variance,
        ]
    }

    fn from_array(
        [
            mean,
            across,
            squares,
            response,
            response_mean,
            response_variance,
        ]: [f64; AVERAGES],
    ) -> Self {
        Self {
            mean,
            across,
            squares,
            response,
            response_mean,
            response_variance,
        }
    }
}
