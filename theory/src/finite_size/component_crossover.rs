//! The crossover of patterns with independent components of any law, for one target or for the
//! typical one.
//!
//! Off the collinear ensembles a fixed point is no multiple of the target: with fields u_i = λx_i
//! it solves
//!
//! ```text
//! u_i = λ[w ξ_i + (1 − w) K'(u_i)],   ln[w/(1 − w)] = Σ_i [u_i ξ_i − K(u_i)] − ln(P − 1)
//! ```
//!
//! With A(w, λ) = Σ_i [u_i ξ_i − K(u_i)] at the u that solves the first line, the fixed points are
//! the zeros of F(w, λ) = A(w, λ) − ln(P − 1) − ln[w/(1 − w)], and
//!
//! ```text
//! λ_× = min {λ : max over w ≥ ½ of F(w, λ) ≥ 0}
//! ```
//!
//! where a maximum inside is a saddle-node. From x₀ = ξ¹ the target is retrieved exactly from there
//! on: call a component nearer to the target where its u_i is nearer to λξ_i, on the side on which
//! the first line leaves it (below λξ_i where K'(λξ_i) < ξ_i, above it elsewhere). Then the map keeps
//! this order (∂w/∂u_i has the sign of ξ_i − K'(u_i), as ∂u_i/∂w has, and K'' ≥ 0), ξ¹ is the largest
//! state of it, and the map falls from there onto the largest fixed point. So A rises with w too,
//! F ≤ A(1, λ), and no λ below the one-step crossover A(1, λ) = ln(P − 1) retrieves.
//!
//! Gaussian patterns of covariance C have the same form in the eigenbasis of C, with K_i(h) = c_i
//! h²/2 there: the projections of the target on the eigenvectors stand for its components.

use super::component_fluctuations::{self, At, ComponentAtCrossover};
use super::component_noise::{CentredGaussianComponent, ComponentNoise};
use super::domain;
use super::domain::within;
use super::estimate::Estimate;
use super::map::weight_of_log_odds;
use super::pattern_count::PatternCount;
use super::saddle_node::{Crossover, CrossoverKind};
use crate::error::TheoryError;
use crate::laws::component::ComponentLaw;
use crate::numbers::fixed_point::fixed_point;
use crate::numbers::minimum::minimize;
use crate::numbers::quadrature::merged;
use crate::numbers::root::find_root;

/// Accuracy in ln[w/(1 − w)] at the minimum; λ errs by its square over N.
const LOG_ODDS_ACCURACY: f64 = 1e-5;
/// Growth of λ while the least root is bracketed.
const GROWTH: f64 = 1.1;
/// Relative accuracy of the place of a maximum over λ that may lie above 0; its value errs by N times
/// the square.
const PLACE_ACCURACY: f64 = 1e-6;
/// Components below this are taken together: A is at most λ times their square, and they are fewer
/// than this part of all of a smooth law, below the last digit of the whole at any λ.
const SMALLEST_COMPONENT: f64 = 4e-6;
/// Inverse temperatures beyond this are not searched.
const LARGEST_INVERSE_TEMPERATURE: f64 = 1e6;

/// λ_× of the given target ξ¹ (length N) for patterns of the given component law; about 0.1 N
/// milliseconds.
///
/// `None` when no λ gives the target a weight above ½.
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
    let components = target.iter().map(|&component| Component {
        law,
        value: component,
        count: 1.0,
    });
    Curve::new(components.collect(), patterns)?.crossover()
}

/// λ_× of the given target for Gaussian patterns of covariance C: `projections` of ξ¹ on the
/// eigenvectors of C (length N) and the `eigenvalues` in the same order; the map x' = w ξ¹ + (1 −
/// w) λ C x, in the eigenbasis.
///
/// `None` as for [`component_crossover`].
///
/// # Errors
/// [`TheoryError`] when the lengths differ, a projection is not finite, an eigenvalue is negative
/// or not finite, or the target is zero.
pub fn covariance_crossover(
    projections: &[f64],
    eigenvalues: &[f64],
    patterns: PatternCount,
) -> Result<Option<Crossover>, TheoryError> {
    within(
        "the number of eigenvalues",
        eigenvalues.len() as f64,
        eigenvalues.len() == projections.len(),
        "the length of the target",
    )?;
    let laws = centred_components(eigenvalues.iter().copied())?;
    for &projection in projections {
        within("a projection of the target", projection, true, "finite")?;
    }
    let components = laws.iter().zip(projections).map(|(law, &value)| Component {
        law,
        value,
        count: 1.0,
    });
    Curve::new(components.collect(), patterns)?.crossover()
}

/// λ_× of the typical target ξ_i² = c_i for Gaussian patterns whose covariance has this `spectrum`:
/// eigenvalues c and their multiplicities.
///
/// # Errors
/// [`TheoryError`] when an eigenvalue is negative or not finite, or all are 0.
pub fn typical_covariance_crossover(
    spectrum: &[(f64, f64)],
    patterns: PatternCount,
) -> Result<Option<Crossover>, TheoryError> {
    let laws = centred_components(spectrum.iter().map(|&(c, _)| c))?;
    Curve::of_spectrum(&laws, spectrum, patterns)?.crossover()
}

/// The median of λ_× over targets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Median {
    /// λ_× by the averaged noise.
    pub(super) averaged: f64,
    /// By how much the fluctuations of the noise raise λ_×, of the typical target.
    pub(super) shift: Estimate,
}

/// The median of λ_× over targets of independent components; `None` where it has none.
///
/// To first order λ_× falls with T = Σ a(ξ_i), a = uξ − K(u) at the crossover of the typical
/// target, and the median of a sum lies μ₃/(6σ²) below its mean (moments of one a; Cornish and
/// Fisher). So it is λ_× of the typical target with ln(P − 1) raised by μ₃/(6σ²). For Gaussian
/// components this is r = 1 − 2/(3N), the median of χ²_N.
pub(super) fn median_component_crossover<L: ComponentLaw + ?Sized>(
    law: &L,
    size: f64,
    patterns: PatternCount,
) -> Result<Option<Median>, TheoryError> {
    let curve = Curve::typical(law, size, patterns)?;
    let Some(typical) = curve.crossover()? else {
        return Ok(None);
    };
    let lambda = typical.inverse_temperature;
    let advantages: Vec<(f64, f64)> = law
        .nodes()
        .into_iter()
        .map(|(value, weight)| {
            let component = Component {
                law,
                value,
                count: weight,
            };
            let field = component
                .field(lambda, [typical.weight, 1.0 - typical.weight])
                .ok_or_else(|| domain::not_settled("the field of one component"))?;
            Ok((
                field * value - law.log_moment_generating_function(field),
                weight,
            ))
        })
        .collect::<Result<_, TheoryError>>()?;
    let mean: f64 = advantages.iter().map(|(a, weight)| weight * a).sum();
    let moment = |power| -> f64 {
        let terms = advantages.iter();
        terms
            .map(|(a, weight)| weight * (a - mean).powi(power))
            .sum()
    };
    let raised = raised(patterns, moment(3) / (6.0 * moment(2)))?;
    let shift = curve.shift(&typical)?;
    let median = typical_component_crossover(law, size, raised)?;
    Ok(median.map(|median| Median {
        averaged: median.inverse_temperature,
        shift,
    }))
}

/// The median of λ_× over targets of Gaussian patterns of this spectrum, as
/// [`median_component_crossover`]: in each eigendirection a = A g² has σ² = 2A² and μ₃ = 8A³.
pub(super) fn median_covariance_crossover(
    spectrum: &[(f64, f64)],
    patterns: PatternCount,
) -> Result<Option<Median>, TheoryError> {
    let laws = centred_components(spectrum.iter().map(|&(c, _)| c))?;
    let curve = Curve::of_spectrum(&laws, spectrum, patterns)?;
    let Some(typical) = curve.crossover()? else {
        return Ok(None);
    };
    let lambda = typical.inverse_temperature;
    let moment = |power| -> f64 {
        let terms = spectrum.iter().map(|&(c, count)| {
            let field = lambda * typical.weight / (1.0 - lambda * (1.0 - typical.weight) * c);
            count * (c * field * (1.0 - 0.5 * c * field)).powi(power)
        });
        terms.sum()
    };
    let raised = raised(patterns, 8.0 * moment(3) / (12.0 * moment(2)))?;
    let shift = curve.shift(&typical)?;
    let median = typical_covariance_crossover(spectrum, raised)?;
    Ok(median.map(|median| Median {
        averaged: median.inverse_temperature,
        shift,
    }))
}

fn raised(patterns: PatternCount, shift: f64) -> Result<PatternCount, TheoryError> {
    PatternCount::from_log_noise_patterns((patterns.log_noise_patterns() + shift).max(0.0))
}

fn centred_components(
    variances: impl Iterator<Item = f64>,
) -> Result<Vec<CentredGaussianComponent>, TheoryError> {
    variances.map(CentredGaussianComponent::new).collect()
}

/// λ_× of the typical target: each sum over its components is N times the expectation over the law.
///
/// `None` as for [`component_crossover`]. Targets scatter around it by O(1/√N), through their norm
/// above all.
///
/// # Errors
/// [`TheoryError`] when N is below 1, or the search leaves λ < 10⁶.
pub fn typical_component_crossover<L: ComponentLaw + ?Sized>(
    law: &L,
    size: f64,
    patterns: PatternCount,
) -> Result<Option<Crossover>, TheoryError> {
    Curve::typical(law, size, patterns)?.crossover()
}

/// A component of the target.
struct Component<'a, L: ?Sized> {
    /// The law of this component of the patterns.
    law: &'a L,
    /// `ξ_i`.
    value: f64,
    /// How often it is counted.
    count: f64,
}

/// The fixed points around a target.
struct Curve<'a, L: ?Sized> {
    components: Vec<Component<'a, L>>,
    squared_norm: f64,
    log_noise_patterns: f64,
}

/// Where F(w, λ) is largest at one λ, w ≥ ½.
struct Best {
    /// ln[w/(1 − w)].
    log_odds: f64,
    /// F(w, λ).
    excess: f64,
}

/// A state on the way to a fixed point at given w and λ.
struct Sums {
    /// Σ [`u_i` `ξ_i` − K(`u_i`)].
    advantage: f64,
    /// Σ `u_i` `ξ_i` = λ x·ξ¹.
    alignment: f64,
}

impl<L: ComponentNoise + ?Sized> Component<'_, L> {
    /// `u_i` at λ, w and 1 − w; `None` where the noise has no fixed point.
    fn field(&self, inverse_temperature: f64, [weight, others]: [f64; 2]) -> Option<f64> {
        let signal = inverse_temperature * weight * self.value;
        let noise = inverse_temperature * others;
        fixed_point(
            |field| signal + noise * self.law.tilted_mean(field),
            inverse_temperature * self.value,
        )
    }
}

impl<'a, L: ComponentLaw + ?Sized> Curve<'a, L> {
    /// Around the typical target: each sum over components N times the expectation over the law.
    fn typical(law: &'a L, size: f64, patterns: PatternCount) -> Result<Self, TheoryError> {
        domain::size(size)?;
        let components = merged(&law.nodes(), SMALLEST_COMPONENT)
            .map(|(component, weight)| Component {
                law,
                value: component,
                count: size * weight,
            })
            .collect();
        Self::new(components, patterns)
    }
}

impl<'a> Curve<'a, CentredGaussianComponent> {
    /// Around the target ξ_i² = c_i.
    fn of_spectrum(
        laws: &'a [CentredGaussianComponent],
        spectrum: &[(f64, f64)],
        patterns: PatternCount,
    ) -> Result<Self, TheoryError> {
        let components = laws
            .iter()
            .zip(spectrum)
            .map(|(law, &(c, count))| Component {
                law,
                value: c.sqrt(),
                count,
            });
        Self::new(components.collect(), patterns)
    }
}

impl<'a, L: ComponentNoise + ?Sized> Curve<'a, L> {
    fn new(components: Vec<Component<'a, L>>, patterns: PatternCount) -> Result<Self, TheoryError> {
        let squared_norm = components
            .iter()
            .map(|component| component.count * component.value * component.value)
            .sum();
        within(
            "the squared norm of the target",
            squared_norm,
            squared_norm > 0.0,
            "positive",
        )?;
        Ok(Self {
            components,
            squared_norm,
            log_noise_patterns: patterns.log_noise_patterns(),
        })
    }

    /// By how much the fluctuations of the noise raise the crossover that was `found`.
    fn shift(&self, found: &Crossover) -> Result<Estimate, TheoryError> {
        let at = At::crossover(found, self.log_noise_patterns);
        let components: Option<Vec<_>> = self
            .components
            .iter()
            .map(|component| {
                Some(ComponentAtCrossover {
                    law: component.law,
                    value: component.value,
                    field: component.field(at.lambda, [at.weight, 1.0 - at.weight])?,
                    count: component.count,
                })
            })
            .collect();
        let components =
            components.ok_or_else(|| domain::not_settled("the state at the crossover"))?;
        Ok(component_fluctuations::shift(&components, at).shift_of(at.lambda))
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
        // F ≤ A(1, λ) ≤ λ|ξ¹|²
        let lowest = self.log_noise_patterns / self.squared_norm;
        let at_target = |inverse_temperature: f64| {
            Ok(self.advantage_at_target(inverse_temperature) - self.log_noise_patterns)
        };
        let Some(one_step) = least_root(at_target, lowest)? else {
            return Ok(None);
        };
        let excess = |inverse_temperature: f64| Ok(self.best(inverse_temperature)?.excess);
        let Some(inverse_temperature) = least_root(excess, one_step)? else {
            return Ok(None);
        };
        let best = self.best(inverse_temperature)?;
        let sums = self
            .sums(best.log_odds, inverse_temperature)
            .ok_or_else(|| domain::not_settled("the state at the crossover"))?;
        Ok(Some(Crossover {
            inverse_temperature,
            amplitude: sums.alignment / (inverse_temperature * self.squared_norm),
            weight: weight_of_log_odds(best.log_odds),
            kind: if best.log_odds > 0.0 {
                CrossoverKind::SaddleNode
            } else {
                CrossoverKind::WeightCrossing
            },
        }))
    }

    /// A(1, λ) = Σ [λ`ξ_i`² − K(λ`ξ_i`)], of a state held at the target.
    fn advantage_at_target(&self, inverse_temperature: f64) -> f64 {
        let terms = self
            .components
            .iter()
            .map(|&Component { law, value, count }| {
                let field = inverse_temperature * value;
                count * (field * value - law.log_moment_generating_function(field))
            });
        terms.sum()
    }

    /// max over w ≥ ½ of F(w, λ).
    fn best(&self, inverse_temperature: f64) -> Result<Best, TheoryError> {
        let excess = |log_odds: f64| match self.sums(log_odds, inverse_temperature) {
            Some(sums) => sums.advantage - self.log_noise_patterns - log_odds,
            // too little weight: the noise runs away
            None => f64::NEG_INFINITY,
        };
        // the maximum has (1 − w)/w λ|ξ¹|² of order one or less
        let highest = 2.0 + (1.0 + inverse_temperature * self.squared_norm).ln();
        let from_above = |distance: f64| Ok(-excess(highest - distance));
        let minimum = minimize(from_above, 0.0, highest, LOG_ODDS_ACCURACY)?;
        let at_half = excess(0.0);
        let log_odds = highest - minimum.place;
        Ok(
            if -minimum.value > at_half && log_odds > 2.0 * LOG_ODDS_ACCURACY {
                Best {
                    log_odds,
                    excess: -minimum.value,
                }
            } else {
                Best {
                    log_odds: 0.0,
                    excess: at_half,
                }
            },
        )
    }

    /// `None` where the noise has no fixed point.
    fn sums(&self, log_odds: f64, inverse_temperature: f64) -> Option<Sums> {
        let weights = [log_odds, -log_odds].map(weight_of_log_odds);
        let mut sums = Sums {
            advantage: 0.0,
            alignment: 0.0,
        };
        for component in &self.components {
            let field = component.field(inverse_temperature, weights)?;
            let &Component { law, value, count } = component;
            sums.advantage += count * (field * value - law.log_moment_generating_function(field));
            sums.alignment += count * field * value;
        }
        Some(sums)
    }
}

/// The least root above `low` of a function of λ that rises from below 0 and may fall again, or
/// `None` where it does not reach 0.
fn least_root(
    function: impl Fn(f64) -> Result<f64, TheoryError>,
    mut low: f64,
) -> Result<Option<f64>, TheoryError> {
    let mut at_low = function(low)?;
    if at_low >= 0.0 {
        return Ok(Some(low));
    }
    let (mut before, mut at_before) = (low, at_low);
    let high = loop {
        let high = GROWTH * low;
        let at_high = function(high)?;
        if at_high >= 0.0 {
            break high;
        }
        if at_high < at_low {
            // the maximum lies between the last three points, and no higher than their secants
            // reach: a concave function lies below them, and twice is for one that is not quite
            if before < low {
                let left = (at_low - at_before) / (low - before);
                let right = (at_high - at_low) / (high - low);
                let reach = (left * (high - low)).max(right * (before - low));
                if at_low + 2.0 * reach < 0.0 {
                    return Ok(None);
                }
            }
            let negative = |place: f64| Ok(-function(place)?);
            let minimum = minimize(negative, before, high, PLACE_ACCURACY * high)?;
            if minimum.value > 0.0 {
                return Ok(None);
            }
            low = before;
            break minimum.place;
        }
        if high > LARGEST_INVERSE_TEMPERATURE {
            return Ok(None);
        }
        (before, at_before, low, at_low) = (low, at_low, high, at_high);
    };
    let value = |place: f64| function(place).unwrap_or(f64::NAN);
    find_root(value, low, high).map(Some)
}
