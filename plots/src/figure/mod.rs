//! The grammar of figures: a [`Figure`] of [`Panel`]s of [`Layer`]s, described without a backend.

mod annotation;
mod areas;
mod axis;
mod layer;
mod lines;
mod markup;
mod origin;
mod palette;
mod panel;
mod points;
mod validation;

pub use dam_runs::view::{Format, literal};

pub use annotation::{Annotation, Placement};
pub use areas::{HeatMap, MapColors, Region};
pub use axis::{Axis, Range, Scale, Ticks};
pub use layer::Layer;
pub use lines::{Across, CrossLine, Curve, LegendEntry, Steps, Stroke};
pub use markup::{Node, parse, plain};
pub(crate) use origin::Metadata;
pub use origin::Origin;
pub use palette::{Color, Dash, Marker, OKABE_ITO, series_style, viridis};
pub use panel::{LegendPlacement, Panel};
pub use points::{DataPoint, Points};

use crate::error::PlotError;

/// Letters of 15 px are 8 pt on paper.
const PIXELS_PER_MILLIMETRE: f64 = 15.0 / 8.0 * 72.0 / 25.4;
/// Least width of a panel on paper, in pixels, that its labels leave a plot of.
const LEAST_PANEL_WIDTH: f64 = 300.0;
/// Least height of a panel on paper, in pixels.
const LEAST_PANEL_HEIGHT: f64 = 300.0;
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
    /// Small text under all panels (markup): what bars mean, how many samples there are.
    pub note: Option<String>,
    /// What it was made from: with the title and the note it stands in the metadata of every file but the csv.
    pub origin: Option<Origin>,
    /// Width on paper, where the figure is made for a column of text; legends that find no place inside then stand below.
    pub millimetres: Option<f64>,
    /// The files that it is written to besides the csv.
    pub formats: Vec<Format>,
}

impl Figure {
    /// A figure of one panel, 800 × 560 px.
    pub fn new(panel: Panel) -> Self {
        Self::of(vec![panel], Arrangement::SideBySide, (800.0, 560.0))
    }

    /// Panels from left to right, each 600 × 480 px.
    pub fn side_by_side(panels: Vec<Panel>) -> Self {
        Self::of(panels, Arrangement::SideBySide, (600.0, 480.0))
    }

    /// Panels from top to bottom, each 800 × 400 px.
    pub fn stacked(panels: Vec<Panel>) -> Self {
        Self::of(panels, Arrangement::Stacked, (800.0, 400.0))
    }

    /// Panels in rows of `columns`, each 360 × 320 px.
    pub fn grid(panels: Vec<Panel>, columns: usize) -> Self {
        Self::of(panels, Arrangement::Grid(columns), (360.0, 320.0))
    }

    fn of(panels: Vec<Panel>, arrangement: Arrangement, panel_size: (f64, f64)) -> Self {
        Self {
            title: None,
            panels,
            arrangement,
            panel_size,
            note: None,
            origin: None,
            millimetres: None,
            formats: vec![Format::Svg, Format::Png],
        }
    }

    /// The same figure with a title.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The same figure with what it was made from.
    #[must_use]
    pub fn made_from(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// The same figure for a column of text `millimetres` wide, with letters of 8 pt: as many panels in a row as stay
    /// legible.
    #[must_use]
    pub fn fitted(mut self, millimetres: f64) -> Self {
        let width = millimetres * PIXELS_PER_MILLIMETRE;
        let columns = self.arrangement.columns(self.panels.len());
        let mut fitting = columns;
        while fitting > 1 && width / (fitting as f64) < LEAST_PANEL_WIDTH {
            fitting -= 1;
        }
        if fitting < columns {
            self.arrangement = Arrangement::Grid(fitting);
        }
        let panel_width = width / fitting as f64;
        let (before, height) = self.panel_size;
        // shallower panels would have no room for their labels
        let height = (height * panel_width / before).max(LEAST_PANEL_HEIGHT);
        self.panel_size = (panel_width, height);
        self.millimetres = Some(millimetres);
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
