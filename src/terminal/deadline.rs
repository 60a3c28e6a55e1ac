//! The wall time that a run has.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::error::CommandError;

/// What Slurm says of the end of a job, in seconds of Unix time.
const END_OF_SLURM_JOB: &str = "SLURM_JOB_END_TIME";
/// What is left for the samples in hand and for saving: a tenth of the time, but at most this.
const LONGEST_MARGIN: Duration = Duration::from_secs(10);
/// The longest wall time in days.
const MOST_DAYS: u64 = 10_000;

/// When a run stops by itself: a margin before `given` is over, else before the Slurm job ends, else never.
pub fn moment(given: Option<Duration>) -> Result<Option<Instant>, CommandError> {
    let now = Instant::now();
    let time = given.map_or_else(time_of_slurm, |time| Ok(Some(time)))?;
    let kept = |time: Duration| time.saturating_sub((time / 10).min(LONGEST_MARGIN));
    Ok(time.and_then(|time| now.checked_add(kept(time))))
}

/// What is left of the Slurm job that this is part of; nothing where its end has passed.
fn time_of_slurm() -> Result<Option<Duration>, CommandError> {
    let Ok(text) = std::env::var(END_OF_SLURM_JOB) else {
        return Ok(None);
    };
    let end = text.trim().parse().map_err(|_| {
        CommandError::BadInput(format!(
            "{END_OF_SLURM_JOB} is {text:?}, not seconds of Unix time; set it right or give --deadline"
        ))
    })?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_err(|error| CommandError::Failed(format!("the clock is wrong: {error}")))?;
    Ok(Some(Duration::from_secs(end).saturating_sub(now)))
}

/// Seconds, `HH:MM:SS` or `D-HH:MM:SS`.
pub fn wall_time(text: &str) -> Result<Duration, String> {
    match seconds(text) {
        Some(seconds) if (1..=MOST_DAYS * 86_400).contains(&seconds) => {
            Ok(Duration::from_secs(seconds))
        }
        Some(_) => Err(format!("write a time from 1 second to {MOST_DAYS} days")),
        None => Err(
            "write seconds, HH:MM:SS or D-HH:MM:SS, such as 3600, 01:00:00 or 2-00:00:00"
                .to_owned(),
        ),
    }
}

fn seconds(text: &str) -> Option<u64> {
    let number = |text: &str| text.parse::<u64>().ok();
    let (days, clock) = match text.split_once('-') {
        Some((days, clock)) => (Some(number(days)?), clock),
        None => (None, text),
    };
    let parts: Option<Vec<u64>> = clock.split(':').map(number).collect();
    match parts?[..] {
        [seconds] if days.is_none() => Some(seconds),
        [hours, minutes @ 0..60, seconds @ 0..60] => {
            let hours = days.unwrap_or(0).saturating_mul(24).saturating_add(hours);
            let minutes = hours.saturating_mul(60).saturating_add(minutes);
            Some(minutes.saturating_mul(60).saturating_add(seconds))
        }
        _ => None,
    }
}
