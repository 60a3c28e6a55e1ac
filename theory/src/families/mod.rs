//! Ensembles of whole families of laws: for kinds of ours, and for those of others.

pub(crate) mod covariance;
pub(crate) mod independent;

pub use covariance::GaussianCovariance;
pub use independent::IndependentComponents;
