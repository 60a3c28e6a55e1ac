//! Basins for starts on a random great circle, of patterns whose law rotations change.
//!
//! At x₀ = cos θ ξ¹ + sin θ |ξ¹| e with e a random direction across, the noise is neither that at a
//! pattern nor that at a random state: with y a component of the target and g ~ N(0, 1)
//!
//! ```text
//! ζ_θ(λ) = E_{y,g} K(λz),   z = y cos θ + g sin θ        (independent components)
//! ζ_θ(λ) = ½λ²(v cos²θ + sin²θ),   v = tr C²/N           (Gaussian of covariance C)
//! ```
//!
//! and θ_c is where λ cos θ = Φ_θ: α + ζ_θ(λ), or λζ_θ'(λ_*) where λζ_θ'(λ) − ζ_θ(λ) = α at some
//! λ_* below λ (LM24 has the case of patterns that rotations do not change).

use std::cell::Cell;
use std::f64::consts::FRAC_PI_2;

use crate::error::TheoryError;
use crate::numbers::quadrature::{legendre_rule, merged};
use crate::numbers::root::find_root;

/// Normal variables beyond this have weight below e^{−40}.
const LARGEST_NORMAL: f64 = 9.0;
/// The widest panel over g that the rule integrates to rounding.
const WIDEST_PANEL: f64 = 6.0;
/// Components closer to 0 than this, in units of 1/λ and of 1, are taken together: K is even, so
/// that their mean square stands for them to the fourth order.
const SMALLEST_COMPONENT: f64 = 3e-3;
/// Nodes of less weight are left out.
const SMALLEST_WEIGHT: f64 = 1e-19;

/// ζ_θ(λ) and ζ_θ'(λ).
pub(crate) struct Moments {
    cgf: f64,
    slope: f64,
}

/// The noise on a random great circle through the target.
pub(crate) enum GreatCircle<'a> {
    /// Independent components: nodes y ≥ 0 and weights of the law, K and K'.
    Components {
        nodes: Vec<(f64, f64)>,
        log_moment: Box<dyn Fn(f64) -> f64 + 'a>,
        mean: Box<dyn Fn(f64) -> f64 + 'a>,
    },
    /// Gaussian patterns of covariance C, v = tr C²/N.
    Covariance { second_moment: f64 },
}

/// The law of a component z of the start at one angle.
enum Start {
    /// Nodes and weights, for all λ up to the one they were made for.
    Nodes(Vec<(f64, f64)>),
    /// x₀ᵀCx₀/N.
    Variance(f64),
}

impl GreatCircle<'_> {
    /// θ_c in radians at a load below α₁(λ).
    pub(crate) fn basin_angle(&self, load: f64, lambda: f64) -> Result<f64, TheoryError> {
        // λ_* of one angle is close to that of the next
        let last = Cell::new(lambda);
        let excess = |angle: f64| {
            self.free_entropy(load, lambda, angle, &last)
                .map_or(f64::NAN, |noise| lambda * angle.cos() - noise)
        };
        // at θ = 0 the target is retrieved; below this angle no digit of cos θ tells it from 0
        let nearest = 1e-9;
        if excess(nearest) <= 0.0 {
            return Ok(0.0);
        }
        find_root(excess, nearest, FRAC_PI_2)
    }

    /// Φ_θ(λ).
    fn free_entropy(
        &self,
        load: f64,
        lambda: f64,
        angle: f64,
        last: &Cell<f64>,
    ) -> Result<f64, TheoryError> {
        let start = self.start(angle, lambda);
        let excess = |trial: f64| {
            let Moments { cgf, slope } = self.moments(&start, trial);
            trial * slope - cgf - load
        };
        let here = self.moments(&start, lambda);
        if lambda * here.slope - here.cgf <= load {
            return Ok(load + here.cgf);
        }
        let (low, high) = (0.9 * last.get(), (1.1 * last.get()).min(lambda));
        let condensed = if excess(low) < 0.0 && excess(high) > 0.0 {
            find_root(excess, low, high)?
        } else {
            find_root(excess, 1e-12 * lambda, lambda)?
        };
        last.set(condensed);
        Ok(lambda * self.moments(&start, condensed).slope)
    }

    fn start(&self, angle: f64, lambda: f64) -> Start {
        let (sine, cosine) = angle.sin_cos();
        let nodes = match self {
            Self::Components { nodes, .. } => nodes,
            Self::Covariance { second_moment } => {
                return Start::Variance(second_moment * cosine * cosine + sine * sine);
            }
        };
        let rule = legendre_rule();
        let mut components = Vec::new();
        for (y, weight) in merged(nodes, SMALLEST_COMPONENT / lambda.max(1.0)) {
            // z vanishes here, and K(λz) bends over 1/λ
            let bend = -y * cosine / sine;
            let scale = (1.0 / (lambda * sine)).min(WIDEST_PANEL);
            for (low, high) in panels(bend, scale) {
                let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
                components.extend(rule.iter().map(|&(x, part)| {
                    let g = centre + half * x;
                    let density = (-0.5 * g * g).exp() / std::f64::consts::TAU.sqrt();
                    (cosine * y + sine * g, weight * half * part * density)
                }));
            }
        }
        components.retain(|&(_, weight)| weight > SMALLEST_WEIGHT);
        Start::Nodes(components)
    }

    fn moments(&self, start: &Start, lambda: f64) -> Moments {
        let mut moments = Moments {
            cgf: 0.0,
            slope: 0.0,
        };
        match (self, start) {
            (
                Self::Components {
                    log_moment, mean, ..
                },
                Start::Nodes(components),
            ) => {
                for &(z, weight) in components {
                    moments.cgf += weight * log_moment(lambda * z);
                    moments.slope += weight * z * mean(lambda * z);
                }
            }
            (_, Start::Variance(variance)) => {
                moments.slope = lambda * variance;
                moments.cgf = 0.5 * lambda * moments.slope;
            }
            (Self::Covariance { .. }, Start::Nodes(_)) => {}
        }
        moments
    }
}

/// Panels over [−9, 9] that are `scale` wide at `bend` and grow with the distance from it.
fn panels(bend: f64, scale: f64) -> Vec<(f64, f64)> {
    let width = |place: f64| (2.0 * (place - bend).abs()).clamp(scale, WIDEST_PANEL);
    let first = bend.clamp(-LARGEST_NORMAL, LARGEST_NORMAL);
    let mut panels = Vec::new();
    let mut low = first;
    while low < LARGEST_NORMAL {
        let high = (low + width(low)).min(LARGEST_NORMAL);
        panels.push((low, high));
        low = high;
    }
    let mut high = first;
    while high > -LARGEST_NORMAL {
        let low = (high - width(high)).max(-LARGEST_NORMAL);
        panels.push((low, high));
        high = low;
    }
    panels
}
