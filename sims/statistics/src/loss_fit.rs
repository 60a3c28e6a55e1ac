//! The maximum-likelihood curve through counts of samples that lost nothing, where losses are independent and rare.

use std::f64::consts::LN_2;

use dam_theory::numbers::find_root;
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use crate::{LogisticFit, RetrievalCount, StatisticsError};

/// Steps after which Fisher's scoring is given up; it needs about ten.
const MAX_STEPS: usize = 100;
/// The highest degree of ln Λ.
const LARGEST_DEGREE: usize = 3;
/// 2 Δ ln L that one more degree must gain: 1 of 1000 straight curves is bent.
const LEAST_GAIN: f64 = 10.83;
/// ln Λ is held in this range, in which all probabilities other than 0 and 1 lie.
const LOG_LOSSES: (f64, f64) = (-300.0, 20.0);
/// Pieces of the range of loads in which x_½ is sought.
const PIECES: u32 = 400;

/// The fit of `p(x) = exp(−Λ(x))`, ln Λ a polynomial, to independent counts.
///
/// If a sample loses a Poisson number of patterns with a mean `Λ`, this is the probability that it loses none. ln Λ is linear
/// in the load `x` while losses are rare: the complementary log–log model of generalised linear models (P. McCullagh and
/// J. A. Nelder, *Generalized Linear Models* (1989), section 4.3). It bends upwards where the typical pattern is about to be
/// lost too; so it gets a quadratic and a cubic term as long as each raises the likelihood beyond chance (p = 0.001). Without
/// them `x_½` of spherical patterns, λ = 0.5, N = 20, 2000 samples a load, is 0.2593 where both neighbouring loads say 0.2612.
/// A [`LogisticFit`] misplaces `x_½` by a tenth of the width even where ln Λ is linear, because its curve is symmetric.
#[derive(Clone, Debug, PartialEq)]
pub struct LossFit {
    /// `x_½`, where half of the samples lose nothing.
    pub midpoint: f64,
    /// Standard error of `x_½`: the inverse Fisher information, propagated linearly.
    pub midpoint_error: f64,
    /// The width `w` > 0 there, over which Λ grows by e.
    pub width: f64,
    curve: Curve,
}

impl LossFit {
    /// Fits the curve to counts, `lambda` standing for x; successes are samples without a loss.
    ///
    /// # Errors
    /// As [`LogisticFit::new`]; a probability that rises with x; a likelihood whose maximum is not found.
    pub fn new(counts: &[RetrievalCount]) -> Result<Self, StatisticsError> {
        let start = LogisticFit::new(counts)?;
        if start.width >= 0.0 {
            return Err(StatisticsError::FlatCurve);
        }
        // ln Λ with the logistic curve's value and derivative at its midpoint
        let curve = Curve {
            centre: start.midpoint,
            scale: -start.width,
            coefficients: DVector::from_vec(vec![LN_2.ln(), 0.5 / LN_2]),
        };
        let mut best = Maximum::near(curve, counts)?;
        let mut fit = best.straight_fit();
        let mixed = |count: &&RetrievalCount| (1..count.trials).contains(&count.successes);
        let loads = counts.iter().filter(mixed).count();
        for degree in 2..=LARGEST_DEGREE.min(loads.saturating_sub(1)) {
            let coefficients = best.curve.coefficients.clone();
            let bent = Curve {
                coefficients: coefficients.resize_vertically(degree + 1, 0.0),
                ..best.curve
            };
            let Ok(next) = Maximum::near(bent, counts) else {
                break;
            };
            if 2.0 * (next.log_likelihood - best.log_likelihood) < LEAST_GAIN {
                break;
            }
            let Some(bent) = next.bent_fit(counts) else {
                break;
            };
            (best, fit) = (next, bent);
        }
        Ok(fit)
    }

    /// p(x).
    pub fn probability(&self, x: f64) -> f64 {
        (-self.curve.log_losses(x).exp()).exp()
    }
}

/// ln Λ(x) = Σ c_k z^k, z = (x − centre)/scale.
#[derive(Clone, Debug, PartialEq)]
struct Curve {
    centre: f64,
    scale: f64,
    coefficients: DVector<f64>,
}

impl Curve {
    /// 1, z, z², … at x.
    fn powers(&self, x: f64) -> DVector<f64> {
        let z = (x - self.centre) / self.scale;
        let mut power = 1.0;
        DVector::from_fn(self.coefficients.len(), |index, _| {
            power *= if index > 0 { z } else { 1.0 };
            power
        })
    }

    fn log_losses(&self, x: f64) -> f64 {
        let (least, largest) = LOG_LOSSES;
        self.coefficients.dot(&self.powers(x)).clamp(least, largest)
    }

    /// d ln Λ/dx.
    fn slope(&self, x: f64) -> f64 {
        let z = (x - self.centre) / self.scale;
        let terms = self.coefficients.iter().enumerate().skip(1).rev();
        terms.fold(0.0, |sum, (degree, c)| sum * z + degree as f64 * c) / self.scale
    }

    /// Σ −s Λ + f ln(1 − e^{−Λ}).
    fn log_likelihood(&self, counts: &[RetrievalCount]) -> f64 {
        let terms = counts.iter().map(|count| {
            let mean = self.log_losses(count.lambda).exp();
            let failures = (count.trials - count.successes) as f64;
            let lost = if failures > 0.0 {
                failures * (-(-mean).exp_m1()).ln()
            } else {
                0.0
            };
            lost - count.successes as f64 * mean
        });
        terms.sum()
    }

    /// The derivative of the log-likelihood by the coefficients, and Fisher's information.
    fn score(&self, counts: &[RetrievalCount]) -> (DVector<f64>, DMatrix<f64>) {
        let degrees = self.coefficients.len();
        let mut score = DVector::zeros(degrees);
        let mut information = DMatrix::zeros(degrees, degrees);
        for count in counts {
            let mean = self.log_losses(count.lambda).exp();
            // 1/(e^Λ − 1)
            let odds = 1.0 / mean.exp_m1();
            let failures = (count.trials - count.successes) as f64;
            let powers = self.powers(count.lambda);
            score += mean * (failures * odds - count.successes as f64) * &powers;
            let weight = count.trials as f64 * mean * mean * odds;
            information += weight * &powers * powers.transpose();
        }
        (score, information)
    }
}

/// The curve of largest likelihood among those of its degree.
struct Maximum {
    curve: Curve,
    log_likelihood: f64,
    information: Cholesky<f64, Dyn>,
}

impl Maximum {
    /// By Fisher's scoring; the likelihood is concave.
    fn near(mut curve: Curve, counts: &[RetrievalCount]) -> Result<Self, StatisticsError> {
        let failed = StatisticsError::NotConverged {
            method: "loss fit",
            steps: MAX_STEPS,
        };
        let mut value = curve.log_likelihood(counts);
        for _ in 0..MAX_STEPS {
            let (score, information) = curve.score(counts);
            let Some(information) = information.cholesky() else {
                return Err(failed);
            };
            let mut step = information.solve(&score);
            let gain = step.dot(&score);
            if !gain.is_finite() {
                return Err(failed);
            }
            if gain < 1e-18 {
                return Ok(Self {
                    curve,
                    log_likelihood: value,
                    information,
                });
            }
            loop {
                let mut next = curve.clone();
                next.coefficients += &step;
                let reached = next.log_likelihood(counts);
                if reached >= value - 1e-13 * value.abs() {
                    (curve, value) = (next, reached);
                    break;
                }
                step *= 0.5;
                if step.amax() == 0.0 {
                    return Err(failed);
                }
            }
        }
        Err(failed)
    }

    fn straight_fit(&self) -> LossFit {
        let [level, rise] = [self.curve.coefficients[0], self.curve.coefficients[1]];
        let z = (LN_2.ln() - level) / rise;
        self.fit(self.curve.centre + self.curve.scale * z)
    }

    /// `None` where ln Λ does not rise through ln ln 2 between the loads.
    fn bent_fit(&self, counts: &[RetrievalCount]) -> Option<LossFit> {
        let loads = || counts.iter().map(|count| count.lambda);
        let (low, high) = (
            loads().fold(f64::INFINITY, f64::min),
            loads().fold(f64::NEG_INFINITY, f64::max),
        );
        let excess = |x: f64| self.curve.log_losses(x) - LN_2.ln();
        let edge = |index: u32| low + (high - low) * f64::from(index) / f64::from(PIECES);
        // the first rise: below it the samples keep everything more often than not
        let piece = (0..PIECES)
            .find(|&index| excess(edge(index)) < 0.0 && excess(edge(index + 1)) >= 0.0)?;
        let midpoint = find_root(excess, edge(piece), edge(piece + 1)).ok()?;
        (self.curve.slope(midpoint) > 0.0).then(|| self.fit(midpoint))
    }

    fn fit(&self, midpoint: f64) -> LossFit {
        // Λ(x_½) = ln 2, so that δx_½ = −Σ δc_k z^k/slope
        let powers = self.curve.powers(midpoint);
        let variance = powers.dot(&self.information.solve(&powers));
        let slope = self.curve.slope(midpoint);
        LossFit {
            midpoint,
            midpoint_error: variance.sqrt() / slope.abs(),
            width: 1.0 / slope,
            curve: self.curve.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use rand::{RngExt, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    const MIDPOINT: f64 = 0.14;
    const WIDTH: f64 = 0.012;

    /// exp(−ln 2 · e^z), z = (x − x_½)/w.
    fn probability(load: f64) -> f64 {
        (-LN_2 * ((load - MIDPOINT) / WIDTH).exp()).exp()
    }

    /// The same, bent: z + z²/4 in place of z, for z > −2, where it rises.
    fn bent_probability(load: f64) -> f64 {
        let z = ((load - MIDPOINT) / WIDTH).max(-2.0);
        (-LN_2 * (z + 0.25 * z * z).exp()).exp()
    }

    fn counts(trials: u64, successes: impl Fn(f64) -> u64) -> Vec<RetrievalCount> {
        (0..9)
            .map(|index| {
                let load = 0.10 + 0.01 * f64::from(index);
                RetrievalCount {
                    lambda: load,
                    successes: successes(load),
                    trials,
                }
            })
            .collect()
    }

    #[test]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count"
    )]
    fn exact_counts_give_the_curve_and_a_logistic_fit_misplaces_it() {
        let trials = 1_000_000_000;
        let counts = counts(trials, |load| {
            (probability(load) * trials as f64).round() as u64
        });
        let fit = LossFit::new(&counts).unwrap();
        assert!((fit.midpoint - MIDPOINT).abs() < 1e-8 && (fit.width - WIDTH).abs() < 1e-8);
        let logistic = LogisticFit::new(&counts).unwrap();
        assert!((logistic.midpoint - MIDPOINT).abs() > 0.03 * WIDTH);
    }

    #[test]
    fn midpoints_scatter_as_their_errors_say() {
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut deviations = Vec::new();
        for _ in 0..200 {
            let drawn: Vec<u64> = counts(0, |_| 0)
                .iter()
                .map(|count| {
                    let probability = probability(count.lambda);
                    (0..200)
                        .filter(|_| generator.random::<f64>() < probability)
                        .count() as u64
                })
                .collect();
            let mut counts = counts(200, |_| 0);
            for (count, drawn) in counts.iter_mut().zip(drawn) {
                count.successes = drawn;
            }
            let fit = LossFit::new(&counts).unwrap();
            deviations.push((fit.midpoint - MIDPOINT) / fit.midpoint_error);
        }
        let mean = deviations.iter().sum::<f64>() / 200.0;
        let square = deviations.iter().map(|z| z * z).sum::<f64>() / 200.0;
        // errors of a mean of 200 and of a mean square
        assert!(mean.abs() < 4.0 / 200.0_f64.sqrt(), "{mean}");
        assert!(
            (square - 1.0).abs() < 4.0 * (2.0 / 200.0_f64).sqrt(),
            "{square}"
        );
    }

    #[test]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count"
    )]
    fn bent_curves_are_followed() {
        let trials = 1000;
        // loads from z = −2 on
        let counts: Vec<RetrievalCount> = counts(trials, |load| {
            (bent_probability(load) * trials as f64).round() as u64
        })
        .into_iter()
        .skip(2)
        .collect();
        let fit = LossFit::new(&counts).unwrap();
        assert!((fit.midpoint - MIDPOINT).abs() < 0.5 * fit.midpoint_error);
        assert!(fit.midpoint_error < 0.05 * WIDTH);
        assert!((fit.width / WIDTH - 1.0).abs() < 0.05, "{fit:?}");
        for count in &counts {
            let found = fit.probability(count.lambda);
            assert!((found - bent_probability(count.lambda)).abs() < 2e-3);
        }
        // a straight line is off by many errors
        let straight = Maximum::near(
            Curve {
                centre: MIDPOINT,
                scale: WIDTH,
                coefficients: DVector::from_vec(vec![LN_2.ln(), 1.0]),
            },
            &counts,
        );
        let straight = straight.unwrap().straight_fit();
        assert!((straight.midpoint - MIDPOINT).abs() > 4.0 * straight.midpoint_error);
    }

    /// Spherical patterns, λ = 0.5, N = 20: a coarse sweep (seed 3) gives the load that a fine one (seed 4, loads 0.24 to 0.27)
    /// gives, 0.26132(20).
    #[test]
    fn a_coarse_sweep_finds_the_half_load_of_a_fine_one() {
        let measured = [
            (55, 1970),
            (81, 1914),
            (122, 1733),
            (181, 1106),
            (270, 0),
            (403, 0),
            (602, 0),
        ];
        let counts = measured.map(|(pattern_count, successes)| RetrievalCount {
            lambda: f64::from(pattern_count).ln() / 20.0,
            successes,
            trials: 2000,
        });
        let fit = LossFit::new(&counts).unwrap();
        let error = fit.midpoint_error.hypot(2.0e-4);
        assert!((fit.midpoint - 0.26132).abs() < 2.0 * error, "{fit:?}");
    }

    #[test]
    fn rising_and_separated_counts_are_refused() {
        assert!(LossFit::new(&counts(9, |load| u64::from(load > 0.14) * 9)).is_err());
        let rising = counts(10, |load| if load > 0.14 { 8 } else { 2 });
        assert_eq!(LossFit::new(&rising), Err(StatisticsError::FlatCurve));
    }
}
