//! NumPy's `.npz`: a zip archive of `.npy` files.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use zip::ZipArchive;

use super::{FileError, Table, could_unpack, npy};

/// The first bytes of every archive that holds a file.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// The array of a name, or the only one.
pub(super) fn read(path: &Path, file: File, name: Option<&str>) -> Result<Table, FileError> {
    let error = |message: String| FileError::new(path, message);
    let damaged = |what: &dyn std::fmt::Display| error(format!("is a damaged archive: {what}"));
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|failed| damaged(&failed))?;
    let names: Vec<String> = archive
        .file_names_raw()
        .map(|raw| String::from_utf8_lossy(raw).into_owned())
        .collect();
    let array = |name: &String| name.strip_suffix(".npy").unwrap_or(name).to_owned();
    let arrays: Vec<String> = names.iter().map(array).collect();
    let known = || format!("it holds {}", arrays.join(", "));
    let index = match (name, arrays.as_slice()) {
        (Some(name), _) => arrays
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
    let mut entry = archive.by_index(index).map_err(|failed| damaged(&failed))?;
    let (packed, unpacked) = (entry.compressed_size(), entry.size());
    if !could_unpack(packed, unpacked) {
        return Err(error(format!(
            "is damaged: {packed} packed bytes of {} announce {unpacked}",
            arrays[index]
        )));
    }
    npy::read(path, &mut entry, unpacked)
}
