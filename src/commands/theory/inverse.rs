//! `dam theory inverse`: the extreme overlap and the inverse temperatures of a load.

use clap::Args;

use crate::commands::ensemble::EnsembleArguments;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::Table;

/// ε_*, λ_* and λ₁ for a list of loads α
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    ensemble: EnsembleArguments,
    /// Loads ln(P)/N, `0.1,0.2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    alpha: List,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    let mut table = Table::new([
        "ensemble",
        "alpha",
        "epsilon_star",
        "lambda_star",
        "lambda_1",
    ]);
    for &alpha in &arguments.alpha.0 {
        table.push(vec![
            ensemble.name().into(),
            alpha.into(),
            ensemble.extreme_overlap(alpha, 1.0)?.into(),
            ensemble
                .condensation_inverse_temperature(alpha, 1.0)?
                .into(),
            ensemble.typical_inverse_temperature(alpha)?.into(),
        ]);
    }
    table.print(arguments.format.format)
}
