//! Results: one file per finished task, and the merged tables made from them.

mod compare;
mod document;
mod error;
mod files;
mod store;
mod survey;
mod table;
mod trust;
mod warnings;

pub use compare::{Comparison, Origin, compare, deviation};
pub use document::{Results, TaskResult};
pub use error::StoreError;
pub use store::Store;
pub use survey::{Survey, TaskState};
pub use warnings::warnings;
