//! When a final state counts as the retrieval of its target.

use crate::dynamics::{Arrival, Moment};
use crate::products::dot;

/// The test applied to the fixed point of a descent.
///
/// The cosine of x and ξ is no criterion: on the sphere a failed state shrinks but keeps
/// much of its direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Criterion {
    /// The target has more than half of the weight at the fixed point.
    Weight,
    /// |x − ξ|²/|ξ|² is below this bound at the fixed point. At large λ (on the sphere
    /// λ > 1.9 for a bound of 0.1) failed states pass it too.
    Distance(f64),
}

impl Criterion {
    /// The name in job files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Distance(_) => "distance",
        }
    }

    /// Whether `arrival` retrieves `target` (N components).
    pub fn is_retrieved(&self, arrival: &Arrival, target: &[f64]) -> bool {
        self.accepts(&arrival.state, arrival.outcome.target_weight, target)
    }

    /// Whether a fixed point where the target has this weight is a retrieval.
    pub(crate) fn accepts(&self, state: &[f64], target_weight: f64, target: &[f64]) -> bool {
        match *self {
            Self::Weight => target_weight > 0.5,
            Self::Distance(bound) => relative_squared_distance(state, target) < bound,
        }
    }

    /// Whether the verdict at a state stands for all states within `way` √N of it.
    ///
    /// Over a way δ√N each exponent λ x·ξ changes by at most λ δ √N |ξ|, so the log-odds of the
    /// target against the rest by at most twice that (with |ξ|² ≈ N).
    pub(crate) fn is_settled(
        &self,
        moment: &Moment<'_>,
        target: &[f64],
        inverse_temperature: f64,
        way: f64,
    ) -> bool {
        let size = target.len() as f64;
        match *self {
            Self::Weight => {
                let weight = moment.outcome.target_weight;
                let log_odds = weight.ln() - (-weight).ln_1p();
                log_odds.abs() > 2.0 * inverse_temperature * way * size
            }
            Self::Distance(bound) => {
                let length = dot(target, target).sqrt();
                let distance = relative_squared_distance(moment.state, target).sqrt() * length;
                (distance - bound.sqrt() * length).abs() > way * size.sqrt()
            }
        }
    }
}

/// |x − ξ|²/|ξ|².
pub fn relative_squared_distance(state: &[f64], target: &[f64]) -> f64 {
    let squared: f64 = state.iter().zip(target).map(|(a, b)| (a - b).powi(2)).sum();
    squared / dot(target, target)
}
