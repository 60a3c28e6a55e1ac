//! What can be wrong with the options of a layer.

use thiserror::Error;

/// An option that no layer can have, with what is wrong and the mend.
#[derive(Debug, Error, PartialEq)]
pub enum LayerError {
    /// A number outside its domain.
    #[error("{name} = {value} must be {domain}")]
    Domain {
        /// The option.
        name: &'static str,
        /// Its value.
        value: f64,
        /// Which values it may have.
        domain: &'static str,
    },
    /// Options that contradict each other.
    #[error("{what}; {mend}")]
    Misfit {
        /// What does not fit.
        what: String,
        /// What would.
        mend: &'static str,
    },
}
