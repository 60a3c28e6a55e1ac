//! Reads a plain or gzip file whole.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::images::{ImageError, ImageFormat};

/// The first bytes of every gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The bytes of a file, unpacked if it is gzip.
pub(super) fn read(path: &Path, format: ImageFormat) -> Result<Vec<u8>, ImageError> {
    let unreadable = |source| ImageError::unreadable(path, format, source);
    let mut packed = Vec::new();
    File::open(path)
        .and_then(|file| BufReader::new(file).read_to_end(&mut packed))
        .map_err(unreadable)?;
    if !packed.starts_with(&GZIP) {
        return Ok(packed);
    }
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed.as_slice())
        .read_to_end(&mut bytes)
        .map_err(|error| {
            let message = if error.kind() == ErrorKind::UnexpectedEof {
                "is cut short: its gzip data end too early".to_owned()
            } else {
                format!("holds damaged gzip data ({error})")
            };
            ImageError::content(path, format, message)
        })?;
    Ok(bytes)
}
