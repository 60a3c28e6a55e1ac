//! Texts of numbers: a row a line, separated by commas, semicolons, tabs or blanks.

use std::io::{BufRead, Seek};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{FileError, Table};

/// The separators, in the order in which they are looked for.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b' '];

/// Rows of equal length. Lines that begin with # are left out, and a first line of names.
pub(super) fn read(path: &Path, mut file: impl BufRead + Seek) -> Result<Table, FileError> {
    let error = |message: String| FileError::new(path, message);
    let separator = separator(&mut file).map_err(|failed| FileError::unreadable(path, &failed))?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .comment(Some(b'#'))
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(file);
    let (mut values, mut columns, mut rows) = (Vec::new(), 0, 0);
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|failed| {
            error(format!("is no text of numbers ({failed}); give .npy, .npz, a text of numbers or a folder of PNG files"))
        })?;
        let line = record
            .position()
            .map_or(index as u64 + 1, csv::Position::line);
        let fields: Vec<&str> = fields(&record, separator);
        if index == 0 && fields.iter().all(|field| field.parse::<f64>().is_err()) {
            continue;
        }
        if rows > 0 && fields.len() != columns {
            return Err(error(format!(
                "has {} numbers in line {line} and {columns} in the lines before it: patterns have one length",
                fields.len()
            )));
        }
        (columns, rows) = (fields.len(), rows + 1);
        for field in fields {
            let value: f64 = field.parse().map_err(|_| {
                error(format!("has {field:?} in line {line}, which is not a number (the decimal sign is a point)"))
            })?;
            values.push(value);
        }
    }
    Ok(Table {
        dimensions: vec![rows, columns],
        values,
        unit: 1.0,
    })
}

/// The fields of a line; several blanks separate as one.
fn fields(record: &StringRecord, separator: u8) -> Vec<&str> {
    let is_kept = |field: &&str| separator != b' ' || !field.is_empty();
    record.iter().filter(is_kept).collect()
}

/// The separator of the first line that is no comment.
fn separator(file: &mut (impl BufRead + Seek)) -> std::io::Result<u8> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let is_end = file.read_until(b'\n', &mut line)? == 0;
        if is_end || !line.starts_with(b"#") && !line.trim_ascii().is_empty() {
            break;
        }
    }
    file.rewind()?;
    let line = line.trim_ascii();
    let found = SEPARATORS
        .into_iter()
        .find(|separator| line.contains(separator));
    Ok(found.unwrap_or(b','))
}
