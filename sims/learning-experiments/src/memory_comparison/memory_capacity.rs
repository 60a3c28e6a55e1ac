//! The memories side by side, against the number of patterns.

use dam_runs::catalogue::Kind;
use dam_runs::swept::{PATTERN_COUNT, SIZE};

use super::section::SECTION;
use super::{Against, RetrievalError};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "memory-capacity",
    about: "squared error and arg-max accuracy of many memories against the number of patterns",
    sections: &[SECTION],
    sweep: &[PATTERN_COUNT, SIZE],
    read: |draft| RetrievalError::configure(draft, Against::PatternCount),
};
