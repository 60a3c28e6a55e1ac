//! p ∝ exp z.

use crate::separations::{Kind, Separation, maximum, named, normalise};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    names: "softmax",
    about: "p ∝ exp z",
    read: |name| named(Softmax, name),
};

/// p_μ = exp z_μ/Σ_ν exp z_ν, Ψ = ln Σ_μ exp z_μ.
#[derive(Clone, Copy, Debug)]
pub struct Softmax;

/// Replaces z by softmax(z), and returns ln Σ exp z.
pub fn softmax(z: &mut [f64]) -> f64 {
    let largest = maximum(z);
    for value in z.iter_mut() {
        *value = (*value - largest).exp();
    }
    largest + normalise(z).ln()
}

impl Separation for Softmax {
    fn name(&self) -> String {
        KIND.names.to_owned()
    }

    fn weights(&self, z: &mut [f64]) -> Option<f64> {
        Some(softmax(z))
    }

    fn is_softmax(&self) -> bool {
        true
    }

    fn largest_weight_at_gap(&self, gap: f64) -> Option<f64> {
        Some((-gap).exp().min(1.0))
    }
}
