//! `dam theory`: closed forms as tables.

use dam::theory::ensemble;

use crate::arguments::{BasinArguments, InverseArguments, TheoryQuery, ThresholdArguments};
use crate::error::CommandError;
use crate::output::Table;

pub fn execute(query: &TheoryQuery) -> Result<(), CommandError> {
    match query {
        TheoryQuery::Thresholds(arguments) => thresholds(arguments),
        TheoryQuery::Inverse(arguments) => inverse(arguments),
        TheoryQuery::Basin(arguments) => basin(arguments),
    }
}

fn thresholds(arguments: &ThresholdArguments) -> Result<(), CommandError> {
    let ensemble = ensemble(&arguments.ensemble.ensemble)?;
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
    let ensemble = ensemble(&arguments.ensemble.ensemble)?;
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
    let ensemble = ensemble(&arguments.ensemble.ensemble)?;
    let mut table = Table::new([
        "ensemble",
        "alpha",
        "lambda",
        "free_entropy",
        "theta_c_degrees",
    ]);
    for &alpha in &arguments.alpha.0 {
        for &lambda in &arguments.lambda.0 {
            let angle = ensemble.basin_angle(alpha, lambda)?;
            table.push(vec![
                ensemble.name().into(),
                alpha.into(),
                lambda.into(),
                ensemble.free_entropy(alpha, lambda, 1.0)?.value.into(),
                angle.map(f64::to_degrees).into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}
