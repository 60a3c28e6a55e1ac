//! `dam theory bound well-separation`: the separation that M patterns need.

use clap::Args;
use dam::theory::bounds::{log_retrieval_error, required_separation};

use super::cells::at_least_two;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::Table;

/// The separation that M patterns need, and the retrieval error that is left
#[derive(Debug, Args)]
pub struct Arguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    beta: List,
    /// Numbers of patterns M
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    count: List,
    /// Retrieval radius R; default: 1/β
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    retrieval_radius: Option<f64>,
    /// Norm m of the patterns
    #[arg(
        long,
        value_name = "m",
        default_value_t = 1.0,
        allow_hyphen_values = true
    )]
    norm: f64,
    /// Separation Δ at hand; default: the one needed
    #[arg(long, value_name = "DELTA", allow_hyphen_values = true)]
    separation: Option<f64>,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let mut table = Table::new([
        "beta",
        "norm",
        "retrieval_radius",
        "count",
        "separation_needed",
        "separation",
        "log_error",
        "vacuous",
    ]);
    for &beta in &arguments.beta.0 {
        let radius = arguments.retrieval_radius.unwrap_or(beta.recip());
        for &count in &arguments.count.0 {
            at_least_two(count)?;
            let log_others = (count - 1.0).ln();
            let needed = required_separation(beta, log_others, arguments.norm, radius)?;
            let separation = arguments.separation.unwrap_or(needed);
            let (log_error, is_vacuous) =
                log_retrieval_error(beta, log_others, arguments.norm, radius, separation)?;
            table.push(vec![
                beta.into(),
                arguments.norm.into(),
                radius.into(),
                count.into(),
                needed.into(),
                separation.into(),
                log_error.into(),
                if is_vacuous { "error above 2m" } else { "" }.into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}
