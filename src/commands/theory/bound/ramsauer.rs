//! `dam theory bound ramsauer`: random patterns on a sphere.

use clap::Args;
use dam::theory::bounds::{
    RamsauerDimension, RamsauerMemory, ramsauer_capacity, ramsauer_dimension,
};

use super::arguments::{FailureArguments, one_of};
use super::cells::{finite, vacuous};
use crate::commands::options::List;
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Row};

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
    #[command(flatten)]
    failure: FailureArguments,
    #[command(flatten)]
    swept: Swept,
}

one_of! {
    /// Dimensions d
    dimension,
    /// Growth constants c, for the dimensions that have them
    growth
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let memory = |beta| RamsauerMemory {
        inverse_temperature: beta,
        radius_factor: arguments.radius_factor,
        failure_probability: arguments.failure.failure_probability,
    };
    arguments.swept.print(
        ("beta", &arguments.beta),
        |(beta, dimension)| capacity(&memory(beta), dimension),
        |(beta, growth)| dimensions(&memory(beta), growth),
    )
}

/// The cells that say which memory a row is of.
fn of(memory: &RamsauerMemory) -> Row {
    vec![
        ("beta", memory.inverse_temperature.into()),
        ("radius_factor", memory.radius_factor.into()),
        ("failure_probability", memory.failure_probability.into()),
    ]
}

fn capacity(memory: &RamsauerMemory, dimension: f64) -> Result<Row, CommandError> {
    let bound = ramsauer_capacity(memory, dimension)?;
    let mut row = of(memory);
    row.extend([
        ("dimension", dimension.into()),
        ("growth", finite(bound.log_growth.exp())),
        ("log_capacity", bound.capacity.log_count.into()),
        ("capacity", finite(bound.capacity.count())),
        ("vacuous", vacuous(&bound.capacity)),
    ]);
    Ok(row)
}

fn dimensions(memory: &RamsauerMemory, growth: f64) -> Result<Row, CommandError> {
    if growth <= 0.0 {
        return Err(CommandError::BadInput(format!(
            "growth = {growth} lies outside its domain: the positive numbers"
        )));
    }
    let (lower, upper, note) = match ramsauer_dimension(memory, growth.ln())? {
        RamsauerDimension::AlwaysExceeded => {
            (None, None, "no solution: exceeded in every dimension")
        }
        RamsauerDimension::Single(d) => (Some(d), Some(d), "exceeded above"),
        RamsauerDimension::Pair { lower, upper } => (Some(lower), Some(upper), "exceeded outside"),
    };
    let mut row = of(memory);
    row.extend([
        ("growth", growth.into()),
        ("dimension_lower", lower.into()),
        ("dimension_upper", upper.into()),
        ("note", note.into()),
    ]);
    Ok(row)
}
