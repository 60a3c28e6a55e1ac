//! Spherical codes: points on a sphere placed so that the least angle between two of them is as
//! large as possible.
//!
//! [`optimise_code`] searches, [`SphericalCode`] holds the points, [`known_optimum`] lists what is
//! proven or best known.

mod anneal;
mod closing;
mod known;
pub(crate) mod points;
mod potential;

pub use anneal::{CodeSearch, optimise_code};
pub(crate) use anneal::{TEMPERATURES, cool};
pub use known::{KnownOptimum, OptimumStatus, known_optimum};
pub use points::SphericalCode;
