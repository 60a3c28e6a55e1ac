//! Tests of the crate through its public interface.
#![expect(clippy::unwrap_used, reason = "tests")]

mod composition;
mod directed;
mod dynamics;
mod entmax;
mod extremes;
mod files;
mod fixed_points;
mod folder;
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

/// ∂f/∂x_i by central differences.
fn slope(state: &[f64], component: usize, step: f64, function: impl Fn(&[f64]) -> f64) -> f64 {
    let at = |by: f64| {
        let mut moved = state.to_vec();
        moved[component] += by;
        function(&moved)
    };
    (at(step) - at(-step)) / (2.0 * step)
}
