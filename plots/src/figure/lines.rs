//! Lines: curves, lines across a panel, outlines of histograms, and samples of them in the legend.

use super::palette::{Color, Dash};

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub color: Color,
    /// Width in pixels, > 0.
    pub width: f64,
    /// Interruption.
    pub dash: Dash,
}

impl Stroke {
    /// A solid line 2 px wide.
    pub const fn solid(color: Color) -> Self {
        Self::new(color, Dash::Solid)
    }

    /// A line 2 px wide.
    pub const fn new(color: Color, dash: Dash) -> Self {
        Self {
            color,
            width: 2.0,
            dash,
        }
    }

    /// The same line with another width in pixels.
    #[must_use]
    pub const fn with_width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }
}

/// A line through points (x, y), in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// Points (x, y), finite; at least one.
    pub points: Vec<(f64, f64)>,
    /// How the line is drawn.
    pub stroke: Stroke,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

impl Curve {
    /// A curve that the legend lists.
    pub fn new(name: impl Into<String>, points: Vec<(f64, f64)>, stroke: Stroke) -> Self {
        Self {
            name: name.into(),
            points,
            stroke,
            in_legend: true,
        }
    }

    /// The same curve, not listed in the legend.
    #[must_use]
    pub fn without_legend(mut self) -> Self {
        self.in_legend = false;
        self
    }
}

/// Where a line across the whole panel lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Across {
    /// At one ordinate.
    Horizontal(f64),
    /// At one abscissa.
    Vertical(f64),
}

/// A line across the whole panel.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossLine {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// Where it lies.
    pub across: Across,
    /// How the line is drawn.
    pub stroke: Stroke,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

impl CrossLine {
    /// A line that the legend does not list.
    pub fn new(name: impl Into<String>, across: Across, stroke: Stroke) -> Self {
        Self {
            name: name.into(),
            across,
            stroke,
            in_legend: false,
        }
    }
}

/// A histogram-like line of constant heights between edges.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// Edges of the bins, increasing; one more than heights.
    pub edges: Vec<f64>,
    /// Heights.
    pub heights: Vec<f64>,
    /// How the outline is drawn.
    pub stroke: Stroke,
    /// Whether the area down to 0 is shaded; not possible on a logarithmic axis.
    pub filled: bool,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

/// A legend entry without data, for what several layers share ("theory, N = ∞").
#[derive(Debug, Clone, PartialEq)]
pub struct LegendEntry {
    /// Text (markup).
    pub name: String,
    /// Sample shown before the text.
    pub stroke: Stroke,
}

impl LegendEntry {
    /// An entry with this text and sample.
    pub fn new(name: impl Into<String>, stroke: Stroke) -> Self {
        Self {
            name: name.into(),
            stroke,
        }
    }
}
