//! Jobs: nothing holds the interpreter's lock while samples are drawn; progress and Ctrl-C are looked at ten
//! times a second.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use dam::runs::schedule::Threads;
use dam::sims::{
    Interrupt, Job, JobError, Progress, RunError, Shard, Store, StoreError, Task, available_memory,
    plan, run,
};
use pyo3::prelude::*;

use crate::errors;
use crate::results::JobResult;
use crate::threads;

/// Between two looks at signals.
const LOOK: Duration = Duration::from_millis(100);

/// A job, and where its results lie.
pub struct Opened {
    pub job: Job,
    pub store: Store,
}

impl Opened {
    /// Reads a job file, or the text of a dict in JSON.
    fn new(path: Option<&Path>, json: Option<&str>, output: &Path) -> PyResult<Self> {
        let catalogue = dam::experiments::catalogue();
        let job = match (path, json) {
            (Some(path), _) => Job::read(path, &catalogue),
            (None, json) => {
                let text = toml_text(json.unwrap_or_default())?;
                Job::parse(Path::new(DICT), &text, &catalogue)
            }
        };
        let job = job.map_err(|error| errors::JobError::new_err(of_dict(&error)))?;
        let store = Store::new(output, &job).of_commit(dam::COMMIT);
        Ok(Self { job, store })
    }

    /// What is finished, merged; its files are written where `writes`.
    pub fn results(self, writes: bool) -> PyResult<JobResult> {
        let survey = self
            .store
            .survey(&self.job)
            .map_err(|error| store(&error))?;
        let results = self.store.merge(&self.job, &survey);
        if writes {
            let experiment = self.job.experiment.as_ref();
            let written = self.store.write_results(experiment, &results);
            written.map_err(|error| store(&error))?;
        }
        Ok(JobResult::new(self.job, self.store, results))
    }
}

/// The place of a job that is no file, in messages.
const DICT: &str = "job";

/// The message of an error, which speaks of no lines where the job was a dict.
fn of_dict(error: &JobError) -> String {
    match error {
        JobError::Invalid { path, message, .. } if path == Path::new(DICT) => {
            format!("job: {message}")
        }
        JobError::Value {
            path,
            place,
            message,
        } if path == Path::new(DICT) => {
            let parts = place.split(", ").filter(|part| !part.starts_with("line "));
            format!("job, {}: {message}", parts.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn toml_text(json: &str) -> PyResult<String> {
    let refuse = |error: &dyn std::fmt::Display| errors::JobError::new_err(format!("job: {error}"));
    let sections: serde_json::Value = serde_json::from_str(json).map_err(|error| refuse(&error))?;
    toml::to_string(&sections).map_err(|error| refuse(&error))
}

/// Results that cannot be read, written or trusted.
pub fn store(error: &StoreError) -> PyErr {
    errors::StoreError::new_err(error.to_string())
}

fn refused(error: &RunError) -> PyErr {
    match error {
        RunError::Store(error) => store(error),
        RunError::Memory { .. } => errors::JobError::new_err(error.to_string()),
        RunError::Threads(_) => errors::failed(error),
    }
}

/// What the thread that simulates tells.
enum Told {
    /// All is done, or what was finished is saved.
    Ended(Result<bool, RunError>),
    /// What was finished is saved; the samples in hand take longer.
    Abandoned(Result<(), StoreError>),
}

/// Counts samples.
#[derive(Default)]
struct Counter {
    samples: AtomicUsize,
    finished: AtomicUsize,
}

/// What the thread that simulates reports to.
struct Reporter {
    counter: Arc<Counter>,
    teller: Sender<Told>,
}

impl Progress for Reporter {
    fn started(&self, samples: usize, _: f64) {
        self.counter.samples.store(samples, Ordering::Relaxed);
    }

    fn sample_finished(&self, _: &Task, _: f64) {
        self.counter.finished.fetch_add(1, Ordering::Relaxed);
    }

    fn abandoned(&self, saved: Result<(), StoreError>) {
        // nobody waits any more where this fails
        let _ = self.teller.send(Told::Abandoned(saved));
    }
}

/// Runs what is missing of a job.
#[pyfunction]
#[pyo3(signature = (path, json, output, threads, shard, progress))]
pub fn run_job(
    py: Python<'_>,
    path: Option<PathBuf>,
    json: Option<&str>,
    output: PathBuf,
    threads: Option<usize>,
    shard: Option<&str>,
    progress: Option<Py<PyAny>>,
) -> PyResult<JobResult> {
    let opened = Opened::new(path.as_deref(), json, &output)?;
    let shard: Shard = shard
        .map_or(Ok(Shard::WHOLE), str::parse)
        .map_err(|error: String| errors::JobError::new_err(format!("shard: {error}")))?;
    let threads = threads::count(threads)?;
    let opened = Arc::new(opened);
    let (interrupt, mut receiver, counter) = py.detach(|| begin(&opened, shard, threads))?;
    wait(py, &mut receiver, &interrupt, &counter, progress.as_ref())?;
    let opened = Arc::into_inner(opened).ok_or_else(|| errors::failed(&"the run has not ended"))?;
    let pool = threads::pool(Some(threads))?;
    py.detach(|| pool.install(|| opened.results(shard.is_whole())))
}

/// What is there of a job, without running anything.
#[pyfunction]
#[pyo3(signature = (path, json, output))]
pub fn open_job(
    py: Python<'_>,
    path: Option<PathBuf>,
    json: Option<&str>,
    output: PathBuf,
) -> PyResult<JobResult> {
    let opened = Opened::new(path.as_deref(), json, &output)?;
    let pool = threads::pool(None)?;
    py.detach(|| pool.install(|| opened.results(false)))
}

type Begun = (Arc<Interrupt>, Receiver<Told>, Arc<Counter>);

/// Starts the thread that simulates. It keeps the lock of the job until it ends, also where nobody waits for it.
fn begin(opened: &Arc<Opened>, shard: Shard, threads: usize) -> PyResult<Begun> {
    let Opened { job, store: place } = opened.as_ref();
    let survey = place.survey(job).map_err(|error| store(&error))?;
    let plans = plan(job, &survey, shard, threads, available_memory());
    let plans = plans.map_err(|error| refused(&error))?;
    place.prepare().map_err(|error| store(&error))?;
    let lock = place.lock(shard).map_err(|error| store(&error))?;
    let schedule = Threads::new(threads).map_err(|error| errors::failed(&error))?;
    let (teller, receiver) = channel();
    let interrupt = Arc::new(Interrupt::new(false));
    let counter = Arc::new(Counter::default());
    let reporter = Reporter {
        counter: Arc::clone(&counter),
        teller,
    };
    let (opened, stop) = (Arc::clone(opened), Arc::clone(&interrupt));
    std::thread::spawn(move || {
        let Opened { job, store } = opened.as_ref();
        let outcome = run(job, store, &plans, &schedule, &stop, &reporter);
        drop((lock, opened));
        let _ = reporter.teller.send(Told::Ended(outcome));
    });
    Ok((interrupt, receiver, counter))
}

/// Waits for the simulation, and lets Python see its signals and the progress.
fn wait(
    py: Python<'_>,
    receiver: &mut Receiver<Told>,
    interrupt: &Interrupt,
    counter: &Counter,
    progress: Option<&Py<PyAny>>,
) -> PyResult<()> {
    let report = || match progress {
        Some(progress) => {
            let finished = counter.finished.load(Ordering::Relaxed);
            let samples = counter.samples.load(Ordering::Relaxed);
            progress.call1(py, (finished, samples)).map(drop)
        }
        None => Ok(()),
    };
    let mut raised = None;
    loop {
        let waiting = &mut *receiver;
        let told = py.detach(move || waiting.recv_timeout(LOOK));
        if raised.is_none() {
            raised = py.check_signals().and_then(|()| report()).err();
            if raised.is_some() {
                interrupt.store(true, Ordering::Relaxed);
            }
        }
        match (told, raised.take()) {
            (Err(RecvTimeoutError::Timeout), still) => raised = still,
            (Ok(Told::Ended(Err(error))), _) => return Err(refused(&error)),
            (Ok(Told::Abandoned(Err(error))), _) => return Err(store(&error)),
            (Ok(_), Some(error)) => return Err(error),
            (Ok(_), None) => return Ok(()),
            (Err(RecvTimeoutError::Disconnected), _) => {
                return Err(errors::failed(&"the simulation ended in a panic"));
            }
        }
    }
}
