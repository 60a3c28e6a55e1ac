//! Rigorous bounds on the number of patterns: Lambert-W bounds for random patterns, and spherical
//! codes.
//!
//! Counts are carried as ln M, which does not overflow in any dimension. A bound may be true and
//! yet say nothing; [`CapacityBound::vacuity`] then says why.
//!
//! * [`ramsauer_capacity`], [`ramsauer_dimension`]: Theorem 3 of Ramsauer et al. with its forms A5
//!   and A6;
//! * [`ramsauer_load`]: its limit as d → ∞; [`nearest_pattern_cosine`]: where the Random Energy
//!   Model leaves no pattern nearer;
//! * [`kernelized_capacity`]: the same for patterns of any norm and retrieval radius, in three
//!   strengths;
//! * [`required_separation`], [`log_retrieval_error`]: when patterns are well separated, and how
//!   near retrieval ends;
//! * [`code_log_size`], [`code_separation_bounds`]: how many points with a given least angle, and
//!   the reverse;
//! * [`optimal_capacity`], [`required_dimension`]: the largest well-separated memory, and the
//!   dimension that it needs.
//!
//! ```
//! use dam_theory::bounds::{CodeBound, code_log_size};
//! // twelve points 60° apart fit on the sphere in three dimensions (kissing number); caps allow 14
//! let angle = std::f64::consts::FRAC_PI_3;
//! assert!(code_log_size(3.0, angle, CodeBound::Caps)?.exp() < 15.0);
//! assert!(code_log_size(3.0, angle, CodeBound::Covering)?.exp() <= 12.0);
//! # Ok::<(), dam_theory::TheoryError>(())
//! ```

mod capacity;
mod kernelized;
mod lambert;
mod nearest_pattern;
mod optimal;
mod ramsauer;
mod ramsauer_limit;
mod spherical_code;
mod well_separation;

pub use capacity::{CapacityBound, Vacuity};
pub use kernelized::{KernelizedBound, KernelizedChain, KernelizedMemory, kernelized_capacity};
pub use nearest_pattern::{nearest_pattern_cosine, polynomial_load_cosine};
pub use optimal::{
    DimensionEstimate, Margin, asymptotic_dimension, optimal_capacity, required_dimension,
};
pub use ramsauer::{
    RamsauerBound, RamsauerDimension, RamsauerMemory, ramsauer_capacity, ramsauer_dimension,
};
pub use ramsauer_limit::ramsauer_load;
pub use spherical_code::{
    CodeBound, SeparationBounds, cap_log_measure, code_angle_bounds, code_log_size,
    code_separation_bounds,
};
pub use well_separation::{log_retrieval_error, required_separation};
