//! Colours that colour-blind readers can tell apart, and the dashes and markers that go with them in grey.

use plotters::style::{RGBColor, colors::colormaps::ViridisRGB};

/// A colour as red, green and blue, each 0–255.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Color {
    /// Black, for axes and text.
    pub const BLACK: Self = Self::new(0, 0, 0);
    /// White, the paper.
    pub const WHITE: Self = Self::new(255, 255, 255);
    /// Mid grey, for guides and generic legend samples.
    pub const GREY: Self = Self::new(110, 110, 110);
    /// Okabe–Ito blue.
    pub const BLUE: Self = Self::new(0, 114, 178);
    /// Okabe–Ito vermilion.
    pub const VERMILION: Self = Self::new(213, 94, 0);
    /// Okabe–Ito bluish green.
    pub const GREEN: Self = Self::new(0, 158, 115);
    /// Okabe–Ito reddish purple.
    pub const PURPLE: Self = Self::new(204, 121, 167);
    /// Okabe–Ito orange.
    pub const ORANGE: Self = Self::new(230, 159, 0);
    /// Okabe–Ito sky blue.
    pub const SKY_BLUE: Self = Self::new(86, 180, 233);

    /// Colour number `index` (from 0) of [`OKABE_ITO`], again from the first after the last.
    pub const fn number(index: usize) -> Self {
        OKABE_ITO[index % OKABE_ITO.len()]
    }

    /// A colour from its three components.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }
}

/// Okabe and Ito's colours (*Color Universal Design*, 2008) in the order used for curves; their yellow is
/// left out because it is too faint on white, black takes its place.
pub const OKABE_ITO: [Color; 7] = [
    Color::BLUE,
    Color::VERMILION,
    Color::GREEN,
    Color::PURPLE,
    Color::ORANGE,
    Color::SKY_BLUE,
    Color::BLACK,
];

/// How a line is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dash {
    /// Not at all.
    Solid,
    /// Long strokes.
    Dashed,
    /// Dots as long as the line is wide.
    Dotted,
    /// Strokes and dots in turn.
    DashDot,
}

impl Dash {
    /// The four kinds in the order used for curves.
    pub const ALL: [Self; 4] = [Self::Solid, Self::Dashed, Self::DashDot, Self::Dotted];

    /// Dash number `index` (from 0) of all, again from the first after the last.
    pub const fn number(index: usize) -> Self {
        Self::ALL[index % Self::ALL.len()]
    }

    /// What the csv calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Solid => "solid",
            Self::Dashed => "dashed",
            Self::Dotted => "dotted",
            Self::DashDot => "dash-dot",
        }
    }

    /// Lengths of strokes and gaps in turn, in units of the line width; empty for a solid line.
    pub(crate) fn pattern(self) -> &'static [f64] {
        match self {
            Self::Solid => &[],
            Self::Dashed => &[4.0, 2.4],
            Self::Dotted => &[1.0, 1.6],
            Self::DashDot => &[5.0, 2.0, 1.0, 2.0],
        }
    }
}

/// Shape of a data point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Marker {
    /// ●
    Circle,
    /// ■
    Square,
    /// ▲
    TriangleUp,
    /// ◆
    Diamond,
    /// ▼
    TriangleDown,
    /// ×
    Cross,
    /// +
    Plus,
}

impl Marker {
    /// The shapes in the order used for series.
    pub const ALL: [Self; 7] = [
        Self::Circle,
        Self::Square,
        Self::TriangleUp,
        Self::Diamond,
        Self::TriangleDown,
        Self::Cross,
        Self::Plus,
    ];

    /// What the csv calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Circle => "circle",
            Self::Square => "square",
            Self::TriangleUp => "triangle up",
            Self::Diamond => "diamond",
            Self::TriangleDown => "triangle down",
            Self::Cross => "cross",
            Self::Plus => "plus",
        }
    }

    /// Marker number `index` (from 0) of all, again from the first after the last.
    pub const fn number(index: usize) -> Self {
        Self::ALL[index % Self::ALL.len()]
    }
}

/// Colour, dash and marker number `index` (from 0); the cycles have lengths 7, 4 and 7, so 28
/// series differ in colour or dash.
pub fn series_style(index: usize) -> (Color, Dash, Marker) {
    (
        Color::number(index),
        Dash::number(index),
        Marker::number(index),
    )
}

/// The viridis colour at `fraction` ∈ [0, 1] of the scale, dark violet to yellow.
///
/// ```
/// use dam_plots::figure::{Color, viridis};
/// assert_eq!(viridis(0.0), Color::new(68, 1, 84));
/// assert_eq!(viridis(1.0), Color::new(254, 232, 37));
/// ```
pub fn viridis(fraction: f64) -> Color {
    let RGBColor(red, green, blue) = ViridisRGB::get_color(fraction);
    Color::new(red, green, blue)
}
