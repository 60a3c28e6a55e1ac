//! `dam theory basin`: basins at N = ∞ and, for a given N, by the averaged noise or by sampled disorder.

mod finite;

use clap::Args;
use dam::theory::{Ensemble, TheoryError};

use crate::commands::ensemble::EnsembleArguments;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::{Cell, Table};

use finite::{FiniteBasins, SamplingArguments};

/// Free entropy and basin angle θ_c for lists of α and λ
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    ensemble: EnsembleArguments,
    /// Loads ln(P)/N, `0.1,0.2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    alpha: List,
    /// Inverse temperatures, `0.5,1,2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    lambda: List,
    /// Add the finite-N basin at this number of components (spherical; gaussian with |ξ¹|² = N; rademacher from flipped
    /// signs): from the averaged noise where it hardly fluctuates, else, off rademacher, the mean over sampled disorder with
    /// its standard error; the column `method` says which
    #[arg(long, value_name = "N")]
    size: Option<f64>,
    #[command(flatten)]
    sampling: SamplingArguments,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
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
        Some(size) => Some(FiniteBasins::new(&ensemble, size, &arguments.sampling)?),
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
