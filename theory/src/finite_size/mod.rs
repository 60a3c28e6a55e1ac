//! Theory that holds at finite size N: noise averages, self-consistent maps, crossovers, basins and
//! overlap laws.
//!
//! The sum over the P − 1 noise patterns is replaced by its exact average at size N, and the
//! feedback of the state is kept:
//!
//! ```text
//! x' = w ξ¹ + (1 − w)⟨ξ⟩_x,   1/w = 1 + (P − 1) exp(ln E e^{λ x·ξ} − λ x·ξ¹)
//! ```
//!
//! * [`SphericalNoise`], [`GaussianNoise`], [`RademacherNoise`], [`ComponentNoise`]: the averages;
//! * [`CollinearMap`], [`PlaneMap`], [`FlippedMap`], [`ComponentMap`]: the map from ξ¹, from an
//!   angle (rotation-invariant patterns; Rademacher patterns with flipped signs), and in all N
//!   components;
//! * [`crossover`] and [`CollinearMap::crossover`]: λ_×(α, N), where the retrieval fixed point is
//!   lost, solved for as the saddle-node it is; [`component_crossover`] for any law of the
//!   components, [`covariance_crossover`] for correlated Gaussian patterns;
//! * [`gaussian_crossover_distribution`]: over the norms of Gaussian targets;
//! * [`spherical_asymptotic_crossover`] and its kin: the (ln N)/N expansions;
//! * [`lost_patterns`], [`half_load`]: how many of all patterns are lost, with the nearest
//!   neighbour followed explicitly;
//! * [`CrossoverLaw`]: the law of λ_× over disorder samples of patterns of fixed norm, down to some
//!   tens of patterns; [`crossover_deviation`]: its spread to first order;
//! * [`spherical_mean_free_entropy`], [`gaussian_mean_free_entropy`]: the mean of the noise free
//!   entropy, through condensation;
//! * [`spherical_basin_angle`], [`gaussian_basin_angle`], [`rademacher_basin_angle`],
//!   [`basin_angle_towards`]: the basin of attraction; [`crossover_from_angle`]: its inverse
//!   λ_×(θ), [`basin_inverse_temperature`] at N = ∞;
//! * [`SphericalOverlapLaw`], [`GaussianNormLaw`]: laws of overlaps and norms, tails in log space,
//!   and the truncated averages of the cone scheme.
//!
//! The average stands for the noise while many patterns share the sum, λ < λ_*(α). In the condensed
//! phase it is carried by overlaps that no stored pattern has. Crossovers on the sphere and of
//! Rademacher patterns from x₀ = ξ¹ lie below λ_*; basins above it and Gaussian crossovers near λ =
//! 1 need the scheme of sampled extremes, whose averages are those of
//! [`ProjectionLaw::divided_average`].
//!
//! ```
//! use dam_theory::finite_size::{crossover, spherical_asymptotic_crossover};
//! let spherical = dam_theory::ensemble("spherical")?;
//! let exact = crossover(spherical.as_ref(), 0.2, 1e4)?.expect("the sphere always has one");
//! let expanded = spherical_asymptotic_crossover(0.2, 1e4)?;
//! assert!((exact.inverse_temperature - 0.225681582731).abs() < 1e-11);
//! assert!((exact.inverse_temperature - expanded.crossover).abs() < 1e-5);
//! assert!(exact.inverse_temperature > expanded.limit);
//! # Ok::<(), dam_theory::TheoryError>(())
//! ```

mod angle_crossover;
mod asymptotic;
mod axis_noise;
mod basin;
mod component_crossover;
mod component_fluctuations;
mod component_noise;
mod crossover;
mod crossover_deviation;
mod crossover_law;
mod domain;
mod estimate;
mod flipped_map;
mod free_entropy;
mod gaussian_norm;
mod gaussian_start;
mod losses;
mod lost_gaussian;
mod lost_patterns;
mod map;
mod neighbour_map;
mod noise;
mod noise_variance;
mod overlap_law;
mod pattern_count;
mod projection;
mod retrieval_probability;
mod saddle_node;
pub mod scaled_dot_product;
mod tilted_exponent;
mod truncated;

pub use angle_crossover::{basin_inverse_temperature, crossover_from_angle};
pub use asymptotic::{
    AsymptoticCrossover, gaussian_asymptotic_crossover, rademacher_asymptotic_crossover,
    spherical_asymptotic_crossover,
};
pub use axis_noise::AxisNoise;
pub use basin::{
    AveragedBasin, BasinAngle, LARGEST_AVERAGED_ERROR_DEGREES, StartDirection, basin_angle_towards,
    gaussian_basin_angle, rademacher_basin_angle, spherical_basin_angle,
};
pub use component_crossover::{
    component_crossover, covariance_crossover, typical_component_crossover,
    typical_covariance_crossover,
};
pub use component_noise::{
    CentredGaussianComponent, ComponentClosures, ComponentNoise, GaussianComponents,
    RademacherComponents, independent_log_moment_generating_function,
};
pub(crate) use crossover::averaged_and_expected_median;
pub use crossover::{crossover, crossover_shift, expected_median_crossover, median_crossover};
pub use crossover_deviation::crossover_deviation;
pub use crossover_law::CrossoverLaw;
pub use estimate::Estimate;
pub use flipped_map::{FlippedMap, FlippedState};
pub use free_entropy::{gaussian_mean_free_entropy, spherical_mean_free_entropy};
pub use gaussian_norm::{
    GaussianCrossoverDistribution, GaussianNormLaw, gaussian_crossover_distribution,
    gaussian_crossover_quantile, gaussian_least_norm,
};
pub use gaussian_start::GaussianStarts;
pub use losses::{LossError, LostPatterns};
pub use lost_patterns::{half_load, half_load_estimate, loss_error, lost_patterns};
pub use map::{CollinearMap, ComponentMap, FixedPoint, PlaneMap, PlaneState};
pub use noise::{
    CollinearNoise, GaussianNoise, NoiseAverage, RademacherNoise, RotationInvariantNoise,
    SphericalNoise,
};
pub use noise_variance::{
    FluctuatingCount, LARGEST_NOISE_VARIANCE, fluctuating_count, log_noise_variance,
    spherical_log_noise_variance,
};
pub use overlap_law::{
    SphericalOverlapLaw, gaussian_overlap_log_tail, gaussian_pair_log_probability,
};
pub use pattern_count::PatternCount;
pub use projection::{DividedAverage, ProjectionLaw};
pub use retrieval_probability::retrieval_probability;
pub use saddle_node::{Crossover, CrossoverKind, gaussian_crossover_given_norm};
pub use truncated::TruncatedAverage;
