//! Counts of successes along a line and the curves of largest likelihood through them: generalised
//! linear models of a polynomial `η(x)`, with the link from η to the probability as a parameter
//! (P. McCullagh and J. A. Nelder, *Generalized Linear Models* (1989), chapter 4).

use nalgebra::DVector;
use serde::{Deserialize, Serialize};

use crate::StatisticsError;

/// Steps after which a maximum is given up; about ten are needed.
const MAX_STEPS: usize = 200;
/// ln Λ is held in this range, in which all probabilities other than 0 and 1 lie.
const LOG_LOSSES: (f64, f64) = (-300.0, 20.0);

/// Retrievals counted at one position.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrievalCount {
    /// The position x: an inverse temperature λ, or a load.
    pub at: f64,
    /// Number of samples that retrieved.
    pub successes: u64,
    /// Number of samples.
    pub trials: u64,
}

impl RetrievalCount {
    pub(crate) fn failures(&self) -> f64 {
        (self.trials - self.successes) as f64
    }
}

/// What η says of the probability p of a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// `p = 1/(1 + e^{−η})`.
    Logit,
    /// `p = exp(−Λ)` with `ln Λ = η`: the complementary log–log link of a loss.
    LogLosses,
}

impl Link {
    /// p.
    pub(crate) fn probability(self, eta: f64) -> f64 {
        match self {
            Self::Logit => 1.0 / (1.0 + (-eta).exp()),
            Self::LogLosses => (-losses(eta)).exp(),
        }
    }

    /// ln p and ln(1 − p).
    fn log_probabilities(self, eta: f64) -> [f64; 2] {
        match self {
            Self::Logit => [-log_one_plus_exp(-eta), -log_one_plus_exp(eta)],
            Self::LogLosses => [-losses(eta), (-(-losses(eta)).exp_m1()).ln()],
        }
    }

    /// The derivative of the log-likelihood of one count by η.
    pub(crate) fn score(self, eta: f64, count: &RetrievalCount) -> f64 {
        let (successes, failures) = (count.successes as f64, count.failures());
        match self {
            // s (1 − p) − (n − s) p, which keeps its digits where p is near 0 or 1
            Self::Logit => successes * self.probability(-eta) - failures * self.probability(eta),
            Self::LogLosses => {
                let losses = losses(eta);
                losses * (failures * odds(losses) - successes)
            }
        }
    }

    /// Fisher's information of one count about η.
    pub(crate) fn information(self, eta: f64, count: &RetrievalCount) -> f64 {
        let trials = count.trials as f64;
        match self {
            Self::Logit => trials * self.probability(eta) * self.probability(-eta),
            Self::LogLosses => {
                let losses = losses(eta);
                trials * losses * losses * odds(losses)
            }
        }
    }
}

/// Λ.
fn losses(eta: f64) -> f64 {
    let (least, largest) = LOG_LOSSES;
    eta.clamp(least, largest).exp()
}

/// p/(1 − p) = 1/(e^Λ − 1).
fn odds(losses: f64) -> f64 {
    1.0 / losses.exp_m1()
}

/// `ln(1 + eᵗ)` without overflow.
fn log_one_plus_exp(t: f64) -> f64 {
    t.max(0.0) + (-t.abs()).exp().ln_1p()
}

/// `η(x) = Σ c_k z^k`, `z = (x − centre)/scale`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Curve {
    pub(crate) link: Link,
    pub(crate) centre: f64,
    pub(crate) scale: f64,
    pub(crate) coefficients: DVector<f64>,
}

impl Curve {
    /// z.
    pub(crate) fn position(&self, x: f64) -> f64 {
        (x - self.centre) / self.scale
    }

    /// 1, z, z², … at x.
    pub(crate) fn powers(&self, x: f64) -> DVector<f64> {
        let z = self.position(x);
        let powers = std::iter::successors(Some(1.0), |power| Some(power * z));
        DVector::from_iterator(
            self.coefficients.len(),
            powers.take(self.coefficients.len()),
        )
    }

    pub(crate) fn eta(&self, x: f64) -> f64 {
        let z = self.position(x);
        let (mut eta, mut power) = (0.0, 1.0);
        for coefficient in &self.coefficients {
            eta += coefficient * power;
            power *= z;
        }
        eta
    }

    /// dη/dx.
    pub(crate) fn slope(&self, x: f64) -> f64 {
        let z = self.position(x);
        let terms = self.coefficients.iter().enumerate().skip(1).rev();
        terms.fold(0.0, |sum, (degree, c)| sum * z + degree as f64 * c) / self.scale
    }

    pub(crate) fn probability(&self, x: f64) -> f64 {
        self.link.probability(self.eta(x))
    }

    /// `Σ s ln p + f ln(1 − p)`.
    fn log_likelihood(&self, counts: &[RetrievalCount]) -> f64 {
        let terms = counts.iter().map(|count| {
            let [of_success, of_failure] = self.link.log_probabilities(self.eta(count.at));
            count.successes as f64 * of_success + count.failures() * of_failure
        });
        terms.sum()
    }

    /// `2 Σ [s ln(s/np) + f ln(f/n(1 − p))]`.
    pub(crate) fn deviance(&self, counts: &[RetrievalCount]) -> f64 {
        let part = |observed: f64, trials: f64, log_probability: f64| {
            if observed == 0.0 {
                0.0
            } else {
                observed * ((observed / trials).ln() - log_probability)
            }
        };
        let terms = counts.iter().map(|count| {
            let [of_success, of_failure] = self.link.log_probabilities(self.eta(count.at));
            let trials = count.trials as f64;
            part(count.successes as f64, trials, of_success)
                + part(count.failures(), trials, of_failure)
        });
        // Every point contributes at least zero, up to rounding.
        2.0 * terms.map(|term| term.max(0.0)).sum::<f64>()
    }
}

/// How exactly a maximum is found.
pub(crate) struct Search {
    /// What did not converge, in the error.
    pub(crate) method: &'static str,
    /// The squared length of the last step in standard errors.
    pub(crate) least_gain: f64,
    /// Relative rounding of the log-likelihood.
    pub(crate) rounding: f64,
    /// What is added to the log-likelihood.
    pub(crate) penalty: fn(&Curve, &[RetrievalCount]) -> f64,
}

/// The penalty of plain maximum likelihood.
pub(crate) fn no_penalty(_: &Curve, _: &[RetrievalCount]) -> f64 {
    0.0
}

/// A step of Fisher's scoring.
pub(crate) struct Step<I> {
    pub(crate) change: DVector<f64>,
    /// Its squared length in standard errors.
    pub(crate) gain: f64,
    /// Fisher's information where it starts.
    pub(crate) information: I,
}

/// The curve of largest likelihood among those of its degree, and the step that was too short to
/// take.
pub(crate) struct Maximum<I> {
    pub(crate) curve: Curve,
    pub(crate) log_likelihood: f64,
    pub(crate) last: Step<I>,
}

/// Fisher's scoring with halved steps from `curve`; the likelihood is concave for both links.
pub(crate) fn maximise<I>(
    mut curve: Curve,
    counts: &[RetrievalCount],
    search: &Search,
    step_from: impl Fn(&Curve) -> Option<Step<I>>,
) -> Result<Maximum<I>, StatisticsError> {
    let failed = StatisticsError::NotConverged {
        method: search.method,
        steps: MAX_STEPS,
    };
    let objective = |curve: &Curve| curve.log_likelihood(counts) + (search.penalty)(curve, counts);
    let mut log_likelihood = objective(&curve);
    for _ in 0..MAX_STEPS {
        let Some(mut step) = step_from(&curve).filter(|step| step.gain.is_finite()) else {
            return Err(failed);
        };
        if step.gain < search.least_gain {
            return Ok(Maximum {
                curve,
                log_likelihood,
                last: step,
            });
        }
        loop {
            let mut next = curve.clone();
            next.coefficients += &step.change;
            let reached = objective(&next);
            // The likelihood must rise, up to its rounding.
            if reached >= log_likelihood - search.rounding * log_likelihood.abs() {
                (curve, log_likelihood) = (next, reached);
                break;
            }
            step.change *= 0.5;
            if step.change.amax() == 0.0 {
                return Err(failed);
            }
        }
    }
    Err(failed)
}

/// Refuses counts without a curve: positions that are not finite or all the same, more successes
/// than trials, one outcome only. Returns the range of the positions.
pub(crate) fn check(counts: &[RetrievalCount]) -> Result<(f64, f64), StatisticsError> {
    for (index, count) in counts.iter().enumerate() {
        if !count.at.is_finite() {
            return Err(StatisticsError::InvalidPoint {
                index,
                quantity: "the position",
                value: count.at,
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
    let (low, high) = range(counts, |_| true);
    if low >= high {
        return Err(StatisticsError::TooFewPoints {
            points: counts.len().min(1),
            coefficients: 2,
        });
    }
    for ((first, last), outcome) in [
        (successes(counts), "failed"),
        (failures(counts), "succeeded"),
    ] {
        if first > last {
            return Err(StatisticsError::SingleOutcome { outcome });
        }
    }
    Ok((low, high))
}

/// Smallest and largest position with a success.
fn successes(counts: &[RetrievalCount]) -> (f64, f64) {
    range(counts, |count| count.successes > 0)
}

/// Smallest and largest position with a failure.
fn failures(counts: &[RetrievalCount]) -> (f64, f64) {
    range(counts, |count| count.successes < count.trials)
}

/// Refuses outcomes for which the likelihood grows without bound as the curve gets steeper
/// (A. Albert and J. A. Anderson, Biometrika 71, 1 (1984)).
pub(crate) fn check_overlap(counts: &[RetrievalCount]) -> Result<(), StatisticsError> {
    let (first_success, last_success) = successes(counts);
    let (first_failure, last_failure) = failures(counts);
    for (low, high) in [(last_failure, first_success), (last_success, first_failure)] {
        if low <= high {
            return Err(StatisticsError::CompleteSeparation { low, high });
        }
    }
    Ok(())
}

/// Smallest and largest position of the counts that are chosen; `(∞, −∞)` without one.
pub(crate) fn range(
    counts: &[RetrievalCount],
    is_chosen: impl Fn(&RetrievalCount) -> bool,
) -> (f64, f64) {
    let chosen = counts.iter().filter(|&count| is_chosen(count));
    chosen.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), count| {
        (low.min(count.at), high.max(count.at))
    })
}
