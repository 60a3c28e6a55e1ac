//! What was measured, row by row, and what is asked of a row or of theory.

use crate::place::Place;
use crate::quantity::{JointResult, Quantity};
use crate::task::Task;

/// A measured quantity with its task.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    /// Where it was measured; of what several tasks measure together, one of them.
    pub task: &'r Task,
    /// What was measured.
    pub quantity: &'r Quantity,
}

impl<'r> Row<'r> {
    /// Where theory is asked about it.
    pub fn place(&self) -> Place<'r> {
        Place::of(self.task, self.quantity)
    }

    /// A coordinate.
    pub fn coordinate(&self, name: &str) -> Option<f64> {
        self.quantity.coordinates.get(name).copied()
    }
}

/// The text that a row's series has in its name; none for rows of no series.
pub type Key<'a> = Box<dyn Fn(&Row<'_>) -> Option<String> + Send + Sync + 'a>;
/// Whether a row belongs to the panel.
pub type Filter<'a> = Box<dyn Fn(&Row<'_>) -> bool + Send + Sync + 'a>;
/// What theory says at a place, with its standard error where it is sampled.
pub type Theory<'a> = Box<dyn Fn(&Place<'_>) -> Option<(f64, Option<f64>)> + Send + Sync + 'a>;
/// What the legend says of a series besides its name, given a row of it and what the tasks measure together.
pub type Note<'a> = Box<dyn Fn(&Row<'_>, &[JointResult]) -> Option<String> + Send + Sync + 'a>;
