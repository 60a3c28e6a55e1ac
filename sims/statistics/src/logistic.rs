//! The maximum-likelihood logistic curve through retrieval counts: a crossover and its width.

use nalgebra::DVector;
use serde::{Deserialize, Serialize};

use crate::binomial::{
    Curve, Link, RetrievalCount, Search, Step, check, check_overlap, maximise, no_penalty,
};
use crate::{StatisticsError, chi_squared_survival};

const SEARCH: Search = Search {
    method: "logistic fit",
    least_gain: 1e-20,
    rounding: 1e-14,
    penalty: no_penalty,
};

/// Firth's penalty moves the maximum, so that the last steps shrink geometrically.
const PENALISED: Search = Search {
    method: "penalised logistic fit",
    least_gain: 1e-24,
    rounding: 1e-14,
    penalty: half_log_information,
};

/// The fit of `p(λ) = 1/(1 + exp(−(λ − λ_c)/w))` to independent retrieval counts.
///
/// The log-likelihood `Σᵢ sᵢ ln p(λᵢ) + (nᵢ − sᵢ) ln(1 − p(λᵢ))` is concave in the intercept
/// `−λ_c/w` and the slope `1/w`; Newton's method with step halving finds its maximum
/// (Fisher scoring; A. Agresti, *Categorical Data Analysis* (2013), section 5.5).
///
/// ```
/// use dam_statistics::{LogisticFit, RetrievalCount};
/// let counts = [(1.0, 5), (2.0, 27), (3.0, 73), (4.0, 95)]
///     .map(|(at, successes)| RetrievalCount { at, successes, trials: 100 });
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
        let scales = check(counts)?;
        check_overlap(counts)?;
        Self::of(scales, counts, &SEARCH, |_, _| 0.0)
    }

    /// Fits the curve of largest *penalised* likelihood, `ln L + ½ ln det I` with Fisher's
    /// information I (D. Firth, Biometrika 80, 27 (1993)): its bias is of second order in one over
    /// the number of trials, and it is finite also where a threshold separates the outcomes
    /// (G. Heinze and M. Schemper, Stat. Med. 21, 2409 (2002)), which on a coarse grid of λ is the
    /// usual case.
    ///
    /// ```
    /// use dam_statistics::{LogisticFit, RetrievalCount};
    /// let counts = [(1.0, 0), (2.0, 20), (3.0, 40)]
    ///     .map(|(at, successes)| RetrievalCount { at, successes, trials: 40 });
    /// assert!(LogisticFit::new(&counts).is_err());
    /// assert!((LogisticFit::penalised(&counts)?.midpoint - 2.0).abs() < 1e-12);
    /// # Ok::<(), dam_statistics::StatisticsError>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new), without that of separated outcomes.
    pub fn penalised(counts: &[RetrievalCount]) -> Result<Self, StatisticsError> {
        // h (½ − p): half of the leverage h of a point is added to both of its outcomes
        let pull = |leverage: f64, probability: f64| leverage * (0.5 - probability);
        Self::of(check(counts)?, counts, &PENALISED, pull)
    }

    /// The fit whose score has `pull`(leverage, p) besides the derivative of the likelihood.
    fn of(
        (low, high): (f64, f64),
        counts: &[RetrievalCount],
        search: &Search,
        pull: impl Fn(f64, f64) -> f64,
    ) -> Result<Self, StatisticsError> {
        // Centred and scaled to [−1, 1], where intercept and slope are of comparable size.
        let (centre, scale) = (low.midpoint(high), 0.5 * (high - low));
        let start = Curve {
            link: Link::Logit,
            centre,
            scale,
            coefficients: DVector::zeros(2),
        };
        let maximum = maximise(start, counts, search, |curve| {
            Some(newton_step(curve, counts, &pull))
        })?;
        let mut curve = maximum.curve;
        // the next one would square it
        curve.coefficients += maximum.last.change;
        let [intercept, slope] = [curve.coefficients[0], curve.coefficients[1]];
        let crossing = -intercept / slope;
        let (midpoint, width) = (centre + scale * crossing, scale / slope);
        if !(width.is_finite() && midpoint.is_finite()) {
            return Err(StatisticsError::FlatCurve);
        }
        // δλ_c = −w δη at the crossing and δw = −(w/slope) δslope, where η at the centre of the
        // weights and the slope vary independently.
        let information = Information::new(&curve, counts);
        let lever = crossing - information.centre;
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
            deviance: curve.deviance(counts),
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
        Link::Logit.probability((lambda - self.midpoint) / self.width)
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

/// `Σ wᵢ`, the mean position with the weights `wᵢ = nᵢ pᵢ (1 − pᵢ)`, and `Σ wᵢ (zᵢ − mean)²`:
/// Fisher's information of intercept and slope, about the centre of its weights.
struct Information {
    weight: f64,
    centre: f64,
    spread: f64,
}

impl Information {
    fn new(curve: &Curve, counts: &[RetrievalCount]) -> Self {
        let weighted = counts.iter().map(|count| {
            let weight = curve.link.information(curve.eta(count.at), count);
            (weight, curve.position(count.at))
        });
        let weight: f64 = weighted.clone().map(|(weight, _)| weight).sum();
        let moment: f64 = weighted.clone().map(|(weight, z)| weight * z).sum();
        let centre = moment / weight;
        let spread = weighted.map(|(weight, z)| weight * (z - centre).powi(2));
        Self {
            weight,
            centre,
            spread: spread.sum(),
        }
    }
}

/// Half the logarithm of the determinant of Fisher's information.
fn half_log_information(curve: &Curve, counts: &[RetrievalCount]) -> f64 {
    let information = Information::new(curve, counts);
    0.5 * (information.weight * information.spread).ln()
}

fn newton_step(
    curve: &Curve,
    counts: &[RetrievalCount],
    pull: impl Fn(f64, f64) -> f64,
) -> Step<()> {
    let Information {
        weight,
        centre,
        spread,
    } = Information::new(curve, counts);
    let (mut level_score, mut slope_score) = (0.0, 0.0);
    for count in counts {
        let (eta, lever) = (curve.eta(count.at), curve.position(count.at) - centre);
        let information = curve.link.information(eta, count);
        let leverage = information * (weight.recip() + lever * lever / spread);
        let score = curve.link.score(eta, count) + pull(leverage, curve.link.probability(eta));
        level_score += score;
        slope_score += score * lever;
    }
    let slope_step = slope_score / spread;
    Step {
        change: DVector::from_vec(vec![level_score / weight - centre * slope_step, slope_step]),
        gain: level_score * level_score / weight + slope_score * slope_step,
        information: (),
    }
}
