//! K = ξ·x.

use std::sync::Arc;

use crate::similarities::{Kind, Similarity};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "dot",
    about: "ξ·x",
    build: || Arc::new(Dot),
};

/// ξ·x.
#[derive(Clone, Copy, Debug)]
pub struct Dot;

impl Similarity for Dot {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn is_dot(&self) -> bool {
        true
    }

    fn is_unbounded(&self) -> bool {
        true
    }

    fn steepness(&self, largest_norm: f64, _largest_feature: f64) -> f64 {
        largest_norm
    }
}
