//! Results: one file per finished task, and the merged tables made from them.

mod compare;
mod document;
mod error;
mod store;
mod table;

pub use compare::{Comparison, compare, deviation};
pub use document::{Results, TaskResult};
pub use error::StoreError;
pub use store::{Store, Survey, TaskState};
