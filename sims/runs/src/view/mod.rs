//! Figures as data: what the figures of an experiment show. The experiment states them, `plots` draws them over results.
//!
//! A [`PanelView`] says what is measured ([`Data`]) and what is drawn, as [`Pass`]es over the series: all series of a pass get its
//! parts, one after the other. Series are told apart by [`Key`]s, the texts of their names: the first gives the colour, the last
//! marker and dash. Texts are markup, as in the figures.

pub mod axes;
mod grid;
mod map;
mod names;
mod panel;
mod part;
mod picture;
mod row;
mod settings;
mod sweep;

pub use grid::Grid;
pub use map::{Course, MapLine, MapView, OfResult};
pub use names::{
    capitalised, coordinate, ensemble_stem, ensemble_title, label, literal, load, parameter,
    short_number, size, with_parameters,
};
pub use panel::{
    Along, AxisView, Bars, Data, Floor, Legend, PanelView, STANDARD_DEVIATION, Shown, per_load,
};
pub use part::{
    CurveView, GuideView, LineValue, LineView, Look, Part, Pass, PointsView, Stroke, Tint, exact,
    guide, points,
};
pub use picture::{
    Arrangement, DirectionPanel, NamedPoints, OfRecord, OfTask, Picture, PlaneField, PlaneView,
    RowsPanel,
};
pub use row::{Filter, Key, Note, Row, Theory};
pub use settings::{FigureSettings, Format, Width};
pub use sweep::Sweep;

/// One figure.
pub struct View<'a> {
    /// What tells it apart from the others in file names.
    pub stem: String,
    /// Text above all panels; empty for none.
    pub title: String,
    /// What it shows.
    pub picture: Picture<'a>,
    /// What a reader must know besides what bars mean and how many samples there are; empty for nothing.
    pub note: String,
}

impl<'a> View<'a> {
    /// A picture without a note.
    pub fn new(stem: impl Into<String>, title: impl Into<String>, picture: Picture<'a>) -> Self {
        Self {
            stem: stem.into(),
            title: title.into(),
            picture,
            note: String::new(),
        }
    }

    /// One panel with its title.
    pub fn of(stem: &str, panel: PanelView<'a>) -> Self {
        let panels = vec![panel];
        Self::new(
            stem,
            "",
            Picture::Panels(panels, Arrangement::SideBySide, None),
        )
    }

    /// The same figure with a note.
    #[must_use]
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}
