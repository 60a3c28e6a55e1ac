//! The figure of the minimal separation of M points on a sphere.

use crate::error::PlotError;
use crate::figure::{Axis, Color, Curve, Dash, DataPoint, Figure, Marker, Panel, Points, Stroke};

/// What is known of the minimal separation in one dimension; curves against M.
#[derive(Debug, Clone, PartialEq)]
pub struct SeparationPanel {
    /// d.
    pub dimension: f64,
    /// Lower and upper bound in closed form (M, 1 − cos θ).
    pub closed_bounds: [Vec<(f64, f64)>; 2],
    /// The tightest lower and upper bounds.
    pub tight_bounds: [Vec<(f64, f64)>; 2],
    /// The best codes found.
    pub best: Vec<DataPoint>,
    /// Random points, with error bars.
    pub random: Vec<DataPoint>,
}

/// Panels side by side, one for each dimension: bounds as lines, the best codes and random points as markers, both axes
/// logarithmic.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without panels or where a panel has no code.
pub fn separation_bound_figure(
    title: &str,
    panels: &[SeparationPanel],
) -> Result<Figure, PlotError> {
    if panels.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let mut drawn = Vec::new();
    for (index, described) in panels.iter().enumerate() {
        if described.best.is_empty() {
            return Err(PlotError::NothingToDraw { panel: index + 1 });
        }
        let mut panel = Panel::new(
            Axis::new("points M").logarithmic(),
            Axis::new("min (1 − cos θ)").logarithmic(),
        )
        .with_title(format!("d = {}", described.dimension));
        for (bounds, color, name) in [
            (&described.closed_bounds, Color::GREY, "closed form"),
            (&described.tight_bounds, Color::BLUE, "tightest here"),
        ] {
            for (points, dash, side) in [
                (&bounds[0], Dash::DashDot, "lower"),
                (&bounds[1], Dash::Dashed, "upper"),
            ] {
                if !points.is_empty() {
                    let name = format!("{side} bound, {name}");
                    panel.add(Curve::new(name, points.clone(), Stroke::new(color, dash)));
                }
            }
        }
        for (name, points, marker, color) in [
            (
                "optimised codes",
                &described.best,
                Marker::Circle,
                Color::VERMILION,
            ),
            (
                "random points",
                &described.random,
                Marker::Square,
                Color::GREEN,
            ),
        ] {
            if !points.is_empty() {
                panel.add(Points::new(name, points.clone(), marker, color));
            }
        }
        drawn.push(panel);
    }
    let mut figure = Figure::side_by_side(drawn).with_title(title);
    figure.panel_size = (720.0, 480.0);
    Ok(figure)
}
