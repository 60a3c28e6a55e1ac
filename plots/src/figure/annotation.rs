//! Text in a panel.

use super::palette::Color;

/// Where an annotation stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Placement {
    /// With its centre at the data coordinates (x, y).
    Centre(f64, f64),
    /// With its left end at the data coordinates (x, y).
    RightOf(f64, f64),
    /// With its right end at the data coordinates (x, y).
    LeftOf(f64, f64),
    /// Inside the polygon with these corners (data coordinates), clear of lines, points and other text; smaller, down to
    /// 70 %, if it does not fit otherwise, and failing that beside the polygon with a thin line leading into it.
    Within(Vec<(f64, f64)>),
}

/// Text at data coordinates.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// The text (markup); `\n` begins a new line.
    pub text: String,
    /// Where it stands.
    pub placement: Placement,
    /// Size of its em in pixels, > 0.
    pub size: f64,
    /// Ink.
    pub color: Color,
}

impl Annotation {
    /// Black text of 15 px.
    pub fn new(text: impl Into<String>, placement: Placement) -> Self {
        Self {
            text: text.into(),
            placement,
            size: 15.0,
            color: Color::BLACK,
        }
    }
}
