//! The axes that figures share: one name for each quantity.

use super::panel::{Along, AxisView};

/// Part of the longest 1/N, or of the smallest N, left free at the end of an axis.
const MARGIN: f64 = 1.06;
/// Where axes of N end: theory has all but reached its limit.
const LARGEST_SIZE: f64 = 1e4;

/// N.
pub const SIZE: &str = "number of neurons N";
/// λ.
pub const INVERSE_TEMPERATURE: &str = "inverse temperature λ";
/// α.
pub const LOAD: &str = "load α = ln P/N";
/// 1/N.
pub const INVERSE_SIZE: &str = "1/N";
/// λ_×.
pub const CROSSOVER: &str = "crossover inverse temperature λ_{×}";
/// θ_c of the median sample.
pub const MEDIAN_BASIN_ANGLE: &str = "median basin angle θ_{c} (degrees)";
/// θ_c of the average over samples.
pub const MEAN_BASIN_ANGLE: &str = "mean basin angle θ_{c} (degrees)";

/// 1/N, from the limit on.
pub fn inverse_size() -> (AxisView, Along) {
    let axis = AxisView::new(INVERSE_SIZE).over(|_, longest| (0.0, MARGIN * longest));
    (axis, Along::InverseSize)
}

/// N on a logarithmic axis to 10⁴.
pub fn size_to_limit() -> (AxisView, Along) {
    let (axis, along) = size();
    let axis = axis.over(|smallest, _| (smallest / MARGIN, LARGEST_SIZE));
    (axis, along)
}

/// N on a logarithmic axis.
pub fn size() -> (AxisView, Along) {
    (AxisView::new(SIZE).logarithmic(), Along::Size)
}

/// λ.
pub fn inverse_temperature() -> (AxisView, Along) {
    let axis = AxisView::new(INVERSE_TEMPERATURE);
    (axis, Along::Coordinate("lambda", 0.0))
}

/// α of the whole number P, as far as it is measured.
pub fn load() -> (AxisView, Along) {
    let axis = AxisView::new(LOAD).over(|least, largest| {
        let margin = 0.05
            * if least < largest {
                largest - least
            } else {
                largest
            };
        (least - margin, largest + margin)
    });
    (axis, Along::Load)
}

/// M on a logarithmic axis.
pub fn pattern_count() -> (AxisView, Along) {
    let axis = AxisView::new("number of patterns M").logarithmic();
    (axis, Along::Count)
}

/// Training steps; logarithmic from 1 on where they are shifted by 1.
pub fn training_steps(is_shifted: bool) -> (AxisView, Along) {
    if is_shifted {
        let axis = AxisView::new("training steps + 1").logarithmic();
        return (axis, Along::Coordinate("training_steps", 1.0));
    }
    let axis = AxisView::new("training steps").whole();
    (axis, Along::Coordinate("training_steps", 0.0))
}
