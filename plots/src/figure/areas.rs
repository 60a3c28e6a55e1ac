//! Areas: shaded polygons and maps of coloured cells.

use super::palette::{Color, viridis};

/// A shaded polygon.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Name in the csv and the legend (markup).
    pub name: String,
    /// Corners (x, y) in order around; at least three.
    pub corners: Vec<(f64, f64)>,
    /// Colour before thinning.
    pub color: Color,
    /// Opacity in (0, 1].
    pub opacity: f64,
    /// Whether the legend lists it.
    pub in_legend: bool,
}

impl Region {
    /// A lightly shaded polygon that the legend does not list.
    pub fn new(name: impl Into<String>, corners: Vec<(f64, f64)>, color: Color) -> Self {
        Self {
            name: name.into(),
            corners,
            color,
            opacity: 0.22,
            in_legend: false,
        }
    }

    /// The region between two curves over the same stretch of x, both in order of increasing x.
    pub fn between(
        name: impl Into<String>,
        lower: &[(f64, f64)],
        upper: &[(f64, f64)],
        color: Color,
    ) -> Self {
        let corners = lower.iter().chain(upper.iter().rev()).copied().collect();
        Self::new(name, corners, color)
    }
}

/// Values on a grid of rectangular cells in viridis, with a colour bar.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// Name in the csv.
    pub name: String,
    /// Label of the colour bar (markup), or what is counted from 1 where the values are categories.
    pub value_label: String,
    /// Edges of the columns, increasing; one more than columns.
    pub x_edges: Vec<f64>,
    /// Edges of the rows, increasing; one more than rows.
    pub y_edges: Vec<f64>,
    /// Values row by row from the lowest y, columns × rows of them; `None` leaves the cell white.
    pub values: Vec<Option<f64>>,
    /// Values shown darkest and brightest, if not the least and the greatest of `values`; values beyond them
    /// take the colour of the end.
    pub value_range: Option<(f64, f64)>,
    /// What the values look like.
    pub colors: MapColors,
}

/// How the values of a map become colours.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum MapColors {
    /// From dark violet to yellow, with a colour bar.
    #[default]
    Viridis,
    /// Value k, a whole number from 0, has colour k; no colour bar.
    Categories(Vec<Color>),
}

impl HeatMap {
    /// The values at the ends of the colour scale.
    pub(crate) fn shown_range(&self) -> (f64, f64) {
        self.value_range.unwrap_or_else(|| {
            let values = || self.values.iter().copied().flatten();
            let low = values().fold(f64::INFINITY, f64::min);
            let high = values().fold(f64::NEG_INFINITY, f64::max);
            if low < high {
                (low, high)
            } else {
                (low - 0.5, high + 0.5)
            }
        })
    }

    /// The colours of values; none for one that is no category.
    pub(crate) fn coloring(&self) -> impl Fn(f64) -> Option<Color> {
        let (low, high) = self.shown_range();
        move |value| match &self.colors {
            MapColors::Viridis => {
                let fraction = (value - low) / (high - low);
                Some(viridis(fraction.clamp(0.0, 1.0)))
            }
            MapColors::Categories(_) => self.category(value),
        }
    }

    /// The colour of a value that stands for a category.
    pub(crate) fn category(&self, value: f64) -> Option<Color> {
        let MapColors::Categories(colors) = &self.colors else {
            return None;
        };
        let mut numbered = colors.iter().copied().enumerate();
        let named = numbered.find(|(number, _)| *number as f64 == value);
        named.map(|(_, color)| color)
    }
}
