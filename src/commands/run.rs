//! `dam run`: simulate what is missing, merge, compare, draw.

use std::time::Duration;

use clap::Args;
use dam::runs::calibration::expected_time;
use dam::runs::job::Storage as JobStorage;
use dam::runs::schedule::Threads;
use dam::sims::{Shard, Storage, TaskPlan, efficiency, plan};
use indicatif::HumanDuration;

use super::job_file::{Finished, JobArguments, Opened};
use super::options::{CALIBRATION, MemoryArguments, ThreadArguments};
use super::{compare, extrapolate, plot};
use crate::terminal::deadline::{self, wall_time};
use crate::terminal::error::CommandError;
use crate::terminal::note::note;
use crate::terminal::simulation::{simulate, stop_at};
use crate::terminal::table::{self, Cell, Format, Table};

/// Numbers of workers whose efficiency a dry run tells.
const WORKERS: [usize; 3] = [8, 32, 128];

/// Simulate what is missing of a job, merge, compare with theory and draw; a rerun resumes
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    job: JobArguments,
    #[command(flatten)]
    threads: ThreadArguments,
    /// Run only part i of k of the samples (i from 1 to k); merge afterwards with `dam merge`. `auto` takes i and k from
    /// a Slurm array or Open MPI, `auto/k` i alone, also from HyperQueue
    #[arg(long, value_name = "i/k", default_value = "1/1", value_parser = shard)]
    shard: Shard,
    #[command(flatten)]
    memory: MemoryArguments,
    /// Stop as by SIGTERM, with status 75, when this wall time is almost over: seconds, HH:MM:SS or D-HH:MM:SS; default: by
    /// SLURM_JOB_END_TIME, where it is set
    #[arg(long, value_name = "TIME", value_parser = wall_time)]
    deadline: Option<Duration>,
    /// List tasks, how their patterns are held, memory, work and the time to expect, and stop
    #[arg(long)]
    dry_run: bool,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let moment = deadline::moment(arguments.deadline)?;
    let opened = arguments.job.open()?;
    let threads = arguments.threads.count()?;
    let plans = plan(
        &opened.job,
        &opened.survey,
        arguments.shard,
        threads,
        arguments.memory.free(),
    )?;
    if arguments.dry_run {
        return print_plans(&opened, &plans, threads);
    }
    if let Some(moment) = moment {
        stop_at(moment);
    }
    plot::check_places(&opened.job, &opened.store)?;
    tell_of_regeneration(&opened, &plans);
    opened.store.prepare()?;
    let lock = opened.store.lock(arguments.shard)?;
    simulate(&opened.job, &opened.store, &plans, threads)?;
    drop(lock);

    if !arguments.shard.is_whole() {
        table::line(format_args!(
            "this shard is finished; when all are, merge with: dam merge {} --output {}",
            arguments.job.job.display(),
            arguments.job.output.display()
        ))?;
        return Ok(());
    }
    // theory and figures take no more threads than the samples did
    Threads::new(threads)?.install(|| tell(arguments))
}

/// The results, tables and figures of the finished job.
fn tell(arguments: &Arguments) -> Result<(), CommandError> {
    let found = arguments.job.finished()?;
    let mut written = found
        .store
        .write_results(found.job.experiment.as_ref(), &found.results)?;
    // figures are drawn even where standard output cannot be written
    let printed = print_tables(&found);
    written.extend(plot::write_figures(&found)?);
    printed?;
    table::wrote(&written)
}

fn print_tables(found: &Finished) -> Result<(), CommandError> {
    compare::print(found, Format::Table)?;
    let extrapolated = extrapolate::extrapolated(found);
    if extrapolated.is_empty() {
        return Ok(());
    }
    table::line("")?;
    extrapolate::print(&extrapolated, Format::Table)
}

/// `i/k`, or `auto` and `auto/k` for what the environment says.
fn shard(text: &str) -> Result<Shard, String> {
    let Some(rest) = text.strip_prefix("auto") else {
        return text.parse();
    };
    let count = rest.strip_prefix('/').map(str::parse).transpose();
    match count {
        Ok(count) if rest.is_empty() || count.is_some() => {
            Shard::from_environment(count, |name| std::env::var(name).ok())
        }
        _ => Err("write auto, or auto/k with a number k".to_owned()),
    }
}

/// A slip in the load may ask for far more patterns than was meant: they are no longer refused.
fn tell_of_regeneration(opened: &Opened, plans: &[TaskPlan]) {
    let is_regenerated = |plan: &&TaskPlan| {
        !plan.missing.is_empty()
            && plan.storage == Storage::Regenerated
            && opened.job.storage == JobStorage::Auto
    };
    for plan in plans.iter().filter(is_regenerated) {
        let task = &opened.job.tasks[plan.index];
        let way_out = if task.is_isotropic() {
            ", and [patterns] storage = \"revealed\" may save it"
        } else {
            ""
        };
        note(format_args!(
            "alpha = {}, size = {}: the P = {} patterns are drawn again in every pass instead of \
             stored; --dry-run shows the work{way_out}",
            task.alpha, task.size, task.pattern_count
        ));
    }
}

fn print_plans(opened: &Opened, plans: &[TaskPlan], threads: usize) -> Result<(), CommandError> {
    let expected = expected_time(&opened.job, plans, threads, CALIBRATION);
    let work = |plan: &TaskPlan| plan.missing.len() as f64 * opened.job.tasks[plan.index].work();
    let (theories, plans): (Vec<&TaskPlan>, Vec<&TaskPlan>) =
        plans.iter().partition(|plan| plan.is_theory);
    let total: f64 = plans.iter().copied().map(work).sum();
    let columns = [
        "alpha",
        "size",
        "pattern_count",
        "patterns",
        "pattern_mebibytes",
        "missing_samples",
        "at_once",
        "share_of_work",
    ];
    let mut table = Table::new(Format::Table, columns);
    for &plan in &plans {
        let task = &opened.job.tasks[plan.index];
        let share = if total > 0.0 { work(plan) / total } else { 0.0 };
        let _ = table.push(vec![
            task.alpha.into(),
            task.size.into(),
            task.whole_count().map(|count| count as f64).into(),
            task.revealed
                .map_or(plan.storage.name(), |_| "revealed")
                .into(),
            (plan.pattern_bytes as f64 / f64::from(1 << 20)).into(),
            plan.missing.len().into(),
            plan.concurrent_samples.into(),
            Cell::from(share),
        ])?;
    }
    table.finish()?;
    if opened.job.left_out > 0 {
        table::line(format_args!(
            "{} points of the sweep have more than sweep.maximum_pattern_count patterns and are \
             left out",
            opened.job.left_out
        ))?;
    }
    if !theories.is_empty() {
        table::line(format_args!(
            "the noise of {} tasks fluctuates: their theory is sampled too",
            theories.len()
        ))?;
    }
    if let Some(expected) = expected {
        table::line(format_args!(
            "all missing samples: about {} on {threads} threads, by samples of about a second",
            HumanDuration(expected)
        ))?;
    }
    let shares = WORKERS.map(|count| {
        let efficiency = efficiency(&opened.job, count);
        format!("{efficiency:.3} at {count}")
    });
    table::line(format_args!(
        "efficiency of --shard i/k on k equal workers, by P·N: {}",
        shares.join(", ")
    ))?;
    table::line(format_args!(
        "one update of every missing sample: {:.3e} multiply-adds per state; nothing was run",
        2.0 * total
    ))?;
    Ok(())
}
