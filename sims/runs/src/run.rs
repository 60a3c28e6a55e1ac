//! Runs what is missing of a job: by any schedule, resumably, with the same numbers always.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::available_memory::available_memory;
use crate::experiment::Sample;
use crate::job::Job;
use crate::plan::{RunError, TaskPlan, plan};
use crate::record::Record;
use crate::results::{Results, Store, StoreError, TaskResult, TaskState};
use crate::revealed;
use crate::schedule::{Schedule, Threads, Work, ranges};
use crate::shard::Shard;
use crate::subject::Subject;
use crate::task::Task;
use dam_memory::attention::{AttentionMemory, Storage};
use dam_memory::ensembles::pattern_law;
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::drawn::RandomPatterns;

/// Time between two checkpoints of an unfinished task.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(20);
/// How long an interrupted run waits for the samples in hand, and how often it looks.
const PATIENCE: Duration = Duration::from_millis(500);
const WATCH_INTERVAL: Duration = Duration::from_millis(50);
/// Set when the run shall stop at the next finished sample.
pub type Interrupt = AtomicBool;

/// Receives what a run does; the caller draws it.
pub trait Progress: Sync {
    /// The run begins: `samples` disorder samples of total `work` (in P·N summed) are missing.
    fn started(&self, samples: usize, work: f64) {
        let _ = (samples, work);
    }

    /// A sample of `task` with this much work is finished.
    fn sample_finished(&self, task: &Task, work: f64) {
        let _ = (task, work);
    }

    /// All samples of a task are finished and written.
    fn task_finished(&self, result: &TaskResult) {
        let _ = result;
    }

    /// All samples of the theory of a task are finished and written.
    fn theory_finished(&self, result: &TaskResult) {
        let _ = result;
    }

    /// The run was interrupted, and the samples in hand take longer than one waits. All finished ones are saved, unless
    /// that failed: the process may end here; where this returns the samples in hand are finished too.
    fn abandoned(&self, saved: Result<(), StoreError>) {
        let _ = saved;
    }
}

/// No report.
impl Progress for () {}

/// Runs a whole job on `threads` threads, or what is missing of it in `folder`, and writes its results there.
///
/// # Errors
/// [`RunError`] for results of another job in the folder, and for files that cannot be written.
pub fn complete(job: &Job, folder: &Path, threads: usize) -> Result<Results, RunError> {
    let store = Store::new(folder, job);
    let plans = plan(
        job,
        &store.survey(job)?,
        Shard::WHOLE,
        threads,
        available_memory(),
    )?;
    store.prepare()?;
    let _lock = store.lock(Shard::WHOLE)?;
    let schedule = Threads::new(threads)?;
    run(job, &store, &plans, &schedule, &Interrupt::new(false), &())?;
    let results = store.merge(job, &store.survey(job)?);
    store.write_results(job.experiment.as_ref(), &results)?;
    Ok(results)
}

/// Measures what `plans` lists, and writes every task that is then finished.
///
/// Returns `true` when all is done and `false` when `interrupt` was set: then what was
/// finished is saved and a rerun goes on from there.
///
/// # Errors
/// [`RunError::Store`] when results cannot be read or written.
pub fn run(
    job: &Job,
    store: &Store,
    plans: &[TaskPlan],
    schedule: &dyn Schedule,
    interrupt: &Interrupt,
    progress: &dyn Progress,
) -> Result<bool, RunError> {
    let mut runs = Vec::new();
    for plan in plans.iter().filter(|plan| !plan.missing.is_empty()) {
        runs.extend(SubjectRun::new(job, store, plan)?);
    }
    progress.started(
        runs.iter().map(|run| run.plan.missing.len()).sum(),
        runs.iter().map(SubjectRun::work).sum(),
    );
    let work: Vec<Work> = runs
        .iter()
        .enumerate()
        .flat_map(|(subject, run)| pieces(run.plan, subject))
        .collect();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(&runs, interrupt, &is_over, progress));
        let outcome = schedule.run(&work, &|work, sample| {
            if interrupt.load(Ordering::Relaxed) {
                return Ok(());
            }
            runs[work.subject].one(sample, work.parallelism, progress)
        });
        is_over.store(true, Ordering::Relaxed);
        watcher.thread().unpark();
        outcome
    })?;
    let mut is_done = true;
    for run in &runs {
        is_done &= run.leave()?;
    }
    Ok(is_done)
}

/// Saves the finished samples of an interrupted run when those in hand do not end soon.
fn watch(
    runs: &[SubjectRun<'_>],
    interrupt: &Interrupt,
    is_over: &AtomicBool,
    progress: &dyn Progress,
) {
    let mut interrupted: Option<Instant> = None;
    while !is_over.load(Ordering::Relaxed) {
        if interrupt.load(Ordering::Relaxed) {
            let since = interrupted.get_or_insert_with(Instant::now);
            if since.elapsed() >= PATIENCE {
                let saved = runs.iter().try_for_each(|run| run.leave().map(drop));
                return progress.abandoned(saved);
            }
        }
        thread::park_timeout(WATCH_INTERVAL);
    }
}

/// The missing samples of a plan: those side by side first, then those one after another.
fn pieces(plan: &TaskPlan, subject: usize) -> impl Iterator<Item = Work> {
    let together = if plan.concurrent_samples > 1 {
        plan.missing.len() - plan.chunked_samples
    } else {
        0
    };
    let (together, alone) = plan.missing.split_at(together);
    let sequential = ranges(together)
        .into_iter()
        .map(|samples| (samples, Parallelism::Sequential));
    let chunks = ranges(alone)
        .into_iter()
        .map(|samples| (samples, Parallelism::Chunks));
    sequential
        .chain(chunks)
        .map(move |(samples, parallelism)| Work {
            subject,
            samples,
            parallelism,
        })
}

/// Measures one sample of a task.
pub(crate) fn measure(
    job: &Job,
    task: &Task,
    index: usize,
    storage: Storage,
    parallelism: Parallelism,
) -> Record {
    if let Some(tolerance) = task.revealed {
        return revealed::measure(job, task, index, tolerance);
    }
    let stream = task.stream_key(job.seed, index);
    let seed = stream.seed("patterns");
    let (size, count) = (task.size, task.pattern_count);
    let ensemble = task.drawn_from().unwrap_or(job.ensemble.as_ref());
    let law = pattern_law(ensemble, size, &seed);
    let patterns = RandomPatterns::new(law.clone(), size, count, seed);
    let memory = AttentionMemory::hold(&patterns, job.precision, storage, parallelism);
    job.experiment.measure(&Sample {
        task,
        index,
        memory: &memory,
        revealed: None,
        law: law.as_ref(),
        ensemble,
        stream,
    })
}

/// The run of one subject.
struct SubjectRun<'a> {
    subject: Subject<'a>,
    plan: &'a TaskPlan,
    store: &'a Store,
    /// Time spent before, on the samples of the checkpoint that this run goes on with.
    own_seconds: f64,
    /// Time spent before on all samples.
    earlier_seconds: f64,
    started: OnceLock<Instant>,
    shared: Mutex<Shared>,
}

struct Shared {
    /// Samples that lie in other files.
    others: BTreeMap<usize, Record>,
    /// Samples of the checkpoint of this run.
    own: BTreeMap<usize, Record>,
    last_checkpoint: Instant,
    remaining: usize,
}

impl<'a> SubjectRun<'a> {
    /// `None` where nothing is left to do.
    fn new(job: &'a Job, store: &'a Store, plan: &'a TaskPlan) -> Result<Option<Self>, StoreError> {
        let task = &job.tasks[plan.index];
        let subject = if plan.is_theory {
            let Some(theory) = Subject::theory(job, task) else {
                return Ok(None);
            };
            theory
        } else {
            Subject::measurement(job, task)
        };
        let (others, earlier_seconds) = match store.state(&subject)? {
            TaskState::Partial {
                samples,
                wall_seconds,
            } => (samples.into_iter().collect(), wall_seconds),
            TaskState::Missing | TaskState::Finished(_) => (BTreeMap::new(), 0.0),
        };
        let (own, own_seconds) = store.checkpoint(&subject, &plan.range)?;
        let shared = Mutex::new(Shared {
            others,
            own,
            last_checkpoint: Instant::now(),
            remaining: plan.missing.len(),
        });
        Ok(Some(Self {
            subject,
            plan,
            store,
            own_seconds,
            earlier_seconds,
            started: OnceLock::new(),
            shared,
        }))
    }

    fn work(&self) -> f64 {
        self.plan.missing.len() as f64 * self.subject.work()
    }

    fn one(
        &self,
        index: usize,
        parallelism: Parallelism,
        progress: &dyn Progress,
    ) -> Result<(), StoreError> {
        self.started.get_or_init(Instant::now);
        let Subject { job, task, theory } = &self.subject;
        let record = if let Some(theory) = theory {
            (theory.measure)(index)
        } else {
            measure(job, task, index, self.plan.storage, parallelism)
        };
        progress.sample_finished(self.subject.task, self.subject.work());
        let mut shared = self.shared();
        shared.own.insert(index, record);
        shared.remaining -= 1;
        if shared.remaining == 0 {
            return self.finish(&shared, progress);
        }
        if shared.last_checkpoint.elapsed() >= CHECKPOINT_INTERVAL {
            shared.last_checkpoint = Instant::now();
            self.write_checkpoint(&shared)?;
        }
        Ok(())
    }

    /// Writes the subject where nothing is missing any more, with what other processes have left; else the range.
    fn finish(&self, shared: &Shared, progress: &dyn Progress) -> Result<(), StoreError> {
        let mut records = shared.others.clone();
        records.extend(shared.own.clone());
        let seconds = self.earlier_seconds + self.seconds();
        let mut result = self.subject.result(&records, seconds);
        if result.is_none() {
            self.write_checkpoint(shared)?;
            result = self.store.state(&self.subject)?.finished();
        }
        if let Some(result) = result {
            self.store.write_finished(&self.subject, &result)?;
            if self.subject.theory.is_some() {
                progress.theory_finished(&result);
            } else {
                progress.task_finished(&result);
            }
        }
        Ok(())
    }

    /// Saves what an interrupted run has; whether it was at its end.
    fn leave(&self) -> Result<bool, StoreError> {
        let shared = self.shared();
        if shared.remaining > 0 && shared.remaining < self.plan.missing.len() {
            self.write_checkpoint(&shared)?;
        }
        Ok(shared.remaining == 0)
    }

    fn write_checkpoint(&self, shared: &Shared) -> Result<(), StoreError> {
        self.store.write_checkpoint(
            &self.subject,
            &self.plan.range,
            &shared.own,
            self.own_seconds + self.seconds(),
        )
    }

    /// Time since the first sample of this run.
    fn seconds(&self) -> f64 {
        self.started
            .get()
            .map_or(0.0, |started| started.elapsed().as_secs_f64())
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared
            .lock()
            .expect("no sample panics while it holds the records")
    }
}
