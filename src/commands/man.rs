//! `dam man`: the pages of the manual.

use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::options::create_folder;
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Write the manual, one page for each command, such as `dam man ~/.local/share/man/man1`
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of the pages
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let folder = &arguments.folder;
    create_folder(folder)?;
    clap_mangen::generate_to(crate::Arguments::command(), folder)
        .map_err(|error| CommandError::not_writable(folder, &error))?;
    table::wrote(&[folder.join("dam.1")])
}
