//! Layers of associative memories with backward passes written out, over bags of any size.
//!
//! All numbers of a network are one list, [`Parameters`]; a gradient is a list of the same places.
//! Layers say where theirs lie: [`Linear`], [`LayerNorm`], [`relu`], [`Dropout`] and
//! [`Association`]. The rows of all bags are one matrix, row-major, [`Bags`]; there is no padding,
//! and what a bag retrieves has the same bits in any batch. [`logistic_loss`] and its like say what
//! is minimised, [`AdamW`], [`Schedule`] and [`clip`] how; [`check_gradient`] holds any gradient
//! against central differences.

mod association;
mod bags;
mod dropout;
mod error;
mod gradient_check;
mod linear;
mod loss;
mod norm;
mod optimiser;
mod parameters;
mod relu;
mod schedule;

pub use association::{
    Associated, Association, AssociationGradient, AssociationInput, UpdateSteps,
};
pub use bags::{Bags, Rows};
pub use dropout::Dropout;
pub use error::LayerError;
pub use gradient_check::{GradientCheck, check_gradient};
pub use linear::Linear;
pub use loss::{cross_entropy, logistic_loss, squared_error};
pub use norm::LayerNorm;
pub use optimiser::{AdamW, clip};
pub use parameters::{Block, Initial, Parameters, Span};
pub use relu::{relu, relu_backward};
pub use schedule::{Decay, Schedule};
