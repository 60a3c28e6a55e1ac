//! What can be wrong with the parts of a memory.

use thiserror::Error;

/// Parts that make no memory, with the mend.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum CompositionError {
    /// A name that no part has.
    #[error("{name:?} is no {part}; the known ones are {}{remark}", .known.join(", "))]
    Unknown {
        /// Similarity or separation.
        part: &'static str,
        /// The name given.
        name: String,
        /// The names there are.
        known: Vec<&'static str>,
        /// What is to be said of them all, or nothing.
        remark: &'static str,
    },
    /// A parameter of a separation outside its domain.
    #[error("{name} = {value} lies outside its domain: {domain}")]
    Domain {
        /// The parameter.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        domain: &'static str,
    },
    /// A separation that makes nothing of the similarity.
    #[error("separation {separation} does not go with similarity {similarity}: {reason}")]
    Misfit {
        /// The similarity.
        similarity: &'static str,
        /// The separation.
        separation: String,
        /// Why, and what would do.
        reason: &'static str,
    },
    /// Matrices that do not fit together.
    #[error("{what} has {found}, the memory needs {expected}")]
    Shape {
        /// Which matrix, and what of it.
        what: &'static str,
        /// What it has.
        found: usize,
        /// What it should have.
        expected: usize,
    },
    /// A pattern, feature or value that is not a finite number.
    #[error("{what} holds a number that is not finite")]
    NotFinite {
        /// Which matrix.
        what: &'static str,
    },
}
