//! The noise of the ensembles whose states stay on the target's axis, by their structure.

use super::noise::{CollinearNoise, GaussianNoise, NoiseAverage, RademacherNoise, SphericalNoise};
use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::structure::Structure;

/// The noise of an ensemble for which x = a ξ¹ stays on the axis of ξ¹.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AxisNoise {
    /// Patterns on the sphere.
    Sphere(SphericalNoise),
    /// Gaussian patterns, and a target of norm r = 1.
    Normal(GaussianNoise),
    /// Fair signs.
    Signs(RademacherNoise),
}

impl AxisNoise {
    /// The noise of this ensemble at N = `size`.
    ///
    /// # Errors
    /// [`TheoryError::NotKnown`] for other components and for covariances, whose states leave the
    /// axis; N out of the ensemble's domain.
    pub fn of(ensemble: &dyn Ensemble, size: f64) -> Result<Self, TheoryError> {
        match ensemble.structure() {
            Structure::Sphere => SphericalNoise::new(size).map(Self::Sphere),
            Structure::Normal => GaussianNoise::new(size, 1.0).map(Self::Normal),
            Structure::Signs => RademacherNoise::new(size).map(Self::Signs),
            Structure::Components(_) | Structure::Covariance(_) => Err(TheoryError::NotKnown {
                quantity: "the noise along the target",
                ensemble: ensemble.name(),
                reason: "its states leave the axis of the target; known for patterns on the sphere, \
                         normal components and fair signs",
            }),
        }
    }

    fn inner(&self) -> &dyn CollinearNoise {
        match self {
            Self::Sphere(noise) => noise,
            Self::Normal(noise) => noise,
            Self::Signs(noise) => noise,
        }
    }
}

impl CollinearNoise for AxisNoise {
    fn average(&self, field: f64) -> NoiseAverage {
        self.inner().average(field)
    }

    fn squared_norm(&self) -> f64 {
        self.inner().squared_norm()
    }

    fn largest_field(&self) -> f64 {
        self.inner().largest_field()
    }

    fn largest_advantage(&self) -> f64 {
        self.inner().largest_advantage()
    }
}
