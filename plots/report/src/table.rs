//! Tables in the page: what `dam compare` prints.

use std::fmt::Write;

use dam_runs::results::Comparison;

use crate::escape::{attributes, html};
use crate::verdict::is_off;

/// Longer texts have a column that is wide enough to read them.
const LONGEST_WORD: usize = 40;

/// A cell: what people see, and the whole number behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Rounded, as a terminal shows it.
    pub shown: String,
    /// With all digits; shown as long as the pointer rests on the cell.
    pub exact: String,
    /// Whether it stands at the right, digit below digit.
    pub is_number: bool,
}

/// A row for each comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The cells, as many as columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// As HTML; rows off theory are marked, in words too.
    pub(crate) fn html(&self, comparisons: &[Comparison]) -> String {
        let mut text = String::from("<table><thead><tr>");
        for name in &self.columns {
            let _ = write!(text, "<th scope=\"col\">{}</th>", named(name));
        }
        text.push_str("</tr></thead><tbody>\n");
        for (row, compared) in self.rows.iter().zip(comparisons) {
            text.push_str(if is_off(compared) {
                "<tr class=\"off\">"
            } else {
                "<tr>"
            });
            for cell in row {
                let kind = match cell {
                    Cell {
                        is_number: true, ..
                    } => "number",
                    _ if cell.shown.len() > LONGEST_WORD => "words sentence",
                    _ => "words",
                };
                let mut given = vec![("class", kind)];
                if cell.exact != cell.shown {
                    given.push(("title", &cell.exact));
                }
                let _ = write!(text, "<td{}>{}</td>", attributes(&given), html(&cell.shown));
            }
            text.push_str("</tr>\n");
        }
        text.push_str("</tbody></table>\n");
        text
    }
}

/// The name of a column, which may break at its underscores.
fn named(name: &str) -> String {
    html(name).replace('_', "_<wbr>")
}
