//! The binary version of CIFAR: records of labels and 32×32 pixels in three planes
//! (Krizhevsky 2009).

use std::path::{Path, PathBuf};

use crate::images::file::Bytes;
use crate::images::{ImageError, ImageFormat, ImageShape};

/// The shape of every CIFAR image.
pub(super) const SHAPE: ImageShape = ImageShape {
    channels: 3,
    height: 32,
    width: 32,
};
const PIXELS: usize = 3 * 32 * 32;
/// Twice the records of the largest file there is: what ends the reading of a file without header.
const MOST_RECORDS: usize = 100_000;

/// What stands before the pixels of a record.
struct Layout {
    name: &'static str,
    /// The number of classes of each label byte; the last is the label of the image.
    classes: &'static [u8],
}

const CIFAR_10: Layout = Layout {
    name: "CIFAR-10",
    classes: &[10],
};
const CIFAR_100: Layout = Layout {
    name: "CIFAR-100",
    classes: &[20, 100],
};

impl Layout {
    fn record(&self) -> usize {
        self.classes.len() + PIXELS
    }
}

/// Pixels and labels of all records of the files, in order.
pub(super) fn read(
    paths: &[PathBuf],
    format: ImageFormat,
) -> Result<(Vec<u8>, Vec<u8>), ImageError> {
    let (layout, other) = match format {
        ImageFormat::Cifar10 => (&CIFAR_10, &CIFAR_100),
        ImageFormat::Cifar100 => (&CIFAR_100, &CIFAR_10),
        ImageFormat::Idx => unreachable!("IDX files are read by `idx`"),
    };
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for path in paths {
        let mut file = Bytes::open(path, format)?;
        let (mut count, mut wrong_label) = (0, None);
        loop {
            let record = file.next(layout.record() as u64)?;
            let length = count * layout.record() + record.len();
            if record.len() < layout.record() {
                check_length(path, format, layout, other, length)?;
                break;
            }
            if count == MOST_RECORDS {
                let message = format!(
                    "holds more than {MOST_RECORDS} records, which no file of {} does",
                    layout.name
                );
                return Err(ImageError::content(path, format, message));
            }
            let (label, image) = record.split_at(layout.classes.len());
            for (&label, &classes) in label.iter().zip(layout.classes) {
                if label >= classes {
                    wrong_label = wrong_label.or(Some((count, label, classes)));
                }
            }
            pixels.extend_from_slice(image);
            labels.extend(label.last());
            count += 1;
        }
        if let Some((index, label, classes)) = wrong_label {
            let message = format!(
                "gives record {index} the label {label}, outside 0 … {}: it is not the binary \
                 version of {}",
                classes - 1,
                layout.name
            );
            return Err(ImageError::content(path, format, message));
        }
    }
    Ok((pixels, labels))
}

fn check_length(
    path: &Path,
    format: ImageFormat,
    layout: &Layout,
    other: &Layout,
    length: usize,
) -> Result<(), ImageError> {
    let record = layout.record();
    if length > 0 && length.is_multiple_of(record) {
        return Ok(());
    }
    let hint = if length > 0 && length.is_multiple_of(other.record()) {
        format!(
            ": these are whole records of {}; set that format",
            other.name
        )
    } else if length > record {
        ": it is cut short, or another version of the data".to_owned()
    } else {
        String::new()
    };
    let message = format!(
        "holds {length} bytes, not a whole number of the {record}-byte records of {}{hint}",
        layout.name
    );
    Err(ImageError::content(path, format, message))
}
