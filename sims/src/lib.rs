//! Retrieval simulations of dense associative memories.

pub mod kernel;
mod patterns;
mod real;
pub mod sampling;

pub use patterns::Patterns;
pub use real::Real;
