//! `dam theory thresholds`: where retrieval ends at N = ∞, as a function of λ.

use clap::Args;

use crate::commands::ensemble::EnsembleArguments;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Row};

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
    let row = |lambda: f64| -> Result<Row, CommandError> {
        let lower_bound = ensemble.all_patterns_lower_bound(lambda);
        Ok(vec![
            ("ensemble", ensemble.name().into()),
            ("lambda", lambda.into()),
            (
                "cgf",
                ensemble.cumulant_generating_function(lambda, 1.0)?.into(),
            ),
            (
                "saddle_overlap",
                ensemble.saddle_overlap(lambda, 1.0)?.into(),
            ),
            ("alpha_1", ensemble.typical_threshold(lambda)?.into()),
            (
                "alpha_star",
                ensemble.condensation_load(lambda, 1.0)?.into(),
            ),
            ("alpha_c_lower_bound", lower_bound?.into()),
        ])
    };
    let rows = arguments.lambda.rows("lambda", row);
    table::print(arguments.format.format, rows)
}
