//! What the theory cannot answer, and why.

use std::fmt::{self, Display, Formatter};

use thiserror::Error;

/// A question outside the domain of a formula.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum TheoryError {
    /// A value outside the domain.
    #[error("{quantity} = {} lies outside its domain: {domain}", Shown(*value))]
    Domain {
        /// What the value is.
        quantity: &'static str,
        /// The value.
        value: f64,
        /// Where it may lie.
        domain: &'static str,
    },
    /// No ensemble has this name.
    #[error("unknown ensemble {name:?}; known: {known}")]
    UnknownEnsemble {
        /// The name asked for.
        name: String,
        /// The names that exist.
        known: String,
    },
    /// A result beyond the range of f64.
    #[error("{quantity} overflows f64 at {argument} = {}: take a smaller one", Shown(*value))]
    Overflow {
        /// The result.
        quantity: &'static str,
        /// What drives it out of range.
        argument: &'static str,
        /// The value of the argument.
        value: f64,
    },
    /// A parameter that the ensemble does not have.
    #[error("ensemble {ensemble:?} has no parameter {key}: {known}")]
    UnknownParameter {
        /// The ensemble.
        ensemble: String,
        /// The key given.
        key: String,
        /// The keys that it has.
        known: String,
    },
    /// A parameter that the ensemble needs.
    #[error("ensemble {ensemble:?} needs the parameter {wanted}; give it a value")]
    MissingParameter {
        /// The ensemble.
        ensemble: String,
        /// The missing key; the first where one of several is needed.
        key: &'static str,
        /// The keys of which one is needed.
        wanted: String,
    },
    /// Parameters that exclude each other.
    #[error("ensemble {ensemble:?} takes one parameter, {wanted}; delete the others")]
    ConflictingParameters {
        /// The ensemble.
        ensemble: String,
        /// One of the keys given.
        key: &'static str,
        /// The keys of which one is needed.
        wanted: String,
    },
    /// A list for a number, or a number for a list.
    #[error("the parameter {key} is {kind}")]
    WrongParameter {
        /// The key.
        key: &'static str,
        /// What it takes.
        kind: &'static str,
    },
    /// Eigenvalues that are none of a covariance with |ξ|² ≈ N, or that do not go with N.
    #[error("spectrum {problem}")]
    Spectrum {
        /// What is wrong, and the mend.
        problem: String,
    },
    /// A quantity that no formula is known for.
    #[error("{quantity} of ensemble {ensemble:?} is not known: {reason}")]
    NotKnown {
        /// What was asked.
        quantity: &'static str,
        /// The ensemble.
        ensemble: &'static str,
        /// Why, and what there is instead.
        reason: &'static str,
    },
    /// A numerical search did not settle: a bug, or parameters beyond the range of f64.
    #[error("the search for {what} did not settle")]
    Unsettled {
        /// What was searched.
        what: &'static str,
    },
}

/// A number in at most some twenty characters: with an exponent where it is very large or small.
struct Shown(f64);

impl Display for Shown {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size != 0.0 && !(1e-5..1e16).contains(&size) {
            write!(formatter, "{:e}", self.0)
        } else {
            write!(formatter, "{}", self.0)
        }
    }
}

/// `result` if it is finite, else the error that it overflows at `argument` = `value`.
pub(crate) fn finite(
    quantity: &'static str,
    result: f64,
    argument: &'static str,
    value: f64,
) -> Result<f64, TheoryError> {
    if result.is_finite() {
        Ok(result)
    } else {
        Err(TheoryError::Overflow {
            quantity,
            argument,
            value,
        })
    }
}

/// `value` if it is a finite positive number, else a domain error.
pub(crate) fn positive(quantity: &'static str, value: f64) -> Result<f64, TheoryError> {
    within(quantity, value, value > 0.0, "the positive numbers")
}

/// `value` if it is finite and `holds`, else a domain error.
pub(crate) fn within(
    quantity: &'static str,
    value: f64,
    holds: bool,
    domain: &'static str,
) -> Result<f64, TheoryError> {
    if value.is_finite() && holds {
        Ok(value)
    } else {
        Err(TheoryError::Domain {
            quantity,
            value,
            domain,
        })
    }
}
