//! `dam schema`: what job files and results look like, for editors and programs.

use clap::Args;

use super::experiment::{Experiment, experiments};
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Print the JSON Schema of job files, such as `dam schema crossover > crossover.schema.json`, or of results
#[derive(Debug, Args)]
pub struct Arguments {
    /// The experiment whose job files they are; all of them without it
    #[arg(value_name = "EXPERIMENT", value_parser = experiments())]
    experiment: Option<Experiment>,
    /// Of `<name>.results.json` instead
    #[arg(long, conflicts_with = "experiment")]
    results: bool,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let catalogue = dam::experiments::catalogue();
    let schema = match (arguments.results, arguments.experiment) {
        (true, _) => dam::runs::results::results_schema(),
        (false, Some(kind)) => catalogue.job_schema_of(&kind),
        (false, None) => catalogue.job_schema(),
    };
    table::line(format_args!("{schema:#}"))
}
