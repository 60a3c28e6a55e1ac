//! `dam plot`: the figures of a job, from its finished tasks.

use super::Opened;
use crate::arguments::JobArguments;
use crate::error::CommandError;

pub fn execute(arguments: &JobArguments) -> Result<(), CommandError> {
    let opened = Opened::new(arguments)?;
    let results = opened.results()?;
    for path in crate::figures::write(&opened.job, &opened.store, &results)? {
        println!("wrote {}", path.display());
    }
    Ok(())
}
