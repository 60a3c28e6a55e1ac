//! Closed forms of the Random Energy Model of dense associative memories.
//!
//! P = e^{αN} random patterns ξ of N components are stored in a memory with the energy
//! E(x) = −(1/λ) ln Σ_μ exp(λ x·ξ^μ) + ½|x|². An [`Ensemble`] of patterns knows, as N → ∞, up to
//! which load α one typical pattern is retrieved (α₁), a lower bound for all of them (α_c^lb),
//! where the noise condenses onto the nearest patterns (α_*, λ_*), and how large a basin is
//! (θ_c). Pure functions: no randomness, no threads, no input or output.
//!
//! The formulas are those of C. Lucibello and M. Mézard, PRL 132, 077301 (2024), called LM24.

pub mod bounds;
mod correlated_gaussian;
mod covariance;
mod covariance_law;
mod density;
mod discrete_law;
mod ensemble;
mod error;
pub mod finite_size;
pub mod gaussian;
mod gaussian_mixture;
mod gaussian_spectrum;
mod hidden_manifold;
pub mod nearest_pattern;
mod numerical_law;
mod parameters;
mod quadrature;
mod rademacher;
mod ramsauer;
mod root;
pub mod scaled_dot_product;
mod spherical;
mod uniform;

pub use correlated_gaussian::CorrelatedGaussian;
pub use covariance::GaussianCovariance;
pub use covariance_law::CovarianceLaw;
pub use density::{ComponentLaw, Density};
pub use discrete_law::DiscreteLaw;
pub use ensemble::{ENSEMBLE_NAMES, Ensemble, FreeEntropy, Phase, ensemble, ensemble_with};
pub use error::TheoryError;
pub use gaussian::Gaussian;
pub use gaussian_mixture::{GaussianMixtureLaw, MIXTURE_VARIANCES, gaussian_mixture};
pub use gaussian_spectrum::GaussianSpectrum;
pub use hidden_manifold::HiddenManifold;
pub use numerical_law::NumericalLaw;
pub use parameters::{Parameter, Parameters, parameter_names};
pub use rademacher::Rademacher;
pub use ramsauer::ramsauer_load;
pub use root::find_root;
pub use spherical::Spherical;
pub use uniform::{UniformLaw, uniform};
