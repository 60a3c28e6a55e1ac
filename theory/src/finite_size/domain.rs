//! The refusals of the finite-size theory.

use crate::error::TheoryError;
pub(super) use crate::error::{positive, within};

/// Any finite argument of at least 0.
pub(super) fn non_negative(quantity: &'static str, value: f64) -> Result<f64, TheoryError> {
    within(quantity, value, value >= 0.0, "the numbers of at least 0")
}

/// The size N of ensembles that exist from N = 1.
pub(super) fn size(value: f64) -> Result<f64, TheoryError> {
    within("the size N", value, value >= 1.0, "at least 1")
}

/// A size N of at least 1 and a positive quantity.
pub(super) fn size_and(
    value: f64,
    (quantity, positive_value): (&'static str, f64),
) -> Result<(), TheoryError> {
    size(value)?;
    positive(quantity, positive_value).map(drop)
}

/// The size N on the sphere, whose overlap law has no pole at its ends from N = 3.
pub(super) fn spherical_size(value: f64) -> Result<f64, TheoryError> {
    within(
        "the size N",
        value,
        value >= 3.0,
        "at least 3 on the sphere",
    )
}

/// The inverse temperature λ, at least 0.
pub(super) fn inverse_temperature(value: f64) -> Result<f64, TheoryError> {
    non_negative("the inverse temperature λ", value)
}

/// A load at which the crossover leaves the range of the formulas.
pub(super) fn load_too_large(log_noise_patterns: f64) -> TheoryError {
    TheoryError::Domain {
        quantity: "ln(P − 1)",
        value: log_noise_patterns,
        domain: "small enough for a crossover below λ = 1e15 (α < 17 on the sphere)",
    }
}

/// A map that still moves after the updates allowed.
pub(super) fn not_settled(what: &'static str) -> TheoryError {
    TheoryError::Unsettled { what }
}
