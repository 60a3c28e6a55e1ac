//! Figures as data: what the figures of an experiment show. The experiment states them, `plots` draws them over results.
//!
//! A [`PanelView`] says what is measured ([`Data`]) and what is drawn, as [`Pass`]es over the series: all series of a pass get its
//! parts, one after the other. Series are told apart by [`Key`]s, the texts of their names: the first gives the colour, the last
//! marker and dash. Texts are markup, as in the figures.

mod grid;
mod names;
mod panel;
mod part;
mod picture;
mod row;

pub use grid::Grid;
pub use names::{
    capitalised, coordinate, ensemble_title, label, literal, load, parameter, short_number, size,
};
pub use panel::{
    Along, AxisView, Bars, Data, Floor, Legend, PanelView, Shown, interval_or_exact,
    interval_or_none, standard_deviation, standard_error,
};
pub use part::{
    CurveView, GuideView, LineValue, LineView, Look, Part, Pass, PointsView, Stroke, Tint, exact,
    guide, points,
};
pub use picture::{
    Arrangement, DirectionPanel, NamedPoints, OfRecord, OfTask, Picture, PlaneField, PlaneView,
};
pub use row::{Filter, Key, Note, Row, Theory};

use dam_memory::ensembles::PatternEnsemble;

use crate::task::Task;

/// What the views of a job may depend on besides the experiment.
#[derive(Clone, Copy, Debug)]
pub struct Sweep<'a> {
    /// The job's name.
    pub name: &'a str,
    /// The name of the kind of experiment.
    pub kind: &'a str,
    /// The law of the patterns.
    pub ensemble: &'a dyn PatternEnsemble,
    /// Disorder samples per task.
    pub samples: usize,
    /// The parameter points.
    pub tasks: &'a [Task],
}

/// One figure.
pub struct View<'a> {
    /// What tells it apart from the others in file names.
    pub stem: String,
    /// Text above all panels; empty for none.
    pub title: String,
    /// What it shows.
    pub picture: Picture<'a>,
}

impl<'a> View<'a> {
    /// One panel with its title.
    pub fn of(stem: &str, panel: PanelView<'a>) -> Self {
        Self {
            stem: stem.to_owned(),
            title: String::new(),
            picture: Picture::Panels(vec![panel], Arrangement::SideBySide, None),
        }
    }
}
