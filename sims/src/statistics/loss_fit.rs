//! The maximum-likelihood curve through counts of samples that lost nothing, where losses are independent and rare.

use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

use super::{LogisticFit, RetrievalCount, StatisticsError};

/// Steps after which Fisher's scoring is given up; it needs about ten.
const MAX_STEPS: usize = 100;

/// The fit of `p(x) = exp(−ln 2 · exp((x − x_½)/w))` to independent counts.
///
/// If a sample loses a Poisson number of patterns with a mean `Λ` that grows exponentially with the load `x`, this is the
/// probability that it loses none: the complementary log–log model of generalised linear models (P. McCullagh and
/// J. A. Nelder, *Generalized Linear Models* (1989), section 4.3). A [`LogisticFit`] of such counts misplaces `x_½` by a tenth
/// of the width, because its curve is symmetric. Fisher's scoring from the logistic fit finds the maximum of the likelihood.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LossFit {
    /// `x_½`, where half of the samples lose nothing.
    pub midpoint: f64,
    /// Standard error of `x_½`: the inverse Fisher information, propagated linearly.
    pub midpoint_error: f64,
    /// The width `w` > 0.
    pub width: f64,
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
        // ln Λ = level + slope (x − centre), with the logistic curve's value and derivative at its midpoint
        let centre = start.midpoint;
        let terms: Vec<(f64, f64, f64)> = counts
            .iter()
            .map(|count| {
                let failures = (count.trials - count.successes) as f64;
                (count.lambda - centre, count.successes as f64, failures)
            })
            .collect();
        let (mut level, mut slope) = (LN_2.ln(), -0.5 / (LN_2 * start.width));
        let mut value = log_likelihood(&terms, level, slope);
        for _ in 0..MAX_STEPS {
            let (mut score, mut information) = ([0.0; 2], [0.0; 3]);
            for &(x, successes, failures) in &terms {
                let mean = (level + slope * x).exp();
                // 1/(e^Λ − 1)
                let odds = 1.0 / mean.exp_m1();
                let residual = mean * (failures * odds - successes);
                let weight = (successes + failures) * mean * mean * odds;
                score = [score[0] + residual, score[1] + residual * x];
                information = [
                    information[0] + weight,
                    information[1] + weight * x,
                    information[2] + weight * x * x,
                ];
            }
            let [zero, first, second] = information;
            let determinant = zero * second - first * first;
            let mut step = [
                (second * score[0] - first * score[1]) / determinant,
                (zero * score[1] - first * score[0]) / determinant,
            ];
            if !(step[0] * score[0] + step[1] * score[1]).is_finite() {
                break;
            }
            if step[0] * score[0] + step[1] * score[1] < 1e-18 {
                let shift = (LN_2.ln() - level) / slope;
                // x_½ − centre = (ln ln 2 − level)/slope, so that δx_½ = −(δlevel + shift δslope)/slope
                let variance = (second - 2.0 * shift * first + shift * shift * zero) / determinant;
                return Ok(Self {
                    midpoint: centre + shift,
                    midpoint_error: variance.sqrt() / slope.abs(),
                    width: 1.0 / slope,
                });
            }
            loop {
                let next = log_likelihood(&terms, level + step[0], slope + step[1]);
                if next >= value - 1e-13 * value.abs() {
                    (level, slope, value) = (level + step[0], slope + step[1], next);
                    break;
                }
                step = step.map(|part| 0.5 * part);
                if step[0] == 0.0 && step[1] == 0.0 {
                    break;
                }
            }
        }
        Err(StatisticsError::NotConverged {
            method: "loss fit",
            steps: MAX_STEPS,
        })
    }

    /// p(x).
    pub fn probability(&self, x: f64) -> f64 {
        (-LN_2 * ((x - self.midpoint) / self.width).exp()).exp()
    }
}

/// Σ −s Λ + f ln(1 − e^{−Λ}).
fn log_likelihood(terms: &[(f64, f64, f64)], level: f64, slope: f64) -> f64 {
    let terms = terms.iter().map(|&(x, successes, failures)| {
        let mean = (level + slope * x).exp();
        let lost = if failures > 0.0 {
            failures * (-(-mean).exp_m1()).ln()
        } else {
            0.0
        };
        lost - successes * mean
    });
    terms.sum()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use rand::{RngExt, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    const MIDPOINT: f64 = 0.14;
    const WIDTH: f64 = 0.012;

    fn exact() -> LossFit {
        LossFit {
            midpoint: MIDPOINT,
            midpoint_error: 0.0,
            width: WIDTH,
        }
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
            (exact().probability(load) * trials as f64).round() as u64
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
                    let probability = exact().probability(count.lambda);
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
    fn rising_and_separated_counts_are_refused() {
        assert!(LossFit::new(&counts(9, |load| u64::from(load > 0.14) * 9)).is_err());
        let rising = counts(10, |load| if load > 0.14 { 8 } else { 2 });
        assert_eq!(LossFit::new(&rising), Err(StatisticsError::FlatCurve));
    }
}
