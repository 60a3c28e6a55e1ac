//! Retrieval simulations of dense associative memories.

pub mod statistics;
