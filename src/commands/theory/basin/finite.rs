//! The options of sampled disorder, and the cells of a finite-N basin.

use clap::Args;
use dam::experiments::finite_basin::{FiniteBasin, FiniteBasinError, Sampling};

use crate::terminal::error::CommandError;
use crate::terminal::simulation::threads;
use crate::terminal::table::Row;

// no doc comment: clap would take it for the text of the command
#[derive(Debug, Args)]
pub struct SamplingArguments {
    /// Disorder samples where the noise fluctuates
    #[arg(long, value_name = "S", default_value_t = 400, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..))]
    samples: u32,
    /// Root of the random streams of these samples
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,
    /// ε of these samples: what the patterns that are not drawn one by one may fluctuate by
    #[arg(
        long,
        value_name = "ε",
        default_value_t = 0.05,
        allow_hyphen_values = true
    )]
    tolerance: f64,
}

impl SamplingArguments {
    pub fn sampling(&self) -> Result<Sampling, CommandError> {
        Ok(Sampling {
            samples: self.samples as usize,
            seed: self.seed,
            tolerance: self.tolerance,
            threads: threads(None)?,
        })
    }
}

/// The cells of a basin.
pub fn cells(basin: &FiniteBasin) -> Row {
    vec![
        ("theta_c_degrees_finite_size", basin.degrees.into()),
        ("theta_c_degrees_error", basin.degrees_error.into()),
        ("cos_theta_c_finite_size", basin.cosine.into()),
        ("cos_theta_c_error", basin.cosine_error.into()),
        ("basin_probability", basin.probability.into()),
        ("method", basin.method.into()),
    ]
}

impl From<FiniteBasinError> for CommandError {
    fn from(error: FiniteBasinError) -> Self {
        match error {
            FiniteBasinError::Threads(text) => Self::Failed(text),
            other => Self::BadInput(other.to_string()),
        }
    }
}
