//! `dam job new`: a job file to begin with.

use clap::Args;

use crate::commands::experiment::{Experiment, experiments};
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Print a job file that runs as it is, with all keys and defaults, such as `dam job new crossover > mine.toml`
#[derive(Debug, Args)]
pub struct Arguments {
    /// What is measured
    #[arg(value_name = "EXPERIMENT", value_parser = experiments())]
    experiment: Experiment,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let catalogue = dam::experiments::catalogue();
    let text = catalogue.new_job(&arguments.experiment);
    table::line(text.trim_end())
}
