//! `dam theory inverse`: the extreme overlap and the inverse temperatures of a load.

use clap::Args;

use crate::commands::ensemble::LoadArguments;
use crate::commands::options::FormatArguments;
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Row};

/// ε_*, λ_* and λ₁ for a list of loads α
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    loads: LoadArguments,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let ensemble = arguments.loads.law.ensemble()?;
    let row = |alpha: f64| -> Result<Row, CommandError> {
        let condensation = ensemble.condensation_inverse_temperature(alpha, 1.0);
        Ok(vec![
            ("ensemble", ensemble.name().into()),
            ("alpha", alpha.into()),
            ("epsilon_star", ensemble.extreme_overlap(alpha, 1.0)?.into()),
            ("lambda_star", condensation?.into()),
            (
                "lambda_1",
                ensemble.typical_inverse_temperature(alpha)?.into(),
            ),
        ])
    };
    let rows = arguments.loads.alpha.rows("alpha", row);
    table::print(arguments.format.format, rows)
}
