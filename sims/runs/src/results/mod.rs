//! Results: one file per finished task, and the merged tables made from them.

mod compare;
mod comparison;
mod digest;
mod document;
mod error;
mod files;
mod flaw;
mod lock;
mod provenance;
mod store;
mod survey;
mod table;
mod trust;
mod warnings;

pub use compare::compare;
pub use comparison::{Comparison, Origin, deviation};
pub use document::{Results, TaskResult, results_schema};
pub use error::StoreError;
pub use flaw::{Flaw, FlawKind};
pub use lock::JobLock;
pub use provenance::Provenance;
pub use store::{Checkpoint, Store};
pub use survey::{Survey, TaskState};
pub use table::exact_number;
pub use warnings::warnings;
