//! `dam theory bound spherical-code`: points that keep an angle.

use clap::Args;
use dam::sims::whole_number;
use dam::theory::bounds::{CodeBound, code_angle_bounds, code_log_size, code_separation_bounds};

use super::arguments::one_of;
use super::cells::at_least_two;
use crate::commands::options::List;
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Row};

/// How many points can keep an angle, or which angle M points can keep
#[derive(Debug, Args)]
pub struct Arguments {
    /// Dimensions D
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    dimension: List,
    #[command(flatten)]
    swept: Swept,
}

one_of! {
    /// Least angles in degrees
    angle,
    /// Numbers of points M
    count
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let dimensions = ("dimension", &arguments.dimension);
    arguments.swept.print(dimensions, size, angle)
}

fn size((dimension, angle): (f64, f64)) -> Result<Row, CommandError> {
    let size = |bound| code_log_size(dimension, angle.to_radians(), bound);
    let closed_form = size(CodeBound::CapsClosedForm);
    Ok(vec![
        ("dimension", dimension.into()),
        ("angle_degrees", angle.into()),
        ("log_size_lower", size(CodeBound::Covering)?.into()),
        ("log_size_upper", size(CodeBound::Caps)?.into()),
        ("log_size_upper_closed_form", closed_form?.into()),
    ])
}

fn angle((dimension, count): (f64, f64)) -> Result<Row, CommandError> {
    let closed = code_separation_bounds(dimension, at_least_two(count)?)?;
    let whole = (whole("dimension", dimension)?, whole("count", count)?);
    let (lower, upper) = code_angle_bounds(whole.0, whole.1)?;
    Ok(vec![
        ("dimension", dimension.into()),
        ("count", count.into()),
        ("angle_lower_degrees", lower.to_degrees().into()),
        ("angle_upper_degrees", upper.to_degrees().into()),
        ("separation_lower_closed_form", closed.lower.into()),
        ("separation_upper_closed_form", closed.upper.into()),
    ])
}

/// A positive whole number that f64 holds exactly.
fn whole(name: &str, value: f64) -> Result<usize, CommandError> {
    let found = whole_number(value).filter(|&whole| whole > 0);
    found.ok_or_else(|| {
        CommandError::BadInput(format!(
            "{name} = {value} is not a whole number from 1 to 2^53"
        ))
    })
}
