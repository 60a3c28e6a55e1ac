//! The law of the projection of a noise pattern on a state, and averages over the patterns that are
//! not drawn one by one.
//!
//! The scheme of sampled extremes divides the sum over the noise patterns at a state x smoothly: a
//! pattern of projection s is drawn with the share h(s) and averaged over with the share 1 − h(s),
//!
//! ```text
//! h(s) = v²(3 − 2v),   v = (s − b)/(t − b) within [0, 1]:   0 below b, 1 above t
//! ```
//!
//! Everything averaged over depends on x through s alone, whatever else is known of the patterns
//! above b.

use super::domain;
use super::domain::within;
use super::overlap_law::SphericalOverlapLaw;
use super::tilted_exponent::TiltedExponent;
use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::numbers::log_bessel::sphere_average;
use crate::numbers::log_tails::log_normal_tail;
use crate::numbers::quadrature::integrate;
use crate::numbers::root::find_root;
use crate::structure::Structure;
use std::f64::consts::{LN_2, PI};

/// Relative accuracy of the integrals: far below what the averaged patterns fluctuate by, which the
/// scheme leaves out, and below the steps of a descent at rest, which would not end otherwise.
const ACCURACY: f64 = 1e-12;

/// The law of s in ξ·x̂ = ℓ s, for isotropic noise patterns ξ and any direction x̂.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ProjectionLaw {
    /// |ξ|² = N uniformly: s is the cosine, ℓ = √N.
    Spherical(SphericalOverlapLaw),
    /// `ξ_i` ~ N(0, 1): s is standard normal, ℓ = 1.
    Gaussian,
}

/// What is averaged over at one state: M noise patterns with the shares 1 − h(s).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DividedAverage {
    /// ln E[(1 − h) e^{ks}], of one pattern.
    pub log_sum: f64,
    /// E[(1 − h) s e^{ks}]/E[(1 − h) e^{ks}], the mean projection.
    pub mean: f64,
    /// ln E[(1 − h)² e^{2ks}]: M times it is the variance of the averaged part of the sum.
    pub log_variance: f64,
}

impl ProjectionLaw {
    /// The law of an ensemble of isotropic patterns in N = `size` dimensions.
    ///
    /// # Errors
    /// [`TheoryError::NotKnown`] for other ensembles; N below 3.
    pub fn of(ensemble: &dyn Ensemble, size: f64) -> Result<Self, TheoryError> {
        let sphere = SphericalOverlapLaw::new(size)?;
        match ensemble.structure() {
            Structure::Sphere => Ok(Self::Spherical(sphere)),
            Structure::Normal => Ok(Self::Gaussian),
            Structure::Signs | Structure::Components(_) | Structure::Covariance(_) => {
                Err(TheoryError::NotKnown {
                    quantity: "one law of the projections on every state",
                    ensemble: ensemble.name(),
                    reason: "its patterns are not isotropic, as those on the sphere and of normal \
                             components are",
                })
            }
        }
    }

    /// ℓ, the length that multiplies s.
    pub fn unit(self) -> f64 {
        match self {
            Self::Spherical(law) => law.size().sqrt(),
            Self::Gaussian => 1.0,
        }
    }

    /// ln Pr(s > b), with full relative accuracy in both tails.
    ///
    /// # Errors
    /// [`TheoryError`] when b is not a value that s can take.
    pub fn log_tail(self, projection: f64) -> Result<f64, TheoryError> {
        match self {
            Self::Spherical(law) => law.log_tail(projection),
            Self::Gaussian => {
                within("the projection", projection, true, "finite")?;
                Ok(log_normal_tail(projection))
            }
        }
    }

    /// The b with ln Pr(s > b) = `log_tail`, for tails of at most ½.
    ///
    /// # Errors
    /// [`TheoryError`] when the tail is above ½ or not a number.
    pub fn upper_quantile(self, log_tail: f64) -> Result<f64, TheoryError> {
        within("the log-tail", log_tail, log_tail <= -LN_2, "at most −ln 2")?;
        match self {
            Self::Spherical(law) => law.quantile_of_log_tail(log_tail),
            Self::Gaussian => {
                // Pr(s > b) ≤ ½ e^{−b²/2}
                let highest = (2.0 * (-log_tail - LN_2)).sqrt();
                if highest == 0.0 {
                    return Ok(0.0);
                }
                let high = highest * (1.0 + 1e-9);
                find_root(|b| log_normal_tail(b) - log_tail, 0.0, high)
            }
        }
    }

    /// ln p(b + d) − ln p(b).
    pub fn log_density_ratio(self, projection: f64, difference: f64) -> f64 {
        self.exponent(0.0).difference(projection, difference)
    }

    /// The averages with every pattern averaged over, h = 0.
    ///
    /// # Errors
    /// [`TheoryError`] when k is negative or not finite.
    pub fn whole_average(self, k: f64) -> Result<DividedAverage, TheoryError> {
        domain::non_negative("the field k", k)?;
        Ok(match self {
            Self::Spherical(law) => {
                let average = sphere_average(law.size(), k);
                DividedAverage {
                    log_sum: average.log_moment,
                    mean: average.mean_cosine,
                    log_variance: sphere_average(law.size(), 2.0 * k).log_moment,
                }
            }
            Self::Gaussian => DividedAverage {
                log_sum: 0.5 * k * k,
                mean: k,
                log_variance: 2.0 * k * k,
            },
        })
    }

    /// The averages with the patterns above `level` = (b, t) drawn, b < t.
    ///
    /// Error below 1e-8 in the mean and the logarithms.
    ///
    /// ```
    /// use dam_theory::finite_size::ProjectionLaw;
    /// let law = ProjectionLaw::of(dam_theory::ensemble("spherical")?.as_ref(), 40.0)?;
    /// let (whole, divided) = (law.whole_average(20.0)?, law.divided_average(20.0, (0.4, 0.5))?);
    /// // the patterns above 0.4 hold much of the average, and almost all of its fluctuation
    /// assert!(divided.log_sum < whole.log_sum && divided.mean < 0.5);
    /// assert!(divided.log_variance < whole.log_variance - 1.0);
    /// # Ok::<(), dam_theory::TheoryError>(())
    /// ```
    ///
    /// # Errors
    /// [`TheoryError`] when k is negative, b ≥ t, or b or t is not a value that s can take.
    pub fn divided_average(self, k: f64, level: (f64, f64)) -> Result<DividedAverage, TheoryError> {
        domain::non_negative("the field k", k)?;
        let (bottom, top) = level;
        within(
            "the width of the level",
            top - bottom,
            top > bottom,
            "positive",
        )?;
        for end in [bottom, top] {
            let is_value = end.abs() <= 1.0 || matches!(self, Self::Gaussian);
            within("the level", end, is_value, "within [−1, 1]")?;
        }
        let share = |s: f64| {
            let v = ((s - bottom) / (top - bottom)).clamp(0.0, 1.0);
            1.0 - v * v * (3.0 - 2.0 * v)
        };
        let exponent = self.exponent(k);
        let origin = exponent.mode().min(top);
        let [sum, first] = integral(&exponent, origin, level, |d, weight| {
            let weight = weight * share(origin + d);
            [weight, weight * d]
        });
        let log_sum = self.log_constant() + exponent.at(origin) + sum.ln();
        let mean = origin + first / sum;
        let exponent = self.exponent(2.0 * k);
        let origin = exponent.mode().min(top);
        let [square] = integral(&exponent, origin, level, |d, weight| {
            [weight * share(origin + d).powi(2)]
        });
        Ok(DividedAverage {
            log_sum,
            mean,
            log_variance: self.log_constant() + exponent.at(origin) + square.ln(),
        })
    }

    fn exponent(self, k: f64) -> TiltedExponent {
        match self {
            Self::Spherical(law) => TiltedExponent::sphere(law.size(), k),
            Self::Gaussian => TiltedExponent::Normal { k },
        }
    }

    /// ln p(0).
    fn log_constant(self) -> f64 {
        match self {
            Self::Spherical(law) => law.log_constant(),
            Self::Gaussian => -0.5 * (2.0 * PI).ln(),
        }
    }
}

/// ∫ f(d, e^{φ(origin + d) − φ(origin)}) dd up to the top of the level, in pieces that end where
/// the integrand has a kink or its peak.
fn integral<const K: usize>(
    exponent: &TiltedExponent,
    origin: f64,
    (bottom, top): (f64, f64),
    function: impl Fn(f64, f64) -> [f64; K],
) -> [f64; K] {
    let start = -exponent.reach_below(origin);
    let end = exponent.reach_above(origin).min(top - origin);
    let mut ends = [start, (bottom - origin).clamp(start, end), 0.0, end];
    ends.sort_by(f64::total_cmp);
    let mut total = [0.0; K];
    for piece in ends.windows(2).filter(|piece| piece[1] > piece[0]) {
        let part = integrate(
            |d| function(d, exponent.difference(origin, d).exp()),
            piece[0],
            piece[1],
            ACCURACY,
        );
        for (total, part) in total.iter_mut().zip(part) {
            *total += part;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::ensembles::{Gaussian, Rademacher, Spherical};

    /// Σ over a fine midpoint grid, an independent slow implementation.
    fn by_sum(law: ProjectionLaw, k: f64, (bottom, top): (f64, f64)) -> DividedAverage {
        let (low, high) = match law {
            ProjectionLaw::Spherical(_) => (-1.0, 1.0),
            ProjectionLaw::Gaussian => (-12.0, 30.0),
        };
        let steps = 400_000_u32;
        let width = (high - low) / f64::from(steps);
        let (mut sum, mut first, mut square) = (0.0, 0.0, 0.0);
        for index in 0..steps {
            let s: f64 = low + (f64::from(index) + 0.5) * width;
            let log_density = match law {
                ProjectionLaw::Spherical(law) => law.log_density(s).unwrap(),
                ProjectionLaw::Gaussian => -0.5 * s * s - 0.5 * (2.0 * PI).ln(),
            };
            let drawn = if s <= bottom {
                0.0
            } else if s >= top {
                1.0
            } else {
                let v = (s - bottom) / (top - bottom);
                3.0 * v * v - 2.0 * v * v * v
            };
            let weight = width * (log_density + k * s).exp() * (1.0 - drawn);
            sum += weight;
            first += weight * s;
            square += weight * (k * s).exp() * (1.0 - drawn);
        }
        DividedAverage {
            log_sum: sum.ln(),
            mean: first / sum,
            log_variance: square.ln(),
        }
    }

    #[test]
    fn divided_averages_are_the_sums() {
        let sphere = |size| ProjectionLaw::of(&Spherical, size).unwrap();
        for (law, level) in [
            (sphere(40.0), (0.3, 0.4)),
            (sphere(7.0), (0.5, 0.8)),
            (sphere(200.0), (0.1, 0.11)),
            (ProjectionLaw::Gaussian, (2.0, 2.5)),
            (ProjectionLaw::Gaussian, (4.0, 4.1)),
        ] {
            for k in [0.0, 0.7, 3.0, 12.0] {
                let found = law.divided_average(k, level).unwrap();
                let expected = by_sum(law, k, level);
                for (found, expected) in [
                    (found.log_sum, expected.log_sum),
                    (found.mean, expected.mean),
                    (found.log_variance, expected.log_variance),
                ] {
                    assert!(
                        (found - expected).abs() < 1e-8 * expected.abs().max(1.0),
                        "{law:?} {level:?} {k}: {found} {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_level_above_all_patterns_leaves_the_whole_average() {
        let sphere = ProjectionLaw::of(&Spherical, 30.0).unwrap();
        for (law, level, k) in [
            (sphere, (0.999_999, 1.0), 9.0),
            (ProjectionLaw::Gaussian, (30.0, 31.0), 6.0),
        ] {
            let whole = law.whole_average(k).unwrap();
            let divided = law.divided_average(k, level).unwrap();
            assert!((whole.log_sum / divided.log_sum - 1.0).abs() < 1e-9);
            assert!((whole.mean / divided.mean - 1.0).abs() < 1e-9);
            assert!((whole.log_variance / divided.log_variance - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn quantiles_invert_tails_and_bad_arguments_are_refused() {
        let sphere = ProjectionLaw::of(&Spherical, 30.0).unwrap();
        for law in [sphere, ProjectionLaw::Gaussian] {
            for log_tail in [-0.7, -3.0, -40.0, -100.0] {
                let quantile = law.upper_quantile(log_tail).unwrap();
                assert!((law.log_tail(quantile).unwrap() / log_tail - 1.0).abs() < 1e-11);
            }
            assert!(law.upper_quantile(-0.1).is_err());
            assert!(law.divided_average(-1.0, (0.1, 0.2)).is_err());
            assert!(law.divided_average(1.0, (0.2, 0.2)).is_err());
        }
        assert!(sphere.divided_average(1.0, (0.2, 1.2)).is_err());
        assert!(ProjectionLaw::of(&Rademacher, 30.0).is_err());
        assert!(ProjectionLaw::of(&Gaussian, 2.0).is_err());
    }
}
