//! `dam run`: simulate what is missing, merge, compare, draw.

use clap::Args;
use dam::sims::{Shard, Storage, TaskPlan, available_memory, plan};

use super::job::{JobArguments, Opened};
use super::options::ThreadArguments;
use super::{compare, extrapolate, plot};
use crate::terminal::error::CommandError;
use crate::terminal::simulation::simulate;
use crate::terminal::table::{self, Cell, Format, Table};

/// Simulate what is missing of a job, merge, compare with theory and draw; a rerun resumes
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    job: JobArguments,
    #[command(flatten)]
    threads: ThreadArguments,
    /// Run only part i of k of the tasks (i from 1 to k); merge afterwards with `dam merge`
    #[arg(long, value_name = "i/k", default_value = "1/1")]
    shard: Shard,
    /// Plan as if this many MiB of memory were free; default: what is. 80 % of it may hold patterns;
    /// those that do not fit are drawn again in every pass, with the same results
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..1 << 40))]
    memory: Option<u64>,
    /// List tasks, how their patterns are held, memory and work, and stop
    #[arg(long)]
    dry_run: bool,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let opened = arguments.job.open()?;
    let threads = arguments.threads.count()?;
    let plans = plan(
        &opened.job,
        &opened.survey,
        arguments.shard,
        threads,
        arguments
            .memory
            .map_or_else(available_memory, |mebibytes| mebibytes << 20),
    )?;
    if arguments.dry_run {
        return print_plans(&opened, &plans);
    }
    plot::check_places(&opened.job, &opened.store)?;
    tell_of_regeneration(&opened, &plans);
    opened.store.prepare()?;
    simulate(&opened.job, &opened.store, &plans, threads)?;

    if !arguments.shard.is_whole() {
        table::line(format_args!(
            "this shard is finished; when all are, merge with: dam merge {} --output {}",
            arguments.job.job.display(),
            arguments.job.output.display()
        ))?;
        return Ok(());
    }
    let found = arguments.job.finished()?;
    let mut written = found
        .store
        .write_results(found.job.experiment.as_ref(), &found.results)?;
    compare::print(&found, Format::Table)?;
    let extrapolated = extrapolate::extrapolated(&found);
    if !extrapolated.is_empty() {
        table::line("")?;
        extrapolate::print(&extrapolated, Format::Table)?;
    }
    written.extend(plot::write_figures(&found)?);
    table::wrote(&written)
}

/// A slip in the load may ask for far more patterns than was meant: they are no longer refused.
fn tell_of_regeneration(opened: &Opened, plans: &[TaskPlan]) {
    let is_regenerated =
        |plan: &&TaskPlan| !plan.missing.is_empty() && plan.storage == Storage::Regenerated;
    for plan in plans.iter().filter(is_regenerated) {
        let task = &opened.job.tasks[plan.index];
        eprintln!(
            "alpha = {}, size = {}: the P = {} patterns are drawn again in every pass instead of \
             stored; --dry-run shows the work",
            task.alpha, task.size, task.pattern_count
        );
    }
}

fn print_plans(opened: &Opened, plans: &[TaskPlan]) -> Result<(), CommandError> {
    let work = |plan: &TaskPlan| {
        let task = &opened.job.tasks[plan.index];
        plan.missing.len() as f64 * task.pattern_count as f64 * task.size as f64
    };
    let (theories, plans): (Vec<&TaskPlan>, Vec<&TaskPlan>) =
        plans.iter().partition(|plan| plan.is_theory);
    let total: f64 = plans.iter().copied().map(work).sum();
    let mut table = Table::new([
        "alpha",
        "size",
        "pattern_count",
        "patterns",
        "pattern_mebibytes",
        "missing_samples",
        "at_once",
        "share_of_work",
    ]);
    for &plan in &plans {
        let task = &opened.job.tasks[plan.index];
        let share = if total > 0.0 { work(plan) / total } else { 0.0 };
        table.push(vec![
            task.alpha.into(),
            task.size.into(),
            task.pattern_count.into(),
            plan.storage.name().into(),
            (plan.pattern_bytes as f64 / f64::from(1 << 20)).into(),
            plan.missing.len().into(),
            plan.concurrent_samples.into(),
            Cell::from(share),
        ]);
    }
    table.print(Format::Table)?;
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
    table::line(format_args!(
        "one update of every missing sample: {:.3e} multiply-adds per state; nothing was run",
        2.0 * total
    ))?;
    Ok(())
}
