//! `dam merge`: the finished tasks as one results file and one tidy csv.

pub use super::job_file::JobArguments as Arguments;
use crate::terminal::error::CommandError;
use crate::terminal::table;

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let found = arguments.finished()?;
    let experiment = found.job.experiment.as_ref();
    table::wrote(&found.store.write_results(experiment, &found.results)?)
}
