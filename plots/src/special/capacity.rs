//! The figure of capacity bounds against the dimension.

use crate::error::PlotError;
use crate::figure::{Axis, Color, Curve, Dash, Figure, Panel, Stroke};

/// The logarithms ln M of the numbers of patterns of several bounds, as pairs (dimension, ln M).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CapacityCurves {
    /// Random patterns, Theorem 3 of Ramsauer et al.
    pub ramsauer: Vec<(f64, f64)>,
    /// Random features, the lemma of kernelized models.
    pub kernelized: Vec<(f64, f64)>,
    /// The same with cap measures instead of its inequalities.
    pub kernelized_caps: Vec<(f64, f64)>,
    /// Largest well-separated memory, upper bound.
    pub optimal_upper: Vec<(f64, f64)>,
    /// Largest well-separated memory, lower bound.
    pub optimal_lower: Vec<(f64, f64)>,
    /// α₁N of the Random Energy Model.
    pub typical: Vec<(f64, f64)>,
}

/// ln M against the dimension, both logarithmic, one line per bound; bounds without points are left out.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without any point; [`PlotError::NotPositive`] for a dimension or ln M ≤ 0.
pub fn capacity_figure(title: &str, curves: &CapacityCurves) -> Result<Figure, PlotError> {
    let mut panel = Panel::new(
        Axis::new("dimension").logarithmic(),
        Axis::new("ln(number of patterns)").logarithmic(),
    )
    .with_title(title);
    let lines = [
        (
            "random patterns, REM: α_{1}N",
            &curves.typical,
            Color::BLUE,
            Dash::Solid,
        ),
        (
            "optimal, upper bound (caps)",
            &curves.optimal_upper,
            Color::VERMILION,
            Dash::Dashed,
        ),
        (
            "optimal, lower bound (covering)",
            &curves.optimal_lower,
            Color::VERMILION,
            Dash::DashDot,
        ),
        (
            "kernelized, measured caps",
            &curves.kernelized_caps,
            Color::GREEN,
            Dash::Solid,
        ),
        (
            "kernelized, lemma",
            &curves.kernelized,
            Color::GREEN,
            Dash::Dashed,
        ),
        (
            "Ramsauer et al.",
            &curves.ramsauer,
            Color::BLACK,
            Dash::Dotted,
        ),
    ];
    for (name, points, color, dash) in lines {
        if !points.is_empty() {
            panel.add(Curve::new(name, points.clone(), Stroke::new(color, dash)));
        }
    }
    if panel.layers.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    Ok(Figure::new(panel))
}
