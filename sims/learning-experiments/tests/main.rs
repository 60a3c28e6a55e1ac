//! Tests of the crate through its public interface.
#![expect(clippy::unwrap_used, reason = "tests")]

mod multiple_instance;
