//! Maps over the plane of inverse temperature and load.

use std::sync::Arc;

use dam_theory::Ensemble;

use super::part::Look;
use super::row::Theory;
use crate::results::TaskResult;

/// What a task shows at a λ; nothing where the cell stays white.
pub type OfResult<'a> = Box<dyn Fn(&TaskResult, f64) -> Option<f64> + Send + Sync + 'a>;

/// What was measured over the plane (λ, α): a map for each N, a row of it for each task, with one range of colours, and
/// lines on it.
pub struct MapView<'a> {
    /// What colours mean.
    pub label: &'static str,
    /// Values shown darkest and brightest.
    pub range: (f64, f64),
    /// λ at the middles of the columns, ascending.
    pub columns: Vec<f64>,
    /// The value of a cell.
    pub value: OfResult<'a>,
    /// The ensemble whose phases at N = ∞ are named and bounded; none where theory knows them not.
    pub phases: Option<Arc<dyn Ensemble>>,
    /// The lines, from the lowest to the uppermost.
    pub lines: Vec<MapLine<'a>>,
}

/// A line on a map.
pub struct MapLine<'a> {
    /// Its name in the legend; those of one name have one entry.
    pub name: String,
    /// How it is drawn.
    pub look: Look,
    /// Where it runs.
    pub course: Course<'a>,
}

/// Where a line on a map runs.
pub enum Course<'a> {
    /// Through the value of a quantity, a λ, of each row, with error bars or without.
    Measured(&'static str, bool),
    /// Through the λ that theory gives at so many loads.
    AtLoads(Theory<'a>, usize),
    /// Through the α that theory gives at so many λ.
    AtLambdas(Theory<'a>, usize),
    /// Along this height of the map.
    Height(f64),
    /// Along this height of what theory says of the cells.
    TheoryHeight(f64, Theory<'a>),
}
