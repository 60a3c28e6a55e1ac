//! Runs what is missing of a job: by any schedule, resumably, with the same numbers always.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::available_memory::available_memory;
use crate::experiment::Sample;
use crate::job::Job;
use crate::journal::{Answers, Journal};
use crate::plan::{RunError, TaskPlan, plan};
use crate::record::Record;
use crate::results::{Checkpoint, Results, Store, StoreError, TaskResult, TaskState};
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
    thread::scope(|scope| -> Result<(), RunError> {
        let watcher = scope.spawn(|| watch(&runs, interrupt, &is_over, progress));
        let outcome = schedule.run(&work, &|work, sample| {
            if interrupt.load(Ordering::Relaxed) {
                return Ok(());
            }
            runs[work.subject].one(sample, work.parallelism, progress)
        });
        is_over.store(true, Ordering::Relaxed);
        watcher.thread().unpark();
        let watched = watcher.join();
        outcome?;
        Ok(watched.unwrap_or_else(|panic| resume_unwind(panic))?)
    })?;
    let mut is_done = true;
    for run in &runs {
        is_done &= run.leave()?;
    }
    Ok(is_done)
}

/// Saves what long samples have found on their way now and then, and the samples of an interrupted run when those in hand do
/// not end soon.
fn watch(
    runs: &[SubjectRun<'_>],
    interrupt: &Interrupt,
    is_over: &AtomicBool,
    progress: &dyn Progress,
) -> Result<(), StoreError> {
    let mut interrupted: Option<Instant> = None;
    let mut looked = Instant::now();
    let mut kept = Ok(());
    while !is_over.load(Ordering::Relaxed) {
        if interrupt.load(Ordering::Relaxed) {
            let since = interrupted.get_or_insert_with(Instant::now);
            if since.elapsed() >= PATIENCE {
                let saved = runs.iter().try_for_each(|run| run.leave().map(drop));
                progress.abandoned(saved);
                return Ok(());
            }
        } else if looked.elapsed() >= CHECKPOINT_INTERVAL && kept.is_ok() {
            looked = Instant::now();
            // what cannot be kept is told at the end; signals are watched for all the same
            kept = runs.iter().try_for_each(SubjectRun::keep_answers);
        }
        thread::park_timeout(WATCH_INTERVAL);
    }
    kept
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
    journal: &Journal,
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
        journal,
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
    /// Samples in hand, now or when an earlier run stopped.
    begun: BTreeMap<usize, Arc<Journal>>,
    /// How many of their answers lie in the checkpoint.
    kept_answers: usize,
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
        let Checkpoint {
            samples: own,
            begun,
            wall_seconds: own_seconds,
        } = store.checkpoint(&subject, &plan.range)?;
        let begun: BTreeMap<usize, Arc<Journal>> = begun
            .into_iter()
            .filter(|(index, _)| plan.missing.contains(index))
            .map(|(index, answers)| (index, Arc::new(Journal::from(answers))))
            .collect();
        let shared = Mutex::new(Shared {
            others,
            own,
            kept_answers: answer_count(&begun),
            begun,
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
            let journal = Arc::clone(self.shared().begun.entry(index).or_default());
            let storage = self.plan.storage;
            measure(job, task, index, storage, parallelism, &journal)
        };
        progress.sample_finished(self.subject.task, self.subject.work());
        let mut shared = self.shared();
        shared.begun.remove(&index);
        shared.own.insert(index, record);
        shared.remaining -= 1;
        if shared.remaining == 0 {
            return self.finish(&mut shared, progress);
        }
        if shared.last_checkpoint.elapsed() >= CHECKPOINT_INTERVAL {
            self.write_checkpoint(&mut shared)?;
        }
        Ok(())
    }

    /// Writes a checkpoint where samples in hand have found more than lies in the last one.
    fn keep_answers(&self) -> Result<(), StoreError> {
        let mut shared = self.shared();
        if answer_count(&shared.begun) > shared.kept_answers {
            self.write_checkpoint(&mut shared)?;
        }
        Ok(())
    }

    /// Writes the subject where nothing is missing any more, with what other processes have left; else the range.
    fn finish(&self, shared: &mut Shared, progress: &dyn Progress) -> Result<(), StoreError> {
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
        let mut shared = self.shared();
        let has_samples = shared.remaining < self.plan.missing.len();
        if shared.remaining > 0 && (has_samples || answer_count(&shared.begun) > 0) {
            self.write_checkpoint(&mut shared)?;
        }
        Ok(shared.remaining == 0)
    }

    fn write_checkpoint(&self, shared: &mut Shared) -> Result<(), StoreError> {
        shared.last_checkpoint = Instant::now();
        let answers = shared.begun.iter();
        let begun: BTreeMap<usize, Answers> = answers
            .map(|(&index, journal)| (index, journal.answers()))
            .filter(|(_, answers)| !answers.is_empty())
            .collect();
        shared.kept_answers = begun.values().map(BTreeMap::len).sum();
        self.store.write_checkpoint(
            &self.subject,
            &self.plan.range,
            &shared.own,
            begun,
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

/// How much the samples in hand have found.
fn answer_count(begun: &BTreeMap<usize, Arc<Journal>>) -> usize {
    begun.values().map(|journal| journal.count()).sum()
}
