//! `dam compare`: measured values ± errors next to theory.

use std::collections::BTreeSet;

use dam::sims::{Comparison, compare};

use super::job_file::Finished;
pub use super::job_file::TableArguments as Arguments;
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Cell, Format, Table};

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    print(&arguments.job.finished()?, arguments.format())
}

/// Prints one row per quantity that theory speaks of; where it speaks of none, all that was
/// measured. People see the findings and the warnings too.
pub(super) fn print(found: &Finished, format: Format) -> Result<(), CommandError> {
    let rows = compare(found.job.experiment.as_ref(), &found.results);
    print_rows(&rows, format)?;
    if format == Format::Table {
        for finding in &found.results.findings {
            table::line(format_args!("\n{finding}"))?;
        }
        for warning in &found.results.warnings {
            table::line(format_args!("\nWarning: {warning}"))?;
        }
    }
    Ok(())
}

fn print_rows(rows: &[Comparison], format: Format) -> Result<(), CommandError> {
    let (columns, rows) = columns_and_cells(rows);
    let mut table = Table::new(format, columns);
    for cells in rows {
        if table.push(cells)?.is_break() {
            return Ok(());
        }
    }
    table.finish()
}

/// The columns that some rows fill, and the cells of each row.
pub(super) fn columns_and_cells(
    rows: &[Comparison],
) -> (Vec<&str>, impl Iterator<Item = Vec<Cell>>) {
    let has_theory = rows.iter().any(Comparison::has_theory);
    // loads that are counted say more as P than as α
    let load = if rows.iter().any(|row| !row.task.is_counted) {
        "alpha"
    } else {
        "pattern_count"
    };
    let quantities = || rows.iter().map(|row| &row.quantity);
    let coordinates: BTreeSet<&str> = quantities()
        .flat_map(|quantity| quantity.coordinates.keys())
        .map(String::as_str)
        .collect();
    let labels: BTreeSet<&str> = quantities()
        .flat_map(|quantity| quantity.labels.keys())
        .map(String::as_str)
        .collect();
    let has_caveats = quantities().any(|quantity| !quantity.caveats.is_empty());
    let theory: &[&str] = if has_theory {
        &[
            "theory_finite_size",
            "theory_error",
            "deviation",
            "theory_infinite_size",
        ]
    } else {
        &[]
    };
    let columns: Vec<&str> = ["ensemble", load, "size"]
        .into_iter()
        .chain(labels.iter().copied())
        .chain(coordinates.iter().copied())
        .chain(["quantity", "measured", "standard_error", "lower", "upper"])
        .chain(theory.iter().copied())
        .chain(["count"])
        .chain(has_caveats.then_some("caveat"))
        .collect();
    let of_row = move |row: &Comparison| {
        let mut cells: Vec<Cell> = vec![
            row.task.ensemble.as_str().into(),
            if load == "alpha" {
                row.task.alpha.into()
            } else {
                row.task.pattern_count.map(|count| count as f64).into()
            },
            row.task.size.into(),
        ];
        cells.extend(
            labels
                .iter()
                .map(|&name| Cell::from(row.quantity.labels.get(name).map_or("", String::as_str))),
        );
        cells.extend(
            coordinates
                .iter()
                .map(|&name| row.quantity.coordinates.get(name).copied().into()),
        );
        cells.extend([
            row.quantity.name.as_str().into(),
            row.quantity.value().into(),
            row.quantity.standard_error.into(),
            row.quantity.lower.into(),
            row.quantity.upper.into(),
        ]);
        if has_theory {
            let theory = [
                row.theory.finite_size,
                row.theory.finite_size_error,
                row.deviation,
                row.theory.infinite_size,
            ];
            cells.extend(theory.map(Cell::from));
        }
        cells.push(row.quantity.count.into());
        cells.extend(has_caveats.then(|| Cell::from(row.quantity.reservations().as_str())));
        cells
    };
    (columns, rows.iter().map(of_row))
}
