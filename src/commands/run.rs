//! `dam run`: simulate what is missing, merge, compare, draw.

use dam::sims::{Storage, TaskPlan, available_memory, plan};

use super::{Opened, compare, extrapolate};
use crate::arguments::{Format, RunArguments};
use crate::error::CommandError;
use crate::output::{self, Cell, Table};
use crate::simulation::{simulate, threads};

pub fn execute(arguments: &RunArguments) -> Result<(), CommandError> {
    let opened = Opened::new(&arguments.job)?;
    let threads = threads(arguments.threads)?;
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
    crate::figures::check_places(&opened.job, &opened.store)?;
    tell_of_regeneration(&opened, &plans);
    opened.store.prepare()?;
    simulate(&opened.job, &opened.store, &opened.survey, &plans, threads)?;

    if !arguments.shard.is_whole() {
        output::line(format_args!(
            "this shard is finished; when all are, merge with: dam merge {} --output {}",
            arguments.job.job.display(),
            arguments.job.output.display()
        ))?;
        return Ok(());
    }
    let opened = Opened::new(&arguments.job)?;
    let results = opened.results()?;
    let mut written = opened
        .store
        .write_results(opened.job.experiment.as_ref(), &results)?;
    compare::print(&opened.job, &results, Format::Table)?;
    for finding in opened.job.experiment.findings(&results.tasks) {
        output::line(format_args!("\n{finding}"))?;
    }
    if extrapolate::applies(&opened.job, &results) {
        output::line("")?;
        extrapolate::print(&opened.job, &results, Format::Table)?;
    }
    written.extend(crate::figures::write(&opened.job, &opened.store, &results)?);
    for path in written {
        output::wrote(&path)?;
    }
    Ok(())
}

/// A slip in the load may ask for far more patterns than was meant: they are no longer refused.
fn tell_of_regeneration(opened: &Opened, plans: &[TaskPlan]) {
    let is_regenerated =
        |plan: &&TaskPlan| plan.missing_samples > 0 && plan.storage == Storage::Regenerated;
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
        plan.missing_samples as f64 * task.pattern_count as f64 * task.size as f64
    };
    let total: f64 = plans.iter().map(work).sum();
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
    for plan in plans {
        let task = &opened.job.tasks[plan.index];
        let share = if total > 0.0 { work(plan) / total } else { 0.0 };
        table.push(vec![
            task.alpha.into(),
            task.size.into(),
            task.pattern_count.into(),
            plan.storage.name().into(),
            (plan.pattern_bytes as f64 / f64::from(1 << 20)).into(),
            plan.missing_samples.into(),
            plan.concurrent_samples.into(),
            Cell::from(share),
        ]);
    }
    table.print(Format::Table)?;
    if opened.job.left_out > 0 {
        output::line(format_args!(
            "{} points of the sweep have more than sweep.maximum_pattern_count patterns and are \
             left out",
            opened.job.left_out
        ))?;
    }
    output::line(format_args!(
        "one update of every missing sample: {:.3e} multiply-adds per state; nothing was run",
        2.0 * total
    ))?;
    Ok(())
}
