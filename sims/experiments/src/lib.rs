//! Experiments beside the large-N theory: one file per experiment says how it is read from a job, measured,
//! reduced and predicted. [`KINDS`] lists them; [`analyses`] say what several tasks say together.

pub mod all_patterns;
pub mod analyses;
pub mod basin;
pub mod crossover;
pub mod finite_basin;
pub mod nearest_pattern;
pub mod one_step;
pub mod overlap_statistics;
pub mod phase_map;
pub mod retrieval;
pub mod scaled_dot_product;
mod shared;

use dam_runs::catalogue::{Catalogue, Kind};

/// The kinds of experiments that jobs may name.
pub const KINDS: &[Kind] = &[
    crossover::KIND,
    retrieval::KIND,
    basin::KIND,
    all_patterns::KIND,
    phase_map::KIND,
    one_step::KIND,
    nearest_pattern::KIND,
    scaled_dot_product::KIND,
    overlap_statistics::KIND,
];

/// The catalogue of [`KINDS`].
pub fn catalogue() -> Catalogue {
    Catalogue::new(KINDS.iter().copied())
}
