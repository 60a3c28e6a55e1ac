//! Draws figures: the layout, its backends, and the files.

mod band;
mod bitmap;
mod bitmap_file;
mod canvas;
mod color_bar;
pub(crate) mod contour;
mod frame;
pub(crate) mod geometry;
mod grid;
mod layout;
mod legend;
mod marker;
mod panel_parts;
mod pdf;
mod pgf;
mod placement;
mod render;
pub(crate) mod resolve;
mod runs;
mod scene;
mod smooth;
mod table;
mod tick_labels;
mod ticks;
mod typeface;
mod write;

pub use smooth::smooth_curve;
pub use table::{FigureRow, read_figure_csv};
pub use write::{Drawing, refuse_foreign_figure};
