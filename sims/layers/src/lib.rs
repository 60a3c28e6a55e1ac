//! Layers of associative memories with backward passes written out, over bags of any size.
//!
//! The rows of all bags are one matrix, row-major; [`Association`] retrieves bag by bag, so that
//! the result of a bag does not depend on the others of its batch.

mod association;
mod gradient_check;
mod linear;
mod norm;
mod relu;

pub use association::{Associated, Association, AssociationGradient, Bags};
pub use gradient_check::worst_difference;
pub use linear::{Linear, LinearGradient};
pub use norm::{LayerNorm, LayerNormGradient};
pub use relu::{relu, relu_backward};
