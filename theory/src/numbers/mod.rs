//! Numerical tools: roots, minima, quadrature, and special functions in log space.

pub(crate) mod fixed_point;
pub(crate) mod laplace;
pub(crate) mod log_bessel;
pub(crate) mod log_cosh;
pub(crate) mod log_tails;
pub(crate) mod minimum;
pub mod quadrature;
pub(crate) mod root;

pub use quadrature::graded_nodes;
pub use root::find_root;
