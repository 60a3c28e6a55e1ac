//! The command `dam`: thresholds, phase diagrams, and retrieval simulations from job files.

mod arguments;
mod bound_arguments;
mod commands;
mod error;
mod figures;
mod notice;
mod output;
mod progress;
mod simulation;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use error::CommandError;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    simulation::limit_global_pool();
    match execute(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", error.label());
            ExitCode::from(error.exit_status())
        }
    }
}

fn execute(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Theory(query) => commands::theory::execute(&query),
        Command::PhaseDiagram(arguments) => commands::phase_diagram::execute(&arguments),
        Command::Codes(arguments) => commands::codes::execute(&arguments),
        Command::Run(arguments) => commands::run::execute(&arguments),
        Command::Status(arguments) => commands::status::execute(&arguments),
        Command::Merge(arguments) => commands::merge::execute(&arguments),
        Command::Compare(arguments) => commands::compare::execute(&arguments),
        Command::Extrapolate(arguments) => commands::extrapolate::execute(&arguments),
        Command::Collapse(arguments) => commands::collapse::execute(&arguments),
        Command::Validate(arguments) => commands::validate::execute(&arguments),
        Command::Plot(arguments) => commands::plot::execute(&arguments),
    }
}
