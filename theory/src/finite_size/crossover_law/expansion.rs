//! Mean and standard deviation of λ_× over disorder samples of patterns with |ξ|² = N (the sphere,
//! fair signs), to second order in the fluctuations of the noise sum.
//!
//! For given weight w of the target the other patterns hold the state x = wξ¹ + (1 − w)n(x), n =
//! Σ v_μ ξ^μ, and L(w, λ) = λx·ξ¹ − ln Σ_{μ>1} e^{λx·ξ^μ} − ln[w/(1 − w)] vanishes at a fixed point, so
//! that λ_× = min over u = ln[w/(1 − w)] of λ(u). Averaging the noise sum gives the saddle-node of
//! [`CollinearMap`]; with its fluctuations to second order, at that saddle-node,
//!
//! ```text
//! E λ_× = λ + [Bq/(1 − χ) + Bν/(1 − χ_∥) − V/2]/L_λ − V₁/(2λ'' L_λ²)
//! Var λ_× = {R⟨[B m_w(t − ε) − 1]²⟩ − 1/(P − 1)}/L_λ²
//! ```
//!
//! with k = λNm, M(k) = E e^{kt} of one overlap t = ξ¹·ξ/N, ε = (ln M)', s² = ε', B = λN(1 − w), χ =
//! Bε/k (sphere) or Bs² (signs), χ_∥ = Bs², R = M(2k)/[M(k)²(P − 1)], V = R − 1/(P − 1), averages ⟨ ⟩
//! over the law of t tilted by 2k, q = R⟨1 − t²⟩, ν = R⟨(t − ε)²⟩, L_λ = Nm(1 − ε) in the mean and Nm
//! m_w in the variance, and
//!
//! ```text
//! V₁ = R⟨[a(t − ε) + b((t − ε)² − s²)]²⟩,   a = w(1 − w)(Bm_ww − 2λNm_w),   b = w(1 − w)BλN m_w²
//! ```
//!
//! −V/2: the quenched noise lies below the annealed one. Bq and Bν: each pattern pulls the state
//! towards itself across and along ξ¹, amplified by the others. The last term: the saddle-node is
//! the minimum over u of a fluctuating curve.
//!
//! The mean is a truncation that simulation chose: the complete second order (with the response of
//! the state in L_λ, the covariance of L with its slopes, and ∂/∂w of the pulls) is lower by .01 to
//! .2 % of λ at P = 1213 to 122, which higher orders must give back.

use super::noise_sum::Closure;
use crate::error::TheoryError;
use crate::finite_size::axis_noise::AxisNoise;
use crate::finite_size::map::{CollinearMap, weight_of_log_odds};
use crate::finite_size::noise::{CollinearNoise, NoiseAverage};
use crate::finite_size::pattern_count::PatternCount;
use crate::finite_size::saddle_node::{Crossover, CrossoverKind};

/// The least ln[w/(1 − w)] at the averaged saddle-node at which the expansion holds to its error.
const LEAST_LOG_ODDS: f64 = 0.35;

/// Rounds for the overlap of the averaged noise.
const OVERLAP_ROUNDS: usize = 60;

/// The law of λ_× by its first two moments.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expansion {
    /// E λ_×.
    pub(super) mean: f64,
    /// Its standard deviation over samples, to first order.
    pub(super) deviation: f64,
    /// What the mean may be off by: λ{3·10⁻⁴ min(1, shift/0.3 %) + 120 fold² + 2.5 shift²}, with the
    /// shift of the mean and its last term (the fold) in units of λ.
    pub(super) error: f64,
    /// By how much the mean lies above the saddle-node of the averaged noise, in units of it.
    pub(super) relative_shift: f64,
    /// All its terms in units of λ_×, none cancelling another.
    pub(super) fluctuation: f64,
    /// ln[w/(1 − w)] at that saddle-node.
    pub(super) log_odds: f64,
    noise: AxisNoise,
    patterns: PatternCount,
    cumulants: fn(&NoiseAverage, f64, f64) -> Cumulants,
}

impl Expansion {
    /// The expansion where it holds to its error: `None` for normal components, where λ_× hangs on the
    /// norm of the target, and where few patterns (N below some 15) let the weight of the target fall to
    /// ½ before anything merges.
    ///
    /// # Errors
    /// As [`CollinearMap::crossover`].
    pub(super) fn new(
        noise: AxisNoise,
        patterns: PatternCount,
    ) -> Result<Option<Self>, TheoryError> {
        let is_fold = |found: &Crossover| {
            found.kind == CrossoverKind::SaddleNode && log_odds(found) >= LEAST_LOG_ODDS
        };
        Self::at_crossover(noise, patterns, is_fold)
    }

    /// The expansion however few the patterns; `None` for normal components.
    ///
    /// # Errors
    /// As [`CollinearMap::crossover`].
    pub(super) fn anywhere(
        noise: AxisNoise,
        patterns: PatternCount,
    ) -> Result<Option<Self>, TheoryError> {
        Self::at_crossover(noise, patterns, |_| true)
    }

    fn at_crossover(
        noise: AxisNoise,
        patterns: PatternCount,
        holds: impl Fn(&Crossover) -> bool,
    ) -> Result<Option<Self>, TheoryError> {
        let cumulants: fn(&NoiseAverage, f64, f64) -> Cumulants = match noise {
            AxisNoise::Sphere(_) => Cumulants::on_the_sphere,
            AxisNoise::Signs(_) => Cumulants::of_signs,
            AxisNoise::Normal(_) => return Ok(None),
        };
        let found = CollinearMap::new(noise, patterns).crossover()?;
        Ok(found
            .filter(holds)
            .map(|found| Self::around(&noise, patterns, found, cumulants)))
    }

    fn around(
        noise: &AxisNoise,
        patterns: PatternCount,
        fold: Crossover,
        cumulants: fn(&NoiseAverage, f64, f64) -> Cumulants,
    ) -> Self {
        let size = noise.squared_norm();
        let (lambda, w) = (fold.inverse_temperature, fold.weight);
        let m = fold.amplitude;
        let field = lambda * m;
        let (once, twice) = (noise.average(field), noise.average(2.0 * field));
        let at_field = cumulants(&once, field, size);
        let tilted = cumulants(&twice, 2.0 * field, size);
        let others = (-patterns.log_noise_patterns()).exp();
        let log_ratio =
            twice.log_moment_generating_function - 2.0 * once.log_moment_generating_function;
        let ratio = (log_ratio - patterns.log_noise_patterns()).exp();

        // m(w) at fixed λ
        let strength = lambda * size;
        let feedback = strength * (1.0 - w);
        let across = feedback * at_field.across;
        let along = feedback * at_field.variance;
        let m_w = (1.0 - at_field.mean) / (1.0 - along);
        let m_ww = strength * m_w * (feedback * at_field.third * m_w - 2.0 * at_field.variance)
            / (1.0 - along);
        // at a state held fixed; its response belongs to the orders left out
        let l_lambda = size * m * (1.0 - at_field.mean);
        // ∂²L/∂u², from ∂L/∂u = w(1 − w)(1 − ε)λN m_w − 1
        let spread = w * (1.0 - w);
        let gain = (1.0 - at_field.mean) * strength;
        let bend = (1.0 - 2.0 * w) * gain * m_w
            + spread * (gain * m_ww - at_field.variance * strength * strength * m_w * m_w);
        let curvature = -spread * bend / (size * m * m_w);

        let moments = tilted.moments_around(at_field.mean);
        let q = ratio * (1.0 - tilted.variance - tilted.mean * tilted.mean);
        let pull = feedback * q / (1.0 - across) + feedback * ratio * moments[1] / (1.0 - along);
        let quenching = 0.5 * (ratio - others);
        let a = spread * (feedback * m_ww - 2.0 * strength * m_w);
        let b = spread * feedback * strength * m_w * m_w;
        let s = at_field.variance;
        let slope_variance = ratio
            * (a * a * moments[1]
                + 2.0 * a * b * (moments[2] - s * moments[0])
                + b * b * (moments[3] - 2.0 * s * moments[1] + s * s));
        let descent = slope_variance / (2.0 * curvature * l_lambda * l_lambda);
        let shift = (pull - quenching) / l_lambda - descent;

        let lever = feedback * m_w;
        let variance =
            ratio * (1.0 - 2.0 * lever * moments[0] + lever * lever * moments[1]) - others;
        let (relative_shift, fold_share) = (shift.abs() / lambda, descent / lambda);
        Self {
            mean: lambda + shift,
            deviation: variance.max(0.0).sqrt() / (size * m * m_w),
            error: lambda
                * (3e-4 * (relative_shift / 3e-3).min(1.0)
                    + 120.0 * fold_share * fold_share
                    + 2.5 * relative_shift * relative_shift),
            relative_shift,
            fluctuation: (pull.abs() + quenching) / (l_lambda * lambda) + fold_share.abs(),
            log_odds: log_odds(&fold),
            noise: *noise,
            patterns,
            cumulants,
        }
    }

    /// Averages over the noise at the mean λ_× and another weight of the target.
    pub(super) fn closure(&self, log_odds: f64) -> Closure {
        let size = self.noise.squared_norm();
        let weight = weight_of_log_odds(log_odds);
        let mut overlap = 1.0;
        // m = w + (1 − w)ε(λNm) contracts
        for _ in 0..OVERLAP_ROUNDS {
            let average = self.noise.average(self.mean * overlap);
            overlap = weight + (1.0 - weight) * average.mean;
        }
        let field = self.mean * overlap;
        let (once, twice) = (self.noise.average(field), self.noise.average(2.0 * field));
        let at_field = (self.cumulants)(&once, field, size);
        let tilted = (self.cumulants)(&twice, 2.0 * field, size);
        let log_ratio =
            twice.log_moment_generating_function - 2.0 * once.log_moment_generating_function;
        let ratio = (log_ratio - self.patterns.log_noise_patterns()).exp();
        let (mean, variance) = (at_field.mean, at_field.variance);
        Closure {
            mean,
            across: 1.0 - variance - mean * mean,
            squares: ratio * (1.0 - tilted.variance - tilted.mean * tilted.mean),
            response: 1.0,
            response_mean: mean,
            response_variance: variance,
        }
    }
}

/// ln[w/(1 − w)].
fn log_odds(found: &Crossover) -> f64 {
    found.weight.ln() - (1.0 - found.weight).ln()
}

/// Cumulants of the overlap t under the law tilted by e^{kt}, k = Nu.
struct Cumulants {
    mean: f64,
    /// The variance of a component across ξ¹, over N.
    across: f64,
    variance: f64,
    third: f64,
    fourth: f64,
}

impl Cumulants {
    /// By derivatives of ε' = 1 − ε² − (N − 1)ε/k.
    fn on_the_sphere(average: &NoiseAverage, field: f64, size: f64) -> Self {
        let (k, freedom) = (size * field, size - 1.0);
        let (mean, variance) = (average.mean, average.slope / size);
        let third = -2.0 * mean * variance - freedom * (variance - mean / k) / k;
        let fourth = -2.0 * variance * variance
            - 2.0 * mean * third
            - freedom * (third - 2.0 * (variance - mean / k) / k) / k;
        Self {
            mean,
            across: mean / k,
            variance,
            third,
            fourth,
        }
    }

    /// By derivatives of ε = tanh u.
    fn of_signs(average: &NoiseAverage, _: f64, size: f64) -> Self {
        let (mean, variance) = (average.mean, average.slope / size);
        Self {
            mean,
            across: variance,
            variance,
            third: -2.0 * mean * variance / size,
            fourth: variance * (6.0 * mean * mean - 2.0) / (size * size),
        }
    }

    /// ⟨(t − `centre`)^j⟩ for j = 1 … 4.
    fn moments_around(&self, centre: f64) -> [f64; 4] {
        let d = self.mean - centre;
        let second = self.variance + d * d;
        [
            d,
            second,
            self.third + 3.0 * d * self.variance + d * d * d,
            self.fourth
                + 3.0 * self.variance * self.variance
                + 4.0 * d * self.third
                + 6.0 * d * d * self.variance
                + d.powi(4),
        ]
    }
}
