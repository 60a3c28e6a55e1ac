//! `dam compare`: measured values ± errors next to theory.

use std::collections::BTreeSet;

use dam::sims::{Job, Results, compare};

use super::Opened;
use crate::arguments::{CompareArguments, Format};
use crate::error::CommandError;
use crate::notice::{SAMPLING, with_notice};
use crate::output::{Cell, Table};

pub fn execute(arguments: &CompareArguments) -> Result<(), CommandError> {
    let opened = Opened::new(&arguments.job)?;
    print(&opened.job, &opened.results()?, arguments.format.format)
}

/// Prints one row per quantity that theory speaks of.
pub(super) fn print(job: &Job, results: &Results, format: Format) -> Result<(), CommandError> {
    let rows = with_notice(SAMPLING, || compare(job.experiment.as_ref(), results));
    let coordinates: BTreeSet<&'static str> = rows
        .iter()
        .flat_map(|row| row.quantity.coordinates.keys())
        .filter_map(|name| COORDINATES.into_iter().find(|known| known == name))
        .collect();
    let columns = ["ensemble", "alpha", "size"]
        .into_iter()
        .chain(coordinates.iter().copied())
        .chain([
            "quantity",
            "measured",
            "standard_error",
            "theory_finite_size",
            "theory_error",
            "deviation",
            "theory_infinite_size",
            "count",
        ]);
    let mut table = Table::new(columns);
    for row in &rows {
        let mut cells: Vec<Cell> = vec![
            row.task.ensemble.as_str().into(),
            row.task.alpha.into(),
            row.task.size.into(),
        ];
        cells.extend(
            coordinates
                .iter()
                .map(|&name| row.quantity.coordinates.get(name).copied().into()),
        );
        cells.extend([
            row.quantity.name.as_str().into(),
            row.quantity.value().into(),
            row.quantity.standard_error.into(),
            row.finite_size.into(),
            row.finite_size_error.into(),
            row.deviation.into(),
            row.infinite_size.into(),
            row.quantity.count.into(),
        ]);
        table.push(cells);
    }
    table.print(format)
}

/// The coordinates that quantities can have.
const COORDINATES: [&str; 6] = [
    "overlap",
    "lambda",
    "exponent",
    "prefactor",
    "scaled_alpha",
    "step_size",
];
