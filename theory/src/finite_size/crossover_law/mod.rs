//! The law of λ_× over disorder samples of patterns with |ξ|² = N: the sphere, fair signs.
//!
//! * `expansion`: mean and standard deviation to second order in the fluctuations of the noise sum,
//!   in closed form, good where those are small;
//! * `cavity`, `noise_sum`, `cavity_law`: the whole law from that of independent noise patterns, each
//!   of which attracts the state as if the others responded on average; good from P of some tens on.
//!
//! Both are joined by a smooth step in the size of the fluctuations.

mod cavity;
mod cavity_law;
mod expansion;
mod noise_sum;
mod overlaps;
mod sampled_curve;

use std::cell::RefCell;

use super::axis_noise::AxisNoise;
use super::estimate::ROUNDING;
use super::pattern_count::PatternCount;
use crate::error::TheoryError;
use crate::numbers::log_tails::log_normal_tail;
use cavity_law::CavityLaw;
use expansion::Expansion;
use overlaps::Overlaps;
use sampled_curve::SampledCurve;

/// Fluctuations, as the sum of the terms of the expansion in units of λ_×, between which it gives way to
/// the cavity: there the two are closer than the errors of either.
const SEAM: (f64, f64) = (6e-4, 2e-3);
/// Numbers of noise patterns, and ln[w/(1 − w)] at the saddle-node of the averaged noise, above which
/// the expansion, whose errors are large there, gives way to the cavity: below, the averages at the
/// threshold have no fixed point.
const FEWEST: (f64, f64) = (17.0, 30.0);
const LEAST_LOG_ODDS: (f64, f64) = (0.4, 0.5);
/// Errors of the cavity in units of λ_×, and for each unit of the descent below λ(u*).
const CAVITY_ERROR: (f64, f64) = (3e-4, 0.8);
/// Errors of standard deviations in units of them: of the cavity, with that for each unit of the
/// descent; of the expansion, with that for each unit of the shift.
const CAVITY_DEVIATION_ERROR: (f64, f64) = (0.025, 40.0);
const EXPANSION_DEVIATION_ERROR: (f64, f64) = (0.005, 15.0);
/// Laws that a thread remembers: those of the curves of a figure and of a scan.
const REMEMBERED: usize = 256;

/// The law of λ_× over disorder samples.
///
/// λ_½, at which half of the samples retrieve, is its median; the curve of retrieval probabilities
/// its distribution function.
#[derive(Debug, Clone)]
pub struct CrossoverLaw {
    /// E λ_×.
    pub mean: f64,
    /// What it may be off by.
    pub mean_error: f64,
    /// The median.
    pub median: f64,
    /// What it may be off by.
    pub median_error: f64,
    /// Half of the width that holds the central 68.3 % of samples: the standard deviation where the law
    /// is normal. That of few patterns hangs on rare samples with a pattern next to the target.
    pub deviation: f64,
    /// What it may be off by.
    pub deviation_error: f64,
    /// `None`: normal with this mean and deviation.
    curve: Option<SampledCurve>,
}

impl CrossoverLaw {
    /// The law for patterns on the sphere and for fair signs; `None` for normal components, where it
    /// hangs on the norm of the target, where few patterns (N below some 15) let the weight of the
    /// target fall to ½ before anything merges, and where more than 4 in 1000 samples hold a pattern
    /// that differs from the target in one sign or none (P above 200 signs at N = 20) or P > e^{.35N}
    /// signs fluctuate.
    ///
    /// A tenth of a second where the cavity is needed (P up to some thousands), else microseconds.
    ///
    /// ```
    /// use dam_theory::finite_size::{AxisNoise, CrossoverLaw, PatternCount};
    /// let noise = AxisNoise::of(dam_theory::ensemble("spherical")?.as_ref(), 22.0)?;
    /// let law = CrossoverLaw::new(noise, PatternCount::from_count(41.0)?)?.expect("known");
    /// // 30 000 samples: median 0.31085(7), standard deviation 0.01097; the averaged noise says 0.30288
    /// assert!((law.median - 0.31085).abs() < law.median_error && law.median_error < 6e-4);
    /// assert!((law.deviation - 0.01097).abs() < law.deviation_error);
    /// assert!((law.probability(law.median) - 0.5).abs() < 1e-9);
    /// # Ok::<(), dam_theory::TheoryError>(())
    /// ```
    ///
    /// # Errors
    /// As [`CollinearMap::crossover`](super::CollinearMap::crossover).
    pub fn new(noise: AxisNoise, patterns: PatternCount) -> Result<Option<Self>, TheoryError> {
        thread_local! {
            static LAWS: RefCell<Vec<(Case, Option<CrossoverLaw>)>> = const { RefCell::new(Vec::new()) };
        }
        let case = (noise, patterns);
        let known = LAWS.with_borrow(|laws| {
            let mut laws = laws.iter();
            laws.find(|(of, _)| *of == case).map(|(_, law)| law.clone())
        });
        if let Some(law) = known {
            return Ok(law);
        }
        let law = Self::found(noise, patterns)?;
        LAWS.with_borrow_mut(|laws| {
            if laws.len() == REMEMBERED {
                laws.remove(0);
            }
            laws.push((case, law.clone()));
        });
        Ok(law)
    }

    fn found(noise: AxisNoise, patterns: PatternCount) -> Result<Option<Self>, TheoryError> {
        let Some(expansion) = Expansion::new(noise, patterns)? else {
            return Ok(None);
        };
        let law = Self::of_expansion(&expansion);
        let seam = smooth_step(expansion.fluctuation, SEAM);
        if seam == 0.0 {
            return Ok(Some(law));
        }
        let log_noise_patterns = patterns.log_noise_patterns();
        let noise_patterns = log_noise_patterns.exp();
        let overlaps = Overlaps::of(&noise)?;
        let Some(overlaps) = overlaps.filter(|overlaps| overlaps.holds(noise_patterns)) else {
            return Ok(None);
        };
        let share = seam
            * smooth_step(expansion.log_odds, LEAST_LOG_ODDS)
            * smooth_step(log_noise_patterns, (FEWEST.0.ln(), FEWEST.1.ln()));
        if share == 0.0 {
            return Ok(Some(law));
        }
        let cavity = CavityLaw::new(overlaps, noise_patterns, &expansion)?;
        Ok(Some(law.joined(&cavity, share)))
    }

    fn of_expansion(expansion: &Expansion) -> Self {
        let &Expansion {
            mean,
            deviation,
            error,
            ..
        } = expansion;
        let error = error.max(ROUNDING * mean.abs());
        let (least, growth) = EXPANSION_DEVIATION_ERROR;
        Self {
            mean,
            mean_error: error,
            median: mean,
            // the median of a skew law lies below its mean by the order of its squared relative width
            median_error: error + deviation * (deviation / mean.abs()).min(1.0),
            deviation,
            deviation_error: deviation * (least + growth * expansion.relative_shift),
            curve: None,
        }
    }

    /// With a share of the cavity in every quantile.
    fn joined(&self, cavity: &CavityLaw, share: f64) -> Self {
        let joined =
            |of_expansion: f64, of_cavity: f64| of_expansion + share * (of_cavity - of_expansion);
        let normal = |z: f64| self.mean + z * self.deviation;
        let points = cavity.points.iter();
        let points: Vec<_> = points
            .map(|&(lambda, z)| (joined(normal(z), lambda), z))
            .collect();
        let curve = SampledCurve::new(&points);
        let mean = curve.mean();
        let deviation = 0.5 * (curve.place(1.0) - curve.place(-1.0));
        let descent = cavity.descent / mean;
        let error = mean * (CAVITY_ERROR.0 + CAVITY_ERROR.1 * descent);
        let (least, growth) = CAVITY_DEVIATION_ERROR;
        let deviation_error = deviation * (least + growth * descent);
        Self {
            mean,
            mean_error: joined(self.mean_error, error),
            median: curve.place(0.0),
            median_error: joined(self.median_error, error),
            deviation,
            deviation_error: joined(self.deviation_error, deviation_error),
            curve: Some(curve),
        }
    }

    /// Pr(λ_× < λ): the share of samples that retrieve at λ.
    pub fn probability(&self, lambda: f64) -> f64 {
        log_normal_tail(-self.deviate(lambda)).exp()
    }

    /// What [`probability`](Self::probability) may be off by, from the errors of median and deviation.
    pub fn probability_error(&self, lambda: f64) -> f64 {
        // so far out the probability is exact
        let z = self.deviate(lambda).clamp(-40.0, 40.0);
        let shift = self.median_error + z.abs() * self.deviation_error;
        0.5 * (self.probability(lambda + shift) - self.probability(lambda - shift))
    }

    /// z with Φ(z) = Pr(λ_× < λ).
    fn deviate(&self, lambda: f64) -> f64 {
        match &self.curve {
            Some(curve) => curve.deviate(lambda),
            // the deviation underflows at large N
            None if lambda == self.mean => 0.0,
            None => (lambda - self.mean) / self.deviation,
        }
    }
}

/// The law by the expansion alone, where few patterns leave no better one too: its errors say how little it
/// is worth there. `None` without a crossover.
pub(super) fn expanded_law(
    noise: AxisNoise,
    patterns: PatternCount,
) -> Result<Option<CrossoverLaw>, TheoryError> {
    let expansion = Expansion::anywhere(noise, patterns)?;
    Ok(expansion.map(|expansion| CrossoverLaw::of_expansion(&expansion)))
}

/// What a law is of.
type Case = (AxisNoise, PatternCount);

/// 0 below `from`, 1 above `to`.
fn smooth_step(x: f64, (from, to): (f64, f64)) -> f64 {
    let s = ((x - from) / (to - from)).clamp(0.0, 1.0);
    s * s * (3.0 - 2.0 * s)
}
