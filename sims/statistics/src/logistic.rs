//! The maximum-likelihood logistic curve through retrieval counts: a crossover and its width.

use serde::{Deserialize, Serialize};

use crate::{StatisticsError, chi_squared_survival};

/// Steps after which Newton's method is given up; it needs about ten.
const MAX_STEPS: usize = 200;

const NOT_CONVERGED: StatisticsError = StatisticsError::NotConverged {
    method: "logistic fit",
    steps: MAX_STEPS,
};

/// Retrievals counted at one inverse temperature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrievalCount {
    /// Inverse temperature λ.
    pub lambda: f64,
    /// Number of samples that retrieved.
    pub successes: u64,
    /// Number of samples.
    pub trials: u64,
}

/// The fit of `p(λ) = 1/(1 + exp(−(λ − λ_c)/w))` to independent retrieval counts.
///
/// The log-likelihood `Σᵢ sᵢ ln p(λᵢ) + (nᵢ − sᵢ) ln(1 − p(λᵢ))` is concave in the intercept
/// `−λ_c/w` and the slope `1/w`; Newton's method with step halving finds its maximum
/// (Fisher scoring; A. Agresti, *Categorical Data Analysis* (2013), section 5.5).
///
/// ```
/// use dam_statistics::{LogisticFit, RetrievalCount};
/// let counts = [(1.0, 5), (2.0, 27), (3.0, 73), (4.0, 95)]
///     .map(|(lambda, successes)| RetrievalCount { lambda, successes, trials: 100 });
/// let fit = LogisticFit::new(&counts)?;
/// assert!((fit.midpoint - 2.5).abs() < 1e-12);
/// assert!(fit.midpoint_error() > 0.0);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogisticFit {
    /// The crossover `λ_c`, where half of the samples retrieve.
    pub midpoint: f64,
    /// The width `w`; negative where retrieval becomes rarer with λ.
    pub width: f64,
    /// Covariance of `(λ_c, w)`: the inverse Fisher information, propagated linearly.
    pub covariance: [[f64; 2]; 2],
    /// `2 Σ [sᵢ ln(sᵢ/nᵢpᵢ) + (nᵢ − sᵢ) ln((nᵢ − sᵢ)/nᵢ(1 − pᵢ))]`, compared with χ².
    pub deviance: f64,
    /// Number of points less two.
    pub degrees_of_freedom: usize,
}

impl LogisticFit {
    /// Fits the curve to counts at two or more distinct inverse temperatures.
    ///
    /// # Errors
    /// Fewer than two distinct inverse temperatures, a point without trials or with more successes
    /// than trials, one outcome only, outcomes that a threshold separates (then the likelihood has
    /// no maximum; A. Albert and J. A. Anderson, Biometrika 71, 1 (1984)), a flat curve.
    pub fn new(counts: &[RetrievalCount]) -> Result<Self, StatisticsError> {
        check_counts(counts)?;
        check_overlap(counts)?;
        let (low, high) = range(counts.iter().map(|count| count.lambda));
        // Centred and scaled to [−1, 1], where intercept and slope are of comparable size.
        let (center, scale) = (low.midpoint(high), 0.5 * (high - low));
        let likelihood = Likelihood {
            terms: counts
                .iter()
                .map(|count| Term {
                    position: (count.lambda - center) / scale,
                    successes: count.successes as f64,
                    failures: (count.trials - count.successes) as f64,
                })
                .collect(),
        };
        let [intercept, slope] = likelihood.maximise()?;
        let crossing = -intercept / slope;
        let (midpoint, width) = (center + scale * crossing, scale / slope);
        if !(width.is_finite() && midpoint.is_finite()) {
            return Err(StatisticsError::FlatCurve);
        }
        // δλ_c = −w δη at the crossing and δw = −(w/slope) δslope, where η at the centre of the
        // weights and the slope vary independently.
        let information = likelihood.information([intercept, slope]);
        let lever = crossing - information.center;
        let mixed = width * width * lever / (slope * information.spread);
        Ok(Self {
            midpoint,
            width,
            covariance: [
                [
                    width
                        * width
                        * (information.weight.recip() + lever * lever / information.spread),
                    mixed,
                ],
                [mixed, (width / slope).powi(2) / information.spread],
            ],
            deviance: likelihood.deviance([intercept, slope]),
            degrees_of_freedom: counts.len() - 2,
        })
    }

    /// Standard error of `λ_c`.
    pub fn midpoint_error(&self) -> f64 {
        self.covariance[0][0].sqrt()
    }

    /// Standard error of `w`.
    pub fn width_error(&self) -> f64 {
        self.covariance[1][1].sqrt()
    }

    /// The fitted retrieval probability `p(λ)`.
    pub fn probability(&self, lambda: f64) -> f64 {
        probability((lambda - self.midpoint) / self.width)
    }

    /// The probability of a larger deviance by chance, by its χ² limit for many trials per point;
    /// `None` without degrees of freedom.
    ///
    /// # Errors
    /// A deviance that is negative or NaN, which no fit of this type has.
    pub fn p_value(&self) -> Result<Option<f64>, StatisticsError> {
        chi_squared_survival(self.deviance, self.degrees_of_freedom)
    }
}

struct Term {
    position: f64,
    successes: f64,
    failures: f64,
}

/// `Σ wᵢ`, the mean position with the weights `wᵢ = nᵢ pᵢ (1 − pᵢ)`, and `Σ wᵢ (xᵢ − mean)²`.
struct Information {
    weight: f64,
    center: f64,
    spread: f64,
}

struct Likelihood {
    terms: Vec<Term>,
}

impl Likelihood {
    /// `−Σ [s ln(1 + e^{−η}) + f ln(1 + e^{η})]` with `η = intercept + slope · position`.
    fn logarithm(&self, [intercept, slope]: [f64; 2]) -> f64 {
        let terms = self.terms.iter().map(|term| {
            let eta = intercept + slope * term.position;
            -term.successes * log_one_plus_exp(-eta) - term.failures * log_one_plus_exp(eta)
        });
        terms.sum()
    }

    /// The Fisher information of intercept and slope, about the centre of its weights.
    fn information(&self, [intercept, slope]: [f64; 2]) -> Information {
        let weighted = self.terms.iter().map(|term| {
            let eta = intercept + slope * term.position;
            let trials = term.successes + term.failures;
            (trials * probability(eta) * probability(-eta), term.position)
        });
        let weight: f64 = weighted.clone().map(|(weight, _)| weight).sum();
        let moment: f64 = weighted.clone().map(|(weight, x)| weight * x).sum();
        let center = moment / weight;
        let spread = weighted.map(|(weight, x)| weight * (x - center).powi(2));
        Information {
            weight,
            center,
            spread: spread.sum(),
        }
    }

    /// Newton's method with step halving.
    fn maximise(&self) -> Result<[f64; 2], StatisticsError> {
        let mut parameters = [0.0; 2];
        let mut value = self.logarithm(parameters);
        for _ in 0..MAX_STEPS {
            let [intercept, slope] = parameters;
            let Information {
                weight,
                center,
                spread,
            } = self.information(parameters);
            let (mut level_score, mut slope_score) = (0.0, 0.0);
            for term in &self.terms {
                let eta = intercept + slope * term.position;
                // s (1 − p) − (n − s) p, which keeps its digits where p is near 0 or 1.
                let score = term.successes * probability(-eta) - term.failures * probability(eta);
                level_score += score;
                slope_score += score * (term.position - center);
            }
            let slope_step = slope_score / spread;
            let mut step = [level_score / weight - center * slope_step, slope_step];
            // The squared length of the step in standard errors; the next one would square it.
            let decrement = level_score * level_score / weight + slope_score * slope_step;
            if decrement < 1e-20 {
                return Ok([intercept + step[0], slope + step[1]]);
            }
            loop {
                let next = [intercept + step[0], slope + step[1]];
                let next_value = self.logarithm(next);
                // The likelihood must rise, up to its rounding.
                if next_value >= value - 1e-14 * value.abs() {
                    (parameters, value) = (next, next_value);
                    break;
                }
                if next == parameters || !next_value.is_finite() {
                    return Err(NOT_CONVERGED);
                }
                step = step.map(|component| 0.5 * component);
            }
        }
        Err(NOT_CONVERGED)
    }

    fn deviance(&self, [intercept, slope]: [f64; 2]) -> f64 {
        let part = |observed: f64, trials: f64, log_probability: f64| {
            if observed == 0.0 {
                0.0
            } else {
                observed * ((observed / trials).ln() - log_probability)
            }
        };
        let terms = self.terms.iter().map(|term| {
            let eta = intercept + slope * term.position;
            let trials = term.successes + term.failures;
            part(term.successes, trials, -log_one_plus_exp(-eta))
                + part(term.failures, trials, -log_one_plus_exp(eta))
        });
        // Every point contributes at least zero, up to rounding.
        2.0 * terms.map(|term| term.max(0.0)).sum::<f64>()
    }
}

/// `ln(1 + eᵗ)` without overflow.
fn log_one_plus_exp(t: f64) -> f64 {
    t.max(0.0) + (-t.abs()).exp().ln_1p()
}

/// `1/(1 + e^{−η})`.
fn probability(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}

fn check_counts(counts: &[RetrievalCount]) -> Result<(), StatisticsError> {
    for (index, count) in counts.iter().enumerate() {
        if !count.lambda.is_finite() {
            return Err(StatisticsError::InvalidPoint {
                index,
                quantity: "the inverse temperature",
                value: count.lambda,
                domain: "finite",
            });
        }
        if count.trials == 0 {
            return Err(StatisticsError::NoTrials);
        }
        if count.successes > count.trials {
            return Err(StatisticsError::TooManySuccesses {
                successes: count.successes,
                trials: count.trials,
            });
        }
    }
    let (low, high) = range(counts.iter().map(|count| count.lambda));
    if low < high {
        Ok(())
    } else {
        Err(StatisticsError::TooFewPoints {
            points: counts.len().min(1),
            coefficients: 2,
        })
    }
}

/// Refuses outcomes for which the likelihood grows without bound as w → 0.
fn check_overlap(counts: &[RetrievalCount]) -> Result<(), StatisticsError> {
    let where_some = |select: fn(&RetrievalCount) -> u64| {
        let selected = counts.iter().filter(|count| select(count) > 0);
        range(selected.map(|count| count.lambda))
    };
    let (first_success, last_success) = where_some(|count| count.successes);
    let (first_failure, last_failure) = where_some(|count| count.trials - count.successes);
    if first_success > last_success {
        return Err(StatisticsError::SingleOutcome { outcome: "failed" });
    }
    if first_failure > last_failure {
        return Err(StatisticsError::SingleOutcome {
            outcome: "succeeded",
        });
    }
    for (low, high) in [(last_failure, first_success), (last_success, first_failure)] {
        if low <= high {
            return Err(StatisticsError::CompleteSeparation { low, high });
        }
    }
    Ok(())
}

/// Smallest and largest value; `(∞, −∞)` without values.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use rand::{RngExt, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;
    use crate::reference::{assert_close, table};

    fn counts(points: &[(f64, u64, u64)]) -> Vec<RetrievalCount> {
        points
            .iter()
            .map(|&(lambda, successes, trials)| RetrievalCount {
                lambda,
                successes,
                trials,
            })
            .collect()
    }

    #[test]
    fn fits_agree_with_high_precision() {
        for row in table("logistic") {
            let points: Vec<RetrievalCount> = row
                .numbers("lambda")
                .into_iter()
                .zip(row.counts("successes"))
                .zip(row.counts("trials"))
                .map(|((lambda, successes), trials)| RetrievalCount {
                    lambda,
                    successes,
                    trials,
                })
                .collect();
            let fit = LogisticFit::new(&points).unwrap();
            assert_close(fit.midpoint, row.number("midpoint"), 1e-12);
            assert_close(fit.width, row.number("width"), 1e-12);
            let expected = row.numbers("covariance");
            for (found, expected) in fit.covariance.as_flattened().iter().zip(expected) {
                assert_close(*found, expected, 1e-11);
            }
            assert_close(fit.deviance, row.number("deviance"), 1e-11);
            assert_eq!(fit.degrees_of_freedom, points.len() - 2);
        }
    }

    #[test]
    fn separated_outcomes_report_their_bracket() {
        let separated = |points: &[(f64, u64, u64)]| LogisticFit::new(&counts(points)).unwrap_err();
        assert_eq!(
            separated(&[(1.0, 0, 9), (2.0, 0, 9), (3.0, 9, 9), (4.0, 9, 9)]),
            StatisticsError::CompleteSeparation {
                low: 2.0,
                high: 3.0
            }
        );
        // One mixed point is not enough: the step at it fits it and all others perfectly.
        assert_eq!(
            separated(&[(1.0, 0, 9), (2.0, 4, 9), (3.0, 9, 9)]),
            StatisticsError::CompleteSeparation {
                low: 2.0,
                high: 2.0
            }
        );
        assert_eq!(
            separated(&[(1.0, 9, 9), (2.0, 0, 9)]),
            StatisticsError::CompleteSeparation {
                low: 1.0,
                high: 2.0
            }
        );
        assert!(LogisticFit::new(&counts(&[(1.0, 0, 9), (2.0, 4, 9), (3.0, 8, 9)])).is_ok());
    }

    #[test]
    fn senseless_counts_are_refused() {
        let refused = |points: &[(f64, u64, u64)]| LogisticFit::new(&counts(points)).unwrap_err();
        assert!(matches!(
            refused(&[(1.0, 3, 3), (2.0, 3, 3)]),
            StatisticsError::SingleOutcome {
                outcome: "succeeded"
            }
        ));
        assert!(matches!(
            refused(&[(1.0, 0, 3), (2.0, 0, 3)]),
            StatisticsError::SingleOutcome { outcome: "failed" }
        ));
        assert!(matches!(
            refused(&[(1.0, 1, 3), (1.0, 2, 3)]),
            StatisticsError::TooFewPoints { .. }
        ));
        assert!(matches!(refused(&[]), StatisticsError::TooFewPoints { .. }));
        assert_eq!(
            refused(&[(1.0, 1, 3), (2.0, 0, 0)]),
            StatisticsError::NoTrials
        );
        assert!(matches!(
            refused(&[(f64::NAN, 1, 3)]),
            StatisticsError::InvalidPoint { index: 0, .. }
        ));
        assert_eq!(
            refused(&[(1.0, 2, 4), (2.0, 2, 4), (3.0, 2, 4)]),
            StatisticsError::FlatCurve
        );
    }

    #[test]
    fn a_steep_and_a_falling_curve_are_found() {
        // Overlap of a single failure above a single success: very steep, yet finite.
        let steep = counts(&[
            (1.0, 0, 1000),
            (1.001, 1, 1000),
            (1.002, 999, 1000),
            (3.0, 1000, 1000),
        ]);
        let fit = LogisticFit::new(&steep).unwrap();
        assert!((fit.midpoint - 1.0015).abs() < 1e-6 && fit.width < 1e-3);
        let rising = counts(&[(1.0, 2, 30), (2.0, 11, 30), (3.0, 25, 30)]);
        let falling: Vec<RetrievalCount> = rising
            .iter()
            .map(|count| RetrievalCount {
                successes: count.trials - count.successes,
                ..*count
            })
            .collect();
        let (up, down) = (
            LogisticFit::new(&rising).unwrap(),
            LogisticFit::new(&falling).unwrap(),
        );
        assert_close(down.midpoint, up.midpoint, 1e-13);
        assert_close(down.width, -up.width, 1e-13);
        assert_eq!(down.probability(down.midpoint), 0.5);
    }

    #[test]
    fn pulls_of_the_midpoint_have_unit_variance() {
        let sets = 1000;
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(8);
        let (mut squares, mut deviance) = (0.0, 0.0);
        for _ in 0..sets {
            let points: Vec<RetrievalCount> = (0..9)
                .map(|index| {
                    let lambda = 1.0 + 0.25 * f64::from(index);
                    let p = 1.0 / (1.0 + (-(lambda - 2.1) / 0.4_f64).exp());
                    let successes = (0..400).filter(|_| generator.random::<f64>() < p).count();
                    RetrievalCount {
                        lambda,
                        successes: successes as u64,
                        trials: 400,
                    }
                })
                .collect();
            let fit = LogisticFit::new(&points).unwrap();
            squares += ((fit.midpoint - 2.1) / fit.midpoint_error()).powi(2);
            deviance += fit.deviance;
        }
        let sets = f64::from(sets);
        let z = (squares - sets) / (2.0 * sets).sqrt();
        assert!(z.abs() < 4.0, "z = {z}");
        let z = (deviance - 7.0 * sets) / (2.0 * 7.0 * sets).sqrt();
        assert!(z.abs() < 4.0, "deviance: z = {z}");
    }
}
