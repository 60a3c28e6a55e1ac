//! What can be wrong with a job file.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// A job file that cannot be run, with the place and the mend.
#[derive(Debug, Error)]
pub enum JobError {
    /// The file cannot be read.
    #[error("cannot read the job file {}: {source}", path.display())]
    Unreadable {
        /// The job file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The text is not a job: a syntax error, an unknown or missing key, a wrong type.
    #[error("{} is not a valid job file: {message}", path.display())]
    Invalid {
        /// The job file.
        path: PathBuf,
        /// Line, key and the known ones.
        message: String,
    },
    /// A value outside its domain.
    #[error("{}, {place}: {message}", path.display())]
    Value {
        /// The job file.
        path: PathBuf,
        /// Line (where it is written in the file), section and key.
        place: String,
        /// The value, its domain and the mend.
        message: String,
    },
}

impl JobError {
    /// The text is not a job, as the reader of TOML says.
    pub(super) fn invalid(path: &Path, text: &str, mut error: toml::de::Error) -> Self {
        error.set_input(Some(text));
        Self::Invalid {
            path: path.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        }
    }
}
