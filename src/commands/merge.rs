//! `dam merge`: the finished tasks as one results file and one tidy csv.

use super::job::JobArguments;
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Merge the finished tasks of a job into its results file and csv
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    job: JobArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let opened = arguments.job.open()?;
    let results = opened.results()?;
    for path in opened
        .store
        .write_results(opened.job.experiment.as_ref(), &results)?
    {
        table::wrote(&path)?;
    }
    Ok(())
}
