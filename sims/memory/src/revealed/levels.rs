//! The levels between patterns that are drawn and patterns that are averaged over.

use std::sync::Arc;

use dam_theory::finite_size::{DividedAverage, PatternCount, ProjectionLaw};
use dam_theory::{Ensemble, TheoryError};

/// M Pr(s > b_0) = 2^{−10}: almost never a pattern reaches the first level. One that did could pull
/// a state away alone.
const FIRST_LOG_COUNT: f64 = -10.0 * std::f64::consts::LN_2;

/// M Pr(s > b_j) ends at 2³⁰ patterns, more than any memory holds.
const MOST_LEVELS: usize = 41;

/// Thresholds b_0 > b_1 > … on the projection with M Pr(s > b_j) = 2^{j−10}, as long as this is at
/// most M/2.
#[derive(Clone, Debug)]
pub struct Levels {
    ensemble: Arc<dyn Ensemble>,
    law: ProjectionLaw,
    log_count: f64,
    /// b_j.
    thresholds: Vec<f64>,
    /// M Pr(s > b_j).
    counts: Vec<f64>,
    /// b_{−1}.
    first_top: f64,
}

impl Levels {
    /// The levels of P patterns of an isotropic ensemble in N = `size` dimensions.
    ///
    /// # Errors
    /// [`TheoryError`] when the ensemble is not isotropic or N < 3.
    pub fn new(
        ensemble: &Arc<dyn Ensemble>,
        size: usize,
        patterns: PatternCount,
    ) -> Result<Self, TheoryError> {
        let law = ProjectionLaw::of(ensemble.as_ref(), size as f64)?;
        let log_count = patterns.log_noise_patterns();
        let highest = log_count - std::f64::consts::LN_2;
        let logarithms = (0_u32..)
            .map(|level| FIRST_LOG_COUNT + f64::from(level) * std::f64::consts::LN_2)
            .take_while(|&logarithm| logarithm <= highest)
            .take(MOST_LEVELS);
        let (mut thresholds, mut counts) = (Vec::new(), Vec::new());
        for logarithm in logarithms {
            thresholds.push(law.upper_quantile(logarithm - log_count)?);
            counts.push(logarithm.exp());
        }
        Ok(Self {
            ensemble: Arc::clone(ensemble),
            law,
            log_count,
            thresholds,
            counts,
            first_top: law.upper_quantile(
                (FIRST_LOG_COUNT - log_count - std::f64::consts::LN_2).min(-std::f64::consts::LN_2),
            )?,
        })
    }

    /// The ensemble.
    pub(super) fn ensemble(&self) -> &Arc<dyn Ensemble> {
        &self.ensemble
    }

    /// The law of the projections.
    pub(super) fn law(&self) -> ProjectionLaw {
        self.law
    }

    /// ln M.
    pub(super) fn log_count(&self) -> f64 {
        self.log_count
    }

    /// The lowest level.
    pub(super) fn last(&self) -> usize {
        self.thresholds.len().saturating_sub(1)
    }

    /// b_j.
    pub(super) fn threshold(&self, level: usize) -> f64 {
        self.thresholds[level]
    }

    /// b_{j−1}, above which no pattern is averaged over at level j; above b_{−1} hardly any pattern
    /// lies.
    pub(super) fn top(&self, level: usize) -> f64 {
        if level == 0 {
            self.first_top
        } else {
            self.thresholds[level - 1]
        }
    }

    /// M Pr(s > b_j).
    pub(super) fn count(&self, level: usize) -> f64 {
        self.counts[level]
    }

    /// h_j(s).
    pub(super) fn share(&self, level: usize, projection: f64) -> f64 {
        if level == 0 {
            return 0.0;
        }
        let (bottom, top) = (self.thresholds[level], self.thresholds[level - 1]);
        let v = ((projection - bottom) / (top - bottom)).clamp(0.0, 1.0);
        v * v * (3.0 - 2.0 * v)
    }

    /// The averages left to level j.
    pub(super) fn average(&self, level: usize, k: f64) -> DividedAverage {
        let average = if level == 0 {
            self.law.whole_average(k)
        } else {
            let range = (self.thresholds[level], self.thresholds[level - 1]);
            self.law.divided_average(k, range)
        };
        average.expect("k is a length times λ, and thresholds are values of the projection")
    }
}
