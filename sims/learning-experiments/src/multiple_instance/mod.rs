//! Multiple-instance learning judged fairly: every model sees the same folds, is tuned inside the training bags only,
//! over as many settings, and differences come in pairs with errors.
//!
//! [`judge`] is the protocol, [`models`] names what is compared, [`compare`] says what differs.

mod comparison;
mod folds;
mod logistic;
mod model;
mod networks;
mod protocol;
mod score;
mod standardised;

pub use comparison::{Comparison, compare, corrected_error};
pub use folds::stratified_folds;
pub use logistic::{BagFeatures, Logistic};
pub use model::{Fold, Model};
pub use networks::{NETWORKS, Network, NetworkKind, Recipe, Setting};
pub use protocol::{FoldResult, Protocol, judge, models};
pub use score::{Score, area_under_curve};
pub use standardised::standardised;
