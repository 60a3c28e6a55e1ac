//! `dam theory basin`: basins at N = ∞ and, for a given N, by the averaged noise or by sampled disorder.

mod finite;

use clap::Args;
use dam::theory::{Ensemble, TheoryError};

use crate::commands::ensemble::LoadArguments;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Row};

use finite::{FiniteBasins, SamplingArguments};

/// Free entropy and basin angle θ_c for lists of α and λ
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    loads: LoadArguments,
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
    let ensemble = arguments.loads.law.ensemble()?;
    let lambdas = &arguments.lambda.0;
    let finite = match arguments.size {
        Some(size) => Some(FiniteBasins::new(&ensemble, size, &arguments.sampling)?),
        None => None,
    };
    let mut rows = Vec::new();
    for &alpha in &arguments.loads.alpha.0 {
        let found = match &finite {
            Some(finite) => finite.rows(alpha, lambdas)?,
            None => Vec::new(),
        };
        for (index, &lambda) in lambdas.iter().enumerate() {
            let mut row = infinite_size(ensemble.as_ref(), alpha, lambda)?;
            if let Some(basin) = found.get(index) {
                row.push(("size", arguments.size.into()));
                row.extend(basin.cells());
            }
            rows.push(Ok(row));
        }
    }
    table::print(arguments.format.format, rows)
}

fn infinite_size(ensemble: &dyn Ensemble, alpha: f64, lambda: f64) -> Result<Row, TheoryError> {
    let angle = ensemble.basin_angle(alpha, lambda)?;
    let entropy = ensemble.free_entropy(alpha, lambda, 1.0)?;
    Ok(vec![
        ("ensemble", ensemble.name().into()),
        ("alpha", alpha.into()),
        ("lambda", lambda.into()),
        ("free_entropy", entropy.value.into()),
        ("theta_c_degrees", angle.map(f64::to_degrees).into()),
    ])
}
