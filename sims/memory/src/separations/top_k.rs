//! The softmax of the k largest.

use std::sync::Arc;

use crate::error::CompositionError;
use crate::separations::softmax::softmax;
use crate::separations::{Kind, Separation, largest_indices, parameter};

/// The kind that job files name.
pub const KIND: Kind = Kind {
    names: "top-5",
    about: "the softmax of the k largest z, 0 elsewhere",
    read,
};

/// Softmax of the k largest (of equals the first), 0 elsewhere; Ψ = ln Σ exp z over these.
#[derive(Clone, Copy, Debug)]
pub struct TopK {
    k: usize,
}

impl TopK {
    /// Keeps the k largest.
    ///
    /// # Errors
    /// [`CompositionError::Domain`] for k = 0.
    pub fn new(k: usize) -> Result<Self, CompositionError> {
        if k >= 1 {
            return Ok(Self { k });
        }
        Err(CompositionError::Domain {
            name: "k of top-k",
            value: k as f64,
            domain: "a whole number ≥ 1",
        })
    }
}

fn read(name: &str) -> Result<Option<Arc<dyn Separation>>, CompositionError> {
    let k = parameter(name, "top");
    Ok(k.map(TopK::new)
        .transpose()?
        .map(|found| Arc::new(found) as _))
}

impl Separation for TopK {
    fn name(&self) -> String {
        format!("top-{}", self.k)
    }

    fn weights(&self, z: &mut [f64]) -> Option<f64> {
        let kept = largest_indices(z, self.k);
        let mut values: Vec<f64> = kept.iter().map(|&index| z[index]).collect();
        let potential = softmax(&mut values);
        z.fill(0.0);
        for (index, value) in kept.into_iter().zip(values) {
            z[index] = value;
        }
        Some(potential)
    }

    fn exact_gap(&self) -> Option<f64> {
        (self.k == 1).then_some(0.0)
    }

    /// The weights are those of a softmax, or 0.
    fn largest_weight_at_gap(&self, gap: f64) -> Option<f64> {
        Some((-gap).exp().min(1.0))
    }
}
