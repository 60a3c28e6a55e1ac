//! Tables on standard output: aligned for people, csv and json with full precision.

use std::fmt::Display;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::ValueEnum;
use dam::sims::exact_number;
use serde_json::{Map, Value, json};

use super::error::CommandError;
use super::note::{tell, visible};

/// Writes one line to standard output.
pub fn line(text: impl Display) -> Result<(), CommandError> {
    write(&format!("{}\n", visible(&text.to_string()))).map(drop)
}

/// Announces files.
pub fn wrote(paths: &[PathBuf]) -> Result<(), CommandError> {
    paths
        .iter()
        .try_for_each(|path| line(format_args!("wrote {}", path.display())))
}

/// Whether anybody still reads: a reader such as `head` may stop early.
fn write(text: &str) -> Result<ControlFlow<()>, CommandError> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => Err(CommandError::Failed(format!(
            "cannot write to standard output: {error}"
        ))),
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

/// Prints rows of the same columns as they come, until nobody reads on. A row that cannot be had for its input is left out
/// and named; where none can be had that is the error.
pub fn print(
    format: Format,
    rows: impl IntoIterator<Item = Result<Row, CommandError>>,
) -> Result<(), CommandError> {
    let mut table: Option<Table> = None;
    let mut lost = 0_usize;
    let mut unsaid: Option<CommandError> = None;
    for row in rows {
        if let Some(error) = unsaid.take() {
            tell(&error);
        }
        match row {
            Ok(row) => {
                let (names, cells): (Vec<_>, Vec<_>) = row.into_iter().unzip();
                let table = table.get_or_insert_with(|| Table::new(format, names));
                if table.push(cells)?.is_break() {
                    return Ok(());
                }
            }
            Err(error @ CommandError::BadInput(_)) => {
                lost += 1;
                unsaid = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    let Some(table) = table else {
        return unsaid.map_or(Ok(()), Err);
    };
    table.finish()?;
    match unsaid {
        _ if lost == 0 => Ok(()),
        last => {
            if let Some(error) = last {
                tell(&error);
            }
            let rows = if lost == 1 { "row is" } else { "rows are" };
            Err(CommandError::Failed(format!(
                "{lost} {rows} left out of the table"
            )))
        }
    }
}

/// Rows that set the widths of a table for people; those that follow are printed as they come.
const ROWS_FOR_WIDTHS: usize = 1000;

/// A table that is written row by row.
#[derive(Debug)]
pub struct Table {
    format: Format,
    columns: Vec<String>,
    /// Rows that are not yet written.
    waiting: Vec<Vec<Cell>>,
    /// Once they are known: of each column its width and whether it holds text.
    layout: Option<Vec<(usize, bool)>>,
    /// Whether some row is written.
    is_begun: bool,
}

impl Table {
    /// A table of named columns.
    pub fn new<Name: Into<String>>(
        format: Format,
        columns: impl IntoIterator<Item = Name>,
    ) -> Self {
        Self {
            format,
            columns: columns.into_iter().map(Into::into).collect(),
            waiting: Vec::new(),
            layout: None,
            is_begun: false,
        }
    }

    /// Adds a row; whether anybody still reads.
    pub fn push(&mut self, row: Vec<Cell>) -> Result<ControlFlow<()>, CommandError> {
        debug_assert_eq!(
            row.len(),
            self.columns.len(),
            "a row has a cell for every column"
        );
        self.waiting.push(row);
        let is_known = self.format != Format::Table || self.layout.is_some();
        if is_known || self.waiting.len() >= ROWS_FOR_WIDTHS {
            return self.flush();
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Writes what is left.
    pub fn finish(mut self) -> Result<(), CommandError> {
        if self.flush()?.is_continue() && self.format == Format::Json {
            let _ = write(if self.is_begun { "\n]\n" } else { "[]\n" })?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<ControlFlow<()>, CommandError> {
        let rows = std::mem::take(&mut self.waiting);
        let text = match self.format {
            Format::Table => self.aligned(&rows),
            Format::Csv => self.csv(&rows),
            Format::Json => self.json(&rows),
        };
        write(&text)
    }

    fn aligned(&mut self, rows: &[Vec<Cell>]) -> String {
        let mut lines: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(for_people).collect())
            .collect();
        if self.layout.is_none() {
            lines.insert(0, self.columns.clone());
            let columns = 0..self.columns.len();
            let layout = columns.map(|column| {
                let widths = lines.iter().map(|line| line[column].chars().count());
                let is_text = |row: &Vec<Cell>| matches!(row[column], Cell::Text(_));
                (widths.max().unwrap_or(0), rows.iter().any(is_text))
            });
            self.layout = Some(layout.collect());
        }
        let layout = self.layout.as_deref().unwrap_or_default();
        let mut text = String::new();
        for line in lines {
            let cells: Vec<String> = line
                .iter()
                .zip(layout)
                .map(|(cell, &(width, is_text))| {
                    if is_text {
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

    fn csv(&mut self, rows: &[Vec<Cell>]) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = (!self.is_begun).then(|| self.columns.clone());
        self.is_begun = true;
        let rows = rows.iter().map(|row| row.iter().map(exact).collect());
        for row in header.into_iter().chain(rows) {
            writer
                .write_record(&row)
                .expect("writing equal rows to memory succeeds");
        }
        let bytes = writer.into_inner().expect("writing to memory succeeds");
        String::from_utf8(bytes).expect("every cell is text")
    }

    fn json(&mut self, rows: &[Vec<Cell>]) -> String {
        let mut text = String::new();
        for row in rows {
            let pairs = self.columns.iter().zip(row);
            let object: Map<String, Value> = pairs
                .map(|(name, cell)| (name.clone(), cell_json(cell)))
                .collect();
            let object = format!("{:#}", Value::Object(object)).replace('\n', "\n  ");
            text.push_str(if self.is_begun { ",\n  " } else { "[\n  " });
            text.push_str(&object);
            self.is_begun = true;
        }
        text
    }
}

/// Six significant digits; a dash where there is no number.
pub fn for_people(cell: &Cell) -> String {
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
pub fn exact(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => visible(text),
        Cell::Integer(value) => value.to_string(),
        Cell::Number(Some(value)) => exact_number(*value),
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
        assert_eq!(exact(&Cell::from(2.137e122)), "2.137e122");
        assert_eq!(exact(&Cell::from(1.5e15)), "1.5e15");
        assert_eq!(exact(&Cell::from(123456789.5)), "123456789.5");
        assert_eq!(exact(&Cell::from("\u{1b}[31mred")), "\\u{1b}[31mred");
    }
}
