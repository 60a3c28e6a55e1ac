//! Multiple-instance learning judged fairly: every model sees the same folds, is tuned inside the training bags only,
//! over as many settings, and differences come in pairs with errors.
//!
//! [`judge`] is the protocol, [`models`] names what is compared, [`compare`] says what differs.

mod bag_files;
mod bag_kind;
mod bag_kinds;
mod bit_patterns;
mod comparison;
mod digits;
mod experiment;
mod figure;
mod findings;
mod folds;
mod interval;
mod kernel_logistic;
mod logistic;
mod made_bags;
mod model;
mod networks;
mod protocol;
mod score;
mod sections;
mod set_kernel;
mod sets;
mod spread;
mod standardised;

pub use bag_kind::BagKind;
pub use bag_kinds::BAG_KINDS;
pub use comparison::{Comparison, compare, corrected_error};
pub use experiment::{KIND, MultipleInstance};
pub use folds::stratified_folds;
pub use logistic::{BagFeatures, Logistic};
pub use model::{Fold, Model};
pub use networks::{BASELINE, NETWORKS, Network, NetworkKind, Recipe, Setting};
pub use protocol::{FoldResult, Protocol, judge, models};
pub use score::{Score, area_under_curve};
pub use set_kernel::SetKernel;
pub use sets::NamedSet;
pub use standardised::standardised;
