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

use std::f64::consts::FRAC_PI_2;

use crate::error::TheoryError;
use crate::numbers::quadrature::legendre_rule;
use crate::numbers::root::find_root;

/// Normal variables beyond this have weight below e^{−40}.
const LARGEST_NORMAL: f64 = 9.0;
/// The widest panel over g that the rule integrates to rounding.
const WIDEST_PANEL: f64 = 3.0;
/// Components closer to 0 than this, in units of 1/λ and of 1, are taken together: K is even, so
/// that their mean square stands for them to the fourth order.
const SMALLEST_COMPONENT: f64 = 3e-3;

/// ζ_θ(λ) and ζ_θ'(λ).
pub(crate) struct Moments {
    cgf: f64,
    slope: f64,
}

/// The noise on a random great circle through the target, as a function of λ and θ.
pub(crate) struct GreatCircle<'a> {
    moments: Box<dyn Fn(f64, f64) -> Moments + 'a>,
}

impl<'a> GreatCircle<'a> {
    /// Independent components: nodes y ≥ 0 and weights of the law, K and K'.
    pub(crate) fn of_components(
        nodes: Vec<(f64, f64)>,
        log_moment: impl Fn(f64) -> f64 + 'a,
        mean: impl Fn(f64) -> f64 + 'a,
    ) -> Self {
        let rule = legendre_rule();
        let moments = move |lambda: f64, angle: f64| {
            let (sine, cosine) = angle.sin_cos();
            let mut moments = Moments {
                cgf: 0.0,
                slope: 0.0,
            };
            let mut add = |z: f64, weight: f64| {
                moments.cgf += weight * log_moment(lambda * z);
                moments.slope += weight * z * mean(lambda * z);
            };
            for (y, weight) in merged(&nodes, SMALLEST_COMPONENT / lambda.max(1.0)) {
                // z vanishes here, and K(λz) bends over 1/λ
                let bend = -y * cosine / sine;
                let scale = (1.0 / (lambda * sine)).min(WIDEST_PANEL);
                for (low, high) in panels(bend, scale) {
                    let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
                    for &(x, part) in &rule {
                        let g = centre + half * x;
                        let density = (-0.5 * g * g).exp() / std::f64::consts::TAU.sqrt();
                        add(cosine * y + sine * g, weight * half * part * density);
                    }
                }
            }
            moments
        };
        Self {
            moments: Box::new(moments),
        }
    }

    /// Gaussian patterns of covariance C, v = tr C²/N.
    pub(crate) fn of_covariance(second_moment: f64) -> Self {
        let moments = move |lambda: f64, angle: f64| {
            let (sine, cosine) = angle.sin_cos();
            let slope = lambda * (second_moment * cosine * cosine + sine * sine);
            Moments {
                cgf: 0.5 * lambda * slope,
                slope,
            }
        };
        Self {
            moments: Box::new(moments),
        }
    }

    /// θ_c in radians at a load below α₁(λ).
    pub(crate) fn basin_angle(&self, load: f64, lambda: f64) -> Result<f64, TheoryError> {
        let excess = |angle: f64| {
            self.free_entropy(load, lambda, angle)
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
    fn free_entropy(&self, load: f64, lambda: f64, angle: f64) -> Result<f64, TheoryError> {
        let rate = |lambda: f64| {
            let Moments { cgf, slope } = (self.moments)(lambda, angle);
            lambda * slope - cgf - load
        };
        let here = (self.moments)(lambda, angle);
        if lambda * here.slope - here.cgf <= load {
            return Ok(load + here.cgf);
        }
        let condensed = find_root(rate, 1e-12 * lambda, lambda)?;
        Ok(lambda * (self.moments)(condensed, angle).slope)
    }
}

/// The nodes, with those below `smallest` as one.
fn merged(nodes: &[(f64, f64)], smallest: f64) -> impl Iterator<Item = (f64, f64)> {
    let small = nodes.iter().filter(move |(y, _)| *y < smallest);
    let (weight, square) = small.fold((0.0, 0.0), |(weight, square), &(y, part)| {
        (weight + part, square + part * y * y)
    });
    let together = (weight > 0.0).then(|| ((square / weight).sqrt(), weight));
    let large = nodes.iter().filter(move |(y, _)| *y >= smallest).copied();
    together.into_iter().chain(large)
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
