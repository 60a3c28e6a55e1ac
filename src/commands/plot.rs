//! `dam plot`: the figures of a job, from its finished tasks.

use super::Opened;
use crate::arguments::JobArguments;
use crate::error::CommandError;
use crate::output;

pub fn execute(arguments: &JobArguments) -> Result<(), CommandError> {
    let opened = Opened::new(arguments)?;
    let results = opened.results()?;
    for path in crate::figures::write(&opened.job, &opened.store, &results)? {
        output::wrote(&path)?;
    }
    Ok(())
}
