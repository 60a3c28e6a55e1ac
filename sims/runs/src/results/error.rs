//! What can go wrong with result files.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Result files that cannot be read, written or trusted, with the mend.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The output folder cannot be created or written to.
    #[error("cannot write to the output folder {}: {source}; choose another with --output", path.display())]
    NotWritable {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file stands where a result belongs but was not written by this program.
    #[error(
        "{} is not a result of this program ({reason}); it is left as it is: move it away or choose another --output",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it lacks.
        reason: String,
    },
    /// Another process works on the job.
    #[error(
        "another dam works on this job in {}: {owner}; wait for its end, stop it, or choose another --output",
        folder.display()
    )]
    Locked {
        /// The output folder.
        folder: PathBuf,
        /// Host, process, since when, and which part.
        owner: String,
    },
    /// The job file changed since its results were made.
    #[error(
        "the job changed since {} was made:\n{changes}\nrestore these values, give the job another name, or choose another --output",
        path.display()
    )]
    JobChanged {
        /// A result made with the other settings.
        path: PathBuf,
        /// One line per changed key.
        changes: String,
    },
}

impl StoreError {
    /// Whether the user's input (rather than the machine) is at fault, found before any work.
    pub fn is_bad_input(&self) -> bool {
        !matches!(self, Self::Unwritable { .. })
    }

    pub(super) fn unwritable(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Unwritable { path, source }
    }
}
