//! `dam theory basin`: basins at N = ∞ and, for a given N, by the averaged noise or by sampled disorder.

use std::collections::BTreeMap;

use dam::sims::extremes::ExtremesPlan;
use dam::sims::{Basin, Experiment, Quantity, Retriever, StartKind, Task};
use dam::theory::finite_size::{
    GaussianNoise, LARGEST_NOISE_VARIANCE, PatternCount, RademacherNoise, SphericalNoise,
    gaussian_basin_angle, log_noise_variance, rademacher_basin_angle, spherical_basin_angle,
};
use dam::theory::{Ensemble, TheoryError};

use crate::arguments::BasinArguments;
use crate::error::CommandError;
use crate::notice::{SAMPLING, with_notice};
use crate::output::{Cell, Table};

/// Numbers that one disorder sample may hold; the patterns drawn per state are at most about λN/ε².
const LARGEST_SAMPLE: f64 = 1e8;

pub fn execute(arguments: &BasinArguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    let columns = [
        "ensemble",
        "alpha",
        "lambda",
        "free_entropy",
        "theta_c_degrees",
    ];
    let finite_columns = [
        "size",
        "theta_c_degrees_finite_size",
        "theta_c_degrees_error",
        "cos_theta_c_finite_size",
        "cos_theta_c_error",
        "basin_probability",
        "method",
    ];
    let finite = match arguments.size {
        Some(size) => Some(FiniteBasins::new(ensemble.name(), size, arguments)?),
        None => None,
    };
    let added = if finite.is_some() {
        &finite_columns[..]
    } else {
        &[]
    };
    let mut table = Table::new(columns.iter().chain(added).copied());
    for &alpha in &arguments.alpha.0 {
        let found = match &finite {
            Some(finite) => finite.rows(alpha, &arguments.lambda.0)?,
            None => Vec::new(),
        };
        for (index, &lambda) in arguments.lambda.0.iter().enumerate() {
            let mut row = infinite_size(ensemble.as_ref(), alpha, lambda)?;
            if let Some(basin) = found.get(index) {
                row.extend([
                    arguments.size.into(),
                    basin.degrees.into(),
                    basin.degrees_error.into(),
                    basin.cosine.into(),
                    basin.cosine_error.into(),
                    basin.probability.into(),
                    basin.method.into(),
                ]);
            }
            table.push(row);
        }
    }
    table.print(arguments.format.format)
}

fn infinite_size(
    ensemble: &dyn Ensemble,
    alpha: f64,
    lambda: f64,
) -> Result<Vec<Cell>, TheoryError> {
    let angle = ensemble.basin_angle(alpha, lambda)?;
    Ok(vec![
        ensemble.name().into(),
        alpha.into(),
        lambda.into(),
        ensemble.free_entropy(alpha, lambda, 1.0)?.value.into(),
        angle.map(f64::to_degrees).into(),
    ])
}

/// What is known of a basin at finite N.
struct FiniteBasin {
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
    fn averaged(angle: Option<f64>) -> Self {
        Self {
            degrees: angle.map(f64::to_degrees),
            degrees_error: None,
            cosine: angle.map(f64::cos),
            cosine_error: None,
            probability: Some(f64::from(u8::from(angle.is_some()))),
            method: "averaged",
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
}

/// The noise of the ensembles whose basin is known at finite N.
#[derive(Clone, Copy)]
enum Noise {
    Spherical(SphericalNoise),
    /// The typical target, r = 1.
    Gaussian(GaussianNoise),
    /// From flipped signs.
    Rademacher(RademacherNoise),
}

impl Noise {
    fn new(ensemble: &str, size: f64) -> Result<Self, CommandError> {
        Ok(match ensemble {
            "spherical" => Self::Spherical(SphericalNoise::new(size)?),
            "gaussian" => Self::Gaussian(GaussianNoise::new(size, 1.0)?),
            "rademacher" => Self::Rademacher(RademacherNoise::new(size)?),
            other => {
                return Err(CommandError::BadInput(format!(
                    "the finite-N basin is known for spherical, gaussian and rademacher patterns, not for {other}: \
                     leave out --size"
                )));
            }
        })
    }

    fn log_variance(self, patterns: PatternCount, lambda: f64) -> Result<f64, TheoryError> {
        match self {
            Self::Spherical(noise) => log_noise_variance(&noise, patterns, lambda),
            Self::Gaussian(noise) => log_noise_variance(&noise, patterns, lambda),
            Self::Rademacher(noise) => log_noise_variance(&noise, patterns, lambda),
        }
    }

    fn angle(self, patterns: PatternCount, lambda: f64) -> Result<Option<f64>, TheoryError> {
        Ok(match self {
            Self::Spherical(noise) => {
                spherical_basin_angle(noise, patterns, lambda)?.map(|basin| basin.angle)
            }
            Self::Gaussian(noise) => gaussian_basin_angle(noise, patterns, lambda)?,
            Self::Rademacher(noise) => rademacher_basin_angle(noise, patterns, lambda)?,
        })
    }
}

/// The finite-N basins of one ensemble and N.
struct FiniteBasins<'a> {
    ensemble: &'a str,
    noise: Noise,
    size: f64,
    arguments: &'a BasinArguments,
}

impl<'a> FiniteBasins<'a> {
    fn new(
        ensemble: &'a str,
        size: f64,
        arguments: &'a BasinArguments,
    ) -> Result<Self, CommandError> {
        Ok(Self {
            ensemble,
            noise: Noise::new(ensemble, size)?,
            size,
            arguments,
        })
    }

    /// A basin for each λ; those that need sampling share the disorder samples.
    fn rows(&self, alpha: f64, lambdas: &[f64]) -> Result<Vec<FiniteBasin>, CommandError> {
        let patterns = PatternCount::from_load(alpha, self.size)?;
        let mut fluctuating = Vec::new();
        for &lambda in lambdas {
            if self.noise.log_variance(patterns, lambda)? > LARGEST_NOISE_VARIANCE.ln() {
                fluctuating.push(lambda);
            }
        }
        let can_sample = !matches!(self.noise, Noise::Rademacher(_));
        let quantities = if can_sample && !fluctuating.is_empty() {
            self.sample(alpha, patterns, &fluctuating)?
        } else {
            Vec::new()
        };
        lambdas
            .iter()
            .map(|&lambda| {
                Ok(if !fluctuating.contains(&lambda) {
                    FiniteBasin::averaged(self.noise.angle(patterns, lambda)?)
                } else if can_sample {
                    FiniteBasin::sampled(&quantities, lambda)
                } else {
                    FiniteBasin {
                        probability: None,
                        method: "fluctuating",
                        ..FiniteBasin::averaged(None)
                    }
                })
            })
            .collect()
    }

    /// The quantities of the experiment `basin`, from sampled disorder.
    fn sample(
        &self,
        alpha: f64,
        patterns: PatternCount,
        lambdas: &[f64],
    ) -> Result<Vec<Quantity>, CommandError> {
        let size = self.whole_size()?;
        let plan = ExtremesPlan::new(self.ensemble, size, patterns, self.arguments.tolerance)?;
        self.check_cost(lambdas)?;
        let basin = Basin {
            retriever: Retriever::default(),
            inverse_temperatures: lambdas.to_vec(),
            start: StartKind::Sphere,
            tolerance: 0.1,
            seed: self.arguments.seed,
        };
        let task = Task {
            experiment: dam::experiments::basin::KIND.name.to_owned(),
            ensemble: self.ensemble.to_owned(),
            alpha,
            size,
            // names the task; the plan has the number itself, however large
            pattern_count: 0,
            parameters: BTreeMap::from([("lambda".to_owned(), lambdas.to_vec())]),
            ensemble_parameters: BTreeMap::new(),
        };
        let samples = self.arguments.samples as usize;
        let records = with_notice(SAMPLING, || basin.sampled(&plan, samples, Some(1.0)));
        Ok(basin.quantities(&task, &records))
    }

    fn whole_size(&self) -> Result<usize, CommandError> {
        if self.size.fract() != 0.0 {
            return Err(CommandError::BadInput(format!(
                "--size {}: the noise fluctuates here, and disorder samples need a whole number of components",
                self.size
            )));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number of at least 3; beyond 2^52 the cost is refused"
        )]
        let size = self.size as usize;
        Ok(size)
    }

    fn check_cost(&self, lambdas: &[f64]) -> Result<(), CommandError> {
        let lambda = lambdas.iter().copied().fold(0.0, f64::max);
        let tolerance = self.arguments.tolerance;
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
