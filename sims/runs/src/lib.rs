//! The life of a simulation job. This crate knows no experiment: it turns a catalogue of kinds into jobs, tasks,
//! records, results and their comparison with theory.
//!
//! [`job::Job::read`] validates a job file against a [`catalogue::Catalogue`], and [`complete`] runs it. Step by step:
//! [`plan::plan`] says what is missing, [`run::run`] has a [`schedule::Schedule`] measure it and keeps it in a
//! [`results::Store`]; [`results::compare`] holds it against theory.

pub mod available_memory;
pub mod calibration;
pub mod catalogue;
pub mod caveat;
pub mod date;
pub mod experiment;
mod hexadecimal;
pub mod job;
mod job_schema;
mod job_template;
pub mod journal;
pub mod place;
pub mod plan;
pub mod quantity;
pub mod record;
pub mod reduce;
pub mod results;
mod revealed;
pub mod run;
pub mod schedule;
pub mod section;
pub mod shard;
pub mod subject;
pub mod suggestion;
pub mod swept;
pub mod task;
pub mod view;
pub mod whole_file;

pub use catalogue::Catalogue;
pub use job::Job;
pub use run::complete;
