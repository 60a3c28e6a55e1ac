//! A word on standard error where something silent takes long.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Silence that needs no explanation.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why theory may take long.
pub const SAMPLING: &str =
    "the noise fluctuates here, so the finite-N theory draws disorder samples: this takes a while";

/// Runs `work`, and prints `notice` once if it takes longer than three seconds.
pub fn with_notice<T>(notice: &str, work: impl FnOnce() -> T) -> T {
    thread::scope(|scope| {
        let (finished, wait) = mpsc::channel::<()>();
        scope.spawn(move || {
            if wait.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!("{notice}");
            }
        });
        let result = work();
        drop(finished);
        result
    })
}
