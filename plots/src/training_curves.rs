//! Curves against the epochs of training, with bands.

use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, HorizontalLine, LegendPlacement, Panel, Points,
    Region, Stroke, Ticks, series_style,
};

/// A mean over runs at one epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingPoint {
    /// Steps made.
    pub epoch: f64,
    /// Mean over the runs.
    pub mean: f64,
    /// Standard deviation over the runs, ≥ 0.
    pub deviation: f64,
}

/// A curve with its band.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingSeries {
    /// What was trained (markup).
    pub name: String,
    /// Its number among all that the figure compares: the same colour and dash in every panel.
    pub style: usize,
    /// In order of the epochs; at least one.
    pub points: Vec<TrainingPoint>,
}

/// What one panel compares.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingPanel {
    /// What its curves have in common (markup).
    pub title: String,
    /// The vertical axis (markup).
    pub label: String,
    /// The curves.
    pub series: Vec<TrainingSeries>,
    /// Whether the legend names the curves, or another panel of the figure does.
    pub names_curves: bool,
    /// Horizontal lines: name (markup) and ordinate.
    pub limits: Vec<(String, f64)>,
}

/// Epochs crowd at the start when half of them lie below this part of the last.
const CROWDED: f64 = 0.2;

/// Panels in rows of `columns`: means as curves, one standard deviation over the runs either way as bands, limits as grey
/// lines. Where the epochs crowd at the start, as powers do, they are drawn as epoch + 1 on a logarithmic axis.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without panels or where a panel has no point.
pub fn training_figure(
    title: &str,
    panels: &[TrainingPanel],
    columns: usize,
) -> Result<Figure, PlotError> {
    if panels.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let drawn = panels
        .iter()
        .enumerate()
        .map(|(index, panel)| draw(panel, index + 1))
        .collect::<Result<_, _>>()?;
    let mut figure = Figure::grid(drawn, columns).with_title(title);
    figure.panel_size = (560.0, 400.0);
    Ok(figure)
}

fn draw(described: &TrainingPanel, number: usize) -> Result<Panel, PlotError> {
    let mut epochs: Vec<f64> = described
        .series
        .iter()
        .flat_map(|series| series.points.iter().map(|point| point.epoch))
        .collect();
    epochs.sort_by(f64::total_cmp);
    let Some(&last) = epochs.last() else {
        return Err(PlotError::NothingToDraw { panel: number });
    };
    let is_crowded = epochs[epochs.len() / 2] < CROWDED * last;
    let (axis, shift) = if is_crowded {
        (Axis::new("epoch + 1").logarithmic(), 1.0)
    } else {
        (Axis::new("epoch"), 0.0)
    };
    let mut panel =
        Panel::new(axis, Axis::new(described.label.clone())).with_title(described.title.clone());
    for series in &described.series {
        let end = |sign: f64| {
            let points = series.points.iter();
            points.map(move |point| (point.epoch + shift, point.mean + sign * point.deviation))
        };
        if series.points.len() > 1 {
            panel.add(Region {
                name: format!("{}, one standard deviation", series.name),
                corners: end(-1.0).chain(end(1.0).rev()).collect(),
                color: series_style(series.style).0,
                opacity: 0.22,
                in_legend: false,
            });
        }
    }
    for (index, (name, limit)) in described.limits.iter().enumerate() {
        let dash = [Dash::Dotted, Dash::Dashed][index % 2];
        let stroke = Stroke::new(Color::GREY, dash);
        let mut line = HorizontalLine::new(name.clone(), *limit, stroke);
        line.in_legend = true;
        panel.add(line);
    }
    for series in &described.series {
        let (color, dash, _) = series_style(series.style);
        let means = series.points.iter().map(|p| (p.epoch + shift, p.mean));
        let stroke = Stroke::new(color, dash);
        let mut curve = Curve::new(series.name.clone(), means.collect(), stroke);
        curve.in_legend = described.names_curves;
        panel.add(curve);
    }
    Ok(panel)
}

/// The directions of two-dimensional features.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectionPanel {
    /// What was trained (markup).
    pub title: String,
    /// The angle of each feature in radians and its class.
    pub features: Vec<(f64, f64)>,
}

/// For each class a row, in which each of its features has a mark at its angle, the places of a code on the circle: classes
/// that keep together form runs.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without panels or where a panel has no feature.
pub fn directions_figure(title: &str, panels: &[DirectionPanel]) -> Result<Figure, PlotError> {
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
    let mut figure = Figure::grid(drawn, 2).with_title(title);
    figure.panel_size = (560.0, 340.0);
    Ok(figure)
}
