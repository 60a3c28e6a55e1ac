//! `dam theory`: closed forms and finite-N theory as tables.

use dam::theory::finite_size::{self, AxisNoise, PatternCount, median_crossover};

use crate::arguments::{
    CrossoverArguments, InverseArguments, Target, TheoryQuery, ThresholdArguments,
};
use crate::error::CommandError;
use crate::output::Table;

pub fn execute(query: &TheoryQuery) -> Result<(), CommandError> {
    match query {
        TheoryQuery::Thresholds(arguments) => thresholds(arguments),
        TheoryQuery::Inverse(arguments) => inverse(arguments),
        TheoryQuery::Basin(arguments) => super::basin_theory::execute(arguments),
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

/// Columns of the crossover from an angle.
const ANGLE_COLUMNS: [&str; 7] = [
    "ensemble",
    "alpha",
    "size",
    "angle_degrees",
    "lambda_crossover",
    "lambda_1",
    "noise_variance",
];

/// λ_×(θ) by the averaged map, and at N = ∞.
fn crossover_from_angles(
    arguments: &CrossoverArguments,
    angles: &[f64],
) -> Result<(), CommandError> {
    let ensemble = arguments.ensemble.ensemble()?;
    let name = ensemble.name();
    let mut table = Table::new(ANGLE_COLUMNS);
    for &alpha in &arguments.alpha.0 {
        for &size in &arguments.size.0 {
            check_size(size)?;
            for &degrees in angles {
                if !(0.0..=180.0).contains(&degrees) {
                    return Err(CommandError::BadInput(format!(
                        "angle = {degrees}: it is between 0 and 180 degrees"
                    )));
                }
                let angle = degrees.to_radians();
                let patterns = PatternCount::from_load(alpha, size)?;
                let found =
                    finite_size::crossover_from_angle(ensemble.as_ref(), patterns, size, angle)?;
                let variance = match found {
                    Some(lambda) => {
                        let noise = AxisNoise::of(ensemble.as_ref(), size)?;
                        Some(finite_size::log_noise_variance(&noise, patterns, lambda)?.exp())
                    }
                    None => None,
                };
                table.push(vec![
                    name.into(),
                    alpha.into(),
                    size.into(),
                    degrees.into(),
                    found.into(),
                    finite_size::basin_inverse_temperature(ensemble.as_ref(), alpha, angle)?.into(),
                    variance.into(),
                ]);
            }
        }
    }
    table.print(arguments.format.format)
}

fn check_size(size: f64) -> Result<(), CommandError> {
    if size < 3.0 {
        return Err(CommandError::BadInput(format!(
            "size = {size}: the finite-N theory holds from N = 3 on"
        )));
    }
    Ok(())
}

fn crossover(arguments: &CrossoverArguments) -> Result<(), CommandError> {
    if let Some(angles) = &arguments.angle {
        return crossover_from_angles(arguments, &angles.0);
    }
    let ensemble = arguments.ensemble.ensemble()?;
    let mut table = Table::new(["ensemble", "alpha", "size", "lambda_crossover", "lambda_1"]);
    for &alpha in &arguments.alpha.0 {
        let limit = ensemble.typical_inverse_temperature(alpha)?;
        for &size in &arguments.size.0 {
            check_size(size)?;
            let misfit = |error| CommandError::BadInput(format!("size = {size}: {error}"));
            arguments.ensemble.check_size(size).map_err(misfit)?;
            let found = match arguments.target {
                Target::Typical => finite_size::crossover(ensemble.as_ref(), alpha, size)?
                    .map(|crossover| crossover.inverse_temperature),
                Target::Median => {
                    let patterns = PatternCount::from_load(alpha, size)?;
                    median_crossover(ensemble.as_ref(), patterns, size)?
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
