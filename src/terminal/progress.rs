//! Progress on standard error: a bar on a terminal, plain lines in a batch log.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use dam::sims::{Progress, StoreError, Task, TaskResult};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::error::CommandError;
use super::note::{Voice, note, tell};

/// Time between two plain log lines.
const LOG_INTERVAL: Duration = Duration::from_secs(30);
/// Steps of the bar; work is a float, the bar counts whole steps.
const STEPS: u64 = 1_000_000;

/// Draws the progress of a run.
pub struct Reporter {
    bar: Option<ProgressBar>,
    state: Mutex<State>,
}

struct State {
    samples: usize,
    finished_samples: usize,
    work: f64,
    finished_work: f64,
    started: Instant,
    logged: Instant,
}

impl Reporter {
    pub fn new() -> Self {
        let now = Instant::now();
        let bar = bar(STEPS);
        let state = State {
            samples: 0,
            finished_samples: 0,
            work: 0.0,
            finished_work: 0.0,
            started: now,
            logged: now,
        };
        Self {
            bar,
            state: Mutex::new(state),
        }
    }

    /// Removes the bar, so that what follows starts on a clean line.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn completed(&self, what: &str, result: &TaskResult) {
        let text = format!(
            "{what} {}: {} samples, {:.1} s",
            result.task.title(),
            result.samples.len(),
            result.wall_seconds
        );
        match &self.bar {
            Some(bar) => bar.println(text),
            None => note(format_args!("{text}")),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no thread panics while it reports")
    }
}

/// A bar of so many steps, on a terminal where it is wanted.
fn bar(steps: u64) -> Option<ProgressBar> {
    let is_wanted = std::io::stderr().is_terminal() && !Voice::current().is_quiet;
    is_wanted.then(|| {
        let bar = ProgressBar::new(steps);
        let style =
            ProgressStyle::with_template("[{elapsed_precise}] {wide_bar} {percent:>3} %  {msg}")
                .expect("the template is valid");
        bar.set_style(style);
        bar
    })
}

/// One line for each finished piece of a run whose pieces are counted, not timed.
pub struct Counter {
    bar: Option<ProgressBar>,
    count: usize,
    what: &'static str,
    finished: std::cell::Cell<usize>,
}

impl Counter {
    pub fn new(count: usize, what: &'static str) -> Self {
        Self {
            bar: bar(count as u64),
            count,
            what,
            finished: std::cell::Cell::new(0),
        }
    }

    /// Says what the next piece came to.
    pub fn finished(&self, text: &str) {
        self.finished.update(|finished| finished + 1);
        let done = format!("{} of {} {}", self.finished.get(), self.count, self.what);
        match &self.bar {
            Some(bar) => {
                bar.println(text);
                bar.inc(1);
                bar.set_message(done);
            }
            None => note(format_args!("{done}: {text}")),
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl State {
    /// Estimated from the share of the work done so far.
    fn remaining(&self) -> Option<Duration> {
        let share = self.finished_work / self.work;
        let seconds = self.started.elapsed().as_secs_f64() * (1.0 - share) / share;
        Duration::try_from_secs_f64(seconds).ok()
    }

    fn remaining_text(&self) -> String {
        match self.remaining() {
            Some(remaining) => format!("{} left", HumanDuration(remaining)),
            None => "time left unknown".to_owned(),
        }
    }
}

impl Progress for Reporter {
    fn started(&self, samples: usize, work: f64) {
        let mut state = self.state();
        state.samples = samples;
        state.work = work;
        state.started = Instant::now();
        if let Some(bar) = &self.bar {
            bar.enable_steady_tick(Duration::from_millis(500));
        } else if samples > 0 {
            note(format_args!("{samples} disorder samples to simulate"));
        }
    }

    fn sample_finished(&self, task: &Task, work: f64) {
        let mut state = self.state();
        state.finished_samples += 1;
        state.finished_work += work;
        let left = state.remaining_text();
        if let Some(bar) = &self.bar {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of the steps, between 0 and 1e6"
            )]
            let position = (state.finished_work / state.work * STEPS as f64) as u64;
            bar.set_position(position);
            bar.set_message(format!("{left}  {}", task.title()));
        } else if state.logged.elapsed() >= LOG_INTERVAL {
            state.logged = Instant::now();
            note(format_args!(
                "{} elapsed, {left}: {} of {} samples ({:.0} % of the work)",
                HumanDuration(state.started.elapsed()),
                state.finished_samples,
                state.samples,
                100.0 * state.finished_work / state.work,
            ));
        }
    }

    fn task_finished(&self, result: &TaskResult) {
        self.completed("finished", result);
    }

    fn abandoned(&self, saved: Result<(), StoreError>) {
        self.finish();
        let error = match saved {
            Ok(()) => CommandError::interrupted(),
            Err(error) => error.into(),
        };
        tell(&error);
        std::process::exit(i32::from(error.exit_status()));
    }

    fn theory_finished(&self, result: &TaskResult) {
        self.completed("sampled the theory of", result);
    }
}
