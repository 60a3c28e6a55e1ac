//! The native part of the Python package: arrays in, arrays out; nothing is computed here.

#![allow(
    clippy::needless_pass_by_value,
    reason = "what Python gives arrives by value"
)]

mod attended;
mod bounds;
mod broadcast;
mod ensemble;
mod errors;
mod figure;
mod finite_size;
mod job;
mod layer;
mod learning;
mod lent;
mod memory;
mod numbers;
mod patterns;
mod results;
mod retrieval;
mod threads;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::bounds::{
        kernelized_log_capacity, optimal_dimension, optimal_log_capacity, ramsauer_log_capacity,
        spherical_code_log_size, spherical_code_separation, well_separation,
    };
    #[pymodule_export]
    use super::ensemble::{Ensemble, ensembles};
    #[pymodule_export]
    use super::figure::Figure;
    #[pymodule_export]
    use super::job::{open_job, run_job};
    #[pymodule_export]
    use super::layer::HopfieldCore;
    #[pymodule_export]
    use super::learning::{learn_kernel, recipes, spherical_code};
    #[pymodule_export]
    use super::memory::Memory;
    #[pymodule_export]
    use super::patterns::draw_patterns;
    #[pymodule_export]
    use super::results::JobResult;

    /// The version of the package.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
