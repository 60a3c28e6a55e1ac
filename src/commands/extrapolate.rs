//! `dam extrapolate`: what fits in 1/N make of measured crossovers.

use dam::experiments::analyses::headline_quantity;
use dam::experiments::crossover;
use dam::sims::{Job, Results, extrapolate};

use super::job::JobArguments;
use super::options::FormatArguments;
use crate::terminal::error::CommandError;
use crate::terminal::table::{Format, Table};

/// Print what fits in two bases of 1/N make of measured crossovers
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    job: JobArguments,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let opened = arguments.job.open()?;
    if opened.job.kind != crossover::KIND.name {
        return Err(CommandError::BadInput(format!(
            "{:?} measures {:?}; only experiment = {:?} is extrapolated in N",
            opened.job.name,
            opened.job.kind,
            crossover::KIND.name
        )));
    }
    print(&opened.job, &opened.results()?, arguments.format.format)
}

/// Whether some load has enough sizes for a fit.
pub(super) fn applies(job: &Job, results: &Results) -> bool {
    !extrapolate(results, headline_quantity(job)).is_empty()
}

/// Prints one row per load and basis; loads with fewer than four sizes have none.
pub(super) fn print(job: &Job, results: &Results, format: Format) -> Result<(), CommandError> {
    let mut table = Table::new([
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
    ]);
    for row in extrapolate(results, headline_quantity(job)) {
        table.push(vec![
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
        ]);
    }
    table.print(format)
}
