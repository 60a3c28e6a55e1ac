//! The feature maps that are learned on the stored patterns.

use crate::memory_comparison::model::Kernel;
use dam_learning::{
    FeatureMap, KernelLearningError, LossForm, Optimiser, Projection, Recipe, SeparationLoss,
    Trainer, Training,
};
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::Patterns;
use dam_memory::streams::StreamKey;

/// How kernels are learned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learning {
    /// D_Φ; d where there is none.
    pub feature_size: Option<usize>,
    /// The constant rate of `average-loss`.
    pub average_learning_rate: f64,
    /// The constant rate of `maximum-loss`.
    pub maximum_learning_rate: f64,
}

/// t of the losses of U-Hop.
const SHARPNESS: f64 = 2.0;

impl Learning {
    /// A trainer before its first step. Kernels of one `stream` start from the same random numbers.
    pub(super) fn trainer<'a>(
        &self,
        kernel: Kernel,
        patterns: &'a Patterns<f64>,
        stream: &StreamKey,
    ) -> Result<Trainer<'a>, KernelLearningError> {
        let at_rate = |form, rate| Training {
            loss: SeparationLoss::normalised(form),
            optimiser: Optimiser::gradient_descent(rate),
            projection: Projection::None,
            ..Recipe::UHop.training(0)
        };
        let average = LossForm::Average {
            sharpness: SHARPNESS,
        };
        let maximum = LossForm::Maximum {
            sharpness: SHARPNESS,
        };
        let mut training = match kernel {
            Kernel::UHop => Recipe::UHop.training(0),
            // the random kernel makes no step
            Kernel::Random | Kernel::UHopAsPublished => Recipe::UHopAsPublished.training(0),
            Kernel::Average => at_rate(average, self.average_learning_rate),
            Kernel::Maximum => at_rate(maximum, self.maximum_learning_rate),
            Kernel::UHopPlus => Recipe::UHopPlus.training(0),
        };
        // samples are measured in parallel
        training.parallelism = Parallelism::Sequential;
        let size = patterns.size();
        let features = self.feature_size.unwrap_or(size);
        let mut rng = stream.rng("feature map");
        let start = match kernel {
            Kernel::UHopPlus => FeatureMap::kaiming_uniform(size, features, &mut rng),
            _ => FeatureMap::standard_normal(size, features, &mut rng),
        };
        Trainer::new(&training, patterns, start)
    }
}
