//! What several experiments share.

pub(crate) mod learners;
pub(crate) mod plane;
pub(crate) mod ranks;
pub(crate) mod settings;
pub(crate) mod training_curve;
