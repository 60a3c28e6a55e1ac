//! Many models side by side: a curve with error bars each, in panels that share one legend.

use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, LegendPlacement, Marker, OKABE_ITO, Panel, Points,
    Stroke,
};

/// What one model does, in one panel.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonSeries {
    /// The model (markup).
    pub name: String,
    /// Its place among the models of the figure, from 0, which gives it its colour and marker.
    pub place: usize,
    /// The measurements with their error bars, in order of the abscissa; at least one.
    pub points: Vec<DataPoint>,
    /// Whether a line guides the eye from point to point.
    pub is_joined: bool,
}

/// One quantity of all models.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonPanel {
    /// What the models are compared at.
    pub x_axis: Axis,
    /// The quantity.
    pub y_axis: Axis,
    /// The models; at least one.
    pub series: Vec<ComparisonSeries>,
}

/// Panels side by side, one quantity each; the legend stands right of the last.
///
/// ```
/// use dam_plots::figure::{Axis, DataPoint};
/// use dam_plots::{ComparisonPanel, ComparisonSeries, comparison_figure};
/// let series = ComparisonSeries {
///     name: "cosine".to_owned(),
///     place: 0,
///     points: vec![DataPoint::with_y_interval(10.0, 0.3, 0.2, 0.4)],
///     is_joined: true,
/// };
/// let panel = ComparisonPanel {
///     x_axis: Axis::new("memories M"),
///     y_axis: Axis::new("squared error").logarithmic(),
///     series: vec![series],
/// };
/// let figure = comparison_figure("digits", vec![panel])?;
/// assert_eq!(figure.panels.len(), 1);
/// # Ok::<(), dam_plots::PlotError>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] without panels or for a panel without a point.
pub fn comparison_figure(title: &str, panels: Vec<ComparisonPanel>) -> Result<Figure, PlotError> {
    let count = panels.len();
    if count == 0 {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let mut drawn = Vec::with_capacity(count);
    for (index, described) in panels.into_iter().enumerate() {
        if described
            .series
            .iter()
            .all(|series| series.points.is_empty())
        {
            return Err(PlotError::NothingToDraw { panel: index + 1 });
        }
        let mut panel = Panel::new(described.x_axis, described.y_axis);
        for series in described.series {
            add(series, &mut panel);
        }
        panel.legend = if index + 1 == count {
            LegendPlacement::OutsideRight
        } else {
            LegendPlacement::Hidden
        };
        drawn.push(panel);
    }
    let mut figure = Figure::side_by_side(drawn).with_title(title);
    figure.panel_size = if count == 1 {
        (900.0, 520.0)
    } else {
        (620.0, 480.0)
    };
    Ok(figure)
}

fn add(series: ComparisonSeries, panel: &mut Panel) {
    if series.points.is_empty() {
        return;
    }
    let (color, dash, marker) = style(series.place);
    if series.is_joined {
        let guide = series.points.iter().map(|point| (point.x, point.y));
        let stroke = Stroke::new(color, dash).with_width(1.2);
        panel.add(Curve::new(series.name.clone(), guide.collect(), stroke).without_legend());
    }
    panel.add(Points::new(series.name, series.points, marker, color));
}

/// Colour, dash and marker: a second round of the colours has other markers and dashes.
fn style(place: usize) -> (Color, Dash, Marker) {
    let round = place / OKABE_ITO.len();
    (
        Color::number(place),
        Dash::number(round),
        Marker::number(place + 2 * round),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn twenty_models_look_different() {
        let styles: HashSet<_> = (0..20).map(style).collect();
        assert_eq!(styles.len(), 20);
    }
}
