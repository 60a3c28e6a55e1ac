//! The memories side by side, against the noise of the queries.

use dam_runs::catalogue::Kind;

use super::{Against, RetrievalError};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "noise-robustness",
    about: "squared error and arg-max accuracy of many memories against the noise of the queries",
    sections: &["comparison"],
    read: |draft| RetrievalError::configure(draft, Against::Noise),
};
