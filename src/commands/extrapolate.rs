//! `dam extrapolate`: what fits in 1/N make of measured crossovers.

use dam::experiments::analyses::headline_quantity;
use dam::experiments::crossover;
use dam::sims::{Extrapolation, extrapolate};

use super::job_file::Finished;
pub use super::job_file::TableArguments as Arguments;
use crate::terminal::error::CommandError;
use crate::terminal::table::{Format, Table};

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let only = |kind: &str| format!("{kind} is extrapolated in N");
    let found = arguments.job.finished_of(crossover::KIND.name, only)?;
    print(&extrapolated(&found), arguments.format())
}

/// The fits of every load that has enough sizes.
pub(super) fn extrapolated(found: &Finished) -> Vec<Extrapolation> {
    extrapolate(&found.results, headline_quantity(&found.job))
}

/// Prints one row per load and basis; loads with fewer than four sizes have none.
pub(super) fn print(rows: &[Extrapolation], format: Format) -> Result<(), CommandError> {
    let columns = [
        "ensemble",
        "alpha",
        "basis",
        "sizes",
        "limit",
        "standard_error",
        "lambda_1",
        "chi_squared",
        "degrees_of_freedom",
        "p_value",
    ];
    let mut table = Table::new(format, columns);
    for row in rows {
        let _ = table.push(vec![
            row.ensemble.as_str().into(),
            row.alpha.into(),
            row.basis.as_str().into(),
            row.points.into(),
            row.limit.into(),
            row.standard_error.into(),
            row.infinite_size.into(),
            row.chi_squared.into(),
            row.degrees_of_freedom.into(),
            row.p_value.into(),
        ])?;
    }
    table.finish()
}
