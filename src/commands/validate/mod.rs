//! `dam validate`: a fixed set of simulations against theory, judged in standard errors.

mod sampling;
mod scan;

use std::path::PathBuf;

use clap::Args;
use dam::runs::whole_file;
use dam::sims::statistics::chi_squared_survival;
use dam::sims::{Comparison, Job, Shard, Store, available_memory, compare, plan};
use serde::Serialize;

use crate::commands::options::{FormatArguments, ThreadArguments};
use crate::terminal::error::CommandError;
use crate::terminal::note::note;
use crate::terminal::simulation::simulate;
use crate::terminal::table::{self, Cell, Format};

/// A deviation of this many standard errors is off.
const LARGEST_DEVIATION: f64 = 4.0;

/// A job of the fixed set.
struct Entry {
    file: &'static str,
    text: &'static str,
    is_quick: bool,
    /// Whether deviations count. The load that keeps all patterns of the sphere, which the theory
    /// overestimates by 1 to 3 %, is shown, not judged.
    is_judged: bool,
}

impl Entry {
    fn name(&self) -> &'static str {
        self.file.trim_end_matches(".toml")
    }
}

macro_rules! entry {
    ($file:literal, quick: $quick:literal, judged: $judged:literal) => {
        Entry {
            file: $file,
            text: include_str!(concat!("../../../sims/validation/", $file)),
            is_quick: $quick,
            is_judged: $judged,
        }
    };
}

/// Every ensemble and experiment for which theory at finite N exists.
const ENTRIES: &[Entry] = &[
    entry!("spherical-crossover.toml", quick: true, judged: true),
    entry!("rademacher-crossover.toml", quick: true, judged: true),
    entry!("gaussian-crossover.toml", quick: true, judged: true),
    entry!("uniform-crossover.toml", quick: true, judged: true),
    entry!("gaussian-mixture-crossover.toml", quick: true, judged: true),
    entry!("correlated-gaussian-crossover.toml", quick: true, judged: true),
    entry!("gaussian-spectrum-crossover.toml", quick: true, judged: true),
    entry!("hidden-manifold-crossover.toml", quick: true, judged: true),
    entry!("scaled-dot-product.toml", quick: true, judged: true),
    entry!("one-step.toml", quick: true, judged: true),
    entry!("basin.toml", quick: true, judged: true),
    entry!("basin-gaussian-starts.toml", quick: true, judged: true),
    entry!("basin-gaussian-patterns.toml", quick: true, judged: true),
    entry!("basin-flipped.toml", quick: true, judged: true),
    entry!("close-pairs.toml", quick: true, judged: true),
    entry!("all-patterns-spherical.toml", quick: true, judged: false),
    entry!("closest-pair.toml", quick: true, judged: true),
    entry!("nearest-pattern.toml", quick: true, judged: true),
    entry!("overlap-statistics.toml", quick: true, judged: true),
    entry!("few-patterns.toml", quick: true, judged: true),
    entry!("few-patterns-rademacher.toml", quick: true, judged: true),
    entry!("large-crossover.toml", quick: false, judged: true),
];

/// One judged (or merely shown) comparison.
#[derive(Serialize)]
struct Row {
    validation: &'static str,
    #[serde(flatten)]
    comparison: Comparison,
    verdict: &'static str,
}

/// The whole validation, as written to `validation.json`.
#[derive(Serialize)]
struct Report<'a> {
    program: &'static str,
    quick: bool,
    verdict: &'static str,
    chi_squared: f64,
    degrees_of_freedom: usize,
    p_value: Option<f64>,
    rows: &'a [Row],
}

/// Simulate a fixed set of tasks and judge it against theory; exit status 1 if any is off
#[derive(Debug, Args)]
pub struct Arguments {
    /// Only the part that takes at most three minutes on two cores
    #[arg(long)]
    quick: bool,
    /// Check the random numbers against their laws instead: moments, tails, correlations, Kolmogorov
    #[arg(long, conflicts_with_all = ["quick", "output"])]
    sampling: bool,
    /// Walk every function of the theory along fine grids instead: gaps, jumps, violated orders (some minutes)
    #[arg(long, conflicts_with_all = ["quick", "output", "sampling"])]
    scan: bool,
    /// Draws of each kind of random numbers
    #[arg(long, requires = "sampling", default_value_t = 100_000_000, value_parser = clap::value_parser!(u64).range(1 << 20..))]
    draws: u64,
    /// Root of the random streams
    #[arg(long, requires = "sampling", default_value_t = 1)]
    seed: u64,
    /// Folder of the results; a rerun resumes
    #[arg(long, value_name = "DIR", default_value = "results/validation")]
    output: PathBuf,
    #[command(flatten)]
    threads: ThreadArguments,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    if arguments.sampling {
        return sampling::execute(&sampling::Sampling {
            draws: arguments.draws,
            seed: arguments.seed,
            threads: arguments.threads.count()?,
            format: arguments.format.format,
        });
    }
    let threads = arguments.threads.count()?;
    if arguments.scan {
        return scan::execute(threads, arguments.format.format);
    }
    let mut rows = Vec::new();
    for entry in ENTRIES
        .iter()
        .filter(|entry| entry.is_quick || !arguments.quick)
    {
        rows.extend(run_entry(entry, arguments, threads)?);
    }
    let judged: Vec<f64> = rows
        .iter()
        .filter(|row| row.verdict != SHOWN)
        .filter_map(|row| row.comparison.deviation)
        .collect();
    let chi_squared: f64 = judged.iter().map(|deviation| deviation * deviation).sum();
    let off = rows.iter().filter(|row| row.verdict == OFF).count();
    let report = Report {
        program: concat!("dam ", env!("CARGO_PKG_VERSION")),
        quick: arguments.quick,
        verdict: if off == 0 { AGREES } else { OFF },
        chi_squared,
        degrees_of_freedom: judged.len(),
        p_value: chi_squared_survival(chi_squared, judged.len())
            .ok()
            .flatten(),
        rows: &rows,
    };
    let path = write(arguments, &report)?;
    print(&report, arguments.format.format)?;
    if arguments.format.format == Format::Table {
        table::line(format_args!(
            "{} comparisons judged, {off} off by {LARGEST_DEVIATION} standard errors or more; \
             χ² = {chi_squared:.1} for {} degrees of freedom{}",
            judged.len(),
            judged.len(),
            report
                .p_value
                .map(|p| format!(", p = {p:.3}"))
                .unwrap_or_default()
        ))?;
        table::wrote(&[path])?;
    }
    if off > 0 {
        return Err(CommandError::Failed(format!("{off} comparisons are off")));
    }
    Ok(())
}

/// Paired quantities, free of the fluctuations of the target and of one-step noise: precise enough
/// to resolve the O(1/P) that the averaged noise leaves out. They are shown, not judged.
const PAIRED: [&str; 2] = ["lambda_crossover_difference", "feedback_shift"];
/// Quantities that another one sums up (the bins of a histogram by its χ²).
const SUMMED_UP: &str = "overlap_density";

const AGREES: &str = "agrees";
const OFF: &str = "off";
const SHOWN: &str = "shown, not judged";

fn run_entry(
    entry: &Entry,
    arguments: &Arguments,
    threads: usize,
) -> Result<Vec<Row>, CommandError> {
    let path = PathBuf::from(format!("validation/{}", entry.file));
    let job = Job::parse(&path, entry.text, &dam::experiments::catalogue())?;
    let store = Store::new(&arguments.output, &job).of_commit(env!("DAM_COMMIT"));
    let survey = store.survey(&job)?;
    let plans = plan(&job, &survey, Shard::WHOLE, threads, available_memory())?;
    store.prepare()?;
    let _lock = store.lock(Shard::WHOLE)?;
    note(format_args!("{}", entry.name()));
    simulate(&job, &store, &plans, threads)?;
    let results = store.merge(&job, &store.survey(&job)?);
    store.write_results(job.experiment.as_ref(), &results)?;
    let comparisons = compare(job.experiment.as_ref(), &results);
    let judge = |quantity: &str, deviation: f64| {
        if !entry.is_judged || PAIRED.contains(&quantity) {
            SHOWN
        } else if deviation.abs() < LARGEST_DEVIATION {
            AGREES
        } else {
            OFF
        }
    };
    Ok(comparisons
        .into_iter()
        .filter(|comparison| comparison.quantity.name != SUMMED_UP)
        .filter_map(|comparison| {
            let verdict = judge(&comparison.quantity.name, comparison.deviation?);
            Some(Row {
                validation: entry.name(),
                comparison,
                verdict,
            })
        })
        .collect())
}

fn write(arguments: &Arguments, report: &Report<'_>) -> Result<PathBuf, CommandError> {
    let path = arguments.output.join("validation.json");
    let failed = |error: &dyn std::fmt::Display| {
        CommandError::Failed(format!("cannot write {}: {error}", path.display()))
    };
    let text = serde_json::to_string_pretty(report).map_err(|error| failed(&error))?;
    whole_file::write(&path, (text + "\n").as_bytes()).map_err(|error| failed(&error))?;
    Ok(path)
}

fn print(report: &Report<'_>, format: Format) -> Result<(), CommandError> {
    let cells = |row: &Row| {
        let comparison = &row.comparison;
        let (task, quantity) = (&comparison.task, &comparison.quantity);
        let coordinates = quantity.coordinates.iter();
        let coordinates: Vec<String> = coordinates
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Ok(vec![
            ("validation", row.validation.into()),
            ("ensemble", task.ensemble.as_str().into()),
            ("alpha", task.alpha.into()),
            ("size", task.size.into()),
            ("at", Cell::Text(coordinates.join(" "))),
            ("quantity", quantity.name.as_str().into()),
            ("measured", quantity.value().into()),
            ("standard_error", quantity.standard_error.into()),
            ("theory", comparison.theory.finite_size.into()),
            ("theory_error", comparison.theory.finite_size_error.into()),
            ("deviation", comparison.deviation.into()),
            ("verdict", row.verdict.into()),
        ])
    };
    table::print(format, report.rows.iter().map(cells))
}
