//! K = ξ·x/(|ξ||x|).

use std::sync::Arc;

use nalgebra::{DMatrix, DMatrixView};

use crate::attention::AttentionMemory;
use crate::similarities::{Kind, Similarity};

/// Relative difference of norms that counts as rounding.
const EQUAL_NORMS: f64 = 1e-12;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "cosine",
    about: "ξ·x/(|ξ||x|)",
    build: || Arc::new(Cosine),
};

/// ξ·x/(|ξ||x|); 0 where either is 0.
#[derive(Clone, Copy, Debug)]
pub struct Cosine;

impl Similarity for Cosine {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn features(&self, states: &[f64], size: usize) -> DMatrix<f64> {
        let columns = DMatrixView::from_slice(states, size, states.len() / size);
        let mut directions = columns.clone_owned();
        for mut column in directions.column_iter_mut() {
            // squares outside the range of f64
            let largest = column.amax();
            if largest > 0.0 && !(1e-140..1e140).contains(&largest) {
                column /= largest;
            }
            let norm = column.norm();
            if norm > 0.0 {
                column /= norm;
            }
        }
        directions
    }

    /// Where all |ξ| are equal: on the sphere T(x)/|T(x)| maximises the tangent of Ψ, if T(x) is
    /// parallel to the mean of the directions.
    fn goes_downhill(&self, patterns: &AttentionMemory) -> bool {
        let first = patterns.squared_norm(0);
        (1..patterns.pattern_count())
            .all(|pattern| (patterns.squared_norm(pattern) - first).abs() <= EQUAL_NORMS * first)
    }

    fn steepness(&self, _largest_norm: f64, _largest_feature: f64) -> f64 {
        1.0
    }
}
