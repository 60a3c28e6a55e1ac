//! Simulates the missing samples of a job on a pool of threads, until done or interrupted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use dam::runs::schedule::Threads;
use dam::sims::{Job, Store, TaskPlan, run};

use super::error::CommandError;
use super::note::note;
use super::progress::Reporter;

/// `--threads`, else the cores that Slurm gave, else all cores.
pub fn threads(requested: Option<u16>) -> Result<usize, CommandError> {
    if let Some(threads) = requested {
        return Ok(usize::from(threads));
    }
    if let Ok(text) = std::env::var("SLURM_CPUS_PER_TASK") {
        return match text.parse() {
            Ok(threads) if threads > 0 => Ok(threads),
            _ => Err(CommandError::BadInput(format!(
                "SLURM_CPUS_PER_TASK is {text:?}, not a number of cores; set it right or give \
                 --threads"
            ))),
        };
    }
    Ok(std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
}

/// Runs `plans` with a progress report; the finished samples are written as it goes.
pub fn simulate(
    job: &Job,
    store: &Store,
    plans: &[TaskPlan],
    threads: usize,
) -> Result<(), CommandError> {
    let interrupt = interrupt()?;
    let schedule = Threads::new(threads)?;
    let reporter = Reporter::new();
    let outcome = run(job, store, plans, &schedule, &interrupt, &reporter);
    reporter.finish();
    if outcome? {
        return Ok(());
    }
    Err(CommandError::Interrupted(
        "what was finished is saved; the same command goes on from there".to_owned(),
    ))
}

/// Set by SIGINT or SIGTERM; a second signal ends the process at once.
fn interrupt() -> Result<Arc<AtomicBool>, CommandError> {
    static INTERRUPT: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    if let Some(interrupt) = INTERRUPT.get() {
        return Ok(Arc::clone(interrupt));
    }
    let interrupt = Arc::clone(INTERRUPT.get_or_init(|| Arc::new(AtomicBool::new(false))));
    let signal = Arc::clone(&interrupt);
    ctrlc::set_handler(move || {
        if signal.swap(true, Ordering::Relaxed) {
            std::process::exit(75);
        }
        note(format_args!(
            "stopping after the samples in hand; once more stops at once"
        ));
    })
    .map_err(|error| CommandError::Failed(format!("cannot listen for interrupts: {error}")))?;
    Ok(interrupt)
}
