//! The IDX format: two zero bytes, the element type, the number of dimensions, the dimensions as
//! big-endian 32-bit numbers, the elements (LeCun, Cortes & Burges, the MNIST database).

use std::path::Path;

use crate::images::file::Bytes;
use crate::images::{ImageError, ImageFormat, ImageShape};

/// The element type of unsigned bytes.
const UNSIGNED_BYTE: u8 = 0x08;
const IMAGE_DIMENSIONS: usize = 3;
const LABEL_DIMENSIONS: usize = 1;

/// Shape and pixels of a file of grey images.
pub(super) fn read_images(path: &Path) -> Result<(ImageShape, Vec<u8>), ImageError> {
    let ([_, height, width], bytes) = read::<IMAGE_DIMENSIONS>(path, |[count, height, width]| {
        (count * height * width == 0)
            .then(|| format!("holds no pixel: {count} images of {height}×{width}"))
    })?;
    let shape = ImageShape {
        channels: 1,
        height,
        width,
    };
    Ok((shape, bytes))
}

/// The labels of `count` images.
pub(super) fn read_labels(
    path: &Path,
    images: &Path,
    count: usize,
    classes: usize,
) -> Result<Vec<u8>, ImageError> {
    let (_, bytes) = read::<LABEL_DIMENSIONS>(path, |[found]| {
        (found != count as u128).then(|| {
            format!(
                "holds {found} labels, but {} holds {count} images: they do not belong together",
                images.display()
            )
        })
    })?;
    let outside = |&(_, &label): &(usize, &u8)| usize::from(label) >= classes;
    if let Some((index, label)) = bytes.iter().enumerate().find(outside) {
        let message = format!(
            "gives image {index} the label {label}, but {classes} classes are counted from 0 \
             (EMNIST has up to 62: set classes to their number)"
        );
        return Err(content(path, message));
    }
    Ok(bytes)
}

/// Dimensions and elements. The header is read and judged first: `refuse` says what is wrong with
/// the dimensions; no more elements are read than it announces.
fn read<const D: usize>(
    path: &Path,
    refuse: impl Fn([u128; D]) -> Option<String>,
) -> Result<([usize; D], Vec<u8>), ImageError> {
    let mut file = Bytes::open(path, ImageFormat::Idx)?;
    let header = file.next((4 + 4 * D) as u64)?;
    let dimensions = dimensions::<D>(path, &header)?;
    let announced = dimensions.map(u128::from);
    if let Some(message) = refuse(announced) {
        return Err(content(path, message));
    }
    let shape = dimensions.map(|value| value.to_string()).join("×");
    // three factors below 2^32
    let expected: u128 = announced.iter().product();
    let bytes = file.next(u64::try_from(expected).unwrap_or(u64::MAX))?;
    if (bytes.len() as u128) < expected {
        let found = bytes.len();
        let message =
            format!("is cut short: {found} bytes after its header, which announces {shape}");
        return Err(content(path, message));
    }
    if !file.is_at_end()? {
        let message =
            format!("holds more bytes after its header than the {shape} that it announces");
        return Err(content(path, message));
    }
    Ok((dimensions.map(|value| value as usize), bytes))
}

/// The dimensions, after a check of the magic number.
fn dimensions<const D: usize>(path: &Path, bytes: &[u8]) -> Result<[u32; D], ImageError> {
    let wanted = if D == IMAGE_DIMENSIONS {
        "images"
    } else {
        "labels"
    };
    let Some(magic) = bytes.first_chunk::<4>() else {
        let message = format!("is cut short: {} bytes hold no magic number", bytes.len());
        return Err(content(path, message));
    };
    let [0, 0, kind, dimensions] = *magic else {
        let message = format!(
            "is not an IDX file: it begins with {:?}, not with two zero bytes",
            String::from_utf8_lossy(magic)
        );
        return Err(content(path, message));
    };
    let number = u32::from_be_bytes(*magic);
    let expected = u32::from_be_bytes([
        0,
        0,
        UNSIGNED_BYTE,
        u8::try_from(D).expect("1 and 3 are small"),
    ]);
    if kind != UNSIGNED_BYTE || usize::from(dimensions) != D {
        let found = match (kind, usize::from(dimensions)) {
            (UNSIGNED_BYTE, LABEL_DIMENSIONS) => "which is a file of labels".to_owned(),
            (UNSIGNED_BYTE, IMAGE_DIMENSIONS) => "which is a file of images".to_owned(),
            _ => format!("elements of type {kind:#04x} in {dimensions} dimensions"),
        };
        let message = format!(
            "is not an IDX file of {wanted} (unsigned bytes in {D} dimensions, magic number \
             {expected}): its magic number is {number}, {found}"
        );
        return Err(content(path, message));
    }
    let (numbers, _) = bytes[4..].as_chunks::<4>();
    let numbers: Vec<u32> = numbers
        .iter()
        .map(|&number| u32::from_be_bytes(number))
        .collect();
    numbers.try_into().map_err(|_| {
        let message = format!("is cut short: {} bytes hold no IDX header", bytes.len());
        content(path, message)
    })
}

fn content(path: &Path, message: String) -> ImageError {
    ImageError::content(path, ImageFormat::Idx, message)
}
