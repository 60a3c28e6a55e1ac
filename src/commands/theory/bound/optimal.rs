//! `dam theory bound optimal`: the largest well-separated memory.

use clap::Args;
use dam::theory::bounds::{
    CodeBound, Margin, asymptotic_dimension, optimal_capacity, required_dimension,
};

use super::arguments::{RetrievalArguments, one_of};
use super::cells::{at_least_two, finite, vacuous};
use crate::commands::options::List;
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Row};

/// The largest well-separated memory M*, or the dimension that M features need
#[derive(Debug, Args)]
pub struct Arguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    beta: List,
    #[command(flatten)]
    retrieval: RetrievalArguments,
    /// Leave the term 2R out of the separation, as Hu, Wu and Liu do
    #[arg(long)]
    without_radius: bool,
    #[command(flatten)]
    swept: Swept,
}

one_of! {
    /// Feature dimensions D
    dimension,
    /// Numbers of features M, for the dimension that they need
    count
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let margin = if arguments.without_radius {
        Margin::WithoutRadius
    } else {
        Margin::Full
    };
    let radius = |beta| arguments.retrieval.radius(beta);
    arguments.swept.print(
        ("beta", &arguments.beta),
        |(beta, dimension)| capacity(beta, radius(beta), margin, dimension),
        |(beta, count)| needed_dimension(beta, radius(beta), margin, count),
    )
}

fn capacity(beta: f64, radius: f64, margin: Margin, dimension: f64) -> Result<Row, CommandError> {
    let bound = |bound| optimal_capacity(dimension, beta, radius, margin, bound);
    let lower = bound(CodeBound::Covering)?;
    let upper = bound(CodeBound::Caps)?.log_count;
    let closed_form = bound(CodeBound::CapsClosedForm)?.log_count;
    Ok(vec![
        ("beta", beta.into()),
        ("retrieval_radius", radius.into()),
        ("dimension", dimension.into()),
        ("log_capacity_lower", finite(lower.log_count)),
        ("log_capacity_upper", finite(upper)),
        ("log_capacity_upper_closed_form", finite(closed_form)),
        ("vacuous", vacuous(&lower)),
    ])
}

fn needed_dimension(
    beta: f64,
    radius: f64,
    margin: Margin,
    count: f64,
) -> Result<Row, CommandError> {
    let log_count = at_least_two(count)?;
    let dimension = |bound| required_dimension(log_count, beta, radius, margin, bound);
    let estimate = asymptotic_dimension(log_count, beta, radius, margin)?;
    let (lower, upper) = estimate.map(|found| (found.lower, found.upper)).unzip();
    Ok(vec![
        ("beta", beta.into()),
        ("retrieval_radius", radius.into()),
        ("count", count.into()),
        ("dimension_necessary", dimension(CodeBound::Caps)?.into()),
        (
            "dimension_sufficient",
            dimension(CodeBound::Covering)?.into(),
        ),
        ("dimension_lower_estimate", lower.into()),
        ("dimension_upper_estimate", upper.into()),
    ])
}
