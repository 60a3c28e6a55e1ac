//! Long calculations that Ctrl-C ends.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use dam::memory::kernel::{Batch, Workspace};
use dam::memory::memory::{Memory, Told};
use pyo3::prelude::*;

use crate::errors;

/// How often Python sees its signals.
const LOOK: Duration = Duration::from_millis(50);

/// Set when the calculation is to end.
#[derive(Debug, Default)]
pub struct Stop(AtomicBool);

/// What a calculation that was told to end unwinds with.
struct Ended;

impl Stop {
    /// Whether the calculation is to end.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Runs a calculation without the interpreter's lock while Python sees its signals; it looks at the [`Stop`].
///
/// # Errors
/// What a signal raised, `KeyboardInterrupt` as a rule.
pub fn attended<T: Send>(py: Python<'_>, task: impl FnOnce(&Stop) -> T + Send) -> PyResult<T> {
    let stop = Stop::default();
    std::thread::scope(|scope| {
        let (sender, mut receiver) = channel();
        let given = &stop;
        scope.spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| task(given)));
            let _ = sender.send(outcome);
        });
        let mut raised = None;
        loop {
            let waiting = &mut receiver;
            let told = py.detach(move || waiting.recv_timeout(LOOK));
            if raised.is_none() {
                raised = py.check_signals().err();
                if raised.is_some() {
                    stop.0.store(true, Ordering::Relaxed);
                }
            }
            match told {
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(errors::failed(&"the calculation ended without a result"));
                }
                Ok(outcome) => return raised.map_or_else(|| Ok(of(outcome)), Err),
            }
        }
    })
}

fn of<T>(outcome: Result<T, Box<dyn Any + Send>>) -> T {
    outcome.unwrap_or_else(|payload| resume_unwind(payload))
}

/// A memory whose next update is its last when it is to stop.
#[derive(Debug)]
pub struct Stoppable<'a, M> {
    /// The memory.
    pub memory: &'a M,
    /// When to stop.
    pub stop: &'a Stop,
}

impl<M: Memory> Memory for Stoppable<'_, M> {
    fn size(&self) -> usize {
        self.memory.size()
    }

    fn pattern(&self, pattern: usize) -> Vec<f64> {
        self.memory.pattern(pattern)
    }

    fn pass(&self, workspace: &mut Workspace, batch: Batch<'_>, told: Told<'_>) {
        if self.stop.is_set() {
            // Caught in `attended`; the descent above us knows no other way out.
            resume_unwind(Box::new(Ended));
        }
        self.memory.pass(workspace, batch, told);
    }

    fn pattern_weights(&self, state: &[f64], inverse_temperature: f64) -> Option<Vec<f64>> {
        self.memory.pattern_weights(state, inverse_temperature)
    }

    fn allows_foresight(&self) -> bool {
        self.memory.allows_foresight()
    }
}
