//! Simulates the missing samples of a job on a pool of threads, until done or interrupted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use dam::runs::schedule::Threads;
use dam::sims::{Interrupt, Job, Store, TaskPlan, run};

use super::error::CommandError;
use super::note::{note, tell};
use super::progress::Reporter;

/// Threads for each core beyond which they only wait for each other.
const MOST_THREADS_PER_CORE: usize = 4;

/// `--threads`, else the cores that Slurm gave, else all cores; of those that this process may use.
pub fn threads(requested: Option<u16>) -> Result<usize, CommandError> {
    // as control groups and affinity have it
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if let Some(threads) = requested.map(usize::from) {
        let most = MOST_THREADS_PER_CORE * cores;
        if threads > most {
            return Err(CommandError::BadInput(format!(
                "--threads {threads}: this process may use {cores} cores, and more than {MOST_THREADS_PER_CORE} threads for \
                 each would wait for each other; give at most {most}, or leave the option out for one on every core"
            )));
        }
        return Ok(threads);
    }
    if let Ok(text) = std::env::var("SLURM_CPUS_PER_TASK") {
        return match text.parse::<usize>() {
            Ok(threads) if threads > 0 => Ok(threads.min(cores)),
            _ => Err(CommandError::BadInput(format!(
                "SLURM_CPUS_PER_TASK is {text:?}, not a number of cores; set it right or give \
                 --threads"
            ))),
        };
    }
    Ok(cores)
}

/// Runs `plans` with a progress report; the finished samples are written as it goes.
pub fn simulate(
    job: &Job,
    store: &Store,
    plans: &[TaskPlan],
    threads: usize,
) -> Result<(), CommandError> {
    let schedule = Threads::new(threads)?;
    let reporter = Reporter::new();
    IS_SIMULATING.store(true, Ordering::SeqCst);
    let outcome = run(job, store, plans, &schedule, &INTERRUPT, &reporter);
    IS_SIMULATING.store(false, Ordering::SeqCst);
    reporter.finish();
    // a signal that came with the last sample counts too
    if outcome? && !INTERRUPT.load(Ordering::SeqCst) {
        return Ok(());
    }
    Err(CommandError::interrupted())
}

static INTERRUPT: Interrupt = Interrupt::new(false);
static IS_SIMULATING: AtomicBool = AtomicBool::new(false);

/// Ends the process on SIGINT, SIGTERM, SIGHUP and SIGUSR1: a simulation within half a second, with what it has finished; whatever else
/// at once, since files are whole or absent at any moment.
pub fn listen() -> Result<(), CommandError> {
    let refused = |error: &dyn std::fmt::Display| {
        CommandError::Failed(format!("cannot listen for interrupts: {error}"))
    };
    // Slurm scripts often announce the end of their time by it
    #[cfg(unix)]
    {
        let signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGUSR1]);
        let mut signals = signals.map_err(|error| refused(&error))?;
        std::thread::spawn(move || signals.forever().for_each(|_| stop()));
    }
    ctrlc::set_handler(stop).map_err(|error| refused(&error))
}

/// Stops at this moment as a signal does, unless one has come before.
pub fn stop_at(moment: Instant) {
    let left = moment.saturating_duration_since(Instant::now());
    let expire = || {
        if !INTERRUPT.load(Ordering::SeqCst) {
            note("the deadline is near");
            stop();
        }
    };
    if left.is_zero() {
        return expire();
    }
    std::thread::spawn(move || {
        std::thread::sleep(left);
        expire();
    });
}

fn stop() {
    let is_repeated = INTERRUPT.swap(true, Ordering::SeqCst);
    if is_repeated || !IS_SIMULATING.load(Ordering::SeqCst) {
        let stopped = CommandError::interrupted();
        tell(&stopped);
        std::process::exit(i32::from(stopped.exit_status()));
    }
    note("stopping: the samples in hand have half a second; once more stops at once");
}
