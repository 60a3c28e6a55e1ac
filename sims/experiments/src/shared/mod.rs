//! What several experiments share.

pub(crate) mod averaged_basin;
pub(crate) mod axes;
pub(crate) mod learners;
pub(crate) mod plane;
pub(crate) mod sampled_theory;
pub(crate) mod settings;
pub(crate) mod start_path;
pub(crate) mod training_curve;
