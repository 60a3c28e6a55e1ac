//! `dam phase-diagram`: the theory figures of an ensemble.

use dam::plots::{phase_diagram, rate_functions};

use crate::arguments::PhaseDiagramArguments;
use crate::error::CommandError;
use crate::output;

pub fn execute(arguments: &PhaseDiagramArguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    std::fs::create_dir_all(&arguments.output)
        .map_err(|error| CommandError::not_writable(&arguments.output, &error))?;
    let figures = [
        ("phase-diagram", phase_diagram(ensemble.as_ref())?),
        ("rate-function", rate_functions(&[ensemble.as_ref()])?),
    ];
    for (name, figure) in figures {
        let stem = format!("{}.{name}", ensemble.name());
        for path in figure.write(&arguments.output, &stem)? {
            output::wrote(&path)?;
        }
    }
    Ok(())
}
