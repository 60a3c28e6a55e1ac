//! Experiments that learn kernels and codes, and on the memories that they are compared with: one file per experiment,
//! listed by [`KINDS`].

pub mod basins_2d;
pub mod energy_landscape;
pub mod kernel_training;
pub mod memory_comparison;
pub mod metastable_states;
pub mod semantic_neighbours;
pub mod separation_bound;
mod shared;

use dam_runs::catalogue::Kind;
use memory_comparison::{memory_capacity, noise_robustness, training_steps};

/// The kinds of experiments that jobs may name.
pub const KINDS: &[Kind] = &[
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
