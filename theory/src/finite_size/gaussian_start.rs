//! The finite-size basin for Gaussian starts, whose norm and overlap with the target fluctuate.

use super::basin::{lost_below, retrieves};
use super::domain;
use super::domain::within;
use super::gaussian_norm::GaussianNormLaw;
use super::map::{CollinearMap, PlaneMap, PlaneState};
use super::noise::RotationInvariantNoise;
use super::pattern_count::PatternCount;
use crate::error::TheoryError;
use crate::numbers::log_tails::log_normal_tail;
use crate::numbers::quadrature::{NORMAL_PROBABILITIES, integrate};
use crate::numbers::root::find_root;
use std::f64::consts::PI;

/// Accuracy of the separatrix, in units of |ξ¹|.
const EDGE_ACCURACY: f64 = 1e-11;
/// Starts are this much longer than the target, at most, before the chance of it is negligible.
const LONGEST_START: f64 = 1.5;

/// Basins of one target for starts x₀(θ) = cos θ ξ¹ + sin θ g, with g ~ N(0, 1)^N independent of
/// the patterns.
///
/// |x₀|² fluctuates, and so does its overlap with the target: with g = g₁ ξ̂¹ + g_⊥, g₁ ~ N(0, 1) and |g_⊥|² ~ χ²_{N−1},
/// the map starts in the plane at (cos θ + sin θ g₁/|ξ¹|, sin θ |g_⊥|/|ξ¹|) and retrieves to the
/// right of its separatrix. As N → ∞ the basin is that of starts on |x₀|² = N.
///
/// ```
/// use dam_theory::finite_size::{GaussianStarts, PatternCount, SphericalNoise};
/// let patterns = PatternCount::from_load(0.2, 40.0)?;
/// let starts = GaussianStarts::new(SphericalNoise::new(40.0)?, 40.0, patterns, 0.35)?;
/// let starts = starts.expect("λ is above λ_× = 0.316");
/// let median = starts.median_angle()?;
/// assert!((starts.retrieval_probability(median)? - 0.5).abs() < 1e-9);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
#[derive(Debug, Clone)]
pub struct GaussianStarts<N> {
    map: PlaneMap<N>,
    lost_below: f64,
    longest: f64,
    /// |ξ¹|.
    length: f64,
    /// |g_⊥|/|ξ¹| and its weight.
    across: [(f64, f64); 3],
}

impl<N: RotationInvariantNoise> GaussianStarts<N> {
    /// For patterns of N = `size` components; `None` where the target itself is lost, λ ≤ λ_×.
    ///
    /// # Errors
    /// [`TheoryError`] when N is below 3, or λ is out of the domain of
    /// [`basin_angle_towards`](super::basin_angle_towards).
    pub fn new(
        noise: N,
        size: f64,
        patterns: PatternCount,
        inverse_temperature: f64,
    ) -> Result<Option<Self>, TheoryError> {
        domain::spherical_size(size)?;
        let map = PlaneMap::new(noise, patterns, inverse_temperature)?;
        let largest_field = noise.largest_field();
        let bounded = inverse_temperature < largest_field;
        let domain = "below the field at which the averaged noise overtakes the target";
        within(
            "the inverse temperature λ",
            inverse_temperature,
            bounded,
            domain,
        )?;
        let axis = CollinearMap::new(noise, patterns);
        let Some(lost_below) = lost_below(&axis, inverse_temperature)? else {
            return Ok(None);
        };
        let length = noise.squared_norm().sqrt();
        let law = GaussianNormLaw::new(size - 1.0)?;
        let mut across = NORMAL_PROBABILITIES;
        for (node, _) in &mut across {
            *node = ((size - 1.0) * law.quantile(*node)?).sqrt() / length;
        }
        Ok(Some(Self {
            map,
            lost_below,
            longest: LONGEST_START.min(largest_field / inverse_temperature),
            length,
            across,
        }))
    }

    /// The probability over g that the start at angle θ (radians) is retrieved, which is Pr(θ_c ≥
    /// θ).
    ///
    /// # Errors
    /// [`TheoryError`] when θ is outside [0, π], or when a start does not settle.
    pub fn retrieval_probability(&self, angle: f64) -> Result<f64, TheoryError> {
        let allowed = (0.0..=PI).contains(&angle);
        within("the angle θ", angle, allowed, "within [0, π]")?;
        let (sine, cosine) = angle.sin_cos();
        let mut probability = 0.0;
        for (across, weight) in self.across {
            let Some(least) = self.separatrix(sine * across)? else {
                continue;
            };
            let excess = least - cosine;
            probability += weight
                * if sine == 0.0 {
                    f64::from(u8::from(excess <= 0.0))
                } else {
                    log_normal_tail(excess * self.length / sine).exp()
                };
        }
        Ok(probability)
    }

    /// The median of θ_c in radians.
    ///
    /// # Errors
    /// [`TheoryError`] when a start does not settle.
    pub fn median_angle(&self) -> Result<f64, TheoryError> {
        if self.retrieval_probability(PI)? >= 0.5 {
            return Ok(PI);
        }
        let mut failure = None;
        let excess = |angle: f64| match self.retrieval_probability(angle) {
            Ok(probability) => probability - 0.5,
            Err(error) => {
                failure = Some(error);
                f64::NAN
            }
        };
        let root = find_root(excess, 0.0, PI);
        failure.map_or(root, Err)
    }

    /// The means of θ_c (radians) and of cos θ_c: ∫ Pr(θ_c ≥ θ) dθ and 1 − ∫ sin θ Pr(θ_c ≥ θ) dθ
    /// over [0, π], to 1e-8.
    ///
    /// # Errors
    /// [`TheoryError`] when a start does not settle.
    pub fn means(&self) -> Result<(f64, f64), TheoryError> {
        let mut failure = None;
        let [angle, lost_cosine] = integrate(
            |angle| match self.retrieval_probability(angle) {
                Ok(probability) => [probability, angle.sin() * probability],
                Err(error) => {
                    failure = Some(error);
                    [0.0; 2]
                }
            },
            0.0,
            PI,
            1e-8,
        );
        failure.map_or(Ok((angle, 1.0 - lost_cosine)), Err)
    }

    /// The least c₁ from which (c₁, `across`) is retrieved; `None` when none up to the longest
    /// start is.
    fn separatrix(&self, across: f64) -> Result<Option<f64>, TheoryError> {
        let retrieves = |along: f64| {
            let step = |state: PlaneState| Ok(self.map.step(state));
            retrieves(step, PlaneState { along, across }, self.lost_below)
        };
        if !retrieves(self.longest)? {
            return Ok(None);
        }
        let (mut outside, mut inside) = (-self.longest, self.longest);
        if retrieves(outside)? {
            return Ok(Some(outside));
        }
        while inside - outside > EDGE_ACCURACY {
            let middle = 0.5 * (inside + outside);
            if retrieves(middle)? {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        Ok(Some(inside))
    }
}
