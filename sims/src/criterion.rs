//! When a final state counts as the retrieval of its target.

use crate::dynamics::Arrival;
use crate::memory::dot;

/// The test applied to the fixed point of a descent.
///
/// The cosine of x and ξ is no criterion: on the sphere a failed state shrinks but keeps
/// much of its direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Criterion {
    /// The target's softmax weight exceeds ½ at the fixed point.
    Weight,
    /// |x − ξ|²/|ξ|² is below this bound at the fixed point. At large λ (on the sphere
    /// λ > 1.9 for a bound of 0.1) failed states pass it too.
    Distance(f64),
}

impl Criterion {
    /// Whether `arrival` retrieves `target` (N components).
    pub fn is_retrieved(&self, arrival: &Arrival, target: &[f64]) -> bool {
        match *self {
            Self::Weight => arrival.summary.target_weight > 0.5,
            Self::Distance(bound) => relative_squared_distance(&arrival.state, target) < bound,
        }
    }
}

/// |x − ξ|²/|ξ|².
pub(crate) fn relative_squared_distance(state: &[f64], target: &[f64]) -> f64 {
    let squared: f64 = state.iter().zip(target).map(|(a, b)| (a - b).powi(2)).sum();
    squared / dot(target, target)
}
