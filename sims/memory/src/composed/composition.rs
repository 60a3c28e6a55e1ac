//! A similarity and a separation that go together.

use std::fmt;

use crate::attention::Memory;
use crate::composed::AssociativeMemory;
use crate::error::CompositionError;
use crate::separations::Separation;
use crate::similarities::Similarity;

/// The similarity and the separation of a memory, without its patterns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Composition {
    similarity: Similarity,
    separation: Separation,
}

impl Composition {
    /// Takes two parts.
    ///
    /// # Errors
    /// [`CompositionError`] for a parameter outside its domain, and for a polynomial of a distance.
    pub fn new(similarity: Similarity, separation: Separation) -> Result<Self, CompositionError> {
        separation.validate()?;
        if similarity.is_distance() && matches!(separation, Separation::Polynomial(_)) {
            return Err(CompositionError::FarthestPattern {
                similarity: similarity.name(),
            });
        }
        Ok(Self {
            similarity,
            separation,
        })
    }

    /// K.
    pub fn similarity(self) -> Similarity {
        self.similarity
    }

    /// Sep.
    pub fn separation(self) -> Separation {
        self.separation
    }

    /// The auto-associative memory of these parts.
    pub fn memory(self, patterns: Memory) -> AssociativeMemory {
        AssociativeMemory::with_parts(patterns, self)
    }
}

impl fmt::Display for Composition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.similarity, self.separation)
    }
}
