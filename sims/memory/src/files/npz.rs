//! NumPy's `.npz`: a zip archive of `.npy` files.

use std::fs::File;
use std::io::{BufReader, Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{FileError, Table, could_unpack, npy, npy_bytes, open};

/// The first bytes of every archive that holds a file.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// An archive and the names of its arrays.
struct Archive<'a> {
    path: &'a Path,
    entries: ZipArchive<BufReader<File>>,
    arrays: Vec<String>,
}

impl<'a> Archive<'a> {
    fn new(path: &'a Path, file: File) -> Result<Self, FileError> {
        let entries =
            ZipArchive::new(BufReader::new(file)).map_err(|failed| damaged(path, &failed))?;
        let array = |raw: &[u8]| {
            let name = String::from_utf8_lossy(raw);
            name.strip_suffix(".npy").unwrap_or(&name).to_owned()
        };
        let arrays = entries.file_names_raw().map(array).collect();
        Ok(Self {
            path,
            entries,
            arrays,
        })
    }

    fn read(&mut self, index: usize) -> Result<Table, FileError> {
        let path = self.path;
        let mut entry = self
            .entries
            .by_index(index)
            .map_err(|failed| damaged(path, &failed))?;
        let (packed, unpacked) = (entry.compressed_size(), entry.size());
        if !could_unpack(packed, unpacked) {
            let message = format!(
                "is damaged: {packed} packed bytes of {} announce {unpacked}",
                self.arrays[index]
            );
            return Err(FileError::new(path, message));
        }
        npy::read(path, &mut entry, unpacked)
    }
}

fn damaged(path: &Path, what: &dyn std::fmt::Display) -> FileError {
    FileError::new(path, format!("is a damaged archive: {what}"))
}

/// The array of a name, or the only one.
pub(super) fn read(path: &Path, file: File, name: Option<&str>) -> Result<Table, FileError> {
    let error = |message: String| FileError::new(path, message);
    let mut archive = Archive::new(path, file)?;
    let known = || format!("it holds {}", archive.arrays.join(", "));
    let index = match (name, archive.arrays.as_slice()) {
        (Some(name), arrays) => arrays
            .iter()
            .position(|array| array == name)
            .ok_or_else(|| error(format!("holds no array {name:?}: {}", known())))?,
        (None, [_]) => 0,
        (None, []) => return Err(error("holds no array".to_owned())),
        (None, _) => {
            return Err(error(format!(
                "holds several arrays, name one: {}",
                known()
            )));
        }
    };
    archive.read(index)
}

/// All arrays of a `.npz` by name, in its order.
///
/// # Errors
/// [`FileError`] naming the file: not there, no such archive, damaged, elements that are no
/// numbers.
pub fn read_npz(path: &Path) -> Result<Vec<(String, Table)>, FileError> {
    let mut archive = Archive::new(path, open(path)?)?;
    let names = archive.arrays.clone().into_iter().enumerate();
    names
        .map(|(index, name)| Ok((name, archive.read(index)?)))
        .collect()
}

/// The bytes of a `.npz` of arrays of doubles: name, dimensions and values of each.
///
/// # Panics
/// If dimensions are not those of the values, or two arrays have the same name.
pub fn npz_bytes<'a>(
    arrays: impl IntoIterator<Item = (&'a str, &'a [usize], &'a [f64])>,
) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, dimensions, values) in arrays {
        archive
            .start_file(format!("{name}.npy"), SimpleFileOptions::default())
            .expect("every array has a name of its own");
        archive
            .write_all(&npy_bytes(dimensions, values))
            .expect("memory takes all bytes");
    }
    let bytes = archive.finish().expect("memory takes all bytes");
    bytes.into_inner()
}
