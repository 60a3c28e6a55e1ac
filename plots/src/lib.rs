//! Figures of dense associative memories.
