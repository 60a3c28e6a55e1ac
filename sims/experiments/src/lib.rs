//! Experiments on dense associative memories: one file per experiment says how it is read from a job, measured,
//! reduced and predicted. [`catalogue`] lists them; [`analyses`] say what several tasks say together.

pub mod all_patterns;
pub mod analyses;
pub mod basin;
pub mod basins_2d;
pub mod closest_pair;
pub mod crossover;
pub mod energy_landscape;
pub mod kernel_training;
pub mod memory_comparison;
pub mod metastable_states;
pub mod nearest_pattern;
pub mod one_step;
pub mod overlap_statistics;
pub mod retrieval;
pub mod scaled_dot_product;
pub mod semantic_neighbours;
pub mod separation_bound;
mod shared;

use dam_runs::catalogue::{Catalogue, Kind};
use memory_comparison::{memory_capacity, noise_robustness, training_steps};

/// The kinds of experiments that jobs may name.
pub const KINDS: &[Kind] = &[
    crossover::KIND,
    retrieval::KIND,
    basin::KIND,
    all_patterns::KIND,
    one_step::KIND,
    nearest_pattern::KIND,
    closest_pair::KIND,
    scaled_dot_product::KIND,
    overlap_statistics::KIND,
    metastable_states::KIND,
    energy_landscape::KIND,
    basins_2d::KIND,
    separation_bound::KIND,
    kernel_training::KIND,
    semantic_neighbours::KIND,
    memory_capacity::KIND,
    noise_robustness::KIND,
    training_steps::KIND,
];

/// The catalogue of [`KINDS`].
pub fn catalogue() -> Catalogue {
    Catalogue::new(KINDS.iter().copied())
}
