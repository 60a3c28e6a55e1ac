//! What can be wrong with a file of patterns.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// A file whose numbers cannot be used, with what is wrong and the mend.
#[derive(Debug, Error)]
#[error("{} {message}", path.display())]
pub struct FileError {
    path: PathBuf,
    message: String,
}

impl FileError {
    /// Of a file: what is wrong with it, and the mend.
    pub fn new(path: &Path, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            message: message.into(),
        }
    }

    pub(super) fn unreadable(path: &Path, source: &std::io::Error) -> Self {
        Self::new(path, format!("cannot be read: {source}"))
    }

    /// The file that is wrong.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
