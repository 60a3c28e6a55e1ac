//! Tests of ensembles, storage and revealed patterns through jobs and experiments.
#![expect(clippy::unwrap_used, reason = "tests")]

mod ensembles;
mod extremes;
mod memories;
mod storage;
