//! What several experiments share.

pub(crate) mod averaged_basin;
pub(crate) mod curves;
pub(crate) mod retrieval_curve;
pub(crate) mod sampled_theory;
pub(crate) mod start_path;
