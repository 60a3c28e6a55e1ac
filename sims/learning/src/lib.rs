//! Kernel learning: a feature map Φ(x) = Wx + b whose features of the stored memories lie far
//! apart.
//!
//! [`FeatureMap`] is the map, [`SeparationLoss`] what is minimised, [`Training`] how, [`Recipe`]
//! the published ways. [`separate_free_points`] minimises the same losses over points without a
//! map; [`codes`] are points on spheres that lie far apart.

pub mod codes;
mod error;
mod evaluation;
mod free_points;
mod interpolation;
mod learner;
mod loss;
mod optimisers;
mod parameters;
mod projection;
mod recipe;
mod training;

pub use dam_memory::similarities::feature_map::FeatureMap;
pub use error::KernelLearningError;
pub use evaluation::SeparationEvaluation;
pub use evaluation::cosines;
pub use free_points::separate_free_points;
pub use interpolation::{affinely_interpolating_map, interpolating_map};
pub use learner::Learner;
pub use loss::{FeatureScale, LossForm, SeparationLoss};
pub use optimisers::{Adam, Optimiser, RateDecay};
pub use projection::{Projection, RowConstraint};
pub use recipe::Recipe;
pub use training::{Epoch, Learned, MapGradient, Trainer, Training};
