//! `dam theory bound optimal`: the largest well-separated memory.

use clap::Args;
use dam::theory::bounds::{
    CodeBound, Margin, asymptotic_dimension, optimal_capacity, required_dimension,
};

use super::cells::{at_least_two, finite, vacuous};
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::Table;

/// The largest well-separated memory M*, or the dimension that M features need
#[derive(Debug, Args)]
pub struct Arguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    beta: List,
    /// Retrieval radius R; default: 1/β
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    retrieval_radius: Option<f64>,
    /// Leave the term 2R out of the separation, as Hu, Wu and Liu do
    #[arg(long)]
    without_radius: bool,
    /// Feature dimensions D
    #[arg(
        long,
        value_name = "LIST",
        required_unless_present = "count",
        allow_hyphen_values = true
    )]
    dimension: Option<List>,
    /// Numbers of features M, for the dimension that they need
    #[arg(
        long,
        value_name = "LIST",
        conflicts_with = "dimension",
        allow_hyphen_values = true
    )]
    count: Option<List>,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let margin = if arguments.without_radius {
        Margin::WithoutRadius
    } else {
        Margin::Full
    };
    if let Some(counts) = &arguments.count {
        return dimensions(arguments, margin, &counts.0);
    }
    let mut table = Table::new([
        "beta",
        "retrieval_radius",
        "dimension",
        "log_capacity_lower",
        "log_capacity_upper",
        "log_capacity_upper_closed_form",
        "vacuous",
    ]);
    for &beta in &arguments.beta.0 {
        let radius = arguments.retrieval_radius.unwrap_or(beta.recip());
        for &dimension in arguments.dimension.iter().flat_map(|list| &list.0) {
            let bound = |bound| optimal_capacity(dimension, beta, radius, margin, bound);
            let lower = bound(CodeBound::Covering)?;
            table.push(vec![
                beta.into(),
                radius.into(),
                dimension.into(),
                finite(lower.log_count),
                finite(bound(CodeBound::Caps)?.log_count),
                finite(bound(CodeBound::CapsClosedForm)?.log_count),
                vacuous(&lower),
            ]);
        }
    }
    table.print(arguments.format.format)
}

fn dimensions(arguments: &Arguments, margin: Margin, counts: &[f64]) -> Result<(), CommandError> {
    let mut table = Table::new([
        "beta",
        "retrieval_radius",
        "count",
        "dimension_necessary",
        "dimension_sufficient",
        "dimension_lower_estimate",
        "dimension_upper_estimate",
    ]);
    for &beta in &arguments.beta.0 {
        let radius = arguments.retrieval_radius.unwrap_or(beta.recip());
        for &count in counts {
            let log_count = at_least_two(count)?;
            let dimension = |bound| required_dimension(log_count, beta, radius, margin, bound);
            let estimate = asymptotic_dimension(log_count, beta, radius, margin)?;
            table.push(vec![
                beta.into(),
                radius.into(),
                count.into(),
                dimension(CodeBound::Caps)?.into(),
                dimension(CodeBound::Covering)?.into(),
                estimate.map(|estimate| estimate.lower).into(),
                estimate.map(|estimate| estimate.upper).into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}
