//! Draws the markers of data points.

use super::geometry::Point;
use super::scene::{Primitive, Scene};
use crate::figure::{Color, Marker, Stroke};

/// Draws a marker of diameter `size`.
pub(crate) fn draw_marker(
    marker: Marker,
    (x, y): Point,
    size: f64,
    color: Color,
    scene: &mut Scene,
) {
    let radius = 0.5 * size;
    // shapes of about equal area look equally large
    let polygon = |offsets: &[(f64, f64)]| Primitive::Polygon {
        corners: offsets
            .iter()
            .map(|(dx, dy)| (x + dx * radius, y + dy * radius))
            .collect(),
        color,
        opacity: 1.0,
    };
    let mut stroke = |from: (f64, f64), to: (f64, f64)| {
        let ends = [from, to].map(|(dx, dy)| (x + dx * radius, y + dy * radius));
        scene.stroke(&ends, &Stroke::solid(color));
    };
    let shape = match marker {
        Marker::Circle => Primitive::Circle {
            centre: (x, y),
            radius,
            color,
        },
        Marker::Square => polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        Marker::Diamond => polygon(&[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]),
        Marker::TriangleUp => polygon(&[(0.0, -1.2), (1.15, 0.8), (-1.15, 0.8)]),
        Marker::TriangleDown => polygon(&[(0.0, 1.2), (1.15, -0.8), (-1.15, -0.8)]),
        Marker::Cross => {
            stroke((-1.0, -1.0), (1.0, 1.0));
            stroke((-1.0, 1.0), (1.0, -1.0));
            return;
        }
        Marker::Plus => {
            stroke((-1.2, 0.0), (1.2, 0.0));
            stroke((0.0, -1.2), (0.0, 1.2));
            return;
        }
    };
    scene.primitives.push(shape);
}
