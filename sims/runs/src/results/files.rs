//! Our files: whole or absent, undamaged or told so, and told from foreign ones.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::results::digest::{Seal, seal, sealed};
use crate::results::document::{Format, PROGRAM, SCHEMA};
use crate::results::error::StoreError;
use crate::whole_file;

/// One of our files, read back.
pub(super) enum Content<T> {
    Absent,
    Truncated,
    /// It does not agree with its digest; what can be read of it all the same.
    Damaged(Option<T>),
    /// Of an earlier build, without a digest.
    Undigested(T),
    Whole(T),
}

impl<T> Content<T> {
    pub(super) fn map<U>(self, into: impl FnOnce(T) -> U) -> Content<U> {
        match self {
            Self::Absent => Content::Absent,
            Self::Truncated => Content::Truncated,
            Self::Damaged(document) => Content::Damaged(document.map(into)),
            Self::Undigested(document) => Content::Undigested(into(document)),
            Self::Whole(document) => Content::Whole(into(document)),
        }
    }
}

/// What every file of ours says of its form.
#[derive(Deserialize)]
struct Form {
    schema: u32,
    program: String,
}

/// Reads one of our files. A file cut short is told from one that was never ours by its
/// first bytes: ours begin with their format, or are blank after a power cut.
pub(super) fn read<T: DeserializeOwned>(
    path: &Path,
    format: Format,
) -> Result<Content<T>, StoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Content::Absent),
        Err(source) if source.kind() == std::io::ErrorKind::NotADirectory => {
            let folder = path.parent().unwrap_or(path).to_owned();
            return Err(StoreError::NotWritable {
                path: folder,
                source,
            });
        }
        Err(source) => {
            return Err(StoreError::Unreadable {
                path: path.to_owned(),
                source,
            });
        }
    };
    let foreign = |reason: String| StoreError::Foreign {
        path: path.to_owned(),
        reason,
    };
    let opening = format.opening();
    if bytes.iter().all(|&byte| byte == 0) || opening.as_bytes().starts_with(&bytes) {
        return Ok(Content::Truncated);
    }
    let found = seal(&bytes, opening);
    if found == Seal::Foreign {
        return Err(foreign(format!("it does not begin with {opening}")));
    }
    if found != Seal::Broken
        && let Ok(form) = serde_json::from_slice::<Form>(&bytes)
        && let Some(reason) = form.is_of_another_program()
    {
        return Err(foreign(reason));
    }
    match (found, serde_json::from_slice::<T>(&bytes)) {
        (_, Err(error)) if error.is_eof() || bytes.ends_with(&[0]) => Ok(Content::Truncated),
        (Seal::Broken, document) => Ok(Content::Damaged(document.ok())),
        (Seal::Missing, Ok(document)) => Ok(Content::Undigested(document)),
        (_, Ok(document)) => Ok(Content::Whole(document)),
        (_, Err(error)) => Err(foreign(error.to_string())),
    }
}

impl Form {
    /// Why this build does not read the file.
    fn is_of_another_program(&self) -> Option<String> {
        let (schema, program) = (self.schema, &self.program);
        if schema > SCHEMA {
            return Some(format!(
                "its schema {schema} is newer than {SCHEMA}: use a newer dam"
            ));
        }
        if schema == 0 {
            return Some("its schema is 0, which no dam has written".to_owned());
        }
        match (version(program), version(PROGRAM)) {
            (None, _) => Some(format!("it is of {program:?}, not of dam")),
            (found, own) if found > own => Some(format!(
                "it is of {program}, newer than this {PROGRAM}: use a newer dam"
            )),
            _ => None,
        }
    }
}

/// The numbers of `dam 1.2.3`.
fn version(program: &str) -> Option<Vec<u32>> {
    let numbers = program.strip_prefix("dam ")?.split('.');
    let numbers: Vec<u32> = numbers
        .map(|number| number.parse().ok())
        .collect::<Option<_>>()?;
    (numbers.len() == 3).then_some(numbers)
}

/// Writes a document with its digest; a file is whole or absent.
pub(super) fn write_json(
    path: &Path,
    format: Format,
    document: &impl Serialize,
) -> Result<(), StoreError> {
    let mut text = serde_json::to_vec(document).map_err(|error| StoreError::Unwritable {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    })?;
    text.push(b'\n');
    write_bytes(path, &sealed(format.opening(), &text))
}

pub(super) fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    whole_file::write(path, bytes).map_err(StoreError::unwritable(path))
}
