//! Runs the tasks of a job that are missing: in parallel, resumably, with the same numbers always.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::experiment::Sample;
use crate::job::Job;
use crate::plan::{RunError, TaskPlan};
use crate::record::Record;
use crate::results::{Store, StoreError, Survey, TaskResult, TaskState};
use crate::task::Task;
use dam_memory::attention::{AttentionMemory, Storage};
use dam_memory::ensembles::pattern_law;
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::drawn::RandomPatterns;

/// Time between two checkpoints of an unfinished task.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(20);
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
        let one = |index: usize, parallelism| -> Result<(), StoreError> {
            if interrupt.load(Ordering::Relaxed) {
                return Ok(());
            }
            let record = self.measure(index, plan.storage, parallelism);
            progress.sample_finished(self.task, sample_work(self.task));
            self.keep(index, record)
        };
        let together = if plan.concurrent_samples > 1 {
            missing.len() - plan.chunked_samples
        } else {
            0
        };
        let (together, alone) = missing.split_at(together);
        together
            .par_iter()
            .with_max_len(1)
            .try_for_each(|&index| one(index, Parallelism::Sequential))?;
        alone
            .iter()
            .try_for_each(|&index| one(index, Parallelism::Chunks))?;
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

    fn measure(&self, index: usize, storage: Storage, parallelism: Parallelism) -> Record {
        let stream = self.task.stream_key(self.job.seed, index);
        let seed = stream.seed("patterns");
        let (size, count) = (self.task.size, self.task.pattern_count);
        let law = pattern_law(self.job.ensemble.as_ref(), size, &seed);
        let patterns = RandomPatterns::new(law.clone(), size, count, seed);
        let memory = AttentionMemory::hold(&patterns, self.job.precision, storage, parallelism);
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
