//! `dam theory bound well-separation`: the separation that M patterns need.

use clap::Args;
use dam::theory::bounds::{log_retrieval_error, required_separation};

use super::arguments::FeatureArguments;
use super::cells::at_least_two;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Row};

/// The separation that M patterns need, and the retrieval error that is left
#[derive(Debug, Args)]
#[command(mut_arg("norm", |argument| argument.help("Norm m of the patterns")))]
pub struct Arguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    beta: List,
    /// Numbers of patterns M
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    count: List,
    #[command(flatten)]
    features: FeatureArguments,
    /// Separation Δ at hand; default: the one needed
    #[arg(long, value_name = "DELTA", allow_hyphen_values = true)]
    separation: Option<f64>,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let row = |(beta, count): (f64, f64)| -> Result<Row, CommandError> {
        let radius = arguments.features.retrieval.radius(beta);
        at_least_two(count)?;
        let log_others = (count - 1.0).ln();
        let norm = arguments.features.norm;
        let needed = required_separation(beta, log_others, norm, radius)?;
        let separation = arguments.separation.unwrap_or(needed);
        let (log_error, is_vacuous) =
            log_retrieval_error(beta, log_others, norm, radius, separation)?;
        let vacuous = if is_vacuous { "error above 2m" } else { "" };
        Ok(vec![
            ("beta", beta.into()),
            ("norm", norm.into()),
            ("retrieval_radius", radius.into()),
            ("count", count.into()),
            ("separation_needed", needed.into()),
            ("separation", separation.into()),
            ("log_error", log_error.into()),
            ("vacuous", vacuous.into()),
        ])
    };
    let names = ["beta", "count"];
    let rows = arguments.beta.rows_with(&arguments.count, names, row);
    table::print(arguments.format.format, rows)
}
