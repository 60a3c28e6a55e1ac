//! Tests of ensembles, storage and revealed patterns through jobs and experiments.
#![expect(clippy::unwrap_used, reason = "tests")]

mod convergence;
mod directed;
mod ensembles;
mod extremes;
mod figure_section;
mod journal;
mod memories;
mod phase_map;
mod revealed_jobs;
mod storage;
