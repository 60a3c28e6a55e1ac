//! Retrieval simulations of dense associative memories.
