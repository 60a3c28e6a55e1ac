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

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance * expected.abs().max(1.0),
        "{found} instead of {expected}"
    );
}
