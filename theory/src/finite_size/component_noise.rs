//! The noise average of one independent component, or of one eigendirection of a covariance.

use super::domain;
use crate::error::TheoryError;
use crate::laws::component::ComponentLaw;
use crate::numbers::log_cosh::log_cosh;

/// What the maps need of the law of one component: K(h) = ln E e^{hξ} and K'(h).
///
/// Every [`ComponentLaw`] has it; [`ComponentClosures`] makes one of two functions.
pub trait ComponentNoise {
    /// K(h) = ln E e^{hξ}.
    fn log_moment_generating_function(&self, field: f64) -> f64;

    /// K'(h), the mean of ξ under the law tilted by e^{hξ}.
    fn tilted_mean(&self, field: f64) -> f64;
}

impl<L: ComponentLaw + ?Sized> ComponentNoise for L {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        ComponentLaw::log_moment_generating_function(self, field)
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        ComponentLaw::tilted_mean(self, field)
    }
}

/// `ξ_i` ~ N(0, 1): K = h²/2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GaussianComponents;

impl ComponentNoise for GaussianComponents {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        0.5 * field * field
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        field
    }
}

/// `ξ_i` ~ N(0, c): K = c h²/2, one eigendirection of correlated Gaussian patterns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CentredGaussianComponent {
    variance: f64,
}

impl CentredGaussianComponent {
    /// The law of variance c = `variance`.
    ///
    /// # Errors
    /// [`TheoryError`] when c is negative or not finite.
    pub fn new(variance: f64) -> Result<Self, TheoryError> {
        domain::non_negative("an eigenvalue of the covariance", variance)?;
        Ok(Self { variance })
    }
}

impl ComponentNoise for CentredGaussianComponent {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        0.5 * self.variance * field * field
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        self.variance * field
    }
}

/// `ξ_i` = ±1: K = ln cosh h.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RademacherComponents;

impl ComponentNoise for RademacherComponents {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        log_cosh(field)
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        field.tanh()
    }
}

/// A law given by two closures, K and K'.
#[derive(Debug, Clone, Copy)]
pub struct ComponentClosures<K, M> {
    /// K(h) = ln E e^{hξ}.
    pub log_moment_generating_function: K,
    /// K'(h).
    pub tilted_mean: M,
}

impl<K: Fn(f64) -> f64, M: Fn(f64) -> f64> ComponentNoise for ComponentClosures<K, M> {
    fn log_moment_generating_function(&self, field: f64) -> f64 {
        (self.log_moment_generating_function)(field)
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        (self.tilted_mean)(field)
    }
}

/// ln E e^{λ x·ξ} = `Σ_i` K(λ `x_i`) of patterns with independent components, at the state x
/// (length N).
pub fn independent_log_moment_generating_function<L: ComponentNoise + ?Sized>(
    law: &L,
    inverse_temperature: f64,
    state: &[f64],
) -> f64 {
    state
        .iter()
        .map(|x| law.log_moment_generating_function(inverse_temperature * x))
        .sum()
}
