//! What can be wrong with a job file.

use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

use thiserror::Error;

use super::wording::plain;

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
    /// A pipe, a device or a folder stands where the job file should.
    #[error("{} is not a regular file; give the path of a job file, which is read more than once", path.display())]
    NoFile {
        /// What was given.
        path: PathBuf,
    },
    /// The text is not a job: a syntax error, an unknown or missing key, a wrong type.
    #[error("{}{place}: {message}", path.display())]
    Invalid {
        /// The job file.
        path: PathBuf,
        /// The line, where there is one.
        place: String,
        /// What is wrong, and the line as it is written.
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
    pub(super) fn invalid(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let message = plain(error.message());
        let Some(span) = error.span() else {
            return Self::Invalid {
                path: path.to_owned(),
                place: String::new(),
                message,
            };
        };
        let start = span.start.min(text.len());
        let line = line_of(text.as_bytes(), start);
        let written = text.lines().nth(line - 1).unwrap_or_default();
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let bytes = text.as_bytes();
        // behind `0` in `alpha = 0,2`
        let is_decimal_comma = bytes.get(start) == Some(&b',')
            && is_digit(bytes.get(start.wrapping_sub(1)))
            && is_digit(bytes.get(start + 1));
        let message = if is_decimal_comma {
            "the decimal sign is a point; several values stand in brackets".to_owned()
        } else {
            message
        };
        Self::Invalid {
            path: path.to_owned(),
            place: format!(", line {line}"),
            message: format!("{message}\n  {}", written.trim()),
        }
    }

    /// Bytes that are no text.
    pub(super) fn no_text(path: &Path, error: &FromUtf8Error) -> Self {
        let (bytes, start) = (error.as_bytes(), error.utf8_error().valid_up_to());
        let line = line_of(bytes, start);
        Self::Invalid {
            path: path.to_owned(),
            place: format!(", line {line}"),
            message: format!(
                "the byte 0x{:02X} is not UTF-8 text; save the file as UTF-8",
                bytes[start]
            ),
        }
    }
}

/// The line, from 1, in which a byte stands.
fn line_of(bytes: &[u8], start: usize) -> usize {
    bytes[..start].split(|&byte| byte == b'\n').count()
}
