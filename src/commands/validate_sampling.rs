//! `dam validate --sampling`: the random numbers against their laws.

use dam::sims::StreamKey;
use dam::sims::sampling::check_laws;

use crate::arguments::{Format, ValidateArguments};
use crate::error::CommandError;
use crate::output::{self, Table};
use crate::simulation::{pool, threads};

/// A deviation of this many standard errors is off: one in 1.7 million checks by chance.
const LARGEST_DEVIATION: f64 = 5.0;

pub fn execute(arguments: &ValidateArguments) -> Result<(), CommandError> {
    let seed = StreamKey::new(arguments.seed).seed("sampling");
    let checks = pool(threads(arguments.threads)?)?.install(|| check_laws(&seed, arguments.draws));
    let mut table = Table::new([
        "numbers",
        "statistic",
        "measured",
        "expected",
        "standard_error",
        "deviation",
    ]);
    for check in &checks {
        table.push(vec![
            check.numbers.into(),
            check.statistic.as_str().into(),
            check.measured.into(),
            check.expected.into(),
            check.standard_error.into(),
            check.deviation.into(),
        ]);
    }
    table.print(arguments.format.format)?;
    let off = checks
        .iter()
        .filter(|check| check.deviation.abs() >= LARGEST_DEVIATION)
        .count();
    if arguments.format.format == Format::Table {
        output::line(format_args!(
            "{} checks of {:.3e} draws each, {off} off by {LARGEST_DEVIATION} standard errors or more",
            checks.len(),
            arguments.draws as f64
        ))?;
    }
    if off > 0 {
        return Err(CommandError::Failed(format!("{off} checks are off")));
    }
    Ok(())
}
