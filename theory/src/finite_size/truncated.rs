//! Averages over the sphere below a cut-off, the deterministic part of the cone scheme.
//!
//! In the condensed phase the noise sum is carried by a few extreme patterns. They are drawn one by
//! one above a cut-off c on the cosine; all patterns below c enter through these averages.

use super::domain;
use super::domain::within;
use super::overlap_law::SphericalOverlapLaw;
use super::tilted_exponent::TiltedExponent;
use crate::error::TheoryError;
use crate::numbers::log_bessel::sphere_average;
use crate::numbers::quadrature::integrate;

/// The tilted law of the cosine t, weight e^{k t} with k = λN√ρ, restricted to t < c.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruncatedAverage {
    /// ln E[e^{λ√ρ N t}; t < c].
    pub log_moment_generating_function: f64,
    /// The mean cosine under the truncated, tilted law: ⟨ξ⟩ = √N x̂ times it.
    pub mean_cosine: f64,
}

impl SphericalOverlapLaw {
    /// ln E[e^{λ√ρ N t}; t < c] and the mean cosine of the law so tilted and cut, for −1 < c ≤ 1.
    ///
    /// One pattern is meant: the expectation is not divided by Pr(t < c). With P − 1 patterns the
    /// part of the softmax sum from below c is (P − 1) times it. Error about 1e-12 · max(1, λ√ρN)
    /// in the logarithm, 1e-12 in the mean.
    ///
    /// # Errors
    /// [`TheoryError`] when λ or ρ is negative, c is outside (−1, 1], or an argument is not finite.
    pub fn truncated_average(
        &self,
        inverse_temperature: f64,
        squared_norm: f64,
        cut_off: f64,
    ) -> Result<TruncatedAverage, TheoryError> {
        domain::inverse_temperature(inverse_temperature)?;
        domain::non_negative("the squared norm ρ", squared_norm)?;
        within(
            "the cut-off c",
            cut_off,
            cut_off > -1.0 && cut_off <= 1.0,
            "within (−1, 1]",
        )?;
        let size = self.size();
        let k = inverse_temperature * size * squared_norm.sqrt();
        if cut_off == 1.0 {
            let average = sphere_average(size, k);
            return Ok(TruncatedAverage {
                log_moment_generating_function: average.log_moment,
                mean_cosine: average.mean_cosine,
            });
        }
        let exponent = TiltedExponent::sphere(size, k);
        let mode = exponent.mode().min(cut_off);
        // s = t − mode; the logarithm of the weight relative to the mode keeps its digits at every
        // N
        let weight = |s: f64| exponent.difference(mode, s).exp();
        let low = -exponent.reach_below(mode);
        let high = if cut_off > mode {
            exponent.reach_above(mode).min(cut_off - mode)
        } else {
            0.0
        };
        let moments = |s: f64| {
            let weight = weight(s);
            [weight, weight * s]
        };
        let mut total = integrate(moments, low, 0.0, 1e-13);
        if high > 0.0 {
            let above = integrate(moments, 0.0, high, 1e-13);
            total = [total[0] + above[0], total[1] + above[1]];
        }
        Ok(TruncatedAverage {
            log_moment_generating_function: self.log_constant() + exponent.at(mode) + total[0].ln(),
            mean_cosine: mode + total[1] / total[0],
        })
    }
}
