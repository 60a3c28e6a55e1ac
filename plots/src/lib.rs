//! Figures of dense associative memories, drawn from results and theory.
//!
//! A [`Figure`](figure::Figure) describes [`Panel`](figure::Panel)s of [`Layer`](figure::Layer)s without a backend;
//! [`Figure::write`](figure::Figure::write) draws it as svg and png and
//! writes the numbers behind every curve as csv. Labels are written in a small markup: `α_{c}^{lb}`, `λ_×`,
//! `10^{−3}`; `_`, `^`, `{`, `}` and `\` are literal after a backslash. Colours are those of Okabe and Ito for curves
//! and viridis for maps, and curves differ in dashes and points in shape as well, so that figures read in grey.
//!
//! An empty layer is an error ([`PlotError::EmptyLayer`]): where data may be missing, leave the layer out. An empty
//! panel is drawn if both of its axes have an explicit range.

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod drawing;
mod error;
pub mod figure;
mod labels;
mod own_points;
pub mod special;
mod views;

pub use error::PlotError;
pub use own_points::OwnPoints;
pub use views::{draw, draw_view, origin, stems};
