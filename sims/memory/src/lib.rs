//! Dense associative memories: patterns, the energies that store them, and the dynamics that
//! retrieve.
//!
//! * [`ensembles`]: laws that patterns are drawn from; [`patterns`]: how they are held; [`images`]:
//!   real images; [`files`]: patterns of one's own;
//! * [`memory`]: what every memory is. [`attention`]: that of the attention update, by the one-pass
//!   [`kernel`]; [`composed`]: any of [`similarities`] with any of [`separations`]; [`revealed`]:
//!   memories that draw their patterns where they matter; [`pairs`]: how close stored patterns
//!   come;
//! * [`recall`]: what becomes of single queries;
//! * [`dynamics`]: how states move, when they arrive, and what counts as a retrieval;
//! * [`sampling`]: random numbers by tiles; [`streams`]: their names.

pub mod attention;
pub mod composed;
pub mod dynamics;
pub mod ensembles;
mod error;
pub mod files;
pub mod images;
pub mod kernel;
pub mod memory;
pub mod pairs;
pub mod patterns;
pub mod products;
pub mod recall;
pub mod revealed;
pub mod sampling;
pub mod separations;
pub mod similarities;
pub mod streams;

pub use error::CompositionError;
