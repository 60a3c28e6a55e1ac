//! The job that a command works on, and what is there of its results.

use std::path::PathBuf;

use clap::Args;
use dam::sims::{Job, Results, Store, Survey};

use crate::terminal::error::CommandError;

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

impl JobArguments {
    /// Reads the job file and surveys its results; writes nothing.
    pub fn open(&self) -> Result<Opened, CommandError> {
        let job = Job::read(&self.job, &dam::experiments::catalogue())?;
        let store = Store::new(&self.output, &job);
        let survey = store.survey(&job)?;
        for path in &survey.truncated {
            eprintln!(
                "warning: {} is cut short; it does not count",
                path.display()
            );
        }
        Ok(Opened { job, store, survey })
    }
}

/// A job, where its results lie, and what is there.
pub struct Opened {
    pub job: Job,
    pub store: Store,
    pub survey: Survey,
}

impl Opened {
    /// The finished tasks, of which there must be one.
    pub fn results(&self) -> Result<Results, CommandError> {
        let results = self.store.merge(&self.job, &self.survey);
        if results.tasks.is_empty() {
            return Err(CommandError::BadInput(format!(
                "no task of {:?} is finished in {}; simulate it with `dam run`",
                self.job.name,
                self.store.directory().display()
            )));
        }
        if results.missing_tasks > 0 {
            eprintln!(
                "warning: {} of {} tasks are not finished and not shown",
                results.missing_tasks,
                self.job.tasks.len()
            );
        }
        Ok(results)
    }
}
