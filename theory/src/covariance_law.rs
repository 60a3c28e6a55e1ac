//! The covariance of the ensemble `correlated-gaussian`, in whichever way it is stated.

use crate::correlated_gaussian::CorrelatedGaussian;
use crate::covariance::GaussianCovariance;
use crate::error::TheoryError;
use crate::gaussian_spectrum::GaussianSpectrum;
use crate::parameters::{self, Parameters};

/// The two ways to state the covariance of the ensemble `correlated-gaussian`.
#[derive(Clone, Debug, PartialEq)]
pub enum CovarianceLaw {
    /// `variance_ratio`: correlated pairs of components.
    Pairs(CorrelatedGaussian),
    /// `spectrum`: the eigenvalues.
    Spectrum(GaussianSpectrum),
}

impl CovarianceLaw {
    /// The law that the ensemble's parameters state.
    ///
    /// # Errors
    /// More or fewer than one parameter, or one outside its domain.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, TheoryError> {
        parameters::check("correlated-gaussian", parameters)?;
        if parameters.contains_key("spectrum") {
            let eigenvalues = parameters::list(parameters, "spectrum")?;
            Ok(Self::Spectrum(GaussianSpectrum::new(eigenvalues)?))
        } else {
            let ratio = parameters::number(parameters, "variance_ratio")?;
            Ok(Self::Pairs(CorrelatedGaussian::new(ratio)?))
        }
    }

    /// The eigenvalues of C for N components, each with its multiplicity.
    pub fn spectrum(&self, size: f64) -> Vec<(f64, f64)> {
        match self {
            Self::Pairs(law) => law.spectrum(size),
            Self::Spectrum(law) => law.spectrum(size),
        }
    }

    /// The ensemble at N = ∞.
    pub fn ensemble(&self) -> GaussianCovariance {
        match self {
            Self::Pairs(law) => law.ensemble(),
            Self::Spectrum(law) => law.ensemble(),
        }
    }

    /// Whether patterns of `size` components exist.
    ///
    /// # Errors
    /// As [`GaussianSpectrum::check_size`].
    pub fn check_size(&self, size: f64) -> Result<(), TheoryError> {
        match self {
            Self::Pairs(_) => Ok(()),
            Self::Spectrum(law) => law.check_size(size),
        }
    }
}
