//! `dam run`: simulate what is missing, merge, compare, draw.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dam::sims::{TaskPlan, available_memory, plan, run};

use super::{Opened, compare, extrapolate};
use crate::arguments::{Format, RunArguments};
use crate::error::CommandError;
use crate::output::{Cell, Table};
use crate::progress::Reporter;

pub fn execute(arguments: &RunArguments) -> Result<(), CommandError> {
    let opened = Opened::new(&arguments.job)?;
    let threads = threads(arguments.threads)?;
    let plans = plan(
        &opened.job,
        &opened.survey,
        arguments.shard,
        threads,
        available_memory(),
    )?;
    if arguments.dry_run {
        return print_plans(&opened, &plans);
    }
    opened.store.prepare()?;
    simulate(&opened, &plans, threads)?;

    if !arguments.shard.is_whole() {
        println!(
            "this shard is finished; when all are, merge with: dam merge {}",
            arguments.job.job.display()
        );
        return Ok(());
    }
    let opened = Opened::new(&arguments.job)?;
    let results = opened.results()?;
    let mut written = opened.store.write_results(&results)?;
    compare::print(&opened.job, &results, Format::Table)?;
    if extrapolate::applies(&opened.job, &results) {
        println!();
        extrapolate::print(&opened.job, &results, Format::Table)?;
    }
    written.extend(crate::figures::write(&opened.job, &opened.store, &results)?);
    for path in written {
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// `--threads`, else the cores that Slurm gave, else all cores.
fn threads(requested: Option<u16>) -> Result<usize, CommandError> {
    if let Some(threads) = requested {
        return Ok(usize::from(threads));
    }
    if let Ok(text) = std::env::var("SLURM_CPUS_PER_TASK") {
        return match text.parse() {
            Ok(threads) if threads > 0 => Ok(threads),
            _ => Err(CommandError::BadInput(format!(
                "SLURM_CPUS_PER_TASK is {text:?}, not a number of cores; set it right or give \
                 --threads"
            ))),
        };
    }
    Ok(std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
}

fn simulate(opened: &Opened, plans: &[TaskPlan], threads: usize) -> Result<(), CommandError> {
    let interrupt = Arc::new(AtomicBool::new(false));
    let signal = Arc::clone(&interrupt);
    ctrlc::set_handler(move || {
        if signal.swap(true, Ordering::Relaxed) {
            std::process::exit(75);
        }
        eprintln!("stopping after the samples in hand; once more stops at once");
    })
    .map_err(|error| CommandError::Failed(format!("cannot listen for interrupts: {error}")))?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| {
            CommandError::Failed(format!("cannot start {threads} threads: {error}"))
        })?;
    let reporter = Reporter::new();
    let outcome = pool.install(|| {
        run(
            &opened.job,
            &opened.store,
            &opened.survey,
            plans,
            &interrupt,
            &reporter,
        )
    });
    reporter.finish();
    if outcome? {
        return Ok(());
    }
    Err(CommandError::Interrupted(
        "what was finished is saved; the same command goes on from there".to_owned(),
    ))
}

fn print_plans(opened: &Opened, plans: &[TaskPlan]) -> Result<(), CommandError> {
    let work = |plan: &TaskPlan| {
        let task = &opened.job.tasks[plan.index];
        plan.missing_samples as f64 * task.pattern_count as f64 * task.size as f64
    };
    let total: f64 = plans.iter().map(work).sum();
    let mut table = Table::new([
        "alpha",
        "size",
        "pattern_count",
        "pattern_mebibytes",
        "missing_samples",
        "at_once",
        "share_of_work",
    ]);
    for plan in plans {
        let task = &opened.job.tasks[plan.index];
        let share = if total > 0.0 { work(plan) / total } else { 0.0 };
        table.push(vec![
            task.alpha.into(),
            task.size.into(),
            task.pattern_count.into(),
            (plan.pattern_bytes as f64 / f64::from(1 << 20)).into(),
            plan.missing_samples.into(),
            plan.concurrent_samples.into(),
            Cell::from(share),
        ]);
    }
    table.print(Format::Table)?;
    if opened.job.left_out > 0 {
        println!(
            "{} points of the sweep have more than sweep.maximum_pattern_count patterns and are \
             left out",
            opened.job.left_out
        );
    }
    println!(
        "one update of every missing sample: {:.3e} multiply-adds per state; nothing was run",
        2.0 * total
    );
    Ok(())
}
