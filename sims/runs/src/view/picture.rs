//! What a figure is made of: panels against an axis, or a picture of its own.

use super::map::MapView;
use super::panel::{AxisView, PanelView};
use crate::record::Record;
use crate::task::Task;

/// What the record of a sample shows.
pub type OfRecord<'a, T> = Box<dyn Fn(&Record) -> Vec<T> + 'a>;
/// What the record of a sample of a task shows.
pub type OfTask<'a, T> = Box<dyn Fn(&Task, &Record) -> Vec<T> + 'a>;
/// Points (x, y) with the name of their series.
pub type NamedPoints = (String, Vec<(f64, f64)>);

/// What a figure shows. Panels and pictures without anything to show are left out.
pub enum Picture<'a> {
    /// Panels of equal size in pixels, if that is not the usual one.
    Panels(Vec<PanelView<'a>>, Arrangement, Option<(f64, f64)>),
    /// A map over the plane of λ and α for each N.
    Map(MapView<'a>),
    /// Fields over the plane of two-component states, recorded by the first sample of a task.
    Plane(PlaneView<'a>),
    /// Directions of two-dimensional features by class, recorded by the first sample of each task.
    Directions(OfTask<'a, DirectionPanel>),
    /// Values with their intervals, one row for each label of a quantity.
    Rows {
        /// Horizontal axis.
        x: AxisView,
        /// The panels.
        panels: Vec<RowsPanel<'a>>,
        /// Panels in a row.
        columns: usize,
    },
    /// Points of every sample, in named series of (x, y).
    Scatter {
        /// Horizontal axis.
        x: AxisView,
        /// Vertical axis.
        y: AxisView,
        /// The series of a record, all records alike: empty where there is nothing to show.
        series: OfRecord<'a, NamedPoints>,
    },
}

/// How panels share a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// From left to right.
    SideBySide,
    /// From top to bottom.
    Stacked,
    /// In rows of so many.
    Rows(usize),
}

/// Fields over the plane.
pub struct PlaneView<'a> {
    /// The task.
    pub task: &'a Task,
    /// Whether they are energies, drawn with contours; otherwise the numbers of the memories that starts reach.
    pub is_energy: bool,
    /// Panels in a row.
    pub columns: usize,
    /// The fields of the first sample's record.
    pub fields: OfRecord<'a, PlaneField>,
}

/// One field over the square [−w, w]².
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneField {
    /// Text above the panel (markup).
    pub title: String,
    /// w > 0.
    pub half_width: f64,
    /// The field at the centres of equal square cells, row by row from the lowest x₂; for basins the number of the memory,
    /// from 0, or `None` where no memory is reached.
    pub values: Vec<Option<f64>>,
    /// The memories.
    pub memories: Vec<(f64, f64)>,
}

/// Values of a task with their intervals, one below the other.
#[derive(Clone, Debug)]
pub struct RowsPanel<'a> {
    /// The task.
    pub task: &'a Task,
    /// Text above the panel (markup).
    pub title: String,
    /// The quantity.
    pub quantity: &'a str,
    /// Its label that tells the rows apart.
    pub label: &'a str,
    /// The texts of that label, from the uppermost row to the lowest.
    pub rows: Vec<String>,
    /// The row at whose value a line stands across all.
    pub reference: Option<&'a str>,
}

/// The directions of two-dimensional features.
#[derive(Clone, Debug, PartialEq)]
pub struct DirectionPanel {
    /// What was trained (markup).
    pub title: String,
    /// The angle of each feature in radians and its class.
    pub features: Vec<(f64, f64)>,
}
