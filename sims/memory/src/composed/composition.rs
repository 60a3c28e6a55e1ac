//! A similarity and a separation that go together.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use dam_theory::Ensemble;

use crate::attention::AttentionMemory;
use crate::composed::{ComposedMemory, STATES_AT_ONCE};
use crate::error::CompositionError;
use crate::memory::Memory;
use crate::separations::softmax::Softmax;
use crate::separations::{Separation, separation};
use crate::similarities::dot::Dot;
use crate::similarities::{Similarity, similarity};

/// The similarity and the separation of a memory, without its patterns. By default those of
/// attention.
///
/// ```
/// use dam_memory::composed::Composition;
/// let composition: Composition = "cosine entmax-1.5".parse()?;
/// assert_eq!(composition.separation().exact_gap(), Some(2.0));
/// assert!(Composition::default().is_attention());
/// # Ok::<(), dam_memory::CompositionError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Composition {
    similarity: Arc<dyn Similarity>,
    separation: Arc<dyn Separation>,
}

impl Default for Composition {
    fn default() -> Self {
        Self {
            similarity: Arc::new(Dot),
            separation: Arc::new(Softmax),
        }
    }
}

impl Composition {
    /// Takes two parts.
    ///
    /// # Errors
    /// [`CompositionError::Misfit`] where they do not go together.
    pub fn new(
        similarity: Arc<dyn Similarity>,
        separation: Arc<dyn Separation>,
    ) -> Result<Self, CompositionError> {
        separation
            .fits(similarity.measure())
            .map_err(|reason| CompositionError::Misfit {
                similarity: similarity.name(),
                separation: separation.name(),
                reason,
            })?;
        Ok(Self {
            similarity,
            separation,
        })
    }

    /// K.
    pub fn similarity(&self) -> &Arc<dyn Similarity> {
        &self.similarity
    }

    /// Sep.
    pub fn separation(&self) -> &Arc<dyn Separation> {
        &self.separation
    }

    /// Whether the update is that of attention, softmax(λ x Ξᵀ) Ξ.
    pub fn is_attention(&self) -> bool {
        self.similarity.is_dot() && self.separation.is_softmax()
    }

    /// The auto-associative memory of these parts by plain products of matrices.
    pub fn memory(&self, patterns: AttentionMemory) -> ComposedMemory {
        ComposedMemory::new(patterns, self.clone())
    }

    /// The memory of these parts over patterns that are held already: the patterns themselves where
    /// the update is that of attention, for which they have the one-pass kernel.
    pub fn over<'a>(&self, patterns: &'a AttentionMemory) -> Box<dyn Memory + 'a> {
        if self.is_attention() {
            Box::new(patterns)
        } else {
            Box::new(self.memory(patterns.clone()))
        }
    }

    /// Bytes that [`over`](Self::over) holds per pattern of `size` components, besides the patterns
    /// themselves.
    pub fn bytes_per_pattern(&self, size: usize) -> usize {
        if self.is_attention() {
            return 0;
        }
        // the patterns again, in rows, in columns and as features; the weights of a batch
        (4 * size + STATES_AT_ONCE) * size_of::<f64>()
    }

    /// α₁(λ) at N = ∞, up to which a typical pattern of the ensemble is retrieved, where theory
    /// says.
    pub fn typical_threshold(&self, ensemble: &dyn Ensemble, lambda: f64) -> Option<f64> {
        if self.is_attention() {
            return ensemble.typical_threshold(lambda).ok();
        }
        self.separation.typical_threshold(ensemble, lambda)
    }

    /// λ₁(α) at N = ∞, from which a typical pattern of the ensemble is retrieved, where theory
    /// says.
    pub fn typical_inverse_temperature(&self, ensemble: &dyn Ensemble, alpha: f64) -> Option<f64> {
        if self.is_attention() {
            return ensemble.typical_inverse_temperature(alpha).ok();
        }
        self.separation.typical_inverse_temperature(ensemble, alpha)
    }
}

impl PartialEq for Composition {
    fn eq(&self, other: &Self) -> bool {
        *self.similarity == *other.similarity && *self.separation == *other.separation
    }
}

impl fmt::Display for Composition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.similarity, self.separation)
    }
}

impl FromStr for Composition {
    type Err = CompositionError;

    /// A similarity and a separation, as in `cosine sparsemax`.
    fn from_str(name: &str) -> Result<Self, CompositionError> {
        let (left, right) = name.split_once(' ').unwrap_or((name, ""));
        Self::new(similarity(left)?, separation(right)?)
    }
}
