//! All weight on the largest.

use crate::separations::{Kind, Separation, largest_indices, maximum, named};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    names: "argmax",
    about: "all weight on the largest z",
    read: |name| named(ArgMax, name),
};

/// All weight on the largest (of equals the first), β = ∞; Ψ = max z.
#[derive(Clone, Copy, Debug)]
pub struct ArgMax;

impl Separation for ArgMax {
    fn name(&self) -> String {
        KIND.names.to_owned()
    }

    fn weights(&self, z: &mut [f64]) -> Option<f64> {
        let (largest, best) = (maximum(z), largest_indices(z, 1)[0]);
        z.fill(0.0);
        z[best] = 1.0;
        Some(largest)
    }

    fn exact_gap(&self) -> Option<f64> {
        Some(0.0)
    }

    fn largest_weight_at_gap(&self, gap: f64) -> Option<f64> {
        Some(if gap > 0.0 { 0.0 } else { 1.0 })
    }

    fn support_threshold(&self) -> f64 {
        0.0
    }
}
