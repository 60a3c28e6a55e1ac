//! `dam theory`: closed forms and finite-N theory as tables.

use dam::theory::TheoryError;
use dam::theory::finite_size::{
    self, GaussianNoise, LARGEST_NOISE_VARIANCE, PatternCount, RademacherNoise, SphericalNoise,
    gaussian_basin_angle, log_noise_variance, median_crossover, rademacher_basin_angle,
    spherical_basin_angle,
};

use crate::arguments::{
    BasinArguments, CrossoverArguments, InverseArguments, Target, TheoryQuery, ThresholdArguments,
};
use crate::error::CommandError;
use crate::output::Table;

pub fn execute(query: &TheoryQuery) -> Result<(), CommandError> {
    match query {
        TheoryQuery::Thresholds(arguments) => thresholds(arguments),
        TheoryQuery::Inverse(arguments) => inverse(arguments),
        TheoryQuery::Basin(arguments) => basin(arguments),
        TheoryQuery::Bound(query) => super::bound::execute(query),
        TheoryQuery::Crossover(arguments) => crossover(arguments),
    }
}

fn thresholds(arguments: &ThresholdArguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    let mut table = Table::new([
        "ensemble",
        "lambda",
        "cgf",
        "saddle_overlap",
        "alpha_1",
        "alpha_star",
        "alpha_c_lower_bound",
    ]);
    for &lambda in &arguments.lambda.0 {
        table.push(vec![
            ensemble.name().into(),
            lambda.into(),
            ensemble.cumulant_generating_function(lambda, 1.0)?.into(),
            ensemble.saddle_overlap(lambda, 1.0)?.into(),
            ensemble.typical_threshold(lambda)?.into(),
            ensemble.condensation_load(lambda, 1.0)?.into(),
            ensemble.all_patterns_lower_bound(lambda)?.into(),
        ]);
    }
    table.print(arguments.format.format)
}

fn inverse(arguments: &InverseArguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    let mut table = Table::new([
        "ensemble",
        "alpha",
        "epsilon_star",
        "lambda_star",
        "lambda_1",
    ]);
    for &alpha in &arguments.alpha.0 {
        table.push(vec![
            ensemble.name().into(),
            alpha.into(),
            ensemble.extreme_overlap(alpha, 1.0)?.into(),
            ensemble
                .condensation_inverse_temperature(alpha, 1.0)?
                .into(),
            ensemble.typical_inverse_temperature(alpha)?.into(),
        ]);
    }
    table.print(arguments.format.format)
}

fn basin(arguments: &BasinArguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    let columns = [
        "ensemble",
        "alpha",
        "lambda",
        "free_entropy",
        "theta_c_degrees",
    ];
    let finite_columns = ["size", "theta_c_degrees_finite_size", "noise"];
    let finite = match arguments.size {
        Some(size) => Some((size, FiniteBasin::new(ensemble.name(), size)?)),
        None => None,
    };
    let added = if finite.is_some() {
        &finite_columns[..]
    } else {
        &[]
    };
    let mut table = Table::new(columns.iter().chain(added).copied());
    for &alpha in &arguments.alpha.0 {
        for &lambda in &arguments.lambda.0 {
            let angle = ensemble.basin_angle(alpha, lambda)?;
            let mut row = vec![
                ensemble.name().into(),
                alpha.into(),
                lambda.into(),
                ensemble.free_entropy(alpha, lambda, 1.0)?.value.into(),
                angle.map(f64::to_degrees).into(),
            ];
            if let Some((size, finite)) = finite {
                let patterns = PatternCount::from_load(alpha, size)?;
                let log_variance = finite.log_noise_variance(patterns, lambda)?;
                let state = if ensemble.condensation_load(lambda, 1.0)? > alpha {
                    "condensed"
                } else if log_variance > LARGEST_NOISE_VARIANCE.ln() {
                    "fluctuating"
                } else {
                    "averaged"
                };
                // The average over the noise stands for it in one of these states only.
                let angle = match state {
                    "averaged" => finite.angle(patterns, lambda)?,
                    _ => None,
                };
                row.push(size.into());
                row.push(angle.map(f64::to_degrees).into());
                row.push(state.into());
            }
            table.push(row);
        }
    }
    table.print(arguments.format.format)
}

/// The averaged noise of the ensembles whose basin is known at finite N.
#[derive(Clone, Copy)]
enum FiniteBasin {
    Spherical(SphericalNoise),
    /// The typical target, r = 1.
    Gaussian(GaussianNoise),
    /// From flipped signs.
    Rademacher(RademacherNoise),
}

impl FiniteBasin {
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

    fn log_noise_variance(self, patterns: PatternCount, lambda: f64) -> Result<f64, TheoryError> {
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

fn crossover(arguments: &CrossoverArguments) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    let parameters = arguments.ensemble.parameters();
    let mut table = Table::new(["ensemble", "alpha", "size", "lambda_crossover", "lambda_1"]);
    for &alpha in &arguments.alpha.0 {
        let limit = ensemble.typical_inverse_temperature(alpha)?;
        for &size in &arguments.size.0 {
            if size < 3.0 {
                return Err(CommandError::BadInput(format!(
                    "size = {size}: the finite-N theory holds from N = 3 on"
                )));
            }
            let found = match arguments.target {
                Target::Typical => {
                    finite_size::crossover_with(ensemble.name(), &parameters, alpha, size)?
                        .map(|crossover| crossover.inverse_temperature)
                }
                Target::Median => {
                    let patterns = PatternCount::from_load(alpha, size)?;
                    median_crossover(ensemble.name(), &parameters, patterns, size)?
                }
            };
            table.push(vec![
                ensemble.name().into(),
                alpha.into(),
                size.into(),
                found.into(),
                limit.into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}
