//! What a run is to do with each task: which samples, how many at once, how their patterns are held.

use std::fmt::Debug;
use std::ops::Range;

use thiserror::Error;

use crate::job::{self, Job};
use crate::reduce;
use crate::results::{StoreError, Survey};
use crate::schedule::NoThreads;
use crate::shard::Shard;
use crate::task::Task;
use dam_memory::attention::Storage;
use dam_memory::patterns::signs::SignPatterns;

/// Share of the available memory that patterns may take.
pub const MEMORY_SHARE: f64 = 0.8;
/// Room for one sample's states, partial sums and records besides its patterns.
const WORKING_BYTES: u128 = 16 << 20;
/// States per pass from which on drawing the patterns again costs little: a few per cent of a pass
/// (`cargo bench --bench storage`).
const LARGE_BATCH: usize = 1024;
/// Patterns that keep one thread busy for long enough to be worth sharing a pass.
const CHUNK: usize = 2048;
/// Patterns that a large batch may hold in memory all the same.
const SMALL_PATTERNS: u128 = 32 << 20;

/// What stops a run.
#[derive(Debug, Error)]
pub enum RunError {
    /// What a task's measurement holds per pattern does not fit.
    #[error(
        "task alpha = {}, size = {} needs {needed} for states and overlaps with its {} patterns, but {available} can be used ({:.0} % of what is free): lower alpha or size",
        task.alpha, task.size, task.pattern_count, MEMORY_SHARE * 100.0
    )]
    Memory {
        /// The task.
        task: Box<Task>,
        /// Bytes needed, for people.
        needed: String,
        /// Bytes usable, for people.
        available: String,
    },
    /// Result files cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Threads cannot be started.
    #[error(transparent)]
    Threads(#[from] NoThreads),
}

/// What a run would do with the samples of one task, or of its theory.
#[derive(Clone, Debug)]
pub struct TaskPlan {
    /// Position of the task in the job.
    pub index: usize,
    /// Whether the samples are those of the task's theory.
    pub is_theory: bool,
    /// The samples that this run takes care of; others may run elsewhere at the same time.
    pub range: Range<usize>,
    /// Those of them that are missing, in ascending order.
    pub missing: Vec<usize>,
    /// How the patterns of a sample are held.
    pub storage: Storage,
    /// Memory of one sample's patterns in bytes.
    pub pattern_bytes: u128,
    /// Samples simulated at the same time; 1 with the chunks of patterns in parallel.
    pub concurrent_samples: usize,
    /// Samples left at the end that would keep few threads busy: one after another, with the chunks
    /// of their patterns in parallel.
    pub chunked_samples: usize,
}

impl TaskPlan {
    /// Bytes of the samples that are measured at the same time: their patterns, states and records.
    pub fn bytes(&self, job: &Job) -> u128 {
        let task = &job.tasks[self.index];
        (self.pattern_bytes + working_bytes(job, task)) * self.concurrent_samples.max(1) as u128
    }
}

/// Bytes of one sample besides its patterns.
fn working_bytes(job: &Job, task: &Task) -> u128 {
    let needs = job.experiment.needs(task.size);
    WORKING_BYTES + needs.bytes_per_pattern as u128 * reduce::whole(task.held_patterns()) as u128
}

/// Plans the missing samples of a shard, and then those of the sampled theory of its tasks.
///
/// # Errors
/// As [`plan_range`], for the first task that does not fit.
pub fn plan(
    job: &Job,
    survey: &Survey,
    shard: Shard,
    threads: usize,
    available_memory: u64,
) -> Result<Vec<TaskPlan>, RunError> {
    let [ranges, theory_ranges] = shard.ranges(job);
    let mut plans = Vec::new();
    let taken = ranges.into_iter().enumerate();
    for (index, range) in taken.filter(|(_, range)| !range.is_empty()) {
        let memory = available_memory;
        plans.push(plan_range(job, survey, index, range, threads, memory)?);
    }
    let theories = theory_ranges.into_iter().enumerate();
    let theories = theories.filter_map(|(index, range)| {
        let missing = survey.theories[index].missing(&range);
        (!missing.is_empty()).then_some(TaskPlan {
            index,
            is_theory: true,
            range,
            concurrent_samples: threads,
            missing,
            storage: Storage::Stored,
            pattern_bytes: 0,
            chunked_samples: 0,
        })
    });
    plans.extend(theories);
    Ok(plans)
}

/// Plans what is missing of a range of the samples of a task: samples in parallel when that keeps as many threads
/// busy as chunks of patterns in parallel would, the chunks otherwise, never both.
///
/// At the end at most half as many samples as threads may be left over; with patterns enough
/// for all threads they are `chunked_samples`.
///
/// Patterns of ±1 are held as bits. Others are stored, unless they do not fit into memory, or a
/// large batch of states shares each pass, so that drawing them again costs little: then they are
/// regenerated. None of this changes a result.
///
/// # Errors
/// [`RunError::Memory`] where the measurement does not fit even so.
pub fn plan_range(
    job: &Job,
    survey: &Survey,
    index: usize,
    range: Range<usize>,
    threads: usize,
    available_memory: u64,
) -> Result<TaskPlan, RunError> {
    let usable = (available_memory as f64 * MEMORY_SHARE).floor();
    let task = &job.tasks[index];
    let missing = survey.states[index].missing(&range);
    let needs = job.experiment.needs(task.size);
    if task.revealed.is_some() {
        return Ok(plan_revealed(task, index, range, missing, threads));
    }
    let working = working_bytes(job, task);
    if !missing.is_empty() && working as f64 > usable {
        return Err(RunError::Memory {
            task: Box::new(task.clone()),
            needed: human_bytes(working as f64),
            available: human_bytes(usable),
        });
    }
    let (mut storage, mut pattern_bytes) = if job.ensemble.has_signs() {
        (
            Storage::Bits,
            SignPatterns::bytes(task.size, task.pattern_count),
        )
    } else {
        (Storage::Stored, task.pattern_bytes(job.precision))
    };
    let is_large =
        storage == Storage::Stored && pattern_bytes > SMALL_PATTERNS && needs.batch >= LARGE_BATCH;
    let does_not_fit = (pattern_bytes + working) as f64 > usable;
    let is_regenerated = match job.storage {
        job::Storage::Regenerated => true,
        job::Storage::Stored if does_not_fit && !missing.is_empty() => {
            return Err(RunError::Memory {
                task: Box::new(task.clone()),
                needed: human_bytes((pattern_bytes + working) as f64),
                available: human_bytes(usable),
            });
        }
        job::Storage::Stored => false,
        job::Storage::Auto | job::Storage::Revealed => is_large || does_not_fit,
    };
    if is_regenerated {
        (storage, pattern_bytes) = (Storage::Regenerated, 0);
    }
    let samples_at_once = threads.min(missing.len());
    let fits = (pattern_bytes + working) as f64 * samples_at_once as f64 <= usable;
    let busy_with_chunks = threads.min(task.pattern_count.div_ceil(CHUNK));
    let concurrent_samples = if fits && samples_at_once >= busy_with_chunks {
        samples_at_once.max(1)
    } else {
        1
    };
    let left = missing.len() % concurrent_samples;
    let is_worth_waiting = busy_with_chunks == threads && 2 * left <= threads;
    Ok(TaskPlan {
        index,
        is_theory: false,
        range,
        missing,
        storage,
        pattern_bytes,
        concurrent_samples,
        chunked_samples: if is_worth_waiting { left } else { 0 },
    })
}

/// Samples whose patterns are revealed, on as many threads as there are.
fn plan_revealed(
    task: &Task,
    index: usize,
    range: Range<usize>,
    missing: Vec<usize>,
    threads: usize,
) -> TaskPlan {
    let patterns = reduce::whole(task.held_patterns()) as u128;
    let numbers = task.held_components() as u128;
    TaskPlan {
        index,
        is_theory: false,
        range,
        concurrent_samples: threads.min(missing.len()).max(1),
        missing,
        storage: Storage::Stored,
        pattern_bytes: 8 * patterns * numbers,
        chunked_samples: 0,
    }
}

/// Bytes for people.
pub(crate) fn human_bytes(bytes: f64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut value = bytes;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", units[unit])
}
