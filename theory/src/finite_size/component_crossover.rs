//! The crossover of patterns with independent components of any law, for one target or for the typical one.
//!
//! Off the collinear ensembles a fixed point is no multiple of the target: with fields u_i = λx_i it solves
//!
//! ```text
//! u_i = λ[w ξ_i + (1 − w) K'(u_i)],   ln[w/(1 − w)] = Σ_i [u_i ξ_i − K(u_i)] − ln(P − 1)
//! ```
//!
//! At given w the first line is N scalar equations and the second one equation for λ, with least root λ(w). The curve λ(w)
//! holds every fixed point, so that λ_× = min over w ≥ ½ of λ(w): an interior minimum is a saddle-node.

use super::crossover::{Crossover, CrossoverKind};
use super::domain;
use super::domain::within;
use super::map::weight_of_log_odds;
use super::noise::ComponentNoise;
use super::pattern_count::PatternCount;
use crate::root::find_root;
use crate::{ComponentLaw, TheoryError};

/// Accuracy in ln[w/(1 − w)] at the minimum; λ errs by its square over N.
const LOG_ODDS_ACCURACY: f64 = 1e-5;
/// Steffensen steps allowed to one component's fixed point; a few suffice.
const MOST_STEPS: usize = 1000;
/// Growth of λ while the least root is bracketed.
const GROWTH: f64 = 1.1;
/// Inverse temperatures beyond this are not searched.
const LARGEST_INVERSE_TEMPERATURE: f64 = 1e6;

/// λ_× of the given target ξ¹ (length N) for patterns of the given component law; about 0.1 N milliseconds.
///
/// `None` when no λ gives the target a weight above ½. Taken from the curve of fixed points: that x₀ = ξ¹ falls onto the
/// retrieval fixed point wherever one exists is proved for the collinear ensembles only.
///
/// # Errors
/// [`TheoryError`] when the target is empty, zero or not finite, or the search leaves λ < 10⁶.
pub fn component_crossover<L: ComponentNoise + ?Sized>(
    law: &L,
    target: &[f64],
    patterns: PatternCount,
) -> Result<Option<Crossover>, TheoryError> {
    for &component in target {
        within("a component of the target", component, true, "finite")?;
    }
    let components = target.iter().map(|&component| (component, 1.0)).collect();
    Curve::new(law, components, patterns)?.crossover()
}

/// λ_× of the typical target: each sum over its components is N times the expectation over the law.
///
/// `None` as for [`component_crossover`]. Targets scatter around it by O(1/√N), through their norm above all.
///
/// # Errors
/// [`TheoryError`] when N is below 1, or the search leaves λ < 10⁶.
pub fn typical_component_crossover<L: ComponentLaw>(
    law: &L,
    size: f64,
    patterns: PatternCount,
) -> Result<Option<Crossover>, TheoryError> {
    domain::size(size)?;
    let components = law
        .nodes()
        .into_iter()
        .map(|(component, weight)| (component, size * weight))
        .collect();
    Curve::new(law, components, patterns)?.crossover()
}

/// The curve λ(w) of fixed points around a target.
struct Curve<'a, L: ?Sized> {
    law: &'a L,
    /// Components `ξ_i` and how often each is counted.
    components: Vec<(f64, f64)>,
    squared_norm: f64,
    log_noise_patterns: f64,
}

/// A state on the way to a fixed point at given w and λ.
struct Sums {
    /// Σ [`u_i` `ξ_i` − K(`u_i`)].
    advantage: f64,
    /// Σ `u_i` `ξ_i` = λ x·ξ¹.
    alignment: f64,
}

impl<'a, L: ComponentNoise + ?Sized> Curve<'a, L> {
    fn new(
        law: &'a L,
        components: Vec<(f64, f64)>,
        patterns: PatternCount,
    ) -> Result<Self, TheoryError> {
        let squared_norm = components.iter().map(|(xi, count)| count * xi * xi).sum();
        within(
            "the squared norm of the target",
            squared_norm,
            squared_norm > 0.0,
            "positive",
        )?;
        Ok(Self {
            law,
            components,
            squared_norm,
            log_noise_patterns: patterns.log_noise_patterns(),
        })
    }

    fn crossover(&self) -> Result<Option<Crossover>, TheoryError> {
        if self.log_noise_patterns == 0.0 {
            // one noise pattern: w ≥ ½ from λ = 0 on, where a = w
            return Ok(Some(Crossover {
                inverse_temperature: 0.0,
                amplitude: 0.5,
                weight: 0.5,
                kind: CrossoverKind::WeightCrossing,
            }));
        }
        let Some(at_half) = self.inverse_temperature(0.0)? else {
            return Ok(None);
        };
        // the minimum has (1 − w)/w λ|ξ¹|² of order one or less
        let highest = 2.0 + (1.0 + at_half * self.squared_norm).ln();
        let value = |log_odds: f64| -> Result<f64, TheoryError> {
            Ok(self.inverse_temperature(log_odds)?.unwrap_or(f64::INFINITY))
        };
        let (log_odds, least) = golden_section(value, 0.0, highest, LOG_ODDS_ACCURACY)?;
        let (log_odds, inverse_temperature, kind) =
            if least < at_half && log_odds > 2.0 * LOG_ODDS_ACCURACY {
                (log_odds, least, CrossoverKind::SaddleNode)
            } else {
                (0.0, at_half, CrossoverKind::WeightCrossing)
            };
        let sums = self.sums(log_odds, inverse_temperature)?;
        Ok(Some(Crossover {
            inverse_temperature,
            amplitude: sums.alignment / (inverse_temperature * self.squared_norm),
            weight: weight_of_log_odds(log_odds),
            kind,
        }))
    }

    /// λ(w), the least λ with a fixed point at these log-odds, or `None` without one.
    fn inverse_temperature(&self, log_odds: f64) -> Result<Option<f64>, TheoryError> {
        let sought = self.log_noise_patterns + log_odds;
        // half of where the advantage λ|ξ¹|² of a state held at the target would do; lower if the noise helps
        let mut low = 0.5 * sought / self.squared_norm;
        let mut last = self.sums(log_odds, low)?.advantage;
        while last >= sought {
            low *= 0.5;
            last = self.sums(log_odds, low)?.advantage;
        }
        let high = loop {
            let high = GROWTH * low;
            let advantage = self.sums(log_odds, high)?.advantage;
            if advantage >= sought {
                break high;
            }
            if advantage <= last || high > LARGEST_INVERSE_TEMPERATURE {
                return Ok(None); // past its maximum, where the noise grows faster than the signal
            }
            (low, last) = (high, advantage);
        };
        let excess = |inverse_temperature: f64| {
            self.sums(log_odds, inverse_temperature)
                .map_or(f64::NAN, |sums| sums.advantage - sought)
        };
        find_root(excess, low, high).map(Some)
    }

    fn sums(&self, log_odds: f64, inverse_temperature: f64) -> Result<Sums, TheoryError> {
        let signal = inverse_temperature * weight_of_log_odds(log_odds);
        let noise = inverse_temperature * weight_of_log_odds(-log_odds);
        let mut sums = Sums {
            advantage: 0.0,
            alignment: 0.0,
        };
        for &(component, count) in &self.components {
            let field = self.field(signal * component, noise, inverse_temperature * component)?;
            sums.advantage +=
                count * (field * component - self.law.log_moment_generating_function(field));
            sums.alignment += count * field * component;
        }
        Ok(sums)
    }

    /// The fixed point of u = signal + noise·K'(u) near `start`, by Steffensen's method.
    fn field(&self, signal: f64, noise: f64, start: f64) -> Result<f64, TheoryError> {
        let update = |field: f64| signal + noise * self.law.tilted_mean(field);
        let mut field = start;
        for _ in 0..MOST_STEPS {
            let once = update(field);
            let change = once - field;
            if change.abs() <= 4.0 * f64::EPSILON * once.abs() {
                return Ok(once);
            }
            let curvature = (update(once) - once) - change;
            // a contraction has 0 < −curvature/change < 2; elsewhere one plain update is safe
            let step = -change * change / curvature;
            field = if step / change > 0.5 && step.is_finite() {
                field + step
            } else {
                once
            };
        }
        Err(domain::not_settled("the field of one component"))
    }
}

/// The minimum of a unimodal function and its place, to `accuracy` in the argument.
fn golden_section(
    function: impl Fn(f64) -> Result<f64, TheoryError>,
    low: f64,
    high: f64,
    accuracy: f64,
) -> Result<(f64, f64), TheoryError> {
    let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut low, mut high) = (low, high);
    let mut left = high - ratio * (high - low);
    let mut right = low + ratio * (high - low);
    let (mut at_left, mut at_right) = (function(left)?, function(right)?);
    while high - low > accuracy {
        // an infinite value lies to the right of the minimum
        if at_left <= at_right {
            high = right;
            (right, at_right) = (left, at_left);
            left = high - ratio * (high - low);
            at_left = function(left)?;
        } else {
            low = left;
            (left, at_left) = (right, at_right);
            right = low + ratio * (high - low);
            at_right = function(right)?;
        }
    }
    Ok(if at_left < at_right {
        (left, at_left)
    } else {
        (right, at_right)
    })
}
