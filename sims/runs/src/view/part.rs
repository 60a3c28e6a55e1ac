//! What is drawn of the series of a panel: points, lines, curves of theory.

use super::grid::Grid;
use super::row::{Key, Note, Theory};
use crate::place::Place;

/// Parts that every series gets.
pub struct Pass<'a> {
    /// What tells the series apart; one series where there is none.
    pub by: Vec<Key<'a>>,
    /// What each gets, in this order.
    pub parts: Vec<Part<'a>>,
}

impl<'a> Pass<'a> {
    /// A pass.
    pub fn new(by: Vec<Key<'a>>, parts: Vec<Part<'a>>) -> Self {
        Self { by, parts }
    }
}

/// What is drawn of a series. Names are those of the series with more words behind.
pub enum Part<'a> {
    /// Measurements.
    Points(PointsView<'a>),
    /// A line from point to point.
    Guide(GuideView),
    /// The area of the error bars.
    Band {
        /// Which of the panel's data.
        data: usize,
    },
    /// A curve of theory.
    Curve(CurveView<'a>),
    /// A horizontal line.
    Level(LineView<'a>),
    /// A vertical line.
    Threshold(LineView<'a>),
}

/// Measurements with error bars.
pub struct PointsView<'a> {
    /// Which of the panel's data.
    pub data: usize,
    /// More words of the name.
    pub name: &'static str,
    /// Their number in the palette, for colour and marker; that of the series where there is none.
    pub tint: Tint,
    /// The number of the marker where it is not that of the series.
    pub marker: Option<usize>,
    /// Whether there are so many that they are drawn small.
    pub is_small: bool,
    /// Whether the legend lists them.
    pub in_legend: bool,
    /// What the legend says of the series besides its name.
    pub note: Option<Note<'a>>,
}

impl Default for PointsView<'_> {
    fn default() -> Self {
        Self {
            data: 0,
            name: "",
            tint: Tint::Series,
            marker: None,
            is_small: false,
            in_legend: true,
            note: None,
        }
    }
}

/// Measurements of the panel's first quantity.
pub fn points<'a>() -> Part<'a> {
    Part::Points(PointsView::default())
}

/// A line from point to point.
#[derive(Clone, Copy, Debug)]
pub struct GuideView {
    /// Which of the panel's data.
    pub data: usize,
    /// How it is drawn.
    pub look: Look,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

/// A thin line from point to point.
pub fn guide<'a>() -> Part<'a> {
    Part::Guide(GuideView {
        data: 0,
        look: Look::new(Stroke::Series, 1.2),
        in_legend: false,
    })
}

/// The colour of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// That of the series.
    Series,
    /// One of the palette.
    Palette(usize),
    /// Grey.
    Grey,
}

/// How a line is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Not at all.
    Solid,
    /// Long strokes.
    Dashed,
    /// Dots.
    Dotted,
    /// Strokes and dots in turn.
    DashDot,
    /// As the series has it.
    Series,
    /// Solid in the first round of the colours, otherwise in the next.
    Round,
    /// As the series has it, but never solid.
    Interrupted,
}

/// Colour, interruption and width in pixels of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Colour.
    pub tint: Tint,
    /// Interruption.
    pub stroke: Stroke,
    /// Width.
    pub width: f64,
}

impl Look {
    /// A line in the colour of the series.
    pub const fn new(stroke: Stroke, width: f64) -> Self {
        Self {
            tint: Tint::Series,
            stroke,
            width,
        }
    }

    /// A grey line.
    pub const fn grey(stroke: Stroke, width: f64) -> Self {
        Self {
            tint: Tint::Grey,
            stroke,
            width,
        }
    }
}

/// A curve of theory.
pub struct CurveView<'a> {
    /// More words of the name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Where it is computed.
    pub grid: Grid,
    /// What.
    pub theory: Theory<'a>,
    /// What the legend says of all such curves.
    pub legend: &'static str,
    /// Whether the legend lists each of them.
    pub in_legend: bool,
    /// Whether it is drawn smoothly through few places.
    pub is_smooth: bool,
    /// Whether a line joins the points of series that theory knows nothing of.
    pub or_guide: bool,
}

impl<'a> CurveView<'a> {
    /// A curve that the legend explains as `name`.
    pub fn new(name: &'static str, look: Look, grid: Grid, theory: Theory<'a>) -> Self {
        Self {
            name: name.to_owned(),
            look,
            grid,
            theory,
            legend: name,
            in_legend: false,
            is_smooth: false,
            or_guide: false,
        }
    }

    /// The finite-N theory as a solid line.
    pub fn finite_size(grid: Grid, theory: Theory<'a>) -> Self {
        let solid = Look::new(Stroke::Solid, 2.0);
        Self::new("finite-N theory", solid, grid, theory)
    }

    /// As a part of a pass.
    pub fn part(self) -> Part<'a> {
        Part::Curve(self)
    }

    /// The same curve, which the legend lists by its own name.
    #[must_use]
    pub fn listed(mut self) -> Self {
        self.legend = "";
        self.in_legend = true;
        self
    }

    /// The same curve, drawn smoothly through few places.
    #[must_use]
    pub fn smooth(mut self) -> Self {
        self.is_smooth = true;
        self
    }

    /// The same curve, or a line that joins the points.
    #[must_use]
    pub fn or_guide(mut self) -> Self {
        self.or_guide = true;
        self
    }

    /// The same curve with other words in the legend.
    #[must_use]
    pub fn explained(mut self, legend: &'static str) -> Self {
        self.legend = legend;
        self
    }
}

/// A line across the panel.
pub struct LineView<'a> {
    /// More words of the name.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Where it stands.
    pub value: LineValue<'a>,
    /// What the legend says of all such lines.
    pub legend: String,
    /// Whether the legend lists each of them.
    pub in_legend: bool,
}

/// Where a line stands.
pub enum LineValue<'a> {
    /// At what theory says of the first row of the series.
    Theory(Theory<'a>),
    /// At the mean of another quantity of the panel's tasks.
    Measured(&'static str),
}

impl<'a> LineView<'a> {
    /// A line that the legend explains as `legend`.
    pub fn new(name: &str, look: Look, theory: Theory<'a>, legend: &str) -> Self {
        Self {
            name: name.to_owned(),
            look,
            value: LineValue::Theory(theory),
            legend: legend.to_owned(),
            in_legend: false,
        }
    }

    /// A grey line that the legend lists by name.
    pub fn listed(name: impl Into<String>, stroke: Stroke, value: LineValue<'a>) -> Part<'a> {
        Part::Level(Self {
            name: name.into(),
            look: Look::grey(stroke, 2.0),
            value,
            legend: String::new(),
            in_legend: true,
        })
    }
}

/// A value that theory gives, without error.
pub fn exact<'a>(theory: impl Fn(&Place<'_>) -> Option<f64> + Send + Sync + 'a) -> Theory<'a> {
    Box::new(move |place| Some((theory(place)?, None)))
}
