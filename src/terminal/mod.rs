//! What only a terminal needs: tables, progress, threads, signals and deadlines, errors with an exit status.

pub mod deadline;
pub mod error;
pub mod note;
pub mod progress;
pub mod simulation;
pub mod table;
