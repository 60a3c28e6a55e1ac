//! The frame of a panel, and the measures that all that stands around it shares.

use super::geometry::{Point, Rectangle};
use super::scene::Scene;
use super::ticks::ResolvedAxis;
use crate::error::PlotError;
use crate::figure::{Color, Stroke};

/// White border of a panel.
pub(crate) const PADDING: f64 = 12.0;
/// Distance between neighbouring parts.
pub(crate) const GAP: f64 = 8.0;
pub(crate) const TITLE_SIZE: f64 = 18.0;
pub(crate) const AXIS_LABEL_SIZE: f64 = 18.0;
pub(crate) const TICK_LENGTH: f64 = 6.0;
/// The pen of frames and ticks.
pub(crate) const FRAME_PEN: Stroke = Stroke::solid(Color::BLACK).with_width(1.2);
/// Distance between the points that stand for what text must not cover.
pub(crate) const OBSTACLE_STEP: f64 = 4.0;

/// The frame of a panel with its axes: maps data to pixels.
pub(crate) struct Frame {
    pub area: Rectangle,
    pub x: ResolvedAxis,
    pub y: ResolvedAxis,
}

impl Frame {
    pub fn pixel(&self, (x, y): (f64, f64)) -> Point {
        (
            self.area.left + self.x.fraction(x) * self.area.width(),
            self.area.bottom - self.y.fraction(y) * self.area.height(),
        )
    }

    pub fn pixels(&self, points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().map(|&point| self.pixel(point)).collect()
    }
}

/// `what` finds no room in a panel of this width and height.
pub(crate) fn does_not_fit(what: String, (width, height): (f64, f64)) -> PlotError {
    PlotError::DoesNotFit {
        what,
        width,
        height,
    }
}

/// Draws the border of a rectangle in black.
pub(crate) fn outline(area: &Rectangle, scene: &mut Scene) {
    let [first, others @ ..] = area.corners();
    // begin in the middle of a side, so that all four corners are joined
    let middle = (area.centre().0, area.top);
    let points: Vec<Point> = std::iter::once(middle)
        .chain(others)
        .chain([first, middle])
        .collect();
    scene.stroke(&points, &FRAME_PEN);
}
