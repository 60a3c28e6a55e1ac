//! Statistics over disorder samples: summaries, intervals, fits and data collapse.
//!
//! The unit is the disorder sample: every slice holds one number per sample, and samples are
//! independent. Nothing here reads a clock, a thread or a global random generator; what is random
//! takes a seed.

mod autoscale;
mod binomial;
mod bootstrap;
mod chi_squared;
pub mod collapse;
mod error;
mod fit;
mod interval;
mod logistic;
mod loss_fit;
mod mixture;
mod nelder_mead;
mod normal;
mod proportion;
mod scaling;
mod student;
mod summary;

pub use autoscale::{AutoScale, autoscale};
pub use binomial::RetrievalCount;
pub use bootstrap::{
    Bootstrap, BootstrapEstimate, BootstrapMethod, acceleration, bias_correction,
    corrected_interval, percentile_interval,
};
pub use chi_squared::chi_squared_survival;
pub use error::StatisticsError;
pub use fit::{Basis, BootstrappedFit, FitPoint, FittedValue, LinearFit, SampledPoint};
pub use interval::Interval;
pub use logistic::LogisticFit;
pub use loss_fit::LossFit;
pub use mixture::mixture_interval;
pub use normal::{normal_cumulative, normal_quantile};
pub use proportion::wilson_interval;
pub use scaling::{ScaledData, quality, scaledata};
pub use student::{mean_interval, student_factor};
pub use summary::{Summary, mean, median, standard_deviation, standard_error};
