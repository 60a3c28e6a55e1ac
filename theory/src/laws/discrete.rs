//! Symmetric laws of finitely many values.

use super::component::ComponentLaw;
use crate::error::{TheoryError, within};

/// A symmetric law on the values ±v_i: Pr(|ξ| = v_i) = p_i, half of it on either sign.
///
/// ```text
/// K(h) = ln Σ_i p_i cosh(h v_i)        K'(h) = Σ_i p_i v_i sinh(h v_i) / Σ_i p_i cosh(h v_i)
/// ```
///
/// ```
/// use dam_theory::{families::IndependentComponents, laws::DiscreteLaw};
/// // Diluted signs: a third of all components vanish.
/// let law = DiscreteLaw::new("diluted", &[(0.0, 1.0 / 3.0), (1.5_f64.sqrt(), 2.0 / 3.0)])?;
/// let diluted = IndependentComponents::new(law);
/// // Duplicates need equal zeros and equal signs: Pr(equal) = 1/9 + 2/9; with y = 0 any z will do.
/// assert!((diluted.close_pair_load()? + 0.5 * (1.0_f64 / 3.0 + 2.0 / 9.0).ln()).abs() < 1e-12);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DiscreteLaw {
    name: &'static str,
    /// v_i and p_i, v_i increasing.
    sizes: Vec<(f64, f64)>,
}

impl DiscreteLaw {
    /// The law with these sizes v_i ≥ 0 and probabilities p_i.
    ///
    /// # Errors
    /// A negative size, a probability that is not positive, Σ p_i ≠ 1 or Σ p_i v_i² ≠ 1 (by more
    /// than 1e-12).
    pub fn new(name: &'static str, sizes: &[(f64, f64)]) -> Result<Self, TheoryError> {
        for &(size, probability) in sizes {
            within("the size of an atom", size, size >= 0.0, "v ≥ 0")?;
            let domain = "0 < p ≤ 1";
            within(
                "the probability of an atom",
                probability,
                probability > 0.0,
                domain,
            )?;
        }
        let mut sizes = sizes.to_vec();
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let law = Self { name, sizes };
        let (mass, variance) = (law.mean(|_| 1.0), law.mean(|v| v * v));
        within(
            "the sum of the probabilities",
            mass,
            (mass - 1.0).abs() < 1e-12,
            "1",
        )?;
        let unit = (variance - 1.0).abs() < 1e-12;
        within(
            "the variance",
            variance,
            unit,
            "1 (divide the sizes by its root)",
        )?;
        Ok(law)
    }

    fn mean(&self, function: impl Fn(f64) -> f64) -> f64 {
        self.sizes.iter().map(|&(v, p)| p * function(v)).sum()
    }

    fn largest(&self) -> f64 {
        self.sizes.last().map_or(0.0, |&(v, _)| v)
    }

    /// Σ p e^{−h(b − v)}(1 + e^{−2hv})/2, the mass left when e^{hb} is taken out, and
    /// Σ p [(b − v) + (b + v) e^{−2hv}] e^{−h(b − v)}/2, the distance from b in it.
    fn seen_from_the_end(&self, size: f64) -> (f64, f64) {
        let end = self.largest();
        let weight = |v: f64| 0.5 * (-size * (end - v)).exp();
        let mirror = |v: f64| (-2.0 * size * v).exp();
        (
            self.mean(|v| weight(v) * (1.0 + mirror(v))),
            self.mean(|v| weight(v) * ((end - v) + (end + v) * mirror(v))),
        )
    }
}

impl ComponentLaw for DiscreteLaw {
    fn name(&self) -> &'static str {
        self.name
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        let size = field.abs();
        if size * self.largest() < 1.0 {
            return self.mean(|v| 2.0 * (0.5 * size * v).sinh().powi(2)).ln_1p();
        }
        size * self.largest() + self.seen_from_the_end(size).0.ln()
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        let size = field.abs();
        let mean = if size * self.largest() < 1.0 {
            self.mean(|v| v * (size * v).sinh()) / self.mean(|v| (size * v).cosh())
        } else {
            let (mass, distance) = self.seen_from_the_end(size);
            self.largest() - distance / mass
        };
        mean.copysign(field)
    }

    fn tilted_rate(&self, field: f64) -> f64 {
        let size = field.abs();
        if size * self.largest() < 1.0 {
            return field * self.tilted_mean(field) - self.log_moment_generating_function(field);
        }
        let (mass, distance) = self.seen_from_the_end(size);
        -size * distance / mass - mass.ln()
    }

    fn largest_atom(&self) -> Option<(f64, f64)> {
        let end = self.largest();
        let both: f64 = self
            .sizes
            .iter()
            .filter(|(v, _)| *v == end)
            .map(|(_, p)| p)
            .sum();
        Some((end, 0.5 * both))
    }

    fn nodes(&self) -> Vec<(f64, f64)> {
        self.sizes.clone()
    }

    fn upper_tail(&self, value: f64) -> f64 {
        let above = self.sizes.iter().filter(|&&(v, _)| v > value);
        0.5 * above.map(|&(_, p)| p).sum::<f64>()
    }

    fn quantile(&self, probability: f64) -> f64 {
        let above = |v: f64| 1.0 - self.upper_tail(v) >= probability;
        let least = self.sizes.iter().find(|&&(v, _)| above(v));
        if probability > 0.5 {
            return least.map_or(self.largest(), |&(v, _)| v);
        }
        // Pr(ξ ≤ −v) = Pr(ξ ≥ v)
        let below = |v: f64| self.upper_tail(v.next_down()) >= probability;
        let most = self.sizes.iter().rev().find(|&&(v, _)| v > 0.0 && below(v));
        most.or(self.sizes.first()).map_or(0.0, |&(v, _)| -v)
    }
}
