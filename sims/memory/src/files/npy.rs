//! NumPy's `.npy`: a magic number, the length of a header, a header that is a Python dictionary of
//! element type, order and shape, and the elements (numpy.lib.format, versions 1 to 3).

use std::io::Read;
use std::path::Path;

use super::table::{LARGEST_WHOLE, Table, shape_text};
use super::{FileError, next_bytes};

/// The first bytes of every file.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";
/// NumPy pads the headers of plain arrays to 128 bytes; it refuses more than 10 000 itself.
const LONGEST_HEADER: usize = 10_000;

/// An element type: its code without the sign of the byte order, its bytes (least first), its value.
struct Type {
    code: &'static str,
    bytes: usize,
    value: fn(&[u8]) -> f64,
}

/// The element types that are numbers.
const TYPES: [Type; 12] = [
    of("f8", 8, |bytes| f64::from_le_bytes(array(bytes))),
    of("f4", 4, |bytes| f32::from_le_bytes(array(bytes)).into()),
    of("f2", 2, |bytes| half(u16::from_le_bytes(array(bytes)))),
    of("b1", 1, |bytes| bytes[0].into()),
    of("u1", 1, |bytes| bytes[0].into()),
    of("i1", 1, |bytes| i8::from_le_bytes(array(bytes)).into()),
    of("u2", 2, |bytes| u16::from_le_bytes(array(bytes)).into()),
    of("i2", 2, |bytes| i16::from_le_bytes(array(bytes)).into()),
    of("u4", 4, |bytes| u32::from_le_bytes(array(bytes)).into()),
    of("i4", 4, |bytes| i32::from_le_bytes(array(bytes)).into()),
    of("u8", 8, |bytes| u64::from_le_bytes(array(bytes)) as f64),
    of("i8", 8, |bytes| i64::from_le_bytes(array(bytes)) as f64),
];

const fn of(code: &'static str, bytes: usize, value: fn(&[u8]) -> f64) -> Type {
    Type { code, bytes, value }
}

fn array<const K: usize>(bytes: &[u8]) -> [u8; K] {
    bytes
        .try_into()
        .expect("an element has the bytes of its type")
}

/// A number of IEEE 754 half precision.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    sign * match exponent {
        0 => fraction * 2.0_f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2.0_f64.powi(exponent - 15),
    }
}

/// What the header of a file says.
struct Header<'a> {
    code: &'a str,
    is_big: bool,
    is_fortran: bool,
    dimensions: Vec<usize>,
}

/// Reads an array of `length` bytes. The header is read and judged first; no more is read than it
/// announces.
pub(super) fn read(path: &Path, file: &mut dyn Read, length: u64) -> Result<Table, FileError> {
    let error = |message: String| FileError::new(path, message);
    let text = header_text(path, file)?;
    let (text, header_bytes) = (text.0.as_str(), text.1);
    let unknown = || {
        error(format!(
            "has a header that is not NumPy's: {}",
            text.trim_end()
        ))
    };
    let header = parse(text).ok_or_else(unknown)?;
    let Some(kind) = TYPES.iter().find(|kind| kind.code == header.code) else {
        return Err(error(format!(
            "holds elements of type {:?}; save real numbers, such as array.astype(float)",
            header.code
        )));
    };
    let shape = shape_text(&header.dimensions);
    let product = |product: usize, &next: &usize| product.checked_mul(next);
    let count = header.dimensions.iter().try_fold(1, product);
    let expected = count.and_then(|count| count.checked_mul(kind.bytes));
    let left = length.saturating_sub(header_bytes as u64);
    let announced = format!("its header announces {shape} of {} bytes each", kind.bytes);
    let Some(expected) = expected.filter(|&expected| expected as u64 <= left) else {
        return Err(error(format!(
            "is cut short: {left} bytes follow, {announced}"
        )));
    };
    if left > expected as u64 {
        return Err(error(format!(
            "holds more bytes than it should: {left} follow, {announced}"
        )));
    }
    let mut bytes = next_bytes(path, file, expected as u64)?;
    if bytes.len() < expected {
        let found = bytes.len();
        return Err(error(format!(
            "is cut short: {found} bytes follow, {announced}"
        )));
    }
    // an archive checks its sum at the end only
    if !next_bytes(path, file, 1)?.is_empty() {
        return Err(error("holds more bytes than it announces".to_owned()));
    }
    if header.is_big {
        bytes.chunks_exact_mut(kind.bytes).for_each(<[u8]>::reverse);
    }
    let values: Vec<f64> = bytes.chunks_exact(kind.bytes).map(kind.value).collect();
    let is_whole = !header.code.starts_with('f');
    if is_whole && let Some(value) = values.iter().find(|value| value.abs() >= LARGEST_WHOLE) {
        return Err(error(format!(
            "holds the whole number {value:e}, whose neighbours are the same double; save float64"
        )));
    }
    Ok(Table {
        values: if header.is_fortran {
            rows_first(&header.dimensions, &values)
        } else {
            values
        },
        dimensions: header.dimensions,
        unit: 1.0,
    })
}

/// The header and how many bytes it takes with all that stands before it.
fn header_text(path: &Path, file: &mut dyn Read) -> Result<(String, usize), FileError> {
    let error = |message: String| FileError::new(path, message);
    let cut = |found: usize| {
        error(format!(
            "is cut short: {found} bytes hold no header of NumPy"
        ))
    };
    let start = next_bytes(path, file, 8)?;
    if start.len() < 8 || !start.starts_with(MAGIC) {
        return Err(cut(start.len()));
    }
    let width = match start[6] {
        1 => 2_usize,
        2 | 3 => 4,
        version => {
            return Err(error(format!(
                "is of version {version} of .npy; 1 to 3 are read"
            )));
        }
    };
    let digits = next_bytes(path, file, width as u64)?;
    let length = digits
        .iter()
        .rev()
        .fold(0, |sum, &byte| sum << 8 | usize::from(byte));
    if digits.len() < width {
        return Err(cut(8 + digits.len()));
    }
    if length > LONGEST_HEADER {
        return Err(error(format!(
            "announces a header of {length} bytes; that of an array of numbers has 128"
        )));
    }
    let text = next_bytes(path, file, length as u64)?;
    let bytes = 8 + digits.len() + text.len();
    if text.len() < length {
        return Err(cut(bytes));
    }
    Ok((String::from_utf8_lossy(&text).into_owned(), bytes))
}

/// What a header such as `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }` says.
fn parse(text: &str) -> Option<Header<'_>> {
    let value = |key: &str| {
        let places = ["'", "\""].map(|quote| format!("{quote}{key}{quote}"));
        let (place, key) = places.iter().find_map(|key| Some((text.find(key)?, key)))?;
        text[place + key.len()..]
            .trim_start()
            .strip_prefix(':')
            .map(str::trim_start)
    };
    let descr = value("descr")?;
    let quote = descr
        .chars()
        .next()
        .filter(|quote| "'\"".contains(*quote))?;
    let code = descr[1..].split(quote).next()?;
    let (is_big, code) = match code.split_at_checked(1)? {
        (">", code) => (true, code),
        ("<" | "|" | "=", code) => (false, code),
        _ => (false, code),
    };
    let order = value("fortran_order")?;
    let is_fortran = order.starts_with("True");
    if !is_fortran && !order.starts_with("False") {
        return None;
    }
    let (shape, _) = value("shape")?.strip_prefix('(')?.split_once(')')?;
    let parts = shape
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let dimensions: Result<Vec<usize>, _> = parts.map(str::parse).collect();
    Some(Header {
        code,
        is_big,
        is_fortran,
        dimensions: dimensions.ok()?,
    })
}

/// Numbers whose first index runs fastest, in the order in which the last does.
fn rows_first(dimensions: &[usize], values: &[f64]) -> Vec<f64> {
    let mut strides = Vec::with_capacity(dimensions.len());
    let mut stride = 1;
    for dimension in dimensions {
        strides.push(stride);
        stride *= dimension;
    }
    let place = |mut index: usize| {
        let axes = dimensions.iter().zip(&strides).rev();
        axes.map(|(dimension, stride)| {
            let digit = index % dimension;
            index /= dimension;
            digit * stride
        })
        .sum::<usize>()
    };
    (0..values.len())
        .map(|index| values[place(index)])
        .collect()
}

/// The bytes of a file of doubles, whose rows are those of `values`.
///
/// # Panics
/// If the dimensions are not those of the values.
pub fn npy_bytes(dimensions: &[usize], values: &[f64]) -> Vec<u8> {
    assert_eq!(
        dimensions.iter().product::<usize>(),
        values.len(),
        "one value for each place"
    );
    let lengths: Vec<String> = dimensions.iter().map(usize::to_string).collect();
    let shape = lengths.join(", ");
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape},), }}");
    // as NumPy does: the elements start at a multiple of 64 bytes
    let start = MAGIC.len() + 4;
    while !(start + header.len() + 1).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let length = u16::try_from(header.len()).expect("a short header");
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend(length.to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}
