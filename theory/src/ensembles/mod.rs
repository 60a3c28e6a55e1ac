//! The list of ensembles, one file each.

mod correlated_gaussian;
pub mod gaussian;
mod gaussian_mixture;
mod hidden_manifold;
pub(crate) mod rademacher;
pub(crate) mod spherical;
mod uniform;

use std::sync::Arc;

use crate::ensemble::Ensemble;
use crate::error::TheoryError;
use crate::kind::{Kind, find};
use crate::parameters::Parameters;

pub use gaussian::Gaussian;
pub use gaussian_mixture::GaussianMixtureLaw;
pub use rademacher::Rademacher;
pub use spherical::Spherical;
pub use uniform::UniformLaw;

/// All ensembles: a new one is one file and one line here.
pub const ENSEMBLES: &[Kind] = &[
    spherical::KIND,
    gaussian::KIND,
    rademacher::KIND,
    uniform::KIND,
    gaussian_mixture::KIND,
    correlated_gaussian::KIND,
    hidden_manifold::KIND,
];

/// The ensemble of a name, for ensembles without parameters.
///
/// ```
/// assert_eq!(dam_theory::ensemble("gaussian")?.typical_threshold(0.5)?, 0.375);
/// assert!(dam_theory::ensemble("cubic").is_err());
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// As [`ensemble_with`] without parameters.
pub fn ensemble(name: &str) -> Result<Arc<dyn Ensemble>, TheoryError> {
    ensemble_with(name, &Parameters::new())
}

/// The ensemble of a name and its parameters.
///
/// ```
/// use dam_theory::{Parameters, ensemble_with};
/// let parameters = Parameters::from([("manifold_ratio".to_owned(), 1.0.into())]);
/// let manifold = ensemble_with("hidden-manifold", &parameters)?;
/// // v = 2: α₁ = λ − λ² up to λ = ½
/// assert!((manifold.typical_threshold(0.25)? - 0.1875).abs() < 1e-14);
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// [`TheoryError::UnknownEnsemble`] lists the known names; [`TheoryError::UnknownParameter`],
/// [`TheoryError::MissingParameter`], [`TheoryError::ConflictingParameters`] and
/// [`TheoryError::WrongParameter`] name the key; a parameter outside its domain.
pub fn ensemble_with(
    name: &str,
    parameters: &Parameters,
) -> Result<Arc<dyn Ensemble>, TheoryError> {
    find(ENSEMBLES, name)?.ensemble(parameters)
}
