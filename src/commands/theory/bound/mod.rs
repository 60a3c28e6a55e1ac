//! `dam theory bound`: rigorous bounds on the number of patterns.

mod cells;
mod figure;
mod kernelized;
mod optimal;
mod ramsauer;
mod spherical_code;
mod well_separation;

use clap::Args;

use crate::terminal::error::CommandError;

/// Rigorous bounds on the number of patterns
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    query: Command,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    arguments.query.execute()
}

commands! {
    ramsauer,
    kernelized,
    well_separation,
    spherical_code,
    optimal,
    figure,
}
