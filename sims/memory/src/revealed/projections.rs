//! Scalar products with many rows.

use crate::products::dot_in_lanes;

/// x·y, with accumulators enough to hide the latency of the additions.
pub(super) fn product(left: &[f64], right: &[f64]) -> f64 {
    dot_in_lanes::<8>(left, right)
}

/// `target` += `factor` · `source`.
pub(super) fn add_multiple(target: &mut [f64], factor: f64, source: &[f64]) {
    for (target, source) in target.iter_mut().zip(source) {
        *target += factor * source;
    }
}
