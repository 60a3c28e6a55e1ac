//! Measured values with error bars.

use super::lines::Stroke;
use super::palette::{Color, Marker};

/// A measured value with its error bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DataPoint {
    /// Abscissa.
    pub x: f64,
    /// Ordinate.
    pub y: f64,
    /// Ends (low, high) of the horizontal error bar, around `x`.
    pub x_interval: Option<(f64, f64)>,
    /// Ends (low, high) of the vertical error bar, around `y`.
    pub y_interval: Option<(f64, f64)>,
    /// Whether it is to be taken with care: its marker is open.
    pub is_open: bool,
}

impl DataPoint {
    /// A point without error bars.
    pub const fn new(x: f64, y: f64) -> Self {
        Self {
            x,
            y,
            x_interval: None,
            y_interval: None,
            is_open: false,
        }
    }

    /// A point with the vertical error bar [low, high].
    pub const fn with_y_interval(x: f64, y: f64, low: f64, high: f64) -> Self {
        Self {
            x,
            y,
            x_interval: None,
            y_interval: Some((low, high)),
            is_open: false,
        }
    }
}

/// Markers with error bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// The points; at least one.
    pub points: Vec<DataPoint>,
    /// Shape.
    pub marker: Marker,
    /// Diameter in pixels, > 0.
    pub size: f64,
    /// Colour of markers and error bars.
    pub color: Color,
    /// Whether the legend lists it.
    pub in_legend: bool,
    /// The line that goes with them, which the legend shows behind their marker.
    pub line: Option<Stroke>,
}

impl Points {
    /// Markers of 8 px that the legend lists.
    pub fn new(
        name: impl Into<String>,
        points: Vec<DataPoint>,
        marker: Marker,
        color: Color,
    ) -> Self {
        Self {
            name: name.into(),
            points,
            marker,
            size: 8.0,
            color,
            in_legend: true,
            line: None,
        }
    }
}
