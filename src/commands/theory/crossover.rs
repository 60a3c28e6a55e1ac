//! `dam theory crossover`: λ_× at finite N.

use clap::{Args, ValueEnum};
use dam::theory::NormLaw;
use dam::theory::finite_size::{
    self, AxisNoise, CrossoverLaw, PatternCount, expected_median_crossover, median_crossover,
};

use crate::commands::ensemble::LoadArguments;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Row};

/// λ_×(α, N) of the finite-N theory, from x₀ = ξ¹, next to its limit λ₁(α)
///
/// lambda_crossover is that of the averaged noise. Beside it stands what a simulation measures: λ_½, the median over disorder
/// samples, at which half of them retrieve, and for spherical and rademacher patterns (P from some tens on) the mean over
/// samples and half of the width that holds 68.3 % of them; each with what it may be off by.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    loads: LoadArguments,
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
    let ensemble = arguments.loads.law.ensemble()?;
    let row = |(alpha, size): (f64, f64)| -> Result<Row, CommandError> {
        let limit = ensemble.typical_inverse_temperature(alpha)?;
        check_size(size)?;
        arguments.loads.law.check_size(size)?;
        let found = match arguments.target {
            Target::Typical => finite_size::crossover(ensemble.as_ref(), alpha, size)?
                .map(|crossover| crossover.inverse_temperature),
            Target::Median => {
                let patterns = PatternCount::from_load(alpha, size)?;
                median_crossover(ensemble.as_ref(), patterns, size)?
            }
        };
        let mut row: Row = vec![
            ("ensemble", ensemble.name().into()),
            ("alpha", alpha.into()),
            ("size", size.into()),
            ("lambda_crossover", found.into()),
            ("lambda_1", limit.into()),
        ];
        let patterns = PatternCount::from_load(alpha, size)?;
        let half = expected_median_crossover(ensemble.as_ref(), patterns, size)?;
        row.extend([
            ("lambda_half", half.map(|half| half.value).into()),
            ("lambda_half_error", half.map(|half| half.error).into()),
        ]);
        if ensemble.structure().norm_law() == NormLaw::Fixed {
            let law = CrossoverLaw::new(AxisNoise::of(ensemble.as_ref(), size)?, patterns)?;
            let column = |value: fn(&CrossoverLaw) -> f64| law.as_ref().map(value).into();
            row.extend([
                ("lambda_crossover_mean", column(|law| law.mean)),
                ("lambda_crossover_mean_error", column(|law| law.mean_error)),
                ("lambda_crossover_deviation", column(|law| law.deviation)),
                (
                    "lambda_crossover_deviation_error",
                    column(|law| law.deviation_error),
                ),
            ]);
        }
        Ok(row)
    };
    let alphas = &arguments.loads.alpha;
    let rows = alphas.rows_with(&arguments.size, ["alpha", "size"], row);
    table::print(arguments.format.format, rows)
}

/// λ_×(θ) by the averaged map, and at N = ∞.
fn from_angles(arguments: &Arguments, angles: &[f64]) -> Result<(), CommandError> {
    let ensemble = arguments.loads.law.ensemble()?;
    let ensemble = ensemble.as_ref();
    let row = |(alpha, size, degrees): (f64, f64, f64)| -> Result<Row, CommandError> {
        check_size(size)?;
        if !(0.0..=180.0).contains(&degrees) {
            return Err(CommandError::BadInput(format!(
                "angle = {degrees}: it is between 0 and 180 degrees"
            )));
        }
        let angle = degrees.to_radians();
        let patterns = PatternCount::from_load(alpha, size)?;
        let found = finite_size::crossover_from_angle(ensemble, patterns, size, angle)?;
        let variance = match found {
            Some(lambda) => {
                let noise = AxisNoise::of(ensemble, size)?;
                Some(finite_size::log_noise_variance(&noise, patterns, lambda)?.exp())
            }
            None => None,
        };
        let limit = finite_size::basin_inverse_temperature(ensemble, alpha, angle)?;
        Ok(vec![
            ("ensemble", ensemble.name().into()),
            ("alpha", alpha.into()),
            ("size", size.into()),
            ("angle_degrees", degrees.into()),
            ("lambda_crossover", found.into()),
            ("lambda_1", limit.into()),
            ("noise_variance", variance.into()),
        ])
    };
    let points = arguments.loads.alpha.with(&arguments.size);
    let points = points.flat_map(|(alpha, size)| angles.iter().map(move |&at| (alpha, size, at)));
    let rows = points.map(|(alpha, size, angle)| {
        let at = [("alpha", alpha), ("size", size), ("angle", angle)];
        row((alpha, size, angle)).map_err(|error| error.at(&at))
    });
    table::print(arguments.format.format, rows)
}

fn check_size(size: f64) -> Result<(), CommandError> {
    if size < 3.0 {
        return Err(CommandError::BadInput(format!(
            "size = {size}: the finite-N theory holds from N = 3 on"
        )));
    }
    Ok(())
}
