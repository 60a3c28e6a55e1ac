//! `dam merge`: the finished tasks as one results file and one tidy csv.

use super::Opened;
use crate::arguments::JobArguments;
use crate::error::CommandError;
use crate::output;

pub fn execute(arguments: &JobArguments) -> Result<(), CommandError> {
    let opened = Opened::new(arguments)?;
    let results = opened.results()?;
    for path in opened
        .store
        .write_results(opened.job.experiment.as_ref(), &results)?
    {
        output::wrote(&path)?;
    }
    Ok(())
}
