//! What several tasks say together: extrapolations and data collapse.

mod collapse;
mod extrapolate;

pub use collapse::{Collapse, collapse};
pub use extrapolate::{Extrapolation, extrapolate, headline_quantity};
