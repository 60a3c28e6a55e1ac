//! The histogram of how many patterns share the weight at fixed points.

use crate::error::PlotError;
use crate::figure::{Axis, Curve, DataPoint, Figure, Panel, Points, Stroke, series_style};

/// The shares of the support sizes of one memory.
#[derive(Debug, Clone, PartialEq)]
pub struct SupportSeries {
    /// What the memory is composed of.
    pub name: String,
    /// (support size, share of the queries) with error bars, in order of the size; at least one.
    pub points: Vec<DataPoint>,
}

/// The memories that one panel compares.
#[derive(Debug, Clone, PartialEq)]
pub struct SupportPanel {
    /// What they have in common (markup).
    pub title: String,
    /// One histogram each.
    pub series: Vec<SupportSeries>,
}

/// Panels side by side (in rows of three): the share of queries against the number of patterns in the support, a colour
/// and a marker for each memory, lines to guide the eye.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without panels or where a panel has no point.
pub fn metastable_states_figure(title: &str, panels: &[SupportPanel]) -> Result<Figure, PlotError> {
    if panels.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let drawn = panels
        .iter()
        .enumerate()
        .map(|(index, panel)| draw(panel, index + 1))
        .collect::<Result<_, _>>()?;
    let mut figure = Figure::grid(drawn, 3).with_title(title);
    figure.panel_size = (480.0, 400.0);
    Ok(figure)
}

fn draw(described: &SupportPanel, number: usize) -> Result<Panel, PlotError> {
    let sizes = || {
        described
            .series
            .iter()
            .flat_map(|series| &series.points)
            .map(|point| point.x)
    };
    let largest = sizes().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return Err(PlotError::NothingToDraw { panel: number });
    }
    let smallest = sizes().fold(1.0, f64::min);
    let mut panel = Panel::new(
        Axis::new("patterns in the support").with_range(smallest - 0.5, largest + 0.5),
        Axis::new("share of the queries").with_range(-0.03, 1.03),
    )
    .with_title(described.title.clone());
    for (index, series) in described.series.iter().enumerate() {
        let (color, dash, marker) = series_style(index);
        let guide = series.points.iter().map(|point| (point.x, point.y));
        let stroke = Stroke::new(color, dash).with_width(1.2);
        panel.add(Curve::new(series.name.clone(), guide.collect(), stroke).without_legend());
        panel.add(Points::new(
            series.name.clone(),
            series.points.clone(),
            marker,
            color,
        ));
    }
    Ok(panel)
}
