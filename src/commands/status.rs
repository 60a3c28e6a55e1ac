//! `dam status`: how far each task has come.

use dam::sims::TaskState;

use super::Opened;
use crate::arguments::{Format, JobArguments};
use crate::error::CommandError;
use crate::output::{self, Table};

pub fn execute(arguments: &JobArguments) -> Result<(), CommandError> {
    let opened = Opened::new(arguments)?;
    let mut table = Table::new([
        "alpha",
        "size",
        "pattern_count",
        "samples",
        "of",
        "state",
        "seconds",
    ]);
    for (task, state) in opened.job.tasks.iter().zip(&opened.survey.states) {
        let (samples, name, seconds) = match state {
            TaskState::Missing => (0, "missing", None),
            TaskState::Partial {
                samples,
                wall_seconds,
            } => (samples.len(), "unfinished", Some(*wall_seconds)),
            TaskState::Finished(result) => {
                (result.samples.len(), "finished", Some(result.wall_seconds))
            }
        };
        table.push(vec![
            task.alpha.into(),
            task.size.into(),
            task.pattern_count.into(),
            samples.into(),
            opened.job.samples.into(),
            name.into(),
            seconds.into(),
        ]);
    }
    table.print(Format::Table)?;
    output::line(format_args!(
        "{} of {} tasks finished in {}",
        opened.survey.finished(),
        opened.job.tasks.len(),
        opened.store.data_directory().display()
    ))?;
    if opened.survey.unasked > 0 {
        output::line(format_args!(
            "{} more finished tasks lie outside this job's sweep",
            opened.survey.unasked
        ))?;
    }
    Ok(())
}
