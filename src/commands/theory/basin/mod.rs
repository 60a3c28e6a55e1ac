//! `dam theory basin`: basins at N = ∞ and, for a given N, by the averaged noise or by sampled disorder.

mod finite;

use clap::{Args, ValueEnum};
use dam::experiments::finite_basin::FiniteBasins;
use dam::theory::{Ensemble, Structure, TheoryError};

use crate::commands::ensemble::LoadArguments;
use crate::commands::options::{FormatArguments, List};
use crate::terminal::error::CommandError;
use crate::terminal::note::note;
use crate::terminal::table::{self, Cell, Row};

use finite::{SamplingArguments, cells};

/// Free entropy and basin angle θ_c for lists of α and λ
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    loads: LoadArguments,
    /// Inverse temperatures, `0.5,1,2` or `start:stop:count`
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    lambda: List,
    /// The starts: on a random great circle through the pattern, or distributed as a pattern (signs flipped, components
    /// drawn anew); the same for spherical and gaussian patterns
    #[arg(long, value_enum, default_value_t = Starts::Sphere)]
    start: Starts,
    /// Add the finite-N basin at this number of components (spherical; gaussian with |ξ¹|² = N; rademacher with
    /// --start pattern): from the averaged noise where it hardly fluctuates, else, off rademacher, the mean over sampled disorder with
    /// its standard error; the column `method` says which
    #[arg(long, value_name = "N")]
    size: Option<f64>,
    #[command(flatten)]
    sampling: SamplingArguments,
    #[command(flatten)]
    format: FormatArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Starts {
    Sphere,
    Pattern,
}

impl Starts {
    fn name(self) -> &'static str {
        match self {
            Self::Sphere => "sphere",
            Self::Pattern => "pattern",
        }
    }
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let ensemble = arguments.loads.law.ensemble()?;
    let lambdas = &arguments.lambda.0;
    let finite = match arguments.size {
        Some(size) => {
            check_starts(ensemble.as_ref(), arguments.start)?;
            let sampling = arguments.sampling.sampling()?;
            Some(FiniteBasins::new(&ensemble, size, sampling)?)
        }
        None => None,
    };
    let mut rows = Vec::new();
    for &alpha in &arguments.loads.alpha.0 {
        let found = match &finite {
            Some(finite) => finite.at(alpha, lambdas).map_err(CommandError::from),
            None => Ok(Vec::new()),
        };
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                rows.push(Err(error.at(&[("alpha", alpha)])));
                continue;
            }
        };
        for (index, &lambda) in lambdas.iter().enumerate() {
            let row =
                infinite_size(ensemble.as_ref(), arguments.start, alpha, lambda).map(|mut row| {
                    if let Some(basin) = found.get(index) {
                        row.push(("size", arguments.size.into()));
                        row.extend(cells(basin));
                    }
                    row
                });
            let at = [("alpha", alpha), ("lambda", lambda)];
            rows.push(row.map_err(|error| CommandError::from(error).at(&at)));
        }
    }
    let lost = rows
        .iter()
        .flatten()
        .filter(|row| has_no_basin(row))
        .count();
    table::print(arguments.format.format, rows)?;
    if lost > 0 {
        note(format_args!(
            "a dash stands where alpha is at least α₁(λ): the target itself is lost there, and there is no basin ({lost} of \
             the rows; `dam theory thresholds` prints alpha_1)"
        ));
    }
    Ok(())
}

fn has_no_basin(row: &Row) -> bool {
    row.contains(&("theta_c_degrees", Cell::Number(None)))
}

/// Finite-N basins of signs are those from flipped ones.
fn check_starts(ensemble: &dyn Ensemble, start: Starts) -> Result<(), CommandError> {
    let flips = matches!(ensemble.structure(), Structure::Signs);
    if flips && matches!(start, Starts::Sphere) {
        return Err(CommandError::BadInput(format!(
            "--size: the finite-N basin of {} patterns is known for starts with flipped signs: add --start pattern",
            ensemble.name()
        )));
    }
    Ok(())
}

fn infinite_size(
    ensemble: &dyn Ensemble,
    start: Starts,
    alpha: f64,
    lambda: f64,
) -> Result<Row, TheoryError> {
    let angle = match start {
        Starts::Sphere => ensemble.basin_angle(alpha, lambda),
        Starts::Pattern => ensemble.pattern_basin_angle(alpha, lambda),
    }?;
    let entropy = ensemble.free_entropy(alpha, lambda, 1.0)?;
    Ok(vec![
        ("ensemble", ensemble.name().into()),
        ("alpha", alpha.into()),
        ("lambda", lambda.into()),
        ("start", start.name().into()),
        ("free_entropy", entropy.value.into()),
        ("theta_c_degrees", angle.map(f64::to_degrees).into()),
    ])
}
