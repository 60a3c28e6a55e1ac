//! `dam theory crossover`: λ_× at finite N.

use clap::{Args, ValueEnum};
use dam::theory::finite_size::{self, AxisNoise, PatternCount, median_crossover};

use crate::commands::ensemble::EnsembleArguments;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::Table;

/// λ_×(α, N) of the finite-N theory, from x₀ = ξ¹, next to its limit λ₁(α)
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    ensemble: EnsembleArguments,
    /// Loads ln(P)/N, `0.1,0.2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    alpha: List,
    /// Numbers of components N, `20,40,1000` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    size: List,
    /// The target: typical (|ξ¹|² = N), or the median over the targets of random samples
    #[arg(long, value_enum, default_value_t = Target::Typical)]
    target: Target,
    /// Start at these angles from the target in degrees instead of at it (spherical; gaussian with |ξ¹|² = N; rademacher
    /// with flipped signs, cos θ = 1 − 2p): λ_×(θ), the inverse of θ_c(λ), and the fluctuation Var Z/(E Z)² of the noise
    /// there, which the averaged map needs to be small (0.1)
    #[arg(
        long,
        value_name = "LIST",
        allow_hyphen_values = true,
        conflicts_with = "target"
    )]
    angle: Option<List>,
    #[command(flatten)]
    format: FormatArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    Typical,
    Median,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    if let Some(angles) = &arguments.angle {
        return from_angles(arguments, &angles.0);
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
fn from_angles(arguments: &Arguments, angles: &[f64]) -> Result<(), CommandError> {
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
