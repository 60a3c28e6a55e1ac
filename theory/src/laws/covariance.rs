//! The laws of the covariance of Gaussian patterns.

use super::manifold::HiddenManifold;
use super::pairs::CorrelatedPairs;
use super::spectrum::GaussianSpectrum;
use crate::error::{TheoryError, within};

/// Where the covariance C of Gaussian patterns comes from; tr C ≈ N.
#[derive(Clone, Debug, PartialEq)]
pub enum CovarianceLaw {
    /// Correlated pairs of components.
    Pairs(CorrelatedPairs),
    /// Given eigenvalues.
    Spectrum(GaussianSpectrum),
    /// C = FFᵀ/D, drawn anew for each disorder sample.
    Manifold(HiddenManifold),
}

impl CovarianceLaw {
    /// The eigenvalues of C for N components, each with its multiplicity; where C is random, nodes
    /// of their mean. Given eigenvalues count N/K times, at N between multiples of K too.
    ///
    /// # Errors
    /// N below 1, or as [`HiddenManifold::mean_spectrum`].
    pub fn spectrum(&self, size: f64) -> Result<Vec<(f64, f64)>, TheoryError> {
        within("the size N", size, size >= 1.0, "at least 1")?;
        match self {
            Self::Pairs(law) => Ok(law.spectrum(size)),
            Self::Spectrum(law) => Ok(law.spectrum(size)),
            Self::Manifold(law) => law.mean_spectrum(size),
        }
    }

    /// The eigenvalues above 0 and their weights as N → ∞.
    pub fn limit(&self) -> Vec<(f64, f64)> {
        match self {
            Self::Pairs(law) => law.limit(),
            Self::Spectrum(law) => law.limit(),
            Self::Manifold(law) => law.limit(),
        }
    }

    /// Whether patterns of `size` components exist.
    ///
    /// # Errors
    /// As [`GaussianSpectrum::check_size`] and [`HiddenManifold::dimension`].
    pub fn check_size(&self, size: f64) -> Result<(), TheoryError> {
        match self {
            Self::Pairs(_) => Ok(()),
            Self::Spectrum(law) => law.check_size(size),
            Self::Manifold(law) => law.dimension(size).map(drop),
        }
    }
}
