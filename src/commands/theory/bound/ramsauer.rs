//! `dam theory bound ramsauer`: random patterns on a sphere.

use clap::Args;
use dam::theory::bounds::{
    RamsauerDimension, RamsauerMemory, ramsauer_capacity, ramsauer_dimension,
};

use super::cells::{finite, vacuous};
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::Table;

/// Random patterns on a sphere: Theorem 3 of Ramsauer et al., for dimensions (A5) or growth constants (A6)
#[derive(Debug, Args)]
pub struct Arguments {
    /// Inverse temperatures β
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    beta: List,
    /// K: the patterns have norm K√(d − 1)
    #[arg(
        long,
        value_name = "K",
        default_value_t = 1.0,
        allow_hyphen_values = true
    )]
    radius_factor: f64,
    /// Probability p that random patterns violate the bound
    #[arg(
        long,
        value_name = "p",
        default_value_t = 0.01,
        allow_hyphen_values = true
    )]
    failure_probability: f64,
    /// Dimensions d
    #[arg(
        long,
        value_name = "LIST",
        required_unless_present = "growth",
        allow_hyphen_values = true
    )]
    dimension: Option<List>,
    /// Growth constants c, for the dimensions that have them
    #[arg(
        long,
        value_name = "LIST",
        conflicts_with = "dimension",
        allow_hyphen_values = true
    )]
    growth: Option<List>,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    if let Some(growths) = &arguments.growth {
        return dimensions(arguments, &growths.0);
    }
    let mut table = Table::new([
        "beta",
        "radius_factor",
        "failure_probability",
        "dimension",
        "growth",
        "log_capacity",
        "capacity",
        "vacuous",
    ]);
    for &beta in &arguments.beta.0 {
        for &dimension in arguments.dimension.iter().flat_map(|list| &list.0) {
            let bound = ramsauer_capacity(&memory(arguments, beta), dimension)?;
            table.push(vec![
                beta.into(),
                arguments.radius_factor.into(),
                arguments.failure_probability.into(),
                dimension.into(),
                finite(bound.log_growth.exp()),
                bound.capacity.log_count.into(),
                finite(bound.capacity.count()),
                vacuous(&bound.capacity),
            ]);
        }
    }
    table.print(arguments.format.format)
}

fn memory(arguments: &Arguments, beta: f64) -> RamsauerMemory {
    RamsauerMemory {
        inverse_temperature: beta,
        radius_factor: arguments.radius_factor,
        failure_probability: arguments.failure_probability,
    }
}

fn dimensions(arguments: &Arguments, growths: &[f64]) -> Result<(), CommandError> {
    let mut table = Table::new([
        "beta",
        "radius_factor",
        "failure_probability",
        "growth",
        "dimension_lower",
        "dimension_upper",
        "note",
    ]);
    for &beta in &arguments.beta.0 {
        for &growth in growths {
            if growth <= 0.0 {
                return Err(CommandError::BadInput(format!(
                    "growth = {growth} lies outside its domain: the positive numbers"
                )));
            }
            let found = ramsauer_dimension(&memory(arguments, beta), growth.ln())?;
            let (lower, upper, note) = match found {
                RamsauerDimension::AlwaysExceeded => {
                    (None, None, "no solution: exceeded in every dimension")
                }
                RamsauerDimension::Single(d) => (Some(d), Some(d), "exceeded above"),
                RamsauerDimension::Pair { lower, upper } => {
                    (Some(lower), Some(upper), "exceeded outside")
                }
            };
            table.push(vec![
                beta.into(),
                arguments.radius_factor.into(),
                arguments.failure_probability.into(),
                growth.into(),
                lower.into(),
                upper.into(),
                note.into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}
