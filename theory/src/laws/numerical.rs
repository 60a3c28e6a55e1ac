//! Symmetric laws known by their density alone: K(h) by quadrature.

use super::component::ComponentLaw;
use crate::error::{TheoryError, within};
use crate::numbers::quadrature::graded_nodes;

/// Beyond this height below its maximum, in nats, a density is cut off.
const DEPTH: f64 = 760.0;

/// A symmetric law with the density p on (−b, b), b finite or not, for which no closed K(h) is
/// known: K, K' and hK' − K are integrated on panels graded towards the peak of e^{hξ} p(ξ) and
/// towards the ends of the support.
///
/// p must be unimodal when tilted (as log-concave densities are), smooth inside the support, and
/// fall faster than any exponential if b is infinite.
///
/// ```
/// use dam_theory::laws::{ComponentLaw, NumericalLaw};
/// let normal = |x: f64| -0.5 * (x * x + std::f64::consts::TAU.ln());
/// let law = NumericalLaw::new("normal", normal, f64::INFINITY)?;
/// assert!((law.log_moment_generating_function(3.0) - 4.5).abs() < 1e-13);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct NumericalLaw {
    name: &'static str,
    log_density: fn(f64) -> f64,
    /// b, or where an infinite density is cut off.
    edge: f64,
    is_bounded: bool,
    /// Points y > 0 and weights of E over |ξ|.
    nodes: Vec<(f64, f64)>,
}

/// ln E e^{hξ} and the moments of the tilted law, relative to its peak.
struct Tilted {
    peak: f64,
    log_mass: f64,
    /// Tilted mean of ξ − peak.
    shift: f64,
}

impl NumericalLaw {
    /// The law with ln p = `log_density` (even) on (−`edge`, `edge`).
    ///
    /// # Errors
    /// ∫ p ≠ 1 or ∫ x² p ≠ 1 (by more than 1e-10); an edge that is not positive.
    pub fn new(
        name: &'static str,
        log_density: fn(f64) -> f64,
        edge: f64,
    ) -> Result<Self, TheoryError> {
        let is_bounded = edge.is_finite();
        let edge = if is_bounded {
            within("the edge of the support", edge, edge > 0.0, "b > 0")?
        } else {
            let highest = log_density(0.0).max(log_density(1.0));
            let mut reach = 1.0;
            while log_density(reach) > highest - DEPTH && reach < 1e6 {
                reach *= 1.25;
            }
            reach
        };
        let mut law = Self {
            name,
            log_density,
            edge,
            is_bounded,
            nodes: Vec::new(),
        };
        law.nodes = law
            .segment(0.0, 1.0, edge)
            .into_iter()
            .map(|(y, weight)| (y, 2.0 * weight * log_density(y).exp()))
            .collect();
        let moment = |power| -> f64 { law.nodes.iter().map(|(y, w)| w * y.powi(power)).sum() };
        let (mass, variance) = (moment(0), moment(2));
        within(
            "the integral of the density",
            mass,
            (mass - 1.0).abs() < 1e-10,
            "1",
        )?;
        let unit = (variance - 1.0).abs() < 1e-10;
        within("the variance", variance, unit, "1 (rescale the density)")?;
        Ok(law)
    }

    /// Nodes and weights from `start`, `length` far in the `direction` ±1: graded towards the
    /// start, and towards the end too if the support ends there.
    fn segment(&self, start: f64, direction: f64, length: f64) -> Vec<(f64, f64)> {
        let half = if self.is_bounded {
            0.5 * length
        } else {
            length
        };
        let graded = graded_nodes(half, 0.25, 20);
        let end = start + direction * length;
        let far = if self.is_bounded {
            graded.as_slice()
        } else {
            &[]
        };
        graded
            .iter()
            .map(|&(distance, weight)| (start + direction * distance, weight))
            .chain(
                far.iter()
                    .map(|&(distance, weight)| (end - direction * distance, weight)),
            )
            .collect()
    }

    /// The place of the maximum of hξ + ln p(ξ), h > 0, so near that e^{hξ} is the same there.
    fn peak(&self, field: f64) -> f64 {
        let height = |x: f64| field * x + (self.log_density)(x);
        let limit = if self.is_bounded {
            self.edge
        } else {
            f64::INFINITY
        };
        let (mut peak, mut step) = (0.0, 0.25);
        while step * field.max(1.0) > 1e-3 {
            // Uphill with growing steps, then back with smaller ones.
            if peak + step < limit && height(peak + step) > height(peak) {
                peak += step;
                step *= 2.0;
            } else if peak > step && height(peak - step) > height(peak) {
                peak -= step;
            } else {
                step *= 0.5;
            }
        }
        peak
    }

    fn tilted(&self, field: f64) -> Tilted {
        let peak = self.peak(field);
        let height =
            |x: f64| field * (x - peak) + ((self.log_density)(x) - (self.log_density)(peak));
        let (left, right) = if self.is_bounded {
            (peak + self.edge, self.edge - peak)
        } else {
            (self.edge, self.edge)
        };
        let (mut mass, mut shift) = (0.0, 0.0);
        for (direction, length) in [(-1.0, left), (1.0, right)] {
            for (x, weight) in self.segment(peak, direction, length) {
                let weight = weight * height(x).exp();
                // The last bits of a point may leave the support, where ln p is −∞ or NaN.
                if weight > 0.0 {
                    mass += weight;
                    shift += weight * (x - peak);
                }
            }
        }
        Tilted {
            peak,
            log_mass: mass.ln() + (self.log_density)(peak),
            shift: shift / mass,
        }
    }

    fn mean(&self, function: impl Fn(f64) -> f64) -> f64 {
        self.nodes
            .iter()
            .map(|&(y, weight)| weight * function(y))
            .sum()
    }
}

impl ComponentLaw for NumericalLaw {
    fn name(&self) -> &'static str {
        self.name
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        let size = field.abs();
        if size < 1.0 {
            return self.mean(|y| 2.0 * (0.5 * size * y).sinh().powi(2)).ln_1p();
        }
        let tilted = self.tilted(size);
        size * tilted.peak + tilted.log_mass
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        let size = field.abs();
        let mean = if size < 1.0 {
            self.mean(|y| y * (size * y).sinh()) / self.mean(|y| (size * y).cosh())
        } else {
            let tilted = self.tilted(size);
            tilted.peak + tilted.shift
        };
        mean.copysign(field)
    }

    fn tilted_rate(&self, field: f64) -> f64 {
        let size = field.abs();
        if size < 1.0 {
            return field * self.tilted_mean(field) - self.log_moment_generating_function(field);
        }
        let tilted = self.tilted(size);
        size * tilted.shift - tilted.log_mass
    }

    fn nodes(&self) -> Vec<(f64, f64)> {
        self.nodes.clone()
    }

    fn upper_tail(&self, value: f64) -> f64 {
        if value >= self.edge {
            return 0.0;
        }
        let nodes = self.segment(value, 1.0, self.edge - value);
        let terms = nodes
            .into_iter()
            .map(|(x, weight)| weight * (self.log_density)(x).exp());
        // the last bits of a point may leave the support, where ln p is −∞ or NaN
        terms.filter(|term| *term > 0.0).sum()
    }
}
