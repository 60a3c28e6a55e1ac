//! The IDX format: two zero bytes, the element type, the number of dimensions, the dimensions as
//! big-endian 32-bit numbers, the elements (LeCun, Cortes & Burges, the MNIST database).

use std::path::Path;

use crate::images::{ImageError, ImageFormat, ImageShape, file};

/// The element type of unsigned bytes.
const UNSIGNED_BYTE: u8 = 0x08;
const IMAGE_DIMENSIONS: usize = 3;
const LABEL_DIMENSIONS: usize = 1;

/// Shape and pixels of a file of grey images.
pub(super) fn read_images(path: &Path) -> Result<(ImageShape, Vec<u8>), ImageError> {
    let mut bytes = file::read(path, ImageFormat::Idx)?;
    let [count, height, width] = header::<IMAGE_DIMENSIONS>(path, &bytes)?;
    if count == 0 || height == 0 || width == 0 {
        let message = format!("holds no pixel: {count} images of {height}×{width}");
        return Err(content(path, message));
    }
    check_length::<IMAGE_DIMENSIONS>(path, &bytes, [count, height, width])?;
    bytes.drain(..header_length::<IMAGE_DIMENSIONS>());
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
    let mut bytes = file::read(path, ImageFormat::Idx)?;
    let [found] = header::<LABEL_DIMENSIONS>(path, &bytes)?;
    check_length::<LABEL_DIMENSIONS>(path, &bytes, [found])?;
    if found != count {
        let message = format!(
            "holds {found} labels, but {} holds {count} images: they do not belong together",
            images.display()
        );
        return Err(content(path, message));
    }
    bytes.drain(..header_length::<LABEL_DIMENSIONS>());
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

/// Bytes before the elements.
const fn header_length<const D: usize>() -> usize {
    4 + 4 * D
}

/// The dimensions, after a check of the magic number.
fn header<const D: usize>(path: &Path, bytes: &[u8]) -> Result<[usize; D], ImageError> {
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
    let dimension = |index: usize| {
        let bytes = bytes.get(4 + 4 * index..).and_then(<[u8]>::first_chunk)?;
        usize::try_from(u32::from_be_bytes(*bytes)).ok()
    };
    let mut dimensions = [0; D];
    for (index, value) in dimensions.iter_mut().enumerate() {
        let Some(found) = dimension(index) else {
            let message = format!("is cut short: {} bytes hold no IDX header", bytes.len());
            return Err(content(path, message));
        };
        *value = found;
    }
    Ok(dimensions)
}

/// Refuses files with fewer or more elements than their header says.
fn check_length<const D: usize>(
    path: &Path,
    bytes: &[u8],
    dimensions: [usize; D],
) -> Result<(), ImageError> {
    let product = dimensions
        .iter()
        .try_fold(1_u128, |product, &value| product.checked_mul(value as u128));
    let found = (bytes.len() - header_length::<D>()) as u128;
    let shape = dimensions.map(|value| value.to_string()).join("×");
    match product {
        Some(expected) if found == expected => Ok(()),
        Some(expected) if found > expected => Err(content(
            path,
            format!(
                "holds {found} bytes after its header, more than the {shape} that it announces"
            ),
        )),
        _ => Err(content(
            path,
            format!("is cut short: {found} bytes after its header, which announces {shape}"),
        )),
    }
}

fn content(path: &Path, message: String) -> ImageError {
    ImageError::content(path, ImageFormat::Idx, message)
}
