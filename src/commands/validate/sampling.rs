//! `dam validate --sampling`: the random numbers against their laws.

use dam::runs::schedule::Threads;
use dam::sims::StreamKey;
use dam::sims::sampling::{LawCheck, check_laws};

use crate::terminal::error::CommandError;
use crate::terminal::table::{self, Format};

/// A deviation of this many standard errors is off: one in 1.7 million checks by chance.
const LARGEST_DEVIATION: f64 = 5.0;

/// How the numbers are checked.
pub struct Sampling {
    /// Draws of each kind of numbers.
    pub draws: u64,
    pub seed: u64,
    pub threads: usize,
    pub format: Format,
}

pub fn execute(of: &Sampling) -> Result<(), CommandError> {
    let seed = StreamKey::new(of.seed).seed("sampling");
    let checks = Threads::new(of.threads)?.install(|| check_laws(&seed, of.draws));
    let row = |check: &LawCheck| {
        Ok(vec![
            ("numbers", check.numbers.into()),
            ("statistic", check.statistic.as_str().into()),
            ("measured", check.measured.into()),
            ("expected", check.expected.into()),
            ("standard_error", check.standard_error.into()),
            ("deviation", check.deviation.into()),
        ])
    };
    table::print(of.format, checks.iter().map(row))?;
    let off = checks
        .iter()
        .filter(|check| check.deviation.abs() >= LARGEST_DEVIATION)
        .count();
    if of.format == Format::Table {
        table::line(format_args!(
            "{} checks of {:.3e} draws each, {off} off by {LARGEST_DEVIATION} standard errors or more",
            checks.len(),
            of.draws as f64
        ))?;
    }
    if off > 0 {
        return Err(CommandError::Failed(format!("{off} checks are off")));
    }
    Ok(())
}
