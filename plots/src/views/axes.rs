//! Axes of views.

use dam_runs::view::AxisView;

use crate::figure::{Axis, Ticks};

/// The axis, given the least and the greatest measured value.
pub(super) fn axis(view: &AxisView, extent: Option<(f64, f64)>) -> Axis {
    let mut axis = Axis::new(view.label.clone());
    if view.is_logarithmic {
        axis = axis.logarithmic();
    }
    axis.is_whole = view.is_whole;
    if let (Some(range), Some((low, high))) = (view.range, extent) {
        let (low, high) = range(low, high);
        axis = axis.with_range(low, high);
        if let Some(step) = view.ticks {
            axis = axis.with_ticks(multiples(step, low, high));
        }
    }
    axis
}

/// The multiples of `step` from `low` to `high`.
fn multiples(step: f64, low: f64, high: f64) -> Ticks {
    let mut ticks = Vec::new();
    let mut value = (low / step).ceil() * step;
    while value <= high {
        ticks.push((value, value.to_string()));
        value += step;
    }
    Ticks::At(ticks)
}

/// The least and the greatest of the values; none where there is no value.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |extent, value| match extent {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}
