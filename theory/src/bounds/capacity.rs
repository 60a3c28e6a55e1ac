//! A bound on the number of patterns and whether it says anything.

use std::f64::consts::LN_2;

/// A bound on the number M of patterns, in logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CapacityBound {
    /// ln M.
    pub log_count: f64,
    /// Why the bound says nothing, if so.
    pub vacuity: Option<Vacuity>,
}

/// Why a bound on the number of patterns says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vacuity {
    /// The growth constant is at most 1: the bound does not grow with the dimension.
    NoGrowth,
    /// Fewer than two patterns.
    FewerThanTwo,
}

impl Vacuity {
    /// In words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoGrowth => "growth constant at most 1",
            Self::FewerThanTwo => "fewer than two patterns",
        }
    }
}

impl CapacityBound {
    /// A lower bound: vacuous below two patterns.
    pub(super) fn new(log_count: f64) -> Self {
        let vacuity = (log_count < LN_2).then_some(Vacuity::FewerThanTwo);
        Self { log_count, vacuity }
    }

    /// M itself; infinite where it overflows.
    pub fn count(&self) -> f64 {
        self.log_count.exp()
    }

    /// Whether the bound says nothing.
    pub fn is_vacuous(&self) -> bool {
        self.vacuity.is_some()
    }
}
