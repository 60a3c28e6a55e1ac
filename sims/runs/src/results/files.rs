//! Our files: whole or absent, and told from foreign ones.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::results::document::{Format, SCHEMA};
use crate::results::error::StoreError;

/// One of our files, read back.
pub(super) enum Content<T> {
    Absent,
    Truncated,
    Document(T),
}

/// What every file of ours says of its form.
#[derive(Deserialize)]
struct Header {
    schema: u32,
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
    let opening = format.opening().as_bytes();
    if bytes.iter().all(|&byte| byte == 0) || opening.starts_with(&bytes) {
        return Ok(Content::Truncated);
    }
    if !bytes.starts_with(opening) {
        return Err(foreign(format!(
            "it does not begin with {}",
            format.opening()
        )));
    }
    if let Ok(Header { schema }) = serde_json::from_slice(&bytes)
        && schema > SCHEMA
    {
        let reason = format!("its schema {schema} is newer than {SCHEMA}: use a newer dam");
        return Err(foreign(reason));
    }
    match serde_json::from_slice::<T>(&bytes) {
        Ok(document) => Ok(Content::Document(document)),
        Err(error) if error.is_eof() || bytes.ends_with(&[0]) => Ok(Content::Truncated),
        Err(error) => Err(foreign(error.to_string())),
    }
}

pub(super) fn write_json(path: &Path, document: &impl Serialize) -> Result<(), StoreError> {
    let mut text = serde_json::to_vec(document).map_err(|error| StoreError::Unwritable {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    })?;
    text.push(b'\n');
    write_bytes(path, &text)
}

/// Writes to a temporary name, syncs and renames: a file is whole or absent.
pub(super) fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".writing-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private by default; results follow the user's umask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
        .tempfile_in(directory)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        })
        .map_err(StoreError::unwritable(path))
}
