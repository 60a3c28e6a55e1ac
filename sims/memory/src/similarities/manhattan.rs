//! K = −Σ_i |ξ_i − x_i|.

use std::sync::Arc;

use crate::attention::AttentionMemory;
use crate::similarities::{Kind, MinusDistance, Similarity, sum_of_differences};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "manhattan",
    about: "−Σ_i |ξ_i − x_i|",
    build: || Arc::new(Manhattan),
};

/// −Σ_i |ξ_i − x_i|, "L1" (arXiv:2202.04557).
#[derive(Clone, Copy, Debug)]
pub struct Manhattan;

fn minus_distance(pattern: &[f64], state: &[f64]) -> f64 {
    -sum_of_differences(pattern, state, f64::abs)
}

impl Similarity for Manhattan {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn minus_distance(&self) -> Option<MinusDistance> {
        Some(minus_distance)
    }

    /// Its optimum is a weighted median, not the mean.
    fn goes_downhill(&self, _patterns: &AttentionMemory) -> bool {
        false
    }

    fn steepness(&self, _largest_norm: f64, _largest_feature: f64) -> f64 {
        1.0
    }

    fn radius(&self, state: &[f64], pattern: &[f64]) -> f64 {
        -minus_distance(pattern, state)
    }
}
