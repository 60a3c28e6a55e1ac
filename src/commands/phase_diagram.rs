//! `dam phase-diagram`: the theory figures of an ensemble.

use std::path::PathBuf;

use clap::Args;
use dam::plots::special::{Plane, phase_diagram, rate_functions};
use dam::runs::view::ensemble_stem;

use super::ensemble::EnsembleArguments;
use super::options::create_folder;
use crate::terminal::error::CommandError;
use crate::terminal::table;

/// Draw the phase diagram and the rate functions of an ensemble (theory only, seconds)
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    ensemble: EnsembleArguments,
    /// Folder for the figures
    #[arg(long, value_name = "DIR", default_value = "results")]
    output: PathBuf,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    create_folder(&arguments.output)?;
    let figures = [
        ("phase-diagram", phase_diagram(ensemble.as_ref(), Plane::default())?),
        ("rate-function", rate_functions(&[ensemble.as_ref()])?),
    ];
    for (name, figure) in figures {
        let ensemble = ensemble_stem(ensemble.name(), &ensemble.parameters());
        let stem = format!("{ensemble}.{name}");
        table::wrote(&figure.write(&arguments.output, &stem)?)?;
    }
    Ok(())
}
