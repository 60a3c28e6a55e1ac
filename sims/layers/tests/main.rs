//! Tests of the crate through its public interface.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bag_file;
mod bag_network;
mod bags;
mod gradients;
mod hopfield;
mod network;
mod training;
mod twin;

use dam_memory::streams::StreamKey;
use rand::RngExt;

/// Numbers uniform on (−1, 1).
fn numbers(count: usize, purpose: &str) -> Vec<f64> {
    let mut rng = StreamKey::new(14).rng(purpose);
    (0..count)
        .map(|_| 2.0 * rng.random::<f64>() - 1.0)
        .collect()
}
