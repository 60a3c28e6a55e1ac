//! What kernel learning refuses.

use thiserror::Error;

/// Memories or settings that no kernel can be learned from.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum KernelLearningError {
    /// There is no pair to separate.
    #[error("{count} memories have no pair to separate: store two at least")]
    TooFewMemories {
        /// M.
        count: usize,
    },
    /// A feature without direction under a loss of normalised features.
    #[error(
        "the feature of memory {memory} (counted from 0) is zero and has no direction: \
         leave this memory out, add a bias, or take raw features"
    )]
    ZeroFeature {
        /// μ.
        memory: usize,
    },
    /// A setting outside its domain.
    #[error("{name} = {value}: must be {domain}")]
    Setting {
        /// What is set.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        domain: &'static str,
    },
    /// The start map does not fit the memories.
    #[error("the start map takes {map} components but the memories have {memories}")]
    InputSize {
        /// d of the map.
        map: usize,
        /// d of the memories.
        memories: usize,
    },
    /// More orthonormal rows than dimensions.
    #[error(
        "{rows} rows of {columns} components cannot be orthonormal: features may have {columns} components at most"
    )]
    TooManyRows {
        /// D.
        rows: usize,
        /// d.
        columns: usize,
    },
    /// The weights have left the finite numbers.
    #[error(
        "training diverged at epoch {epoch}: lower the learning rate, or normalise the features"
    )]
    Diverged {
        /// The epoch whose loss or gradient is not finite.
        epoch: usize,
    },
    /// Memories that no map can send to arbitrary features.
    #[error(
        "the {count} memories span {rank} dimensions only: features can be prescribed for linearly {kind} memories"
    )]
    DependentMemories {
        /// M.
        count: usize,
        /// Rank of Ξ, or of (Ξ, 1) for an affine map.
        rank: usize,
        /// `independent` or `affinely independent`.
        kind: &'static str,
    },
}
