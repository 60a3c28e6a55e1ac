//! Exceptions: the messages are those of the library, which name what is wrong and the mend.

use dam::experiments::finite_basin::FiniteBasinError;
use dam::theory::{ENSEMBLES, TheoryError};
use pyo3::PyErr;

mod python {
    use pyo3::import_exception;

    import_exception!(dense_associative_memory._errors, DamError);
    import_exception!(dense_associative_memory._errors, DomainError);
    import_exception!(dense_associative_memory._errors, JobError);
    import_exception!(dense_associative_memory._errors, StoreError);
}

pub use python::{DamError, DomainError, JobError, StoreError};

/// Something that failed on the way.
pub fn failed(error: &dyn std::fmt::Display) -> PyErr {
    DamError::new_err(error.to_string())
}

/// A value that does not lie where it must.
pub fn out_of_domain(text: impl Into<String>) -> PyErr {
    DomainError::new_err(text.into())
}

/// What the theory refuses.
pub fn theory(error: &TheoryError) -> PyErr {
    match error {
        TheoryError::Unsettled { .. } => failed(error),
        TheoryError::UnknownEnsemble { name, .. } => {
            let names = ENSEMBLES.iter().map(|kind| kind.name);
            let near = dam::runs::suggestion::did_you_mean(name, names);
            out_of_domain(format!("{error}{near}"))
        }
        _ => out_of_domain(error.to_string()),
    }
}

/// What a basin at finite N refuses.
pub fn finite_basin(error: &FiniteBasinError) -> PyErr {
    match error {
        FiniteBasinError::Theory(error) => theory(error),
        FiniteBasinError::Threads(_) => failed(error),
        _ => out_of_domain(error.to_string()),
    }
}
