//! The theory against tables, limits, slow twins and itself.
#![expect(clippy::unwrap_used, reason = "a panic is a failed test")]

mod angle_crossover;
mod basins;
mod bounds;
mod crossover_law;
mod crossover_scan;
mod crossovers;
mod finite_size_references;
mod fluctuations;
mod general_law;
mod great_circles;
mod limits;
mod lost_patterns;
mod more_ensembles;
mod own_ensemble;
mod properties;
mod quantiles;
mod references;
mod support;
