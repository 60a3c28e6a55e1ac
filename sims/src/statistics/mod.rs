//! Statistics over disorder samples: summaries, intervals, fits and data collapse.
//!
//! The unit is the disorder sample: every slice holds one number per sample, and samples are
//! independent. Nothing here reads a clock, a thread or a global random generator; what is random
//! takes a seed.

mod bootstrap;
mod error;
mod interval;
mod normal;
mod proportion;
#[cfg(test)]
mod reference;
mod summary;

pub use bootstrap::{
    Bootstrap, BootstrapEstimate, BootstrapMethod, acceleration, bias_correction,
    corrected_interval, percentile_interval,
};
pub use error::StatisticsError;
pub use interval::Interval;
pub use normal::{normal_cumulative, normal_quantile};
pub use proportion::wilson_interval;
pub use summary::{Summary, mean, median, standard_deviation, standard_error};
