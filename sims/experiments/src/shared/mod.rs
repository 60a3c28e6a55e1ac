//! What several experiments share.

pub(crate) mod averaged_basin;
pub(crate) mod axes;
pub(crate) mod sampled_theory;
pub(crate) mod start_path;
