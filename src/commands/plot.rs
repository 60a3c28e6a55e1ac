//! `dam plot`: the figures of a job, from its finished tasks.

use super::job::JobArguments;
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Draw the figures of a job from its finished tasks
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    job: JobArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let opened = arguments.job.open()?;
    let results = opened.results()?;
    for path in crate::figures::write(&opened.job, &opened.store, &results)? {
        table::wrote(&path)?;
    }
    Ok(())
}
