//! The memories side by side, against the noise of the queries.

use dam_runs::catalogue::Kind;
use dam_runs::swept::{PATTERN_COUNT, SIZE, Swept};

use super::section::SECTION;
use super::{Against, RetrievalError};

/// How much queries are corrupted.
const NOISE: Swept = Swept {
    name: "noise",
    about: "levels of what is done to queries, all in every task",
    example: "[0, 0.2, 0.4]",
};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "noise-robustness",
    about: "squared error and arg-max accuracy of many memories against the noise of the queries",
    sections: &[SECTION],
    sweep: &[PATTERN_COUNT, SIZE, NOISE],
    read: |draft| RetrievalError::configure(draft, Against::Noise),
};
