//! Folders of PNG files: one image a file, in the order of their names.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use png::{BitDepth, ColorType, Decoder, DecodingError, Limits, Reader, Transformations};

use super::{FileError, Table, could_unpack, open};

/// Planes, height, width, and the value of white.
#[derive(Clone, Copy, PartialEq)]
struct Kind {
    planes: usize,
    height: usize,
    width: usize,
    white: u16,
}

/// All PNG files of a folder; other files are left alone.
pub(super) fn read(folder: &Path) -> Result<Table, FileError> {
    let unreadable = |failed| FileError::unreadable(folder, &failed);
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_png = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
        if is_png {
            paths.push(path);
        }
    }
    paths.sort();
    let Some(first) = paths.first() else {
        return Err(FileError::new(folder, "holds no file that ends in .png"));
    };
    let mut values = Vec::new();
    let kind = image(first, None, &mut values)?;
    for path in &paths[1..] {
        image(path, Some((first, kind)), &mut values)?;
    }
    Ok(Table {
        dimensions: vec![paths.len(), kind.planes, kind.height, kind.width],
        values,
        unit: kind.white.into(),
    })
}

/// A file whose header announces no more than it can hold.
fn begun(path: &Path) -> Result<Reader<BufReader<File>>, FileError> {
    let damaged = |failed| damaged(path, &failed);
    let file = open(path)?;
    let metadata = file.metadata();
    let length = metadata
        .map_err(|failed| FileError::unreadable(path, &failed))?
        .len();
    let limits = Limits { bytes: usize::MAX };
    let mut decoder = Decoder::new_with_limits(BufReader::new(file), limits);
    decoder.set_transformations(Transformations::EXPAND);
    let info = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (u64::from(info.width), u64::from(info.height));
    // a row has a filter byte besides its pixels, of at least one bit
    if !could_unpack(length, (width.div_ceil(8) + 1).saturating_mul(height)) {
        let message = format!("is damaged: {length} bytes announce {height}×{width} pixels");
        return Err(FileError::new(path, message));
    }
    decoder.read_info().map_err(damaged)
}

fn damaged(path: &Path, failed: &DecodingError) -> FileError {
    FileError::new(path, format!("is no whole PNG file ({failed})"))
}

/// Adds the values of an image, plane by plane, and returns its kind, which must be that of the
/// first one.
fn image(
    path: &Path,
    first: Option<(&Path, Kind)>,
    values: &mut Vec<f64>,
) -> Result<Kind, FileError> {
    let error = |message: String| FileError::new(path, message);
    let damaged = |failed| damaged(path, &failed);
    let mut reader = begun(path)?;
    let (color, depth) = reader.output_color_type();
    let (width, height) = reader.info().size();
    let kind = Kind {
        planes: match color {
            ColorType::Grayscale | ColorType::GrayscaleAlpha => 1,
            ColorType::Rgb | ColorType::Rgba | ColorType::Indexed => 3,
        },
        height: height as usize,
        width: width as usize,
        white: if depth == BitDepth::Sixteen {
            u16::MAX
        } else {
            255
        },
    };
    if let Some((first, expected)) = first
        && kind != expected
    {
        return Err(error(format!(
            "is {}, but {} is {}: the images of a folder have one shape",
            described(kind),
            first.display(),
            described(expected)
        )));
    }
    let mut bytes = vec![0; reader.output_buffer_size()];
    reader.next_frame(&mut bytes).map_err(damaged)?;
    let samples: Vec<u16> = if depth == BitDepth::Sixteen {
        let pairs = bytes.as_chunks::<2>().0.iter();
        pairs.map(|&pair| u16::from_be_bytes(pair)).collect()
    } else {
        bytes.into_iter().map(u16::from).collect()
    };
    let pixels = || samples.chunks_exact(color.samples());
    if color.samples() > kind.planes && pixels().any(|pixel| pixel[kind.planes] != kind.white) {
        let mend = "is transparent in places, which no number stands for; save it without an alpha channel";
        return Err(error(mend.to_owned()));
    }
    for plane in 0..kind.planes {
        values.extend(pixels().map(|pixel| f64::from(pixel[plane])));
    }
    Ok(kind)
}

fn described(kind: Kind) -> String {
    let color = if kind.planes == 1 { "grey" } else { "coloured" };
    let bits = if kind.white == u16::MAX { 16 } else { 8 };
    format!(
        "{}×{} pixels, {color}, {bits} bits",
        kind.height, kind.width
    )
}
