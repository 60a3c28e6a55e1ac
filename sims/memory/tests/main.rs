//! Tests of the crate through its public interface.
#![expect(clippy::unwrap_used, reason = "tests")]

mod composition;
mod dynamics;
mod foresight;
mod images;
mod kernel;
mod log_sum_relu;
mod sampling;
mod softmax_gibbs;
