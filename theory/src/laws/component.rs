//! The law of one component of a pattern.

use std::fmt::Debug;

use crate::numbers::root::find_root;
use crate::parameters::Parameters;

/// A symmetric law of one component, of unit variance and with E e^{hξ} finite where it is used.
pub trait ComponentLaw: Debug + Send + Sync {
    /// The name of the ensemble.
    fn name(&self) -> &'static str;

    /// The parameters of the law; none for most.
    fn parameters(&self) -> Parameters {
        Parameters::new()
    }

    /// K(h) = ln E e^{hξ}, to full relative accuracy.
    fn log_moment_generating_function(&self, field: f64) -> f64;

    /// K'(h), the mean of the law tilted by e^{hξ}.
    fn tilted_mean(&self, field: f64) -> f64;

    /// h K'(h) − K(h), the rate function of the law at K'(h). Override it where the difference
    /// loses digits at large h.
    fn tilted_rate(&self, field: f64) -> f64 {
        field * self.tilted_mean(field) - self.log_moment_generating_function(field)
    }

    /// The largest value of ξ and its probability, if that is positive: the overlaps then have a
    /// largest value that whole patterns take. By default there is none.
    fn largest_atom(&self) -> Option<(f64, f64)> {
        None
    }

    /// Points y ≥ 0 and weights that sum to 1, with E f(ξ) = Σ weight·f(y) for even f: the atoms
    /// of a discrete law, or a quadrature that resolves f on the scales of 1/λ near 0.
    fn nodes(&self) -> Vec<(f64, f64)>;

    /// Pr(ξ > x) for x ≥ 0, to full relative accuracy.
    fn upper_tail(&self, value: f64) -> f64;

    /// The least x with Pr(ξ ≤ x) ≥ u, 0 ≤ u ≤ 1: what samplers draw with. At u = 0 and 1 it is the
    /// end of the law, or where its tail falls below the least normal f64.
    ///
    /// By default the root of [`upper_tail`](Self::upper_tail), to the last bits, for laws without
    /// atoms; laws with atoms, or with a closed form, override it.
    fn quantile(&self, probability: f64) -> f64 {
        let tail = probability.min(1.0 - probability).max(f64::MIN_POSITIVE);
        let mut high = 1.0;
        while self.upper_tail(high) > tail {
            high *= 2.0;
        }
        let excess = |value: f64| tail.ln() - self.upper_tail(value).ln();
        // the tail falls from ½ at 0 to below its bound at `high`, so that there is a root
        let size = find_root(excess, 0.0, high).unwrap_or(0.0);
        if probability < 0.5 { -size } else { size }
    }

    /// How samplers draw a component.
    fn draw(&self) -> Draw {
        Draw::Quantile
    }
}

/// How samplers draw a component. The special ways are faster, and each is a stream of random
/// numbers of its own: a law that changes its way changes the patterns of every seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Draw {
    /// The quantile of a uniform number.
    Quantile,
    /// Uniform on [−`half_width`, `half_width`].
    Uniform {
        /// Half of the width.
        half_width: f64,
    },
    /// Centred normal, with one of two standard deviations by a fair sign.
    TwoNormals {
        /// The standard deviations: of the sign bit 0 and 1.
        deviations: [f64; 2],
    },
}
