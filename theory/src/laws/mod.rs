//! The laws that patterns are made of: of one component, and of a covariance.

pub(crate) mod component;
pub(crate) mod covariance;
mod discrete;
pub(crate) mod manifold;
mod numerical;
pub(crate) mod pairs;
pub(crate) mod spectrum;

pub use component::{ComponentLaw, Draw};
pub use covariance::CovarianceLaw;
pub use discrete::DiscreteLaw;
pub use manifold::HiddenManifold;
pub use numerical::NumericalLaw;
pub use pairs::CorrelatedPairs;
pub use spectrum::GaussianSpectrum;
