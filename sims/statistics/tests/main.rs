//! The statistics against independent programs and against their own laws, in one binary.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bootstrap;
mod chi_squared;
mod collapse;
mod fit;
mod logistic;
mod mixture;
mod normal;
mod proportion;
mod reference;
mod scaling;
mod student;
mod summary;
