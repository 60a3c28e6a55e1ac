//! The grid of the panels of a figure, with the room for legends that stand outside.

use super::frame::PADDING;
use super::geometry::Point;
use super::legend::Legend;
use super::panel_parts::Insets;
use crate::figure::Figure;

/// Where panels and their legends stand, from the upper left corner of the first panel.
pub(crate) struct Grid {
    columns: usize,
    size: (f64, f64),
    count: usize,
    /// Whether legends stand right of their panels, or else below.
    beside: bool,
    /// What the legends of each column, or else of each row, add to its size.
    extra: Vec<f64>,
    pub width: f64,
    pub height: f64,
}

impl Grid {
    pub fn new(
        figure: &Figure,
        columns: usize,
        insets: Insets,
        outside: &[Option<&Legend>],
    ) -> Self {
        let count = outside.len();
        // beside the last column they part no panels
        let is_last = |index: usize| (index + 1).is_multiple_of(columns) || index + 1 == count;
        let mut placed = outside
            .iter()
            .enumerate()
            .filter(|(_, legend)| legend.is_some());
        let beside = figure.millimetres.is_none() && placed.all(|(index, _)| is_last(index));
        let rows = count.div_ceil(columns);
        let size = figure.panel_size;
        let mut grid = Self {
            columns,
            size,
            count,
            beside,
            extra: vec![0.0; if beside { columns } else { rows }],
            width: 0.0,
            height: 0.0,
        };
        for (index, legend) in outside.iter().enumerate() {
            let Some(legend) = legend else {
                continue;
            };
            if grid.has_empty_cell_after(index) {
                continue;
            }
            let (width, height) = legend.size(grid.rows(index, legend, insets));
            let (place, needed) = if beside {
                (index % columns, width + PADDING)
            } else {
                (index / columns, height + PADDING)
            };
            grid.extra[place] = grid.extra[place].max(needed);
        }
        let extra: f64 = grid.extra.iter().sum();
        grid.width = size.0 * columns as f64 + if beside { extra } else { 0.0 };
        grid.height = size.1 * rows as f64 + if beside { 0.0 } else { extra };
        grid
    }

    /// The upper left corner of a panel.
    pub fn corner(&self, index: usize) -> Point {
        let (column, row) = (index % self.columns, index / self.columns);
        let before = |place: usize| self.extra[..place].iter().sum::<f64>();
        let (right, down) = if self.beside {
            (before(column), 0.0)
        } else {
            (0.0, before(row))
        };
        (
            column as f64 * self.size.0 + right,
            row as f64 * self.size.1 + down,
        )
    }

    /// The upper left corner of the legend of a panel, and its entries per column.
    pub fn legend(&self, index: usize, legend: &Legend, insets: Insets) -> (Point, usize) {
        let (left, top) = self.corner(index);
        let rows = self.rows(index, legend, insets);
        if self.beside || self.has_empty_cell_after(index) {
            let room = self.size.1 - PADDING;
            let top = top + insets.top.min(room - legend.size(rows).1);
            return ((left + self.size.0, top), rows);
        }
        let middle = 0.5 * (self.size.0 - legend.size(rows).0);
        ((left + middle.max(0.0), top + self.size.1), rows)
    }

    fn rows(&self, index: usize, legend: &Legend, insets: Insets) -> usize {
        if self.beside || self.has_empty_cell_after(index) {
            legend.rows_within_height(self.size.1 - insets.top - PADDING)
        } else {
            legend.rows_within_width(self.size.0)
        }
    }

    /// Whether the row of a panel ends with an empty cell right of it.
    fn has_empty_cell_after(&self, index: usize) -> bool {
        index + 1 == self.count && !self.count.is_multiple_of(self.columns)
    }
}
