//! `dam completions`: what completes the words of the command in a shell.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Print the completions of a shell, such as `dam completions bash > ~/.local/share/bash-completion/completions/dam`
#[derive(Debug, Args)]
pub struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let mut command = crate::Arguments::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    generate(arguments.shell, &mut command, name, &mut script);
    table::line(String::from_utf8_lossy(&script).trim_end())
}
