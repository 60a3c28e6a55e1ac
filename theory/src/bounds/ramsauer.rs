//! Theorem 3 of Ramsauer et al.: random patterns on a sphere are stored in exponential number.

use super::capacity::CapacityBound;
use super::lambert::{log_growth, log_lambert_pair, log_wright_omega};
use crate::error::{TheoryError, positive, within};

/// Patterns uniform on the sphere of radius K√(d − 1), at inverse temperature β.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RamsauerMemory {
    /// β.
    pub inverse_temperature: f64,
    /// K, the radius relative to √(d − 1).
    pub radius_factor: f64,
    /// p, the probability that the random patterns violate the bound.
    pub failure_probability: f64,
}

/// What Theorem 3 guarantees in one dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RamsauerBound {
    /// ln c: M grows like c^{(d−1)/4}.
    pub log_growth: f64,
    /// M ≥ √p c^{(d−1)/4}.
    pub capacity: CapacityBound,
}

/// The dimensions d whose growth constant is exactly c.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RamsauerDimension {
    /// None: the growth constant exceeds c in every dimension.
    AlwaysExceeded,
    /// One: it reaches c at this d and exceeds it above.
    Single(f64),
    /// Two: it is below c between them and exceeds c outside.
    Pair {
        /// The smaller, W₀.
        lower: f64,
        /// The larger, W₋₁.
        upper: f64,
    },
}

impl RamsauerMemory {
    fn validate(&self) -> Result<(), TheoryError> {
        positive("the inverse temperature β", self.inverse_temperature)?;
        positive("the radius factor K", self.radius_factor)?;
        probability(self.failure_probability)
    }

    /// K²β.
    fn squared_reach(&self) -> f64 {
        self.radius_factor * self.radius_factor * self.inverse_temperature
    }

    /// 1 + ln(2βK²p).
    fn offset(&self) -> f64 {
        1.0 + (2.0 * self.squared_reach()).ln() + self.failure_probability.ln()
    }
}

pub(super) fn probability(value: f64) -> Result<(), TheoryError> {
    let holds = value > 0.0 && value <= 1.0;
    within(
        "the failure probability p",
        value,
        holds,
        "above 0, at most 1",
    )
    .map(|_| ())
}

/// The number of random patterns stored with probability 1 − p in dimension d (Ramsauer et al.,
/// arXiv:2008.02217, Theorem 3 and A5):
///
/// ```text
/// M ≥ √p c^{(d−1)/4},   c = b/W₀(exp(a + ln b)),   a = (2/(d−1))(1 + ln(2βK²p(d−1))),   b = 2K²β/5
/// ```
///
/// The theorem's condition c ≥ (2/√p)^{4/(d−1)} is M ≥ 2. As d → ∞, ln M/d → ¼ W₀(2K²β/5).
///
/// ```
/// use dam_theory::bounds::{RamsauerMemory, ramsauer_capacity};
/// let memory = RamsauerMemory {
///     inverse_temperature: 1.0,
///     radius_factor: 3.0,
///     failure_probability: 0.001,
/// };
/// let bound = ramsauer_capacity(&memory, 20.0)?;
/// assert!((bound.log_growth.exp() - 3.154611).abs() < 1e-6);
/// assert!((bound.capacity.count() - 7.413).abs() < 1e-3 && !bound.capacity.is_vacuous());
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// β ≤ 0, K ≤ 0, p outside (0, 1], d ≤ 1.
pub fn ramsauer_capacity(
    memory: &RamsauerMemory,
    dimension: f64,
) -> Result<RamsauerBound, TheoryError> {
    memory.validate()?;
    within("the dimension d", dimension, dimension > 1.0, "above 1")?;
    let freedom = dimension - 1.0;
    let a = 2.0 / freedom * (memory.offset() + freedom.ln());
    let log_growth = log_growth(a, 0.4 * memory.squared_reach());
    let log_count = 0.5 * memory.failure_probability.ln() + 0.25 * freedom * log_growth;
    Ok(RamsauerBound {
        log_growth,
        capacity: CapacityBound::new(log_count),
    })
}

/// The dimensions in which the growth constant is c = e^{log_growth} (Ramsauer et al., A6):
///
/// ```text
/// d = 1 + W(a'e^{−b'})/a',   a' = ½ ln c − K²β/(5c),   b' = 1 + ln(2pβK²)
/// ```
///
/// with W₀ for a' > 0, both real branches for a' < 0 and a'e^{−b'} ≥ −1/e, and d = 1 + e^{−b'} for
/// a' = 0. Below, c is exceeded in every dimension. The inverse of [`ramsauer_capacity`].
///
/// # Errors
/// β ≤ 0, K ≤ 0, p outside (0, 1], ln c not finite.
pub fn ramsauer_dimension(
    memory: &RamsauerMemory,
    log_growth: f64,
) -> Result<RamsauerDimension, TheoryError> {
    memory.validate()?;
    within("ln c", log_growth, true, "finite")?;
    let slope = 0.5 * log_growth - 0.2 * memory.squared_reach() * (-log_growth).exp();
    within(
        "ln c",
        log_growth,
        slope.is_finite(),
        "large enough for K²β/c to be finite",
    )?;
    // D = d − 1 solves a'D + ln D + b' = 0
    let offset = memory.offset();
    if slope == 0.0 {
        return Ok(RamsauerDimension::Single(1.0 + (-offset).exp()));
    }
    let log_scale = slope.abs().ln();
    let dimension = |log_product: f64| 1.0 + (log_product - log_scale).exp();
    if slope > 0.0 {
        let log_product = log_wright_omega(log_scale - offset);
        return Ok(RamsauerDimension::Single(dimension(log_product)));
    }
    let excess = offset - log_scale;
    if excess < 1.0 {
        return Ok(RamsauerDimension::AlwaysExceeded);
    }
    let (smaller, larger) = log_lambert_pair(excess)?;
    Ok(RamsauerDimension::Pair {
        lower: dimension(smaller),
        upper: dimension(larger),
    })
}
