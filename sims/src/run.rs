//! Runs the tasks of a job that are missing: in parallel, resumably, with the same numbers always.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use thiserror::Error;

use crate::ensembles::pattern_law;
use crate::experiments::{Record, Sample};
use crate::job::{Job, Task};
use crate::kernel::Parallelism;
use crate::memory::Memory;
use crate::results::{Store, StoreError, Survey, TaskResult, TaskState};

/// Time between two checkpoints of an unfinished task.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(20);
/// Share of the available memory that patterns may take.
const MEMORY_SHARE: f64 = 0.8;
/// Room for one sample's states, partial sums and records besides its patterns.
const WORKING_BYTES: u128 = 16 << 20;

/// Part `index` of `count` equal parts of a job's tasks; `1/1` is the whole job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// The whole job.
    pub const WHOLE: Self = Self { index: 1, count: 1 };

    /// Whether this is the whole job.
    pub fn is_whole(self) -> bool {
        self.count == 1
    }

    /// The tasks of this shard: dealt in order of falling work, so that shards weigh the same.
    fn tasks(self, job: &Job) -> Vec<usize> {
        let mut order: Vec<usize> = (0..job.tasks.len()).collect();
        order
            .sort_by_key(|&index| std::cmp::Reverse(job.tasks[index].pattern_bytes(job.precision)));
        let mut mine: Vec<usize> = order
            .into_iter()
            .skip(self.index - 1)
            .step_by(self.count)
            .collect();
        mine.sort_unstable();
        mine
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(index, count)| {
            Some((
                index.trim().parse::<usize>().ok()?,
                count.trim().parse::<usize>().ok()?,
            ))
        });
        match parts {
            Some((index, count)) if index >= 1 && index <= count => Ok(Self { index, count }),
            _ => Err("a shard is i/k with 1 ≤ i ≤ k, such as 2/3".to_owned()),
        }
    }
}

/// Set when the run shall stop at the next finished sample.
pub type Interrupt = AtomicBool;

/// Receives what a run does; the caller draws it.
pub trait Progress: Sync {
    /// The run begins: `samples` disorder samples of total `work` (in P·N summed) are missing.
    fn started(&self, samples: usize, work: f64);
    /// A sample of `task` with this much work is finished.
    fn sample_finished(&self, task: &Task, work: f64);
    /// All samples of a task are finished and written.
    fn task_finished(&self, result: &TaskResult);
}

/// What stops a run.
#[derive(Debug, Error)]
pub enum RunError {
    /// A task's patterns do not fit.
    #[error(
        "task alpha = {}, size = {} needs {needed} for its {} patterns, but {available} can be used ({:.0} % of what is free): lower alpha or size{}",
        task.alpha, task.size, task.pattern_count, MEMORY_SHARE * 100.0,
        if *.single_helps { ", or set precision = \"f32\"" } else { "" }
    )]
    Memory {
        /// The task.
        task: Box<Task>,
        /// Bytes needed, for people.
        needed: String,
        /// Bytes usable, for people.
        available: String,
        /// Whether single precision would fit.
        single_helps: bool,
    },
    /// Result files cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a run would do with one task.
#[derive(Clone, Debug)]
pub struct TaskPlan {
    /// Position in the job.
    pub index: usize,
    /// Samples that are missing.
    pub missing_samples: usize,
    /// Memory of one sample's patterns in bytes.
    pub pattern_bytes: u128,
    /// Samples simulated at the same time; 1 with the chunks of patterns in parallel.
    pub concurrent_samples: usize,
}

/// Plans the missing samples of a shard and checks that every task fits into memory.
///
/// # Errors
/// [`RunError::Memory`] names the first task that does not fit.
pub fn plan(
    job: &Job,
    survey: &Survey,
    shard: Shard,
    threads: usize,
    available_memory: u64,
) -> Result<Vec<TaskPlan>, RunError> {
    let usable = (available_memory as f64 * MEMORY_SHARE).floor();
    let mut plans = Vec::new();
    for index in shard.tasks(job) {
        let task = &job.tasks[index];
        let missing_samples = match &survey.states[index] {
            TaskState::Finished(_) => 0,
            TaskState::Partial { samples, .. } => job.samples - samples.len(),
            TaskState::Missing => job.samples,
        };
        let pattern_bytes = task.pattern_bytes(job.precision);
        let needed = (pattern_bytes + WORKING_BYTES) as f64;
        if missing_samples > 0 && needed > usable {
            let single = task.pattern_bytes(crate::Precision::F32) + WORKING_BYTES;
            return Err(RunError::Memory {
                task: Box::new(task.clone()),
                needed: human_bytes(needed),
                available: human_bytes(usable),
                single_helps: job.precision == crate::Precision::F64 && single as f64 <= usable,
            });
        }
        let fits = needed * threads as f64 <= usable;
        // Samples in parallel when there are many, chunks in parallel otherwise, never both.
        let concurrent_samples = if fits && missing_samples >= threads {
            threads
        } else {
            1
        };
        plans.push(TaskPlan {
            index,
            missing_samples,
            pattern_bytes,
            concurrent_samples,
        });
    }
    Ok(plans)
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

/// Simulates what `plans` lists, on the current rayon pool, and writes every finished task.
///
/// Returns `true` when all is done and `false` when `interrupt` was set: then what was
/// finished is saved and a rerun goes on from there.
///
/// # Errors
/// [`RunError::Store`] when results cannot be written.
pub fn run(
    job: &Job,
    store: &Store,
    survey: &Survey,
    plans: &[TaskPlan],
    interrupt: &Interrupt,
    progress: &dyn Progress,
) -> Result<bool, RunError> {
    let work = |plan: &TaskPlan| plan.missing_samples as f64 * sample_work(&job.tasks[plan.index]);
    progress.started(
        plans.iter().map(|plan| plan.missing_samples).sum(),
        plans.iter().map(work).sum(),
    );
    for plan in plans.iter().filter(|plan| plan.missing_samples > 0) {
        let state = &survey.states[plan.index];
        let run = TaskRun::new(job, store, &job.tasks[plan.index], state);
        match run.simulate(plan, interrupt, progress)? {
            Some(result) => progress.task_finished(&result),
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// P·N: the work of one pass over the patterns of a sample.
fn sample_work(task: &Task) -> f64 {
    task.pattern_count as f64 * task.size as f64
}

struct TaskRun<'a> {
    job: &'a Job,
    store: &'a Store,
    task: &'a Task,
    earlier_seconds: f64,
    started: Instant,
    shared: Mutex<Shared>,
}

struct Shared {
    records: BTreeMap<usize, Record>,
    last_checkpoint: Instant,
}

impl<'a> TaskRun<'a> {
    fn new(job: &'a Job, store: &'a Store, task: &'a Task, state: &TaskState) -> Self {
        let (records, earlier_seconds) = match state {
            TaskState::Partial {
                samples,
                wall_seconds,
            } => (samples.iter().cloned().collect(), *wall_seconds),
            _ => (BTreeMap::new(), 0.0),
        };
        let started = Instant::now();
        let shared = Mutex::new(Shared {
            records,
            last_checkpoint: started,
        });
        Self {
            job,
            store,
            task,
            earlier_seconds,
            started,
            shared,
        }
    }

    fn simulate(
        &self,
        plan: &TaskPlan,
        interrupt: &Interrupt,
        progress: &dyn Progress,
    ) -> Result<Option<TaskResult>, RunError> {
        let missing: Vec<usize> = {
            let shared = self.shared();
            (0..self.job.samples)
                .filter(|index| !shared.records.contains_key(index))
                .collect()
        };
        let parallelism = if plan.concurrent_samples > 1 {
            Parallelism::Sequential
        } else {
            Parallelism::Chunks
        };
        let one = |&index: &usize| -> Result<(), StoreError> {
            if interrupt.load(Ordering::Relaxed) {
                return Ok(());
            }
            let record = self.measure(index, parallelism);
            progress.sample_finished(self.task, sample_work(self.task));
            self.keep(index, record)
        };
        if plan.concurrent_samples > 1 {
            missing.par_iter().with_max_len(1).try_for_each(one)?;
        } else {
            missing.iter().try_for_each(one)?;
        }
        let shared = self.shared();
        if shared.records.len() < self.job.samples {
            self.checkpoint(&shared)?;
            return Ok(None);
        }
        let samples: Vec<Record> = shared.records.values().cloned().collect();
        let result = TaskResult {
            task: self.task.clone(),
            quantities: self.job.experiment.quantities(self.task, &samples),
            samples,
            wall_seconds: self.wall_seconds(),
        };
        self.store.write_task(self.job, &result)?;
        Ok(Some(result))
    }

    fn measure(&self, index: usize, parallelism: Parallelism) -> Record {
        let stream = self.task.stream_key(self.job.seed, index);
        let seed = stream.seed("patterns");
        let law = pattern_law(self.job.ensemble.as_ref(), self.task.size, &seed);
        let memory = Memory::draw(
            law.as_ref(),
            self.task.size,
            self.task.pattern_count,
            self.job.precision,
            &seed,
        )
        .with_parallelism(parallelism);
        self.job.experiment.measure(&Sample {
            task: self.task,
            index,
            memory: &memory,
            law: law.as_ref(),
            ensemble: self.job.ensemble.as_ref(),
            stream,
        })
    }

    fn keep(&self, index: usize, record: Record) -> Result<(), StoreError> {
        let mut shared = self.shared();
        shared.records.insert(index, record);
        if shared.last_checkpoint.elapsed() >= CHECKPOINT_INTERVAL {
            shared.last_checkpoint = Instant::now();
            self.checkpoint(&shared)?;
        }
        Ok(())
    }

    fn checkpoint(&self, shared: &Shared) -> Result<(), StoreError> {
        let samples: Vec<(usize, Record)> = shared
            .records
            .iter()
            .map(|(&index, record)| (index, record.clone()))
            .collect();
        if samples.is_empty() {
            return Ok(());
        }
        self.store
            .write_partial(self.job, self.task, &samples, self.wall_seconds())
    }

    fn wall_seconds(&self) -> f64 {
        self.earlier_seconds + self.started.elapsed().as_secs_f64()
    }

    fn shared(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared
            .lock()
            .expect("no sample panics while it holds the records")
    }
}
