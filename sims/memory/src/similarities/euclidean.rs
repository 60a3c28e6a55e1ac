//! K = −½|ξ − x|².

use std::sync::Arc;

use crate::similarities::{Kind, Measure, MinusDistance, Similarity, sum_of_differences};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "euclidean",
    about: "−½|ξ − x|²",
    build: || Arc::new(Euclidean),
};

/// −½|ξ − x|², "L2" (arXiv:2202.04557).
#[derive(Clone, Copy, Debug)]
pub struct Euclidean;

impl Similarity for Euclidean {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn minus_distance(&self) -> Option<MinusDistance> {
        Some(|pattern, state| {
            -0.5 * sum_of_differences(pattern, state, |difference| difference * difference)
        })
    }

    fn measure(&self) -> Measure {
        Measure::SquaredDistance
    }

    fn steepness(&self, largest_norm: f64, _largest_feature: f64) -> f64 {
        largest_norm
    }
}
