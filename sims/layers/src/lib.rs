//! Layers of associative memories with backward passes written out, over bags of any size.
//!
//! All numbers of a network are one list, [`Parameters`]; a gradient is a list of the same places.
//! A [`Layer`] takes rows one by one and says where its numbers lie: [`Linear`], [`LayerNorm`],
//! [`Activation`], or one's own, in a [`Chain`]. [`Association`] retrieves values by keys; [`Hopfield`],
//! [`HopfieldPooling`] and [`HopfieldLayer`] put maps before and after it, with the options of
//! `hflayers`, and tell energies and attention maps. The rows of all bags are one matrix,
//! row-major, [`Bags`]; there is no padding, and what a bag retrieves has the same bits in any
//! batch.
//!
//! [`logistic_loss`] and its like say what is minimised, [`AdamW`], [`Schedule`], [`clip`] and
//! [`Dropout`] how. A [`BagNetwork`] gives every bag of a [`BagSet`] a score
//! by any [`Pooling`], a [`Trainer`] fits it; [`check_gradient`] holds any gradient against central differences.

mod activation;
mod association;
mod bag_file;
mod bag_means;
mod bags;
mod dropout;
mod error;
mod gate;
mod gradient_check;
mod hopfield;
mod layer;
mod linear;
mod lookup;
mod loss;
mod maps;
mod network;
mod norm;
mod optimiser;
mod options;
mod parameters;
mod pooling;
mod repeat;
mod schedule;
mod trainer;
mod weights;

pub use activation::{Activation, Function, HyperbolicTangent, Rectifier, Relu, Tanh};
pub use association::{
    Associated, Association, AssociationGradient, AssociationInput, UpdateSteps,
};
pub use bag_means::{MaxPooling, MaxTrace, MeanPooling, MeanTrace};
pub use bags::{Bags, Pairing, Rows};
pub use dropout::Dropout;
pub use error::LayerError;
pub use gate::Gate;
pub use gradient_check::{GradientCheck, check_gradient};
pub use hopfield::{Hopfield, HopfieldInput, HopfieldSlopes, HopfieldTrace};
pub use layer::{Chain, ChainTrace, Layer, Passed};
pub use linear::Linear;
pub use lookup::{HopfieldLayer, LookupOptions};
pub use loss::{cross_entropy, logistic_loss, separation_loss, squared_error};
pub use network::{BagNetwork, Batch, NetworkTrace, Pooling};
pub use norm::LayerNorm;
pub use optimiser::{AdamW, clip};
pub use options::{HopfieldOptions, Normalization, ScalingOption};
pub use parameters::{Block, Initial, Parameters, Span};
pub use pooling::HopfieldPooling;
pub use repeat::Repeat;
pub use schedule::{Decay, Schedule};
pub use trainer::{BagSet, Trainer, Training};
