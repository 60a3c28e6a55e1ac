//! `dam status`: how far each task has come.

use dam::sims::{Task, TaskState};

pub use super::job_file::TableArguments as Arguments;
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Format, Row};

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let opened = arguments.job.open()?;
    let row = |(task, state): (&Task, &TaskState)| -> Result<Row, CommandError> {
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
        Ok(vec![
            ("alpha", task.alpha.into()),
            ("size", task.size.into()),
            (
                "pattern_count",
                task.whole_count().map(|count| count as f64).into(),
            ),
            ("samples", samples.into()),
            ("of", opened.job.samples.into()),
            ("state", name.into()),
            ("seconds", seconds.into()),
        ])
    };
    let tasks = opened.job.tasks.iter().zip(&opened.survey.states);
    table::print(arguments.format(), tasks.map(row))?;
    if arguments.format() != Format::Table {
        return Ok(());
    }
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
