//! Names of loads in figures, and what sizes may be.

use dam_runs::view::short_number;

use crate::error::PlotError;

/// "α = 0.2", to six digits.
pub(crate) fn load_name(load: f64) -> Result<String, PlotError> {
    if load.is_finite() && load > 0.0 {
        Ok(format!("α = {}", short_number(load)))
    } else {
        Err(PlotError::OutsideDomain {
            quantity: "the load α",
            value: load,
            domain: "the positive numbers",
        })
    }
}

pub(crate) fn require_size(size: f64) -> Result<(), PlotError> {
    if size.is_finite() && size >= 1.0 {
        return Ok(());
    }
    Err(PlotError::OutsideDomain {
        quantity: "the size N",
        value: size,
        domain: "the numbers ≥ 1",
    })
}
