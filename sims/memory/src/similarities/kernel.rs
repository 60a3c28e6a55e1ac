//! K = ⟨Φ(ξ), Φ(x)⟩.

use std::sync::Arc;

use nalgebra::{DMatrix, DMatrixView};

use crate::kernel::Parallelism;
use crate::similarities::feature_map::FeatureMap;
use crate::similarities::{Kind, Similarity};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "kernel",
    about: "⟨Φ(ξ), Φ(x)⟩ with a learned feature map Φ",
    build: || Arc::new(Kernel::default()),
};

/// ⟨Φ(ξ), Φ(x)⟩ (U-Hop, arXiv:2404.03827); without a map Φ(x) = x.
#[derive(Clone, Debug, Default)]
pub struct Kernel {
    map: Option<FeatureMap>,
}

impl Kernel {
    /// The kernel of this map.
    pub fn new(map: FeatureMap) -> Self {
        Self { map: Some(map) }
    }
}

impl Similarity for Kernel {
    fn name(&self) -> &'static str {
        KIND.name
    }

    fn features(&self, states: &[f64], size: usize) -> DMatrix<f64> {
        let count = states.len() / size;
        match &self.map {
            Some(map) => {
                let features = map.features(states, Parallelism::Sequential);
                DMatrix::from_vec(map.feature_size(), count, features)
            }
            None => DMatrixView::from_slice(states, size, count).clone_owned(),
        }
    }

    fn is_unbounded(&self) -> bool {
        true
    }

    fn steepness(&self, _largest_norm: f64, largest_feature: f64) -> f64 {
        largest_feature
    }

    fn takes_feature_map(&self) -> bool {
        true
    }

    fn feature_map(&self) -> Option<&FeatureMap> {
        self.map.as_ref()
    }
}
