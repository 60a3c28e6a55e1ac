//! The grammar of figures: a [`Figure`] of [`Panel`]s of [`Layer`]s, described without a backend.

mod annotation;
mod areas;
mod axis;
mod layer;
mod lines;
mod markup;
mod palette;
mod panel;
mod points;
mod validation;

pub use dam_runs::view::literal;

pub use annotation::{Annotation, Placement};
pub use areas::{HeatMap, MapColors, Region};
pub use axis::{Axis, Range, Scale, Ticks};
pub use layer::Layer;
pub use lines::{Across, CrossLine, Curve, LegendEntry, Steps, Stroke};
pub(crate) use markup::{Node, parse};
pub use palette::{Color, Dash, Marker, OKABE_ITO, series_style, viridis};
pub use panel::{LegendPlacement, Panel};
pub use points::{DataPoint, Points};

use crate::error::PlotError;

/// Least side of a panel in pixels.
const SMALLEST_SIDE: f64 = 120.0;
/// Greatest area of a figure in pixels; the bitmap is drawn 64 times finer, 3 bytes a point.
const LARGEST_AREA: f64 = 3.0e6;

/// How several panels share a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arrangement {
    /// From left to right.
    SideBySide,
    /// From top to bottom.
    Stacked,
    /// In rows of so many panels, at least one, from left to right and then from top to bottom.
    Grid(usize),
}

impl Arrangement {
    /// Panels in a row, where there are `count` in all.
    pub(crate) fn columns(self, count: usize) -> usize {
        match self {
            Self::SideBySide => count,
            Self::Stacked => 1,
            Self::Grid(columns) => columns.clamp(1, count.max(1)),
        }
    }
}

/// A title and one or several panels of equal size.
///
/// ```
/// use dam_plots::figure::{Axis, Color, Curve, Figure, Panel, Stroke};
/// let mut panel = Panel::new(Axis::new("λ"), Axis::new("α_{1}"));
/// let points = (0..=50).map(|i| f64::from(i) / 50.0).map(|l| (l, l - l * l / 2.0)).collect();
/// panel.add(Curve::new("λ − λ^{2}/2", points, Stroke::solid(Color::BLUE)));
/// let directory = tempfile::tempdir()?;
/// let files = Figure::new(panel).write(directory.path(), "threshold")?;
/// assert!(files[0].ends_with("threshold.svg") && files.iter().all(|file| file.exists()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Text above all panels (markup).
    pub title: Option<String>,
    /// The panels, at least one.
    pub panels: Vec<Panel>,
    /// How they share the figure.
    pub arrangement: Arrangement,
    /// Width and height of each panel with its labels, in pixels; the png has twice as many.
    pub panel_size: (f64, f64),
}

impl Figure {
    /// A figure of one panel, 800 × 560 px.
    pub fn new(panel: Panel) -> Self {
        Self {
            title: None,
            panels: vec![panel],
            arrangement: Arrangement::SideBySide,
            panel_size: (800.0, 560.0),
        }
    }

    /// Panels from left to right, each 600 × 480 px.
    pub fn side_by_side(panels: Vec<Panel>) -> Self {
        Self {
            title: None,
            panels,
            arrangement: Arrangement::SideBySide,
            panel_size: (600.0, 480.0),
        }
    }

    /// Panels from top to bottom, each 800 × 400 px.
    pub fn stacked(panels: Vec<Panel>) -> Self {
        Self {
            title: None,
            panels,
            arrangement: Arrangement::Stacked,
            panel_size: (800.0, 400.0),
        }
    }

    /// Panels in rows of `columns`, each 360 × 320 px.
    pub fn grid(panels: Vec<Panel>, columns: usize) -> Self {
        Self {
            title: None,
            panels,
            arrangement: Arrangement::Grid(columns),
            panel_size: (360.0, 320.0),
        }
    }

    /// The same figure with a title.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Checks the description as far as that is possible without laying it out.
    pub(crate) fn validate(&self) -> Result<(), PlotError> {
        if self.panels.is_empty() {
            return Err(PlotError::NoPanels);
        }
        let (width, height) = self.panel_size;
        let area = width * height * self.panels.len() as f64;
        let drawable = width >= SMALLEST_SIDE && height >= SMALLEST_SIDE && area <= LARGEST_AREA;
        if !drawable {
            return Err(PlotError::InvalidSize {
                width,
                height,
                smallest: SMALLEST_SIDE,
                largest_area: LARGEST_AREA,
            });
        }
        for (index, panel) in self.panels.iter().enumerate() {
            panel.validate(index + 1)?;
        }
        Ok(())
    }
}
