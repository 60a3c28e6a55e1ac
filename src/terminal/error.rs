//! The one error type of the command, with its exit status.

use std::path::Path;

use dam::plots::PlotError;
use dam::runs::schedule::NoThreads;
use dam::sims::{JobError, RunError, StoreError, exact_number};
use dam::theory::TheoryError;
use thiserror::Error;

/// Why the command ends without success.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The user's input cannot be used; no work was done.
    #[error("{0}")]
    BadInput(String),
    /// Something failed on the way.
    #[error("{0}")]
    Failed(String),
    /// Stopped early; the same command goes on from there.
    #[error("{0}")]
    Interrupted(String),
}

impl CommandError {
    /// A simulation that was interrupted.
    pub fn interrupted() -> Self {
        let text = "what was finished is saved; the same command goes on from there";
        Self::Interrupted(text.to_owned())
    }

    /// Bad input among these values, which the message then names.
    pub fn at(self, values: &[(&str, f64)]) -> Self {
        let Self::BadInput(text) = self else {
            return self;
        };
        let is_of_number = |letter: char| letter.is_alphanumeric() || ".-+".contains(letter);
        let words = text.split(|letter| !is_of_number(letter));
        let numbers: Vec<f64> = words.flat_map(str::parse).collect();
        let unnamed = |&&(_, value): &&(&str, f64)| !numbers.contains(&value);
        let places: Vec<String> = values
            .iter()
            .filter(unnamed)
            .map(|&(name, value)| format!("{name} = {}", exact_number(value)))
            .collect();
        if places.is_empty() {
            return Self::BadInput(text);
        }
        Self::BadInput(format!("at {}: {text}", places.join(", ")))
    }

    /// The word before the message.
    pub fn label(&self) -> &'static str {
        match self {
            Self::BadInput(_) | Self::Failed(_) => "error",
            Self::Interrupted(_) => "stopped",
        }
    }

    /// 1 failed, 2 bad usage or input, 75 stopped early and can be run again.
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::BadInput(_) => 2,
            Self::Interrupted(_) => 75,
        }
    }

    /// The output folder cannot be written to.
    pub fn not_writable(path: &Path, source: &std::io::Error) -> Self {
        Self::BadInput(format!("cannot write to {}: {source}", path.display()))
    }
}

impl From<JobError> for CommandError {
    fn from(error: JobError) -> Self {
        Self::BadInput(error.to_string())
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        if error.is_bad_input() {
            Self::BadInput(error.to_string())
        } else {
            Self::Failed(error.to_string())
        }
    }
}

impl From<RunError> for CommandError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Memory { .. } => Self::BadInput(error.to_string()),
            RunError::Store(error) => error.into(),
            RunError::Threads(error) => error.into(),
        }
    }
}

impl From<NoThreads> for CommandError {
    fn from(error: NoThreads) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<TheoryError> for CommandError {
    fn from(error: TheoryError) -> Self {
        Self::BadInput(error.to_string())
    }
}

impl From<PlotError> for CommandError {
    fn from(error: PlotError) -> Self {
        match error {
            PlotError::Foreign { .. } | PlotError::OwnPoints { .. } => {
                Self::BadInput(error.to_string())
            }
            _ => Self::Failed(error.to_string()),
        }
    }
}
