//! The maximum-likelihood curve through counts of samples that lost nothing, where losses are
//! independent and rare.

use std::f64::consts::LN_2;

use dam_theory::numbers::find_root;
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use crate::binomial::{
    Curve, Link, Maximum, RetrievalCount, Search, Step, maximise, no_penalty, range,
};
use crate::{LogisticFit, StatisticsError};

/// The highest degree of ln Λ.
const LARGEST_DEGREE: usize = 3;
/// 2 Δ ln L that one more degree must gain: 1 of 1000 straight curves is bent.
const LEAST_GAIN: f64 = 10.83;
/// Pieces of the range of loads in which x_½ is sought.
const PIECES: u32 = 400;
const SEARCH: Search = Search {
    method: "loss fit",
    least_gain: 1e-18,
    rounding: 1e-13,
    penalty: no_penalty,
};

/// The fit of `p(x) = exp(−Λ(x))`, ln Λ a polynomial, to independent counts.
///
/// If a sample loses a Poisson number of patterns with a mean `Λ`, this is the probability that it
/// loses none. ln Λ is linear in the load `x` while losses are rare: the complementary log–log
/// model of generalised linear models (P. McCullagh and J. A. Nelder, *Generalized Linear Models*
/// (1989), section 4.3). It bends upwards where the typical pattern is about to be lost too; so it
/// gets a quadratic and a cubic term as long as each raises the likelihood beyond chance
/// (p = 0.001). A [`LogisticFit`] misplaces `x_½` even where ln Λ is linear, because its curve is
/// symmetric (`docs/extrapolation.md` has the numbers).
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
    /// Fits the curve to counts at loads; successes are samples without a loss.
    ///
    /// # Errors
    /// As [`LogisticFit::new`]; a probability that rises with x; a likelihood whose maximum is not
    /// found.
    pub fn new(counts: &[RetrievalCount]) -> Result<Self, StatisticsError> {
        let start = LogisticFit::new(counts)?;
        if start.width >= 0.0 {
            return Err(StatisticsError::FlatCurve);
        }
        // ln Λ with the logistic curve's value and derivative at its midpoint
        let mut best = likeliest(
            Curve {
                link: Link::LogLosses,
                centre: start.midpoint,
                scale: -start.width,
                coefficients: DVector::from_vec(vec![LN_2.ln(), 0.5 / LN_2]),
            },
            counts,
        )?;
        let mut fit = Self::straight(&best);
        let mixed = |count: &&RetrievalCount| (1..count.trials).contains(&count.successes);
        let loads = counts.iter().filter(mixed).count();
        for degree in 2..=LARGEST_DEGREE.min(loads.saturating_sub(1)) {
            let coefficients = best.curve.coefficients.clone();
            let bent = Curve {
                coefficients: coefficients.resize_vertically(degree + 1, 0.0),
                ..best.curve
            };
            let Ok(next) = likeliest(bent, counts) else {
                break;
            };
            if 2.0 * (next.log_likelihood - best.log_likelihood) < LEAST_GAIN {
                break;
            }
            let Some(bent) = Self::bent(&next, counts) else {
                break;
            };
            (best, fit) = (next, bent);
        }
        Ok(fit)
    }

    /// p(x).
    pub fn probability(&self, x: f64) -> f64 {
        self.curve.probability(x)
    }

    fn straight(maximum: &LossMaximum) -> Self {
        let curve = &maximum.curve;
        let z = (LN_2.ln() - curve.coefficients[0]) / curve.coefficients[1];
        Self::at(maximum, curve.centre + curve.scale * z)
    }

    /// `None` where ln Λ does not rise through ln ln 2 between the loads.
    fn bent(maximum: &LossMaximum, counts: &[RetrievalCount]) -> Option<Self> {
        let curve = &maximum.curve;
        let (low, high) = range(counts, |_| true);
        let excess = |x: f64| curve.eta(x) - LN_2.ln();
        let edge = |index: u32| low + (high - low) * f64::from(index) / f64::from(PIECES);
        // the first rise: below it the samples keep everything more often than not
        let piece = (0..PIECES)
            .find(|&index| excess(edge(index)) < 0.0 && excess(edge(index + 1)) >= 0.0)?;
        let midpoint = find_root(excess, edge(piece), edge(piece + 1)).ok()?;
        (curve.slope(midpoint) > 0.0).then(|| Self::at(maximum, midpoint))
    }

    fn at(maximum: &LossMaximum, midpoint: f64) -> Self {
        // Λ(x_½) = ln 2, so that δx_½ = −Σ δc_k z^k/slope
        let powers = maximum.curve.powers(midpoint);
        let variance = powers.dot(&maximum.last.information.solve(&powers));
        let slope = maximum.curve.slope(midpoint);
        Self {
            midpoint,
            midpoint_error: variance.sqrt() / slope.abs(),
            width: 1.0 / slope,
            curve: maximum.curve.clone(),
        }
    }
}

type LossMaximum = Maximum<Cholesky<f64, Dyn>>;

fn likeliest(curve: Curve, counts: &[RetrievalCount]) -> Result<LossMaximum, StatisticsError> {
    maximise(curve, counts, &SEARCH, |curve| scoring_step(curve, counts))
}

/// `None` where Fisher's information is not positive.
fn scoring_step(curve: &Curve, counts: &[RetrievalCount]) -> Option<Step<Cholesky<f64, Dyn>>> {
    let degrees = curve.coefficients.len();
    let mut score = DVector::zeros(degrees);
    let mut information = DMatrix::zeros(degrees, degrees);
    for count in counts {
        let eta = curve.eta(count.at);
        let powers = curve.powers(count.at);
        score += curve.link.score(eta, count) * &powers;
        information += curve.link.information(eta, count) * &powers * powers.transpose();
    }
    let information = information.cholesky()?;
    let change = information.solve(&score);
    Some(Step {
        gain: change.dot(&score),
        change,
        information,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    #![expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts"
    )]
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
                    at: load,
                    successes: successes(load),
                    trials,
                }
            })
            .collect()
    }

    #[test]
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
                    let probability = probability(count.at);
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
            let found = fit.probability(count.at);
            assert!((found - bent_probability(count.at)).abs() < 2e-3);
        }
        // a straight line is off by many errors
        let straight = likeliest(
            Curve {
                link: Link::LogLosses,
                centre: MIDPOINT,
                scale: WIDTH,
                coefficients: DVector::from_vec(vec![LN_2.ln(), 1.0]),
            },
            &counts,
        );
        let straight = LossFit::straight(&straight.unwrap());
        assert!((straight.midpoint - MIDPOINT).abs() > 4.0 * straight.midpoint_error);
    }

    /// Spherical patterns, λ = 0.5, N = 20: a coarse sweep (seed 3) gives the load that a fine one
    /// (seed 4, loads 0.24 to 0.27) gives, 0.26132(20).
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
            at: f64::from(pattern_count).ln() / 20.0,
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
