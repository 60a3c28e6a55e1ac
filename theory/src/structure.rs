//! What patterns are made of: all that finite-N theory and samplers need of an ensemble.

use crate::error::TheoryError;
use crate::laws::component::ComponentLaw;
use crate::laws::covariance::CovarianceLaw;

/// How the patterns of an ensemble are made.
///
/// A closed list: whoever answers by structure answers for every ensemble, and a new structure
/// does not compile until each of them has.
#[derive(Clone, Copy, Debug)]
pub enum Structure<'a> {
    /// Uniform on |ξ|² = N.
    Sphere,
    /// Independent components N(0, 1).
    Normal,
    /// Independent fair signs.
    Signs,
    /// Independent components of any other law.
    Components(&'a dyn ComponentLaw),
    /// Gaussian, given the covariance C of the disorder sample.
    Covariance(&'a CovarianceLaw),
}

/// The law of |ξ|².
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormLaw {
    /// |ξ|² = N.
    Fixed,
    /// |ξ|² ~ χ²_N.
    ChiSquared,
    /// Another law of mean N.
    Fluctuating,
}

impl Structure<'_> {
    /// Whether the law of the patterns does not change under rotations.
    pub fn is_isotropic(self) -> bool {
        match self {
            Self::Sphere | Self::Normal => true,
            Self::Signs | Self::Components(_) | Self::Covariance(_) => false,
        }
    }

    /// Whether there are patterns of so many components.
    ///
    /// # Errors
    /// An N that does not go with the covariance.
    pub fn check_size(self, size: f64) -> Result<(), TheoryError> {
        match self {
            Self::Sphere | Self::Normal | Self::Signs | Self::Components(_) => Ok(()),
            Self::Covariance(law) => law.check_size(size),
        }
    }

    /// The law of |ξ|².
    pub fn norm_law(self) -> NormLaw {
        match self {
            Self::Sphere | Self::Signs => NormLaw::Fixed,
            Self::Normal => NormLaw::ChiSquared,
            Self::Components(_) | Self::Covariance(_) => NormLaw::Fluctuating,
        }
    }
}
