//! Tables on standard output: aligned for people, csv and json with full precision.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use super::error::CommandError;

/// Writes one line to standard output.
pub fn line(text: impl Display) -> Result<(), CommandError> {
    write(&format!("{text}\n"))
}

/// Announces files.
pub fn wrote(paths: &[PathBuf]) -> Result<(), CommandError> {
    paths
        .iter()
        .try_for_each(|path| line(format_args!("wrote {}", path.display())))
}

fn write(text: &str) -> Result<(), CommandError> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        // A reader such as `head` may stop early.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::Failed(
            format!("cannot write to standard output: {error}"),
        )),
        _ => Ok(()),
    }
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Csv,
    Json,
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Integer(u64),
    /// Empty where there is no number.
    Number(Option<f64>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Number(Some(value))
    }
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Self {
        Self::Number(value)
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Self::Integer(value as u64)
    }
}

/// The cells of a row, each with the name of its column.
pub type Row = Vec<(&'static str, Cell)>;

/// Prints rows of the same columns.
pub fn print(
    format: Format,
    rows: impl IntoIterator<Item = Result<Row, CommandError>>,
) -> Result<(), CommandError> {
    let rows = rows.into_iter().collect::<Result<Vec<Row>, _>>()?;
    let columns = rows.first().map_or(&[][..], |row| row);
    let mut table = Table::new(columns.iter().map(|&(name, _)| name));
    for row in rows {
        table.push(row.into_iter().map(|(_, cell)| cell).collect());
    }
    table.print(format)
}

/// Named columns and their rows.
#[derive(Debug)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new<Name: Into<String>>(columns: impl IntoIterator<Item = Name>) -> Self {
        Self {
            columns: columns.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
        }
    }

    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(
            row.len(),
            self.columns.len(),
            "a row has a cell for every column"
        );
        self.rows.push(row);
    }

    /// Writes the table to standard output.
    pub fn print(&self, format: Format) -> Result<(), CommandError> {
        let text = match format {
            Format::Table => self.aligned(),
            Format::Csv => self.csv(),
            Format::Json => self.json(),
        };
        write(&text)
    }

    fn aligned(&self) -> String {
        let mut lines: Vec<Vec<String>> = vec![self.columns.clone()];
        lines.extend(
            self.rows
                .iter()
                .map(|row| row.iter().map(for_people).collect()),
        );
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                lines
                    .iter()
                    .map(|line| line[column].chars().count())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for line in lines {
            let cells: Vec<String> = line
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, &width))| {
                    if self.is_text(column) {
                        format!("{cell:<width$}")
                    } else {
                        format!("{cell:>width$}")
                    }
                })
                .collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }

    fn is_text(&self, column: usize) -> bool {
        self.rows
            .iter()
            .any(|row| matches!(row[column], Cell::Text(_)))
    }

    fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let rows = self.rows.iter().map(|row| row.iter().map(exact).collect());
        for row in std::iter::once(self.columns.clone()).chain(rows) {
            writer
                .write_record(&row)
                .expect("writing equal rows to memory succeeds");
        }
        let bytes = writer.into_inner().expect("writing to memory succeeds");
        String::from_utf8(bytes).expect("every cell is text")
    }

    fn json(&self) -> String {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let pairs = self.columns.iter().zip(row);
                let object: Map<String, Value> = pairs
                    .map(|(name, cell)| (name.clone(), cell_json(cell)))
                    .collect();
                Value::Object(object)
            })
            .collect();
        format!("{:#}\n", Value::Array(rows))
    }
}

/// Six significant digits; a dash where there is no number.
fn for_people(cell: &Cell) -> String {
    match cell {
        Cell::Number(None) => "–".to_owned(),
        Cell::Number(Some(value)) => {
            let magnitude = value.abs();
            if *value == 0.0 {
                "0".to_owned()
            } else if (1e-4..1e7).contains(&magnitude) {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "the decimal exponent of a number between 1e-4 and 1e7"
                )]
                let exponent = magnitude.log10().floor() as i32;
                let decimals = usize::try_from(5 - exponent).unwrap_or(0);
                let text = format!("{value:.decimals$}");
                if text.contains('.') {
                    text.trim_end_matches('0').trim_end_matches('.').to_owned()
                } else {
                    text
                }
            } else {
                format!("{value:.5e}")
            }
        }
        other => exact(other),
    }
}

/// The shortest text that reads back to the same number.
fn exact(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Integer(value) => value.to_string(),
        Cell::Number(Some(value)) => value.to_string(),
        Cell::Number(None) => String::new(),
    }
}

fn cell_json(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Integer(value) => json!(value),
        Cell::Number(value) => json!(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_six_digits_and_files_all_of_them() {
        let third = Cell::from(1.0 / 3.0);
        assert_eq!(for_people(&third), "0.333333");
        assert_eq!(exact(&third), "0.3333333333333333");
        assert_eq!(for_people(&Cell::from(162_755.0)), "162755");
        assert_eq!(for_people(&Cell::from(0.2)), "0.2");
        assert_eq!(for_people(&Cell::from(1.5e-9)), "1.50000e-9");
        assert_eq!(for_people(&Cell::from(None)), "–");
        assert_eq!(exact(&Cell::from(None)), "");
    }
}
