//! Closed forms of the Random Energy Model of dense associative memories.
//!
//! P = e^{αN} random patterns ξ of N components are stored in a memory with the energy
//! E(x) = −(1/λ) ln Σ_μ exp(λ x·ξ^μ) + ½|x|². An [`Ensemble`] of patterns knows, as N → ∞, up to
//! which load α one typical pattern is retrieved (α₁), a lower bound for all of them (α_c^lb),
//! where the noise condenses onto the nearest patterns (α_*, λ_*), and how large a basin is
//! (θ_c). Pure functions: no randomness, no threads, no input or output.
//!
//! The formulas are those of C. Lucibello and M. Mézard, PRL 132, 077301 (2024), called LM24.
//!
//! * [`ensembles`]: the list of ensembles, [`ensemble`] and [`ensemble_with`] by name;
//! * [`laws`] and [`families`]: an ensemble of your own from the law of a component, or of a
//!   covariance. Its [`Structure`] is what everything else goes by, never its name;
//! * [`finite_size`]: crossovers, basins and losses at finite N, of any ensemble;
//! * [`bounds`]: rigorous bounds on the number of patterns;
//! * [`numbers`]: the root finder, and quadrature for laws of your own;
//! * [`scan`]: all of it walked along fine grids.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod bounds;
mod ensemble;
pub mod ensembles;
mod error;
pub mod families;
pub mod finite_size;
mod great_circle;
mod kind;
pub mod laws;
pub mod numbers;
mod parameters;
pub mod scan;
mod structure;

pub use ensemble::{Ensemble, FreeEntropy, Phase};
pub use ensembles::{ENSEMBLES, ensemble, ensemble_with};
pub use error::TheoryError;
pub use kind::{Key, KeyValue, Kind, find};
pub use parameters::{Parameter, Parameters};
pub use structure::{NormLaw, Structure};
