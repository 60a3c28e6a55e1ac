//! Results: one file per finished task, and the merged tables made from them.

mod collapse;
mod compare;
mod document;
mod error;
mod extrapolate;
mod store;
mod table;

pub use collapse::{Collapse, collapse};
pub use compare::{Comparison, compare, deviation};
pub use document::{Results, TaskResult};
pub use error::StoreError;
pub use extrapolate::{Extrapolation, extrapolate};
pub use store::{Store, Survey, TaskState};
