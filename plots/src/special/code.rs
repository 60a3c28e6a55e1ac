//! The figure of a spherical code in the plane or, in orthographic projection, in space.

use std::f64::consts::TAU;

use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, Dash, DataPoint, Figure, LegendPlacement, Marker, Panel, Points, Stroke,
    Ticks,
};

/// Half of the side of the panel, in radii.
const HALF_SIDE: f64 = 1.15;
/// Intervals of the drawn circle.
const INTERVALS: u32 = 240;

/// The points of a code on the circle or the sphere, the outline, and the `contacts`, pairs of points at the least angle,
/// as chords. A point has two coordinates or three; of three, the last is the height towards the viewer: points behind
/// are smaller and grey, chords whose middle lies behind dashed.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without points.
///
/// # Panics
/// If a point has neither two nor three coordinates, or a contact names no point.
pub fn code_figure(
    title: &str,
    points: &[Vec<f64>],
    contacts: &[(usize, usize)],
) -> Result<Figure, PlotError> {
    if points.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    assert!(
        points.iter().all(|point| matches!(point.len(), 2 | 3)),
        "a code in two or three dimensions"
    );
    let in_space = points[0].len() == 3;
    let axis = |label: &str| {
        Axis::new(label)
            .with_range(-HALF_SIDE, HALF_SIDE)
            .with_ticks(Ticks::At(
                [(-1.0, "−1"), (0.0, "0"), (1.0, "1")]
                    .map(|(place, label)| (place, label.to_owned()))
                    .to_vec(),
            ))
    };
    let mut panel = Panel::new(axis("x"), axis("y")).with_title(title);
    panel.legend = LegendPlacement::Hidden;
    let outline = (0..=INTERVALS).map(|index| {
        let angle = TAU * f64::from(index) / f64::from(INTERVALS);
        (angle.cos(), angle.sin())
    });
    let thin = Stroke::solid(Color::GREY).with_width(0.9);
    panel.add(Curve::new("unit circle", outline.collect(), thin));
    // from back to front
    let chords = contacts
        .iter()
        .map(|&contact| chord(points, contact, in_space));
    let (behind, before): (Vec<_>, Vec<_>) = chords.partition(|chord| chord.0);
    let place = |wanted: bool| -> Vec<DataPoint> {
        let side = points
            .iter()
            .filter(|point| (height(point) < 0.0) == wanted);
        side.map(|point| DataPoint::new(point[0], point[1]))
            .collect()
    };
    for (chords, points, name, color, size) in [
        (behind, place(true), "points behind", Color::GREY, 9.0),
        (before, place(false), "points", Color::VERMILION, 12.0),
    ] {
        for (_, chord) in chords {
            panel.add(chord);
        }
        if !points.is_empty() {
            let mut points = Points::new(name, points, Marker::Circle, color);
            points.size = size;
            panel.add(points);
        }
    }
    let mut figure = Figure::new(panel);
    figure.panel_size = (560.0, 580.0);
    Ok(figure)
}

/// The height of a point towards the viewer.
fn height(point: &[f64]) -> f64 {
    point.get(2).copied().unwrap_or(0.0)
}

/// The line between two points, and whether its middle lies behind.
fn chord(points: &[Vec<f64>], (first, second): (usize, usize), in_space: bool) -> (bool, Curve) {
    let (a, b) = (&points[first], &points[second]);
    let is_behind = in_space && height(a) + height(b) < 0.0;
    let stroke = if is_behind {
        Stroke::new(Color::new(190, 190, 190), Dash::Dashed).with_width(0.9)
    } else {
        Stroke::solid(Color::BLUE).with_width(1.4)
    };
    let name = format!("contact {}–{}", first + 1, second + 1);
    let ends = vec![(a[0], a[1]), (b[0], b[1])];
    (is_behind, Curve::new(name, ends, stroke).without_legend())
}
