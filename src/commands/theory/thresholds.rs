//! `dam theory thresholds`: where retrieval ends at N = ∞, as a function of λ.

use clap::Args;

use crate::commands::ensemble::EnsembleArguments;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::Table;

/// ζ(λ), saddle overlap, α₁, α_* and α_c^lb for a list of λ
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    ensemble: EnsembleArguments,
    /// Inverse temperatures, `0.5,1,2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    lambda: List,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    let mut table = Table::new([
        "ensemble",
        "lambda",
        "cgf",
        "saddle_overlap",
        "alpha_1",
        "alpha_star",
        "alpha_c_lower_bound",
    ]);
    for &lambda in &arguments.lambda.0 {
        table.push(vec![
            ensemble.name().into(),
            lambda.into(),
            ensemble.cumulant_generating_function(lambda, 1.0)?.into(),
            ensemble.saddle_overlap(lambda, 1.0)?.into(),
            ensemble.typical_threshold(lambda)?.into(),
            ensemble.condensation_load(lambda, 1.0)?.into(),
            ensemble.all_patterns_lower_bound(lambda)?.into(),
        ]);
    }
    table.print(arguments.format.format)
}
