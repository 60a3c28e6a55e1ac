//! Results: one file per finished task, and the merged tables made from them.

mod compare;
mod document;
mod error;
mod files;
mod store;
mod survey;
mod table;
mod trust;

pub use compare::{Comparison, Origin, compare, deviation};
pub use document::{Results, TaskResult};
pub use error::StoreError;
pub use store::Store;
pub use survey::{Survey, TaskState};
