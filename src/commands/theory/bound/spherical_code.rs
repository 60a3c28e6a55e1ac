//! `dam theory bound spherical-code`: points that keep an angle.

use clap::Args;
use dam::theory::bounds::{CodeBound, code_angle_bounds, code_log_size, code_separation_bounds};

use super::cells::at_least_two;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::Table;

/// How many points can keep an angle, or which angle M points can keep
#[derive(Debug, Args)]
pub struct Arguments {
    /// Dimensions D
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    dimension: List,
    /// Least angles in degrees
    #[arg(
        long,
        value_name = "LIST",
        required_unless_present = "count",
        allow_hyphen_values = true
    )]
    angle: Option<List>,
    /// Numbers of points M
    #[arg(
        long,
        value_name = "LIST",
        conflicts_with = "angle",
        allow_hyphen_values = true
    )]
    count: Option<List>,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    if let Some(counts) = &arguments.count {
        return angles(arguments, &counts.0);
    }
    let mut table = Table::new([
        "dimension",
        "angle_degrees",
        "log_size_lower",
        "log_size_upper",
        "log_size_upper_closed_form",
    ]);
    for &dimension in &arguments.dimension.0 {
        for &angle in arguments.angle.iter().flat_map(|list| &list.0) {
            let size = |bound| code_log_size(dimension, angle.to_radians(), bound);
            table.push(vec![
                dimension.into(),
                angle.into(),
                size(CodeBound::Covering)?.into(),
                size(CodeBound::Caps)?.into(),
                size(CodeBound::CapsClosedForm)?.into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}

fn angles(arguments: &Arguments, counts: &[f64]) -> Result<(), CommandError> {
    let mut table = Table::new([
        "dimension",
        "count",
        "angle_lower_degrees",
        "angle_upper_degrees",
        "separation_lower_closed_form",
        "separation_upper_closed_form",
    ]);
    for &dimension in &arguments.dimension.0 {
        for &count in counts {
            let closed = code_separation_bounds(dimension, at_least_two(count)?)?;
            let whole = (whole("dimension", dimension)?, whole("count", count)?);
            let (lower, upper) = code_angle_bounds(whole.0, whole.1)?;
            table.push(vec![
                dimension.into(),
                count.into(),
                lower.to_degrees().into(),
                upper.to_degrees().into(),
                closed.lower.into(),
                closed.upper.into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}

/// A positive whole number that f64 holds exactly.
fn whole(name: &str, value: f64) -> Result<usize, CommandError> {
    if value.fract() != 0.0 || !(1.0..=9_007_199_254_740_992.0).contains(&value) {
        return Err(CommandError::BadInput(format!(
            "{name} = {value} is not a whole number from 1 to 2^53"
        )));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be a whole number in range"
    )]
    Ok(value as usize)
}
