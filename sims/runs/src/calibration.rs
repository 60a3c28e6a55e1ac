//! How long a run will take, from samples that are small enough to be measured for it.

use std::time::{Duration, Instant};

use dam_memory::kernel::Parallelism;

use crate::job::Job;
use crate::journal::Journal;
use crate::plan::TaskPlan;
use crate::run::measure;
use crate::task::Task;

/// P·N of the larger of the two samples that are timed, and how much smaller the other one is.
const LARGEST_WORK: usize = 300_000;
const REDUCTION: usize = 4;
/// How a sample's time grows with P: as one pass over the patterns, or as one for each of them.
const GROWTH: std::ops::RangeInclusive<f64> = 1.0..=2.2;

/// The time that the missing samples take on so many threads, by samples of the task with most of the work, at its own P or
/// at a smaller one; the time grows with P as it does between two such samples, and linearly with N. `None` where nothing
/// is missing. What the experiment tells itself is not tried out. Takes about `budget`, or longer where a single small sample does.
pub fn expected_time(
    job: &Job,
    plans: &[TaskPlan],
    threads: usize,
    budget: Duration,
) -> Option<Duration> {
    let missing = plans
        .iter()
        .filter(|plan| !plan.is_theory && !plan.missing.is_empty());
    let work = |plan: &&TaskPlan| plan.missing.len() as f64 * job.tasks[plan.index].work();
    let told: Option<Vec<f64>> = missing
        .clone()
        .map(|plan| {
            let seconds = job.experiment.seconds(&job.tasks[plan.index])?;
            Some(plan.missing.len() as f64 * seconds)
        })
        .collect();
    if let Some(told) = told.filter(|told| !told.is_empty()) {
        return Duration::try_from_secs_f64(told.iter().sum::<f64>() / threads as f64).ok();
    }
    let largest = missing
        .clone()
        .max_by(|one, other| work(one).total_cmp(&work(other)))?;
    let task = &job.tasks[largest.index];
    let most = (LARGEST_WORK / task.size).max(2 * REDUCTION);
    let count = if task.revealed.is_some() {
        task.pattern_count
    } else {
        task.pattern_count.min(most)
    };
    let fewer = (count / REDUCTION).max(2);
    let seconds = timed(job, largest, count, budget.mul_f64(0.75));
    let growth = if fewer < count && count < task.pattern_count {
        let ratio = seconds / timed(job, largest, fewer, budget.mul_f64(0.25));
        let exponent = ratio.ln() / (count as f64 / fewer as f64).ln();
        exponent.clamp(*GROWTH.start(), *GROWTH.end())
    } else {
        1.0
    };
    let total: f64 = missing
        .map(|plan| {
            let other = &job.tasks[plan.index];
            let mut timed = task.clone();
            timed.pattern_count = count;
            let patterns = other.held_patterns() / timed.held_patterns();
            let size = other.held_components() as f64 / task.held_components() as f64;
            plan.missing.len() as f64 * seconds * patterns.powf(growth) * size
        })
        .sum();
    Duration::try_from_secs_f64(total / threads as f64).ok()
}

/// Seconds that a sample of a task with `count` patterns takes.
fn timed(job: &Job, plan: &TaskPlan, count: usize, budget: Duration) -> f64 {
    let task = &job.tasks[plan.index];
    let mut smaller: Task = task.clone();
    smaller.pattern_count = count;
    let started = Instant::now();
    let mut samples = 0;
    while samples == 0 || (started.elapsed() < budget && samples < job.samples) {
        measure(
            job,
            &smaller,
            samples,
            plan.storage,
            Parallelism::Sequential,
            &Journal::default(),
        );
        samples += 1;
    }
    started.elapsed().as_secs_f64() / samples as f64
}
