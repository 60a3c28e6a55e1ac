//! Patterns of one's own: arrays of NumPy, texts of numbers, folders of PNG files.

mod error;
mod npy;
mod npz;
mod png_folder;
mod table;
mod text;

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use crate::images::Stream;

pub use error::FileError;
pub use npy::npy_bytes;
pub use npz::{npz_bytes, read_npz};
pub use table::{FilePatterns, Table};

/// Reads the numbers of a `.npy`, a `.npz` (`array` names which of several), a text of numbers,
/// plain or gzip, or a folder of PNG files, told apart by their first bytes.
///
/// # Errors
/// [`FileError`] naming the file, as [`FilePatterns::read`], but for the shape and what the numbers
/// are.
pub fn read_table(path: &Path, array: Option<&str>) -> Result<Table, FileError> {
    if path.is_dir() {
        no_array(path, array)?;
        return png_folder::read(path);
    }
    let mut file = open(path)?;
    let unreadable = |failed| FileError::unreadable(path, &failed);
    let length = file.metadata().map_err(unreadable)?.len();
    let start = next_bytes(path, &mut file, 8)?;
    file.rewind().map_err(unreadable)?;
    if start.starts_with(npz::MAGIC) {
        return npz::read(path, file, array);
    }
    no_array(path, array)?;
    if start.starts_with(npy::MAGIC) {
        return npy::read(path, &mut file, length);
    }
    if start.starts_with(b"\x89PNG") {
        return Err(FileError::new(
            path,
            "is one image; give the folder of the PNG files",
        ));
    }
    text::read(path, Cursor::new(unpacked(path, file)?))
}

/// All bytes of a plain or gzip file.
fn unpacked(path: &Path, file: File) -> Result<Vec<u8>, FileError> {
    let unreadable = |failed| FileError::unreadable(path, &failed);
    let mut stream = Stream::new(file).map_err(unreadable)?;
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(failed) => Err(match stream.flaw(&failed) {
            Some(message) => FileError::new(path, message),
            None => FileError::unreadable(path, &failed),
        }),
    }
}

/// Only archives have arrays with names.
fn no_array(path: &Path, array: Option<&str>) -> Result<(), FileError> {
    array.map_or(Ok(()), |name| {
        let message =
            format!("is no .npz archive, which alone has arrays with names: leave {name:?} out");
        Err(FileError::new(path, message))
    })
}

/// Opens a file, which must be one: a pipe or device would never end.
fn open(path: &Path) -> Result<File, FileError> {
    let unreadable = |failed| FileError::unreadable(path, &failed);
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(FileError::new(path, "is no regular file"));
    }
    File::open(path).map_err(unreadable)
}

/// The next `count` bytes, or all there are.
fn next_bytes(path: &Path, file: &mut dyn Read, count: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let read = file.take(count).read_to_end(&mut bytes);
    read.map_err(|failed| FileError::unreadable(path, &failed))?;
    Ok(bytes)
}

/// Whether `unpacked` bytes can come from so many: deflate packs 1032 into one at best (its header
/// and a block's tables left aside).
fn could_unpack(packed: u64, unpacked: u64) -> bool {
    unpacked <= packed.saturating_add(1).saturating_mul(1032)
}
