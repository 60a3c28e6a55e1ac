//! The published ways to learn a kernel, by name.

use rand::Rng;

use crate::loss::{LossForm, SeparationLoss};
use crate::optimisers::{Optimiser, RateDecay};
use crate::projection::{Projection, RowConstraint};
use crate::training::Training;
use dam_memory::kernel::Parallelism;
use dam_memory::similarities::feature_map::FeatureMap;

/// A published way to learn a kernel: start, loss, optimiser, projection.
///
/// The papers and their public code differ; both are here, so that results are compared on the
/// right thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// U-Hop, Algorithm 1 and Table 4 (arXiv:2404.03827): average loss with t = 2 on normalised
    /// features, W standard normal, gradient descent at the constant rate 1, rows of W normalised
    /// after the last epoch. The paper takes D = d and up to 1000 epochs; it calls the loss convex
    /// in W, which it is not.
    UHop,
    /// U-Hop as its published code has it: as [`UHop`](Self::UHop), but rows are not normalised,
    /// and the rate is divided by √i again at each epoch i, γ_i = 1/√(i!): after ten epochs the map
    /// hardly moves.
    UHopAsPublished,
    /// U-Hop+ (arXiv:2410.23126, Fig. 5): U-Hop+ loss with τ = 0.1 on normalised features, the map
    /// affine and uniform on ±1/√d at the start, Adam at the rate 1e-3. The paper takes D = 100 on
    /// MNIST and 100 epochs; lower τ for the largest minimal separation.
    UHopPlus,
    /// U-Hop+ as its published code has it: the same start and optimiser, but each pair pulls on
    /// one of its features only, M(M+1)/2 masked pairs count as exp(0), and τ stays at 0.1.
    UHopPlusAsPublished,
}

impl Recipe {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::UHop,
        Self::UHopAsPublished,
        Self::UHopPlus,
        Self::UHopPlusAsPublished,
    ];

    /// The name in job files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::UHop => "u-hop",
            Self::UHopAsPublished => "u-hop-as-published",
            Self::UHopPlus => "u-hop-plus",
            Self::UHopPlusAsPublished => "u-hop-plus-as-published",
        }
    }

    /// The recipe of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recipe| recipe.name() == name)
    }

    /// Loss, optimiser and projection; never ends early.
    pub fn training(self, epochs: usize) -> Training {
        let (form, optimiser, projection) = match self {
            Self::UHop => (
                LossForm::Average { sharpness: 2.0 },
                Optimiser::gradient_descent(1.0),
                Projection::AtEnd(RowConstraint::UnitNorm),
            ),
            Self::UHopAsPublished => (
                LossForm::Average { sharpness: 2.0 },
                Optimiser::GradientDescent {
                    learning_rate: 1.0,
                    decay: RateDecay::CumulativeInverseSquareRoot,
                },
                Projection::None,
            ),
            Self::UHopPlus => (
                LossForm::UHopPlus { temperature: 0.1 },
                Optimiser::adam(1e-3),
                Projection::None,
            ),
            Self::UHopPlusAsPublished => (
                LossForm::UHopPlusAsPublished { temperature: 0.1 },
                Optimiser::adam(1e-3),
                Projection::None,
            ),
        };
        Training {
            loss: SeparationLoss::normalised(form),
            optimiser,
            projection,
            epochs,
            tolerance: 0.0,
            parallelism: Parallelism::Chunks,
        }
    }

    /// A random start.
    pub fn start(self, input_size: usize, feature_size: usize, rng: &mut impl Rng) -> FeatureMap {
        match self {
            Self::UHop | Self::UHopAsPublished => {
                FeatureMap::standard_normal(input_size, feature_size, rng)
            }
            Self::UHopPlus | Self::UHopPlusAsPublished => {
                FeatureMap::kaiming_uniform(input_size, feature_size, rng)
            }
        }
    }
}
