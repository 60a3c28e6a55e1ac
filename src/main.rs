//! The command `dam`: thresholds, phase diagrams, and retrieval simulations from job files.

mod commands;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

/// Statistical physics of dense associative memories: thresholds, simulations, figures.
#[derive(Debug, Parser)]
#[command(name = "dam", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Arguments,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::execute(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", error.label());
            ExitCode::from(error.exit_status())
        }
    }
}
