//! p ∝ z^n.

use std::sync::Arc;

use crate::error::CompositionError;
use crate::separations::{Kind, Separation, normalise, parameter};
use crate::similarities::Measure;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    names: "polynomial-10",
    about: "p ∝ z^n, n even; β drops out",
    read,
};

/// p ∝ z^n with even n ≥ 2; β drops out. The weights are no gradient: their Jacobian is not
/// symmetric.
#[derive(Clone, Copy, Debug)]
pub struct Polynomial {
    exponent: u32,
}

impl Polynomial {
    /// p ∝ z^n.
    ///
    /// # Errors
    /// [`CompositionError::Domain`] for n odd or 0.
    pub fn new(exponent: u32) -> Result<Self, CompositionError> {
        if exponent >= 2 && exponent.is_multiple_of(2) {
            return Ok(Self { exponent });
        }
        Err(CompositionError::Domain {
            name: "n of polynomial",
            value: f64::from(exponent),
            domain: "an even number ≥ 2, since odd powers of negative similarities make negative weights",
        })
    }
}

fn read(name: &str) -> Result<Option<Arc<dyn Separation>>, CompositionError> {
    let exponent = parameter(name, "polynomial");
    let found = exponent.map(Polynomial::new).transpose()?;
    Ok(found.map(|found| Arc::new(found) as _))
}

impl Separation for Polynomial {
    fn name(&self) -> String {
        format!("polynomial-{}", self.exponent)
    }

    fn weights(&self, z: &mut [f64]) -> Option<f64> {
        let scale = z.iter().copied().map(f64::abs).fold(0.0, f64::max);
        let exponent = i32::try_from(self.exponent).unwrap_or(i32::MAX);
        for value in z.iter_mut() {
            // all similarities 0 leave nothing to separate
            *value = if scale == 0.0 {
                1.0
            } else {
                (*value / scale).powi(exponent)
            };
        }
        normalise(z);
        None
    }

    /// β drops out.
    fn scale(&self, similarities: &mut [f64], beta: f64) -> f64 {
        let overflows = |value: &f64| !(beta * value).is_finite();
        if !similarities.iter().any(overflows) {
            for value in similarities {
                *value *= beta;
            }
        }
        0.0
    }

    fn rank(&self, similarity: f64) -> f64 {
        similarity.abs()
    }

    fn fits(&self, measure: Measure) -> Result<(), &'static str> {
        match measure {
            Measure::Product => Ok(()),
            Measure::SquaredDistance | Measure::Distance => Err(
                "an even power of a negative similarity retrieves the farthest pattern; use dot, cosine or kernel",
            ),
        }
    }
}
