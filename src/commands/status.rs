//! `dam status`: how far each task has come.

use dam::sims::TaskState;

use super::job::JobArguments;
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Format, Table};

/// Show how far each task of a job has come
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    job: JobArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let opened = arguments.job.open()?;
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
    table::line(format_args!(
        "{} of {} tasks finished in {}",
        opened.survey.finished(),
        opened.job.tasks.len(),
        opened.store.data_directory().display()
    ))?;
    if opened.survey.unasked > 0 {
        table::line(format_args!(
            "{} more finished tasks lie outside this job's sweep",
            opened.survey.unasked
        ))?;
    }
    Ok(())
}
