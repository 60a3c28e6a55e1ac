//! Basins at finite N: by the averaged noise, or by sampled disorder where it fluctuates.

use std::collections::BTreeMap;
use std::sync::Arc;

use clap::Args;
use dam::memory::ensembles::{PatternEnsemble, Sampler};
use dam::runs::job::Point;
use dam::runs::schedule::Threads;
use dam::runs::task::Load;
use dam::sims::extremes::ExtremesPlan;
use dam::sims::{Basin, Experiment, Quantity, Retriever, StartKind, Task, whole_number};
use dam::theory::finite_size::{
    AveragedBasin, AxisNoise, LARGEST_AVERAGED_ERROR_DEGREES, PatternCount,
};
use dam::theory::{Ensemble, Parameters, TheoryError};

use crate::terminal::error::CommandError;
use crate::terminal::simulation::threads;
use crate::terminal::table::Row;

/// Numbers that one disorder sample may hold; the patterns drawn per state are at most about λN/ε².
const LARGEST_SAMPLE: f64 = 1e8;

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

/// Components that the states and patterns of one sample may have.
const LARGEST_SIZE: f64 = 1e7;

/// What is known of a basin at finite N.
pub struct FiniteBasin {
    degrees: Option<f64>,
    degrees_error: Option<f64>,
    cosine: Option<f64>,
    cosine_error: Option<f64>,
    /// Share of the samples whose target is itself retrieved.
    probability: Option<f64>,
    /// `averaged`, `sampled`, or `fluctuating` where neither is known.
    method: &'static str,
}

impl FiniteBasin {
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
            method: "sampled",
        }
    }

    /// Its cells of a table.
    pub fn cells(&self) -> Row {
        vec![
            ("theta_c_degrees_finite_size", self.degrees.into()),
            ("theta_c_degrees_error", self.degrees_error.into()),
            ("cos_theta_c_finite_size", self.cosine.into()),
            ("cos_theta_c_error", self.cosine_error.into()),
            ("basin_probability", self.probability.into()),
            ("method", self.method.into()),
        ]
    }
}

/// The finite-N basins of one ensemble and N.
pub struct FiniteBasins<'a> {
    ensemble: &'a Arc<dyn Ensemble>,
    noise: AxisNoise,
    size: f64,
    sampling: &'a SamplingArguments,
}

impl<'a> FiniteBasins<'a> {
    pub fn new(
        ensemble: &'a Arc<dyn Ensemble>,
        size: f64,
        sampling: &'a SamplingArguments,
    ) -> Result<Self, CommandError> {
        let noise = AxisNoise::of(ensemble.as_ref(), size).map_err(|error| match error {
            TheoryError::NotKnown { .. } => CommandError::BadInput(format!(
                "the finite-N basin is known for spherical, gaussian and rademacher patterns, not for {}: \
                 leave out --size",
                ensemble.name()
            )),
            other => other.into(),
        })?;
        Ok(Self {
            ensemble,
            noise,
            size,
            sampling,
        })
    }

    /// A basin for each λ; those that need sampling share the disorder samples.
    pub fn rows(&self, alpha: f64, lambdas: &[f64]) -> Result<Vec<FiniteBasin>, CommandError> {
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
    ) -> Result<Vec<Quantity>, CommandError> {
        let size = self.whole_size()?;
        self.check_cost(lambdas)?;
        let plan = ExtremesPlan::new(self.ensemble, size, patterns, self.sampling.tolerance)?;
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
        let patterns: Arc<dyn PatternEnsemble> = Arc::new(Sampler(Arc::clone(self.ensemble)));
        let task = Task::new(
            dam::experiments::basin::KIND.name,
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
        let samples = self.sampling.samples as usize;
        let records =
            Threads::new(threads(None)?)?.install(|| basin.sampled(&plan, samples, Some(1.0)));
        Ok(basin.quantities(&task, &records))
    }

    fn whole_size(&self) -> Result<usize, CommandError> {
        let size = whole_number(self.size).filter(|_| self.size <= LARGEST_SIZE);
        size.ok_or_else(|| {
            CommandError::BadInput(format!(
                "--size {:?}: the noise fluctuates here, and disorder samples need a whole number of components, at most \
                 {LARGEST_SIZE:e}",
                self.size
            ))
        })
    }

    fn check_cost(&self, lambdas: &[f64]) -> Result<(), CommandError> {
        let lambda = lambdas.iter().copied().fold(0.0, f64::max);
        let tolerance = self.sampling.tolerance;
        let least = self.size * (lambda.max(1.0 / self.size) / LARGEST_SAMPLE).sqrt();
        if tolerance < least {
            return Err(CommandError::BadInput(format!(
                "--tolerance {tolerance}: at N = {} and λ = {lambda} up to λN/ε² patterns would be drawn for each state, more \
                 than fit; give a tolerance of at least {least:.2}",
                self.size
            )));
        }
        Ok(())
    }
}
