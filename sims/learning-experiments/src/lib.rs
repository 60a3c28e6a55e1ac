//! Experiments that learn kernels and codes, on the memories that they are compared with, and on how far patterns stand
//! apart: one file per experiment, listed by [`KINDS`].

pub mod basins_2d;
pub mod closest_pair;
pub mod convergence_rate;
pub mod energy_landscape;
pub mod kernel_training;
pub mod memory_comparison;
pub mod metastable_states;
pub mod multiple_instance;
pub mod semantic_neighbours;
pub mod separation_bound;
mod shared;

use dam_runs::catalogue::Kind;
use memory_comparison::{loss_and_error, memory_capacity, noise_robustness, training_steps};

/// The kinds of experiments that jobs may name.
pub const KINDS: &[Kind] = &[
    metastable_states::KIND,
    energy_landscape::KIND,
    basins_2d::KIND,
    closest_pair::KIND,
    separation_bound::KIND,
    kernel_training::KIND,
    semantic_neighbours::KIND,
    memory_capacity::KIND,
    noise_robustness::KIND,
    training_steps::KIND,
    loss_and_error::KIND,
    convergence_rate::KIND,
    multiple_instance::KIND,
];
