//! One file per subcommand.

pub mod basin_theory;
pub mod bound;
pub mod codes;
pub mod collapse;
pub mod compare;
pub mod extrapolate;
pub mod merge;
pub mod phase_diagram;
pub mod plot;
pub mod run;
pub mod status;
pub mod theory;
pub mod validate;
mod validate_sampling;

use dam::sims::{Job, Results, Store, Survey};

use crate::arguments::JobArguments;
use crate::error::CommandError;

/// A job, where its results lie, and what is there.
struct Opened {
    job: Job,
    store: Store,
    survey: Survey,
}

impl Opened {
    /// Reads the job file and surveys its results; writes nothing.
    fn new(arguments: &JobArguments) -> Result<Self, CommandError> {
        let job = Job::read(&arguments.job, &dam::experiments::catalogue())?;
        let store = Store::new(&arguments.output, &job);
        let survey = store.survey(&job)?;
        for path in &survey.truncated {
            eprintln!(
                "warning: {} is cut short; it does not count",
                path.display()
            );
        }
        Ok(Self { job, store, survey })
    }

    /// The finished tasks, of which there must be one.
    fn results(&self) -> Result<Results, CommandError> {
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
