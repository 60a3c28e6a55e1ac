//! The Gaussian crossover over the law of the target's norm, r = |ξ¹|²/N ~ χ²_N/N.
//!
//! λ_× falls with r: at fixed field u the weight w = σ(rN(u − u²/2) − ln(P − 1)) rises with r for 0
//! < u < 2, so F = w + (1 − w)u rises for u < 1 and u/F falls, while the set w ≥ ½ over which the
//! minimum is taken grows. Quantiles of λ_× are therefore λ_× at quantiles of r. Targets with rN/2
//! ≤ ln(P − 1) have no crossover: they count as λ_× = ∞ in quantiles, and are left out of the mean.

use super::domain;
use super::domain::{positive, within};
use super::map::CollinearMap;
use super::noise::GaussianNoise;
use super::pattern_count::PatternCount;
use super::saddle_node::Crossover;
use crate::error::TheoryError;
use crate::numbers::log_tails::{log_gamma_weight, log_lower_gamma, log_upper_gamma};
use crate::numbers::quadrature::integrate;
use crate::numbers::root::find_root;

/// Tails of r below e^{−40} are left out of the mean.
const LOG_NEGLECTED: f64 = -40.0;

/// The law of r = |ξ|²/N for Gaussian patterns: N r ~ χ²_N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianNormLaw {
    size: f64,
}

impl GaussianNormLaw {
    /// The law for N = `size` components.
    ///
    /// # Errors
    /// [`TheoryError`] when N is below 1 or not finite.
    pub fn new(size: f64) -> Result<Self, TheoryError> {
        domain::size(size)?;
        Ok(Self { size })
    }

    /// N.
    pub fn size(self) -> f64 {
        self.size
    }

    /// ln p(r) = ln [(N/2)^{N/2} r^{N/2−1} e^{−Nr/2}/Γ(N/2)], r > 0.
    ///
    /// # Errors
    /// [`TheoryError`] when r is not finite and positive.
    pub fn log_density(self, norm: f64) -> Result<f64, TheoryError> {
        positive("the norm r", norm)?;
        let shape = 0.5 * self.size;
        Ok(log_gamma_weight(shape, shape * norm) - norm.ln())
    }

    /// ln Pr(|ξ|²/N < r), r > 0; about −N I(r), I = ½(r − 1 − ln r), in the lower tail.
    ///
    /// # Errors
    /// [`TheoryError`] when r is not finite and positive.
    pub fn log_lower_tail(self, norm: f64) -> Result<f64, TheoryError> {
        positive("the norm r", norm)?;
        let shape = 0.5 * self.size;
        Ok(log_lower_gamma(shape, shape * norm))
    }

    /// ln Pr(|ξ|²/N > r), r > 0.
    ///
    /// # Errors
    /// [`TheoryError`] when r is not finite and positive.
    pub fn log_upper_tail(self, norm: f64) -> Result<f64, TheoryError> {
        positive("the norm r", norm)?;
        let shape = 0.5 * self.size;
        Ok(log_upper_gamma(shape, shape * norm))
    }

    /// The r with Pr(|ξ|²/N < r) = `probability`, 0 < probability < 1.
    ///
    /// # Errors
    /// [`TheoryError`] when the probability is outside (0, 1).
    pub fn quantile(self, probability: f64) -> Result<f64, TheoryError> {
        within(
            "the probability",
            probability,
            probability > 0.0 && probability < 1.0,
            "between 0 and 1",
        )?;
        if probability <= 0.5 {
            self.quantile_of_log_lower_tail(probability.ln())
        } else {
            self.quantile_of_log_upper_tail((-probability).ln_1p())
        }
    }

    fn quantile_of_log_lower_tail(self, log_tail: f64) -> Result<f64, TheoryError> {
        let shape = 0.5 * self.size;
        self.solve(|norm| log_lower_gamma(shape, shape * norm) - log_tail)
    }

    fn quantile_of_log_upper_tail(self, log_tail: f64) -> Result<f64, TheoryError> {
        let shape = 0.5 * self.size;
        self.solve(|norm| log_tail - log_upper_gamma(shape, shape * norm))
    }

    /// The root of a rising function of r, bracketed outwards from r = 1 by growing multiples of
    /// the standard deviation.
    fn solve(self, rising: impl Fn(f64) -> f64) -> Result<f64, TheoryError> {
        let spread = (2.0 / self.size).sqrt();
        let mut logarithm = 0.5 * spread;
        while rising(logarithm.exp()) < 0.0 {
            logarithm *= 2.0;
        }
        let high = logarithm.exp();
        let mut logarithm = -0.5 * spread;
        while rising(logarithm.exp()) > 0.0 {
            logarithm *= 2.0;
        }
        find_root(rising, logarithm.exp(), high)
    }
}

/// λ_× of Gaussian targets over the law of their norm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianCrossoverDistribution {
    /// Pr(no crossover) = Pr(r ≤ 2 ln(P − 1)/N).
    pub censored: f64,
    /// Median of λ_× with the censored targets as λ_× = ∞; `None` when they are half or more.
    pub median: Option<f64>,
    /// Mean of λ_× over the targets that have one.
    pub mean: f64,
    /// Standard deviation of λ_× over the targets that have one.
    pub standard_deviation: f64,
}

/// The mean, median and spread of λ_× over Gaussian targets of N = `size` components.
///
/// The mean is ∫ λ_×(r) p(r) dr/(1 − censored) over r > 2 ln(P − 1)/N, to about 1e-10.
///
/// # Errors
/// [`TheoryError`] when N is below 1, or when all but e^{−40} of the targets are censored.
pub fn gaussian_crossover_distribution(
    patterns: PatternCount,
    size: f64,
) -> Result<GaussianCrossoverDistribution, TheoryError> {
    let law = GaussianNormLaw::new(size)?;
    let lowest_norm = 2.0 * patterns.log_noise_patterns() / size;
    let censored = if lowest_norm > 0.0 {
        law.log_lower_tail(lowest_norm)?.exp()
    } else {
        0.0
    };
    let highest = law.quantile_of_log_upper_tail(LOG_NEGLECTED)?;
    within(
        "2 ln(P − 1)/N",
        lowest_norm,
        lowest_norm < highest,
        "below the norms r of targets (about 1): no target has a crossover, lower the load",
    )?;
    let lowest = lowest_norm.max(law.quantile_of_log_lower_tail(LOG_NEGLECTED)?);
    let mut failure = None;
    // r = lowest + s² takes away the square root with which λ_× leaves 1 at the lowest norm
    let moments = integrate(
        |s| {
            let norm = lowest + s * s;
            let density = law.log_density(norm).map(|log| 2.0 * s * log.exp());
            match density.and_then(|density| Ok((density, at_norm(patterns, size, norm)?))) {
                Ok((density, found)) => {
                    // rounding at the lowest norm itself, where λ_× = 1
                    let lambda = found.map_or(1.0, |found| found.inverse_temperature);
                    [density, density * lambda, density * lambda * lambda]
                }
                Err(error) => {
                    failure = Some(error);
                    [0.0; 3]
                }
            }
        },
        0.0,
        (highest - lowest).sqrt(),
        1e-12,
    );
    if let Some(error) = failure {
        return Err(error);
    }
    let mean = moments[1] / moments[0];
    Ok(GaussianCrossoverDistribution {
        censored,
        median: gaussian_crossover_quantile(patterns, size, 0.5)?,
        mean,
        standard_deviation: (moments[2] / moments[0] - mean * mean).max(0.0).sqrt(),
    })
}

/// The λ below which the fraction `probability` of Gaussian targets has its crossover: λ_× at the
/// norm r that the fraction 1 − probability of targets fall below. `None` when that many targets
/// have none.
///
/// # Errors
/// [`TheoryError`] when the probability is outside (0, 1) or N is below 1.
pub fn gaussian_crossover_quantile(
    patterns: PatternCount,
    size: f64,
    probability: f64,
) -> Result<Option<f64>, TheoryError> {
    let norm = GaussianNormLaw::new(size)?.quantile(1.0 - probability)?;
    Ok(at_norm(patterns, size, norm)?.map(|found| found.inverse_temperature))
}

/// The norm r = |ξ¹|²/N above which the finite-N map retrieves a Gaussian target at λ: λ_×(r) = λ
/// there. It is 2 ln(P − 1)/N from λ = 1 on.
///
/// # Errors
/// [`TheoryError`] when N is below 1, or λ is not positive.
pub fn gaussian_least_norm(
    patterns: PatternCount,
    size: f64,
    inverse_temperature: f64,
) -> Result<f64, TheoryError> {
    domain::size_and(size, ("the inverse temperature λ", inverse_temperature))?;
    let lowest = 2.0 * patterns.log_noise_patterns() / size;
    if inverse_temperature >= 1.0 {
        return Ok(lowest);
    }
    let excess = |norm: f64| match at_norm(patterns, size, norm) {
        // below the lowest norm nothing retrieves
        Ok(found) => inverse_temperature - found.map_or(1.0, |found| found.inverse_temperature),
        Err(_) => f64::NAN,
    };
    let low = lowest.max(f64::MIN_POSITIVE);
    if excess(low) >= 0.0 {
        return Ok(lowest); // P = 2: λ_× = 0 at every norm
    }
    let mut high = 2.0 * low.max(1.0 / size);
    while excess(high) < 0.0 {
        high *= 2.0;
    }
    find_root(excess, low, high)
}

fn at_norm(patterns: PatternCount, size: f64, norm: f64) -> Result<Option<Crossover>, TheoryError> {
    CollinearMap::new(GaussianNoise::new(size, norm)?, patterns).crossover()
}
