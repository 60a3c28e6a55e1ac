//! Closed forms of the Random Energy Model of dense associative memories.
