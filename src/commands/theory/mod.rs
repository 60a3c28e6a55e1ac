//! `dam theory`: closed forms and finite-N theory as tables.

mod basin;
mod bound;
mod crossover;
mod inverse;
mod thresholds;

use clap::Args;

use crate::terminal::error::CommandError;

/// Print closed-form thresholds, inverses and basins
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    query: Command,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    arguments.query.execute()
}

commands! {
    thresholds,
    inverse,
    basin,
    bound,
    crossover,
}
