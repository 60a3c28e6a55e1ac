//! The job that a command works on, and what is there of its results.

use std::path::PathBuf;

use clap::Args;
use dam::runs::subject::Subject;
use dam::sims::{Job, Results, Store, Survey, Task};

use super::options::FormatArguments;
use crate::terminal::error::CommandError;
use crate::terminal::note::{note, warn};
use crate::terminal::table::Format;

// no doc comment: clap would take it for the text of the command
#[derive(Debug, Args)]
pub struct JobArguments {
    /// The job file
    #[arg(value_name = "JOB.toml")]
    pub job: PathBuf,
    /// Folder of the results
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub output: PathBuf,
}

// no doc comment: clap would take it for the text of the command
#[derive(Debug, Args)]
pub struct TableArguments {
    #[command(flatten)]
    pub job: JobArguments,
    #[command(flatten)]
    format: FormatArguments,
}

impl TableArguments {
    /// How the table is printed.
    pub fn format(&self) -> Format {
        self.format.format
    }
}

impl JobArguments {
    /// Reads the job file and surveys its results; writes nothing.
    pub fn open(&self) -> Result<Opened, CommandError> {
        let job = Job::read(&self.job, &dam::experiments::catalogue())?;
        let store = Store::new(&self.output, &job).of_commit(dam::COMMIT);
        let survey = store.survey(&job)?;
        for flaw in &survey.flaws {
            warn(format_args!("{flaw}"));
        }
        if survey.undigested > 0 {
            note(format_args!(
                "files of an earlier dam, without a digest: {}; damage to their samples cannot be seen",
                survey.undigested
            ));
        }
        if survey.surplus > 0 {
            note(format_args!(
                "{} tasks have more samples than the job asks for: the first {} of each count",
                survey.surplus, job.samples
            ));
        }
        Ok(Opened { job, store, survey })
    }

    /// The finished tasks of a job that measures this kind; `only` says what is done with them alone.
    pub fn finished_of(
        &self,
        kind: &str,
        only: impl Fn(&str) -> String,
    ) -> Result<Finished, CommandError> {
        let opened = self.open()?;
        if opened.job.kind != kind {
            return Err(CommandError::BadInput(format!(
                "{:?} measures {:?}; only {}",
                opened.job.name,
                opened.job.kind,
                only(&format!("experiment = {kind:?}"))
            )));
        }
        opened.finished()
    }

    /// The job with its finished tasks, of which there must be one.
    pub fn finished(&self) -> Result<Finished, CommandError> {
        self.open()?.finished()
    }
}

/// A job, where its results lie, and what is there.
pub struct Opened {
    pub job: Job,
    pub store: Store,
    pub survey: Survey,
}

/// A job with finished tasks.
pub struct Finished {
    pub job: Job,
    pub store: Store,
    pub results: Results,
}

impl Opened {
    /// The finished tasks, of which there must be one.
    pub fn finished(self) -> Result<Finished, CommandError> {
        self.merged().some()
    }

    /// The finished tasks, if any.
    pub fn merged(self) -> Finished {
        let results = self.store.merge(&self.job, &self.survey);
        if results.missing_tasks > 0 && !results.tasks.is_empty() {
            warn(format_args!(
                "{} of {} tasks are not finished and not shown",
                results.missing_tasks,
                self.job.tasks.len()
            ));
        }
        let lacks_theory = |task: &&Task| {
            task.sampled_theory().is_none() && Subject::theory(&self.job, task).is_some()
        };
        let tasks = results.tasks.iter().map(|result| &result.task);
        let lacking = tasks.filter(lacks_theory).count();
        if lacking > 0 {
            warn(format_args!(
                "the theory of {lacking} tasks is itself sampled, and not there yet; `dam run` samples it"
            ));
        }
        let Self { job, store, .. } = self;
        Finished {
            job,
            store,
            results,
        }
    }
}

impl Finished {
    /// Refuses a job of which no task is finished.
    pub fn some(self) -> Result<Self, CommandError> {
        if self.results.tasks.is_empty() {
            return Err(CommandError::BadInput(format!(
                "no task of {:?} is finished in {}; simulate it with `dam run`",
                self.job.name,
                self.store.directory().display()
            )));
        }
        Ok(self)
    }
}
