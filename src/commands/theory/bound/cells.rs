//! Cells and numbers that the tables of bounds share.

use dam::theory::bounds::CapacityBound;

use crate::terminal::error::CommandError;
use crate::terminal::table::Cell;

/// A number that may overflow: empty then.
pub fn finite(value: f64) -> Cell {
    Some(value).filter(|value| value.is_finite()).into()
}

/// Why the bound says nothing; empty where it does say something.
pub fn vacuous(bound: &CapacityBound) -> Cell {
    bound.vacuity.map_or("", |vacuity| vacuity.reason()).into()
}

/// ln M of a number of patterns.
pub fn at_least_two(count: f64) -> Result<f64, CommandError> {
    if count >= 2.0 {
        Ok(count.ln())
    } else {
        Err(CommandError::BadInput(format!(
            "count = {count}: a bound needs at least 2 patterns"
        )))
    }
}
