//! The memories side by side, against the training of learned kernels.

use dam_runs::catalogue::Kind;
use dam_runs::swept::{PATTERN_COUNT, SIZE, TRAINING_STEPS};

use super::section::SECTION;
use super::{Against, RetrievalError};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "training-steps",
    about: "squared error and arg-max accuracy of many memories against the training of learned kernels",
    sections: &[SECTION],
    sweep: &[PATTERN_COUNT, SIZE, TRAINING_STEPS],
    read: |draft| RetrievalError::configure(draft, Against::TrainingSteps),
};
