//! Directions of two-dimensional features, by class.

use dam_runs::view::DirectionPanel;

use crate::error::PlotError;
use crate::figure::{Axis, DataPoint, Figure, LegendPlacement, Panel, Points, Ticks, series_style};

/// For each class a row, in which each of its features has a mark at its angle, the places of a code on the circle: classes
/// that keep together form runs.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without panels or where a panel has no feature.
pub fn directions_figure(panels: &[DirectionPanel]) -> Result<Figure, PlotError> {
    let mut drawn = Vec::new();
    for (index, described) in panels.iter().enumerate() {
        let mut classes: Vec<f64> = described.features.iter().map(|feature| feature.1).collect();
        classes.sort_by(f64::total_cmp);
        classes.dedup();
        let (Some(&first), Some(&last)) = (classes.first(), classes.last()) else {
            return Err(PlotError::NothingToDraw { panel: index + 1 });
        };
        let quarters = [-180.0, -90.0, 0.0, 90.0, 180.0];
        let degrees = quarters.map(|angle| (angle, format!("{angle}°").replace('-', "−")));
        let names = classes.iter().map(|class| (*class, class.to_string()));
        let mut panel = Panel::new(
            Axis::new("direction of the feature")
                .with_range(-180.0, 180.0)
                .with_ticks(Ticks::At(degrees.to_vec())),
            Axis::new("class")
                .with_range(first - 0.6, last + 0.6)
                .with_ticks(Ticks::At(names.collect())),
        )
        .with_title(described.title.clone());
        panel.legend = LegendPlacement::Hidden;
        for (position, &class) in classes.iter().enumerate() {
            let (color, _, marker) = series_style(position);
            let own = described
                .features
                .iter()
                .filter(|feature| feature.1 == class);
            let points = own.map(|feature| DataPoint::new(feature.0.to_degrees(), class));
            panel.add(Points::new(
                class.to_string(),
                points.collect(),
                marker,
                color,
            ));
        }
        drawn.push(panel);
    }
    if drawn.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let mut figure = Figure::grid(drawn, 2);
    figure.panel_size = (560.0, 340.0);
    Ok(figure)
}
