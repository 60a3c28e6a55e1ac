//! The axes of a panel with their ranges settled.

pub(crate) use super::ticks::ResolvedAxis;
use crate::error::PlotError;
use crate::figure::{Axis, Layer, Panel};

/// Part of the range that an automatic axis leaves free at either end.
const MARGIN: f64 = 0.04;

/// The horizontal and the vertical axis of the panel of this number.
pub(crate) fn resolved_axes(
    panel: &Panel,
    number: usize,
) -> Result<(ResolvedAxis, ResolvedAxis), PlotError> {
    let x = resolve_axis(&panel.x_axis, panel, number, |layer| layer.coordinates().0)?;
    let y = resolve_axis(&panel.y_axis, panel, number, |layer| layer.coordinates().1)?;
    Ok((x, y))
}

fn resolve_axis(
    axis: &Axis,
    panel: &Panel,
    number: usize,
    values: impl Fn(&Layer) -> Vec<f64>,
) -> Result<ResolvedAxis, PlotError> {
    let spanning = panel
        .layers
        .iter()
        .filter(|layer| !matches!(layer, Layer::Annotation(_)));
    let values: Vec<f64> = spanning.flat_map(values).collect();
    let has_map = panel
        .layers
        .iter()
        .any(|layer| matches!(layer, Layer::HeatMap(_)));
    let margin = if has_map { 0.0 } else { MARGIN };
    ResolvedAxis::new(axis, &values, margin, number)
}
