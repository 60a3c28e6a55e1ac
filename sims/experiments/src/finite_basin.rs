//! The basin of a typical pattern at finite N: by the averaged noise, or by sampled disorder where it
//! fluctuates.

use std::collections::BTreeMap;
use std::sync::Arc;

use dam_memory::dynamics::Retriever;
use dam_memory::ensembles::{PatternEnsemble, Sampler};
use dam_memory::revealed::ExtremesPlan;
use dam_runs::experiment::Experiment;
use dam_runs::job::{Point, whole_number};
use dam_runs::quantity::Quantity;
use dam_runs::schedule::{NoThreads, Threads};
use dam_runs::task::{Load, Task};
use dam_theory::finite_size::{
    AveragedBasin, AxisNoise, LARGEST_AVERAGED_ERROR_DEGREES, PatternCount,
};
use dam_theory::{Ensemble, Parameters, TheoryError};
use thiserror::Error;

use crate::basin::{Basin, KIND, StartKind};

/// Numbers that one disorder sample may hold; the patterns drawn per state are at most about λN/ε².
const LARGEST_SAMPLE: f64 = 1e8;
/// Components that the states and patterns of one sample may have.
const LARGEST_SIZE: f64 = 1e7;

/// The method of [`FiniteBasin`]s that are sampled.
const SAMPLED: &str = "sampled";

/// How disorder is sampled where the noise fluctuates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Disorder samples.
    pub samples: usize,
    /// Root of their random streams.
    pub seed: u64,
    /// ε: what the patterns that are not drawn one by one may fluctuate by.
    pub tolerance: f64,
    /// Threads that share the samples.
    pub threads: usize,
}

/// What is known of a basin at finite N.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FiniteBasin {
    /// θ_c in degrees.
    pub degrees: Option<f64>,
    /// Its error: of the average, or of the mean over samples.
    pub degrees_error: Option<f64>,
    /// cos θ_c.
    pub cosine: Option<f64>,
    /// Its error.
    pub cosine_error: Option<f64>,
    /// Share of the samples whose target is itself retrieved.
    pub probability: Option<f64>,
    /// `averaged`, `sampled`, or `fluctuating` where neither is known.
    pub method: &'static str,
}

/// Why there is no basin to tell.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum FiniteBasinError {
    /// A question outside the theory's domain.
    #[error(transparent)]
    Theory(#[from] TheoryError),
    /// An ensemble whose states leave the axis of the target.
    #[error(
        "the finite-N basin is known for spherical, gaussian and rademacher patterns, not for {ensemble}: leave out the size"
    )]
    UnknownEnsemble {
        /// The ensemble.
        ensemble: &'static str,
    },
    /// Patterns that cannot be sampled at this N.
    #[error(
        "size = {size:?}: the noise fluctuates here, and disorder samples need a whole number of components, at most \
         {LARGEST_SIZE:e}"
    )]
    Size {
        /// N.
        size: f64,
    },
    /// Too many patterns for each state.
    #[error(
        "tolerance = {tolerance}: at N = {size} and λ = {lambda} up to λN/ε² patterns would be drawn for each state, more \
         than fit; give a tolerance of at least {least:.2}"
    )]
    Tolerance {
        /// ε.
        tolerance: f64,
        /// N.
        size: f64,
        /// The largest λ.
        lambda: f64,
        /// An ε that would do.
        least: f64,
    },
    /// A pool that the system refuses.
    #[error("{0}")]
    Threads(String),
}

impl From<NoThreads> for FiniteBasinError {
    fn from(error: NoThreads) -> Self {
        Self::Threads(error.to_string())
    }
}

impl FiniteBasin {
    /// Whether it is the mean over sampled disorder.
    pub fn is_sampled(&self) -> bool {
        self.method == SAMPLED
    }

    /// By the map of the averaged noise.
    fn averaged(angle: f64, error: f64) -> Self {
        Self {
            degrees: Some(angle.to_degrees()),
            degrees_error: Some(error.to_degrees()),
            cosine: Some(angle.cos()),
            cosine_error: Some(angle.sin() * error),
            probability: Some(1.0),
            method: "averaged",
        }
    }

    /// Where neither the average nor samples tell.
    fn unknown() -> Self {
        Self {
            degrees: None,
            degrees_error: None,
            cosine: None,
            cosine_error: None,
            probability: None,
            method: "fluctuating",
        }
    }

    /// Reduced from disorder samples.
    fn sampled(quantities: &[Quantity], lambda: f64) -> Self {
        let find = |name: &str| {
            quantities.iter().find(|found| {
                found.name == name && found.coordinates.get("lambda") == Some(&lambda)
            })
        };
        let error = |name| find(name).and_then(|found| found.standard_error);
        let value = |name| find(name).and_then(Quantity::value);
        Self {
            degrees: value("theta_c_degrees"),
            degrees_error: error("theta_c_degrees"),
            cosine: value("cos_theta_c"),
            cosine_error: error("cos_theta_c"),
            probability: value("basin_probability"),
            method: SAMPLED,
        }
    }
}

/// The finite-N basins of one ensemble and N.
#[derive(Clone, Debug)]
pub struct FiniteBasins {
    ensemble: Arc<dyn Ensemble>,
    noise: AxisNoise,
    size: f64,
    sampling: Sampling,
}

impl FiniteBasins {
    /// Starts on a random great circle (Rademacher patterns: with flipped signs).
    ///
    /// # Errors
    /// An ensemble whose states leave the axis of the target; N out of its domain.
    pub fn new(
        ensemble: &Arc<dyn Ensemble>,
        size: f64,
        sampling: Sampling,
    ) -> Result<Self, FiniteBasinError> {
        let noise = AxisNoise::of(ensemble.as_ref(), size).map_err(|error| match error {
            TheoryError::NotKnown { .. } => FiniteBasinError::UnknownEnsemble {
                ensemble: ensemble.name(),
            },
            other => other.into(),
        })?;
        Ok(Self {
            ensemble: Arc::clone(ensemble),
            noise,
            size,
            sampling,
        })
    }

    /// A basin for each λ at load α; those that need sampling share the disorder samples.
    ///
    /// # Errors
    /// α or λ out of the theory's domain; a size or tolerance that cannot be sampled.
    pub fn at(&self, alpha: f64, lambdas: &[f64]) -> Result<Vec<FiniteBasin>, FiniteBasinError> {
        let patterns = PatternCount::from_load(alpha, self.size)?;
        let mut basins = Vec::new();
        for &lambda in lambdas {
            basins.push((lambda, self.averaged(patterns, lambda)?));
        }
        let fluctuating = basins.iter().filter(|(_, basin)| basin.is_none());
        let fluctuating: Vec<f64> = fluctuating.map(|&(lambda, _)| lambda).collect();
        let can_sample = self.ensemble.structure().is_isotropic();
        let quantities = if can_sample && !fluctuating.is_empty() {
            self.sample(alpha, patterns, &fluctuating)?
        } else {
            Vec::new()
        };
        let otherwise = |lambda| {
            if can_sample {
                FiniteBasin::sampled(&quantities, lambda)
            } else {
                FiniteBasin::unknown()
            }
        };
        let known = basins.into_iter();
        Ok(known
            .map(|(lambda, basin)| basin.unwrap_or_else(|| otherwise(lambda)))
            .collect())
    }

    /// What the averaged noise tells to within [`LARGEST_AVERAGED_ERROR_DEGREES`].
    fn averaged(
        &self,
        patterns: PatternCount,
        lambda: f64,
    ) -> Result<Option<FiniteBasin>, TheoryError> {
        Ok(match self.noise.averaged_basin(patterns, lambda)? {
            AveragedBasin::Found { angle, error }
                if error.to_degrees() <= LARGEST_AVERAGED_ERROR_DEGREES =>
            {
                Some(FiniteBasin::averaged(angle, error))
            }
            AveragedBasin::Absent => Some(FiniteBasin {
                probability: Some(0.0),
                method: "averaged",
                ..FiniteBasin::unknown()
            }),
            AveragedBasin::Found { .. } | AveragedBasin::Open => None,
        })
    }

    /// The quantities of the experiment `basin`, from sampled disorder.
    fn sample(
        &self,
        alpha: f64,
        patterns: PatternCount,
        lambdas: &[f64],
    ) -> Result<Vec<Quantity>, FiniteBasinError> {
        let size = whole_number(self.size).filter(|_| self.size <= LARGEST_SIZE);
        let size = size.ok_or(FiniteBasinError::Size { size: self.size })?;
        self.check_cost(lambdas)?;
        let plan = ExtremesPlan::new(&self.ensemble, size, patterns, self.sampling.tolerance)?;
        let basin = Basin {
            retriever: Retriever::default(),
            inverse_temperatures: lambdas.to_vec(),
            start: StartKind::Sphere,
            tolerance: 0.1,
            seed: self.sampling.seed,
        };
        // names the task; the plan has the number of patterns itself, however large
        let pattern_count = 0;
        let parameters = BTreeMap::from([("lambda".to_owned(), lambdas.to_vec())]);
        let patterns: Arc<dyn PatternEnsemble> = Arc::new(Sampler(Arc::clone(&self.ensemble)));
        let task = Task::new(
            KIND.name,
            (&patterns, &Parameters::new()),
            Point {
                alpha,
                size,
                pattern_count,
                load: Load::Exponential(alpha),
                parameters,
                patterns: None,
            },
        );
        let records = Threads::new(self.sampling.threads)?
            .install(|| basin.sampled(&plan, self.sampling.samples, Some(1.0)));
        Ok(basin.quantities(&task, &records))
    }

    fn check_cost(&self, lambdas: &[f64]) -> Result<(), FiniteBasinError> {
        let lambda = lambdas.iter().copied().fold(0.0, f64::max);
        let (tolerance, size) = (self.sampling.tolerance, self.size);
        let least = size * (lambda.max(1.0 / size) / LARGEST_SAMPLE).sqrt();
        if tolerance < least {
            return Err(FiniteBasinError::Tolerance {
                tolerance,
                size,
                lambda,
                least,
            });
        }
        Ok(())
    }
}
