//! What only a terminal needs: tables, progress, threads and signals, errors with an exit status.

pub mod error;
pub mod note;
pub mod progress;
pub mod simulation;
pub mod table;
