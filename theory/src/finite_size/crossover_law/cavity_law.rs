//! The law of λ_× over samples from the law of the noise sum.
//!
//! λ_× = min_{u ≥ 0} λ(u), and Pr[λ(u) < λ] = F(λ, u) is that of
//! [`NoiseSum`](super::noise_sum::NoiseSum). Near the u* where F(λ, u) is largest λ(u) is a parabola
//! whose slope at u* still fluctuates where λ(u*) is given, and lowers its minimum:
//!
//! ```text
//! λ_× = λ(u*) − V₁/(2λ''L_λ²),   V₁ = Var(∂L/∂u | L = 0),   λ'' = −z_uu/z_λ − zV₁/(σL_λ²)
//! ```
//!
//! F = Φ(z), σ half of its central 68 % width: the curvature of the curve of a sample, not of the
//! quantile z, whose width grows away from u*. Then the law is widened about its median by the
//! overlaps of the noise patterns with each other,
//!
//! ```text
//! W² = 1 + 2B² E ΣΣ_{μ≠ν} v_μ²v_ν²(1 − t_μ²)(1 − t_ν²)/[(N − 1)(1 − χ)² L_λ² σ²].
//! ```

use super::expansion::Expansion;
use super::noise_sum::{Closure, NoiseSum, Threshold};
use super::overlaps::Overlaps;
use crate::error::TheoryError;
use crate::numbers::log_tails::normal_deviate;
use crate::numbers::root::find_root;
use std::f64::consts::PI;

/// Distance in u of the three points of the parabola; u* is no smaller where they are laid.
const SPACING: f64 = 0.25;
/// u* is found to this, in at most so many moves, each at most this long.
const PLACE_ACCURACY: f64 = 1e-4;
const MOST_MOVES: usize = 40;
const LONGEST_MOVE: f64 = 1.0;
/// A move uphill where the three points bend upwards.
const MOVE_UPHILL: f64 = 0.3;
/// Steps of the search for the median, each at most this many standard deviations.
const MOST_STEPS: usize = 40;
const LONGEST_STEP: f64 = 2.0;
const MEDIAN_ACCURACY: f64 = 1e-8;
/// z is taken at Chebyshev points of this range of λ, in standard deviations of the middle of the
/// law around the median.
const RANGE: (f64, f64) = (-2.7, 2.9);
const NODES: usize = 10;
/// The curve is passed on by so many points.
const POINTS: u32 = 80;
/// z of the quantiles at which the descent below λ(u*) is evaluated, beyond which it levels off.
const DEVIATE: f64 = 1.3;

/// The law of λ_× as a curve.
pub(super) struct CavityLaw {
    /// (λ, z), F = Φ(z), rising.
    pub(super) points: Vec<(f64, f64)>,
    /// By how much λ_× lies below λ(u*) at the median.
    pub(super) descent: f64,
}

/// The largest probability over u at one λ.
#[derive(Debug, Clone, Copy)]
struct Optimum {
    threshold: Threshold,
    /// Those at u − [`SPACING`] and u + [`SPACING`].
    beside: [Threshold; 2],
    /// z, z_u and z_uu.
    deviate: f64,
    slope: f64,
    bend: f64,
}

/// z over λ, in standard deviations of the middle of the law around the median.
struct Quantiles {
    median: Optimum,
    deviation: f64,
    /// (place, z) at Chebyshev points.
    nodes: Vec<(f64, f64)>,
}

impl CavityLaw {
    /// The law around what the expansion says.
    ///
    /// # Errors
    /// [`TheoryError::Unsettled`] where the averages of the noise do not repeat themselves.
    pub(super) fn new(
        overlaps: Overlaps,
        noise_patterns: f64,
        guess: &Expansion,
    ) -> Result<Self, TheoryError> {
        let size = overlaps.size();
        let sum = NoiseSum::new(overlaps, noise_patterns);
        let quantiles = Quantiles::new(&sum, guess)?;
        let half_width =
            0.5 * quantiles.deviation * (quantiles.place(1.0)? - quantiles.place(-1.0)?);
        let mut descents = [0.0; 3];
        let mut widening = 1.0;
        for (descent, z) in descents.iter_mut().zip([-DEVIATE, 0.0, DEVIATE]) {
            let place = quantiles.place(z)?;
            let optimum = sum.optimum(quantiles.lambda(place), &quantiles.median)?;
            let threshold = &optimum.threshold;
            let slope = |pattern: &_| threshold.slope_of(&optimum.beside, pattern);
            let (pairs, slope_variance) = sum.pair_moments(threshold, slope)?;
            let l_lambda = threshold.lambda_slope();
            let squared_slope = slope_variance / (l_lambda * l_lambda);
            let curvature = -optimum.bend / quantiles.rate(place) - z * squared_slope / half_width;
            *descent = squared_slope / (2.0 * curvature);
            if z == 0.0 {
                let share = threshold.amplified_feedback() / (l_lambda * half_width);
                widening = (1.0 + 2.0 * share * share * pairs / (size - 1.0)).sqrt();
            }
        }
        let [low, middle, high] = descents;
        let descent = |z: f64| {
            let s = (z / DEVIATE).tanh() / 1.0_f64.tanh();
            middle + 0.5 * s * (high - low) + 0.5 * s * s * (high + low - 2.0 * middle)
        };
        let centre = quantiles.lambda(0.0);
        let point = |i: u32| {
            let place = RANGE.0 + (RANGE.1 - RANGE.0) * f64::from(i) / f64::from(POINTS);
            let z = quantiles.deviate(place);
            let distance = widening * (quantiles.lambda(place) - centre);
            (centre + distance - descent(z), z)
        };
        Ok(Self {
            points: (0..=POINTS).map(point).collect(),
            descent: middle,
        })
    }
}

impl Quantiles {
    fn new(sum: &NoiseSum, guess: &Expansion) -> Result<Self, TheoryError> {
        let mut median = sum.optimum(guess.mean, &Optimum::averaged(guess))?;
        let mut rate = 1.0 / guess.deviation;
        for _ in 0..MOST_STEPS {
            if median.deviate.abs() < MEDIAN_ACCURACY {
                break;
            }
            let longest = LONGEST_STEP * guess.deviation;
            let step = (-median.deviate / rate).clamp(-longest, longest);
            let lambda = median.threshold.lambda + step;
            let next = sum.optimum(lambda, &median)?;
            let found = (next.deviate - median.deviate) / step;
            // at the last step the difference is rounding
            if step.abs() > 1e-3 * guess.deviation && found > 0.0 {
                rate = found;
            }
            median = next;
        }
        let mut quantiles = Self {
            median,
            deviation: 1.0 / rate,
            nodes: vec![(0.0, 0.0); NODES],
        };
        let place = |i: usize| {
            let cosine = (PI * (i as f64 + 0.5) / NODES as f64).cos();
            0.5 * (RANGE.0 + RANGE.1) - 0.5 * (RANGE.1 - RANGE.0) * cosine
        };
        // outwards from the median, where each begins with what the last one found
        let split = (0..NODES).filter(|&i| place(i) < 0.0).count();
        let sides: [Vec<usize>; 2] = [(0..split).rev().collect(), (split..NODES).collect()];
        for side in sides {
            let mut last = median;
            for i in side {
                last = sum.optimum(quantiles.lambda(place(i)), &last)?;
                quantiles.nodes[i] = (place(i), last.deviate);
            }
        }
        Ok(quantiles)
    }

    fn lambda(&self, place: f64) -> f64 {
        self.median.threshold.lambda + place * self.deviation
    }

    /// The polynomial through the Chebyshev points, in barycentric form.
    fn deviate(&self, place: f64) -> f64 {
        let (mut above, mut below) = (0.0, 0.0);
        for (i, &(node, value)) in self.nodes.iter().enumerate() {
            let distance = place - node;
            if distance == 0.0 {
                return value;
            }
            let sine = (PI * (i as f64 + 0.5) / NODES as f64).sin();
            let weight = if i % 2 == 0 { sine } else { -sine } / distance;
            above += weight * value;
            below += weight;
        }
        above / below
    }

    /// dz/dλ.
    fn rate(&self, place: f64) -> f64 {
        let step = 0.05;
        let rise = self.deviate(place + step) - self.deviate(place - step);
        rise / (2.0 * step * self.deviation)
    }

    fn place(&self, deviate: f64) -> Result<f64, TheoryError> {
        find_root(|place| self.deviate(place) - deviate, RANGE.0, RANGE.1)
    }
}

impl NoiseSum {
    /// The largest probability over u ≥ 0 at λ, from what was found at another.
    fn optimum(&self, lambda: f64, from: &Optimum) -> Result<Optimum, TheoryError> {
        let mut from = *from;
        let mut centre = from.threshold.log_odds;
        for _ in 0..MOST_MOVES {
            let at = |log_odds: f64| self.threshold(lambda, log_odds, from.closure(log_odds));
            let threshold = at(centre)?;
            let beside = [at(centre - SPACING)?, at(centre + SPACING)?];
            let found = Optimum::of(threshold, beside)?;
            let next = (centre + found.step()).max(SPACING);
            if (next - centre).abs() < PLACE_ACCURACY {
                return Ok(found);
            }
            (from, centre) = (found, next);
        }
        Err(TheoryError::Unsettled {
            what: "the weight of the target at the crossover",
        })
    }
}

impl Optimum {
    /// Where the averaged noise has it.
    fn averaged(guess: &Expansion) -> Self {
        let centre = guess.log_odds.max(SPACING);
        let at = |log_odds: f64| Threshold::at(guess.mean, log_odds, guess.closure(log_odds));
        Self {
            threshold: at(centre),
            beside: [at(centre - SPACING), at(centre + SPACING)],
            deviate: f64::NAN,
            slope: f64::NAN,
            bend: f64::NAN,
        }
    }

    fn of(threshold: Threshold, beside: [Threshold; 2]) -> Result<Self, TheoryError> {
        let deviate = |threshold: &Threshold| normal_deviate(threshold.probability);
        let (low, middle, high) = (
            deviate(&beside[0])?,
            deviate(&threshold)?,
            deviate(&beside[1])?,
        );
        let mut found = Self {
            threshold,
            beside,
            deviate: middle,
            slope: (high - low) / (2.0 * SPACING),
            bend: (high - 2.0 * middle + low) / (SPACING * SPACING),
        };
        // the maximum may lie below the least centre
        let step = found.step().clamp(-found.threshold.log_odds, 0.0);
        found.deviate += step * (found.slope + 0.5 * found.bend * step);
        Ok(found)
    }

    /// From here to the maximum of the parabola.
    fn step(&self) -> f64 {
        if self.bend < 0.0 {
            (-self.slope / self.bend).clamp(-LONGEST_MOVE, LONGEST_MOVE)
        } else {
            MOVE_UPHILL.copysign(self.slope)
        }
    }

    /// The averages at another u, by the parabola through the three.
    fn closure(&self, log_odds: f64) -> Closure {
        let x = (log_odds - self.threshold.log_odds) / SPACING;
        let weights = [0.5 * x * (x - 1.0), 1.0 - x * x, 0.5 * x * (x + 1.0)];
        let [below, above] = &self.beside;
        let closures = [below.closure, self.threshold.closure, above.closure];
        Closure::weighted(closures, weights)
    }
}
