//! The figure of the least angle between two random patterns against their size.

use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, HorizontalLine, LegendEntry, Panel, Points,
    Stroke, series_style,
};
use crate::labels::{ensemble_title, load_name};

/// A least angle measured at one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairPoint {
    /// Number of components N.
    pub size: f64,
    /// Median over samples of the least angle in degrees.
    pub angle: f64,
    /// Lower end of its confidence interval.
    pub low: f64,
    /// Upper end of its confidence interval.
    pub high: f64,
    /// The finite-N theory.
    pub theory: Option<f64>,
}

/// The least angles at one load α.
#[derive(Debug, Clone, PartialEq)]
pub struct PairSeries {
    /// Load α = ln P / N > 0.
    pub load: f64,
    /// Measurements at several sizes, at least one.
    pub points: Vec<PairPoint>,
    /// The angle at N = ∞, arccos ε with s(ε) = 2α.
    pub infinite_size: Option<f64>,
}

/// The least angle among all pairs of e^{αN} patterns against N: points with error bars, the finite-N theory as a solid
/// line through the measured sizes and the limit as a dashed line.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without series; [`PlotError::OutsideDomain`] for a load that is not positive.
pub fn closest_pair_figure(ensemble: &str, series: &[PairSeries]) -> Result<Figure, PlotError> {
    if series.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let mut panel = Panel::new(
        Axis::new("size N"),
        Axis::new("least angle between two patterns (degrees)"),
    )
    .with_title(ensemble_title(ensemble));
    let mut has_theory = false;
    for (index, series) in series.iter().enumerate() {
        let (name, (color, _, marker)) = (load_name(series.load)?, series_style(index));
        if let Some(limit) = series.infinite_size {
            let stroke = Stroke::new(color, Dash::Dashed).with_width(1.6);
            panel.add(HorizontalLine::new(format!("{name}, N = ∞"), limit, stroke));
        }
        let theory = series.points.iter();
        let mut theory: Vec<(f64, f64)> = theory
            .filter_map(|point| Some((point.size, point.theory?)))
            .collect();
        theory.sort_by(|a, b| a.0.total_cmp(&b.0));
        if !theory.is_empty() {
            has_theory = true;
            let name = format!("{name}, finite-N theory");
            panel.add(Curve::new(name, theory, Stroke::solid(color)).without_legend());
        }
        let points = series.points.iter().map(|point| {
            DataPoint::with_y_interval(point.size, point.angle, point.low, point.high)
        });
        panel.add(Points::new(name, points.collect(), marker, color));
    }
    if has_theory {
        panel.add(LegendEntry::new(
            "finite-N theory",
            Stroke::solid(Color::GREY),
        ));
    }
    if series.iter().any(|series| series.infinite_size.is_some()) {
        panel.add(LegendEntry::new(
            "N = ∞",
            Stroke::new(Color::GREY, Dash::Dashed).with_width(1.6),
        ));
    }
    Ok(Figure::new(panel))
}
