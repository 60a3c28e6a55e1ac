//! How a gradient changes numbers: gradient descent and Adam step by step, L-BFGS to the minimum.

mod adam;
mod descent;
pub(crate) mod lbfgs;

pub use adam::Adam;
pub use descent::RateDecay;

use crate::error::KernelLearningError;
use dam_memory::kernel::Parallelism;
pub(crate) use descent::Rates;
use descent::descend;

/// Full-batch optimisers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimiser {
    /// W ← W − γ_i ∇L, the SGD of the papers with all memories in one batch.
    GradientDescent {
        /// γ ≠ 0; below 0 the loss is climbed.
        learning_rate: f64,
        /// How γ_i falls.
        decay: RateDecay,
    },
    /// Adam (D. P. Kingma and J. Ba, arXiv:1412.6980, Algorithm 1).
    Adam {
        /// γ ≠ 0; below 0 the loss is climbed.
        learning_rate: f64,
        /// β₁, β₂ in [0, 1).
        moment_decays: [f64; 2],
        /// ε > 0.
        epsilon: f64,
    },
}

impl Optimiser {
    /// Gradient descent at a constant rate.
    pub fn gradient_descent(learning_rate: f64) -> Self {
        Self::GradientDescent {
            learning_rate,
            decay: RateDecay::Constant,
        }
    }

    /// Adam with β = (0.9, 0.999), ε = 1e-8.
    pub fn adam(learning_rate: f64) -> Self {
        Self::Adam {
            learning_rate,
            moment_decays: [0.9, 0.999],
            epsilon: 1e-8,
        }
    }

    /// The same optimiser at another learning rate.
    #[must_use]
    pub fn at_rate(mut self, rate: f64) -> Self {
        let (Self::GradientDescent { learning_rate, .. } | Self::Adam { learning_rate, .. }) =
            &mut self;
        *learning_rate = rate;
        self
    }

    /// γ of the first step.
    pub fn learning_rate(&self) -> f64 {
        let (Self::GradientDescent { learning_rate, .. } | Self::Adam { learning_rate, .. }) =
            *self;
        learning_rate
    }

    pub(crate) fn validate(&self) -> Result<(), KernelLearningError> {
        let learning_rate = self.learning_rate();
        let positive = "positive and finite";
        require("learning rate", learning_rate, "finite and not 0", |rate| {
            rate != 0.0
        })?;
        if let Self::Adam {
            moment_decays,
            epsilon,
            ..
        } = *self
        {
            for decay in moment_decays {
                let inside = |decay: f64| (0.0..1.0).contains(&decay);
                require("moment decay", decay, "at least 0 and below 1", inside)?;
            }
            require("epsilon", epsilon, positive, |epsilon| epsilon > 0.0)?;
        }
        Ok(())
    }
}

/// Checks that a setting is finite and `holds`.
pub(crate) fn require(
    name: &'static str,
    value: f64,
    domain: &'static str,
    holds: impl Fn(f64) -> bool,
) -> Result<(), KernelLearningError> {
    if value.is_finite() && holds(value) {
        Ok(())
    } else {
        Err(KernelLearningError::Setting {
            name,
            value,
            domain,
        })
    }
}

/// An optimiser at work on some numbers.
#[derive(Clone, Debug)]
pub(crate) enum Stepper {
    GradientDescent(Rates),
    /// At a learning rate.
    Adam(f64, Adam),
}

impl Stepper {
    pub(crate) fn new(optimiser: Optimiser) -> Self {
        match optimiser {
            Optimiser::GradientDescent {
                learning_rate,
                decay,
            } => Self::GradientDescent(Rates::new(learning_rate, decay)),
            Optimiser::Adam {
                learning_rate,
                moment_decays,
                epsilon,
            } => Self::Adam(learning_rate, Adam::new(moment_decays, epsilon)),
        }
    }

    /// Moves `numbers` against `gradient`.
    pub(crate) fn step(&mut self, numbers: &mut [f64], gradient: &[f64], parallelism: Parallelism) {
        match self {
            Self::GradientDescent(rates) => descend(rates.next(), numbers, gradient, parallelism),
            Self::Adam(rate, adam) => adam.step(*rate, numbers, gradient, parallelism),
        }
    }
}
