//! How a gradient changes the weights.

use rayon::prelude::*;

use crate::error::KernelLearningError;
use dam_memory::kernel::Parallelism;

/// How the learning rate falls over the epochs i = 1, 2, …
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateDecay {
    /// γ_i = γ.
    #[default]
    Constant,
    /// γ_i = γ/√i.
    InverseSquareRoot,
    /// γ_i = γ_{i−1}/√i = γ/√(i!), as in the published code of U-Hop: after ten epochs nothing moves any more.
    CumulativeInverseSquareRoot,
}

/// Full-batch optimisers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimiser {
    /// W ← W − γ_i ∇L, the SGD of the papers with all memories in one batch.
    GradientDescent {
        /// γ > 0.
        learning_rate: f64,
        /// How γ_i falls.
        decay: RateDecay,
    },
    /// Adam (D. P. Kingma and J. Ba, arXiv:1412.6980, Algorithm 1).
    Adam {
        /// γ > 0.
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

    pub(super) fn validate(&self) -> Result<(), KernelLearningError> {
        let (Self::GradientDescent { learning_rate, .. } | Self::Adam { learning_rate, .. }) =
            *self;
        let positive = "positive and finite";
        require("learning rate", learning_rate, positive, |rate| rate > 0.0)?;
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
pub(super) fn require(
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

/// γ_1, γ_2, …
#[derive(Clone, Debug)]
pub(super) struct Rates {
    decay: RateDecay,
    first: f64,
    epoch: f64,
    last: f64,
}

impl Rates {
    pub(super) fn new(first: f64, decay: RateDecay) -> Self {
        Self {
            decay,
            first,
            epoch: 0.0,
            last: first,
        }
    }

    pub(super) fn next(&mut self) -> f64 {
        self.epoch += 1.0;
        let before = match self.decay {
            RateDecay::Constant => return self.first,
            RateDecay::InverseSquareRoot => self.first,
            RateDecay::CumulativeInverseSquareRoot => self.last,
        };
        self.last = before / self.epoch.sqrt();
        self.last
    }
}

/// Numbers that a thread takes at a time.
const CHUNK: usize = 1 << 13;

/// An optimiser at work on some numbers.
#[derive(Clone, Debug)]
pub(super) enum Stepper {
    GradientDescent(Rates),
    Adam(Adam),
}

impl Stepper {
    pub(super) fn new(optimiser: Optimiser) -> Self {
        match optimiser {
            Optimiser::GradientDescent {
                learning_rate,
                decay,
            } => Self::GradientDescent(Rates::new(learning_rate, decay)),
            Optimiser::Adam {
                learning_rate,
                moment_decays,
                epsilon,
            } => Self::Adam(Adam {
                learning_rate,
                moment_decays,
                epsilon,
                epoch: 0,
                moments: Vec::new(),
            }),
        }
    }

    /// Moves `numbers` against `gradient`.
    pub(super) fn step(&mut self, numbers: &mut [f64], gradient: &[f64], parallelism: Parallelism) {
        match self {
            Self::GradientDescent(rates) => {
                let rate = rates.next();
                let descend = |(numbers, gradient): (&mut [f64], &[f64])| {
                    for (number, slope) in numbers.iter_mut().zip(gradient) {
                        *number -= rate * slope;
                    }
                };
                match parallelism {
                    Parallelism::Sequential => descend((numbers, gradient)),
                    Parallelism::Chunks => numbers
                        .par_chunks_mut(CHUNK)
                        .zip(gradient.par_chunks(CHUNK))
                        .for_each(descend),
                }
            }
            Self::Adam(adam) => adam.step(numbers, gradient, parallelism),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Adam {
    learning_rate: f64,
    moment_decays: [f64; 2],
    epsilon: f64,
    epoch: i32,
    /// m and v of each number.
    moments: Vec<[f64; 2]>,
}

impl Adam {
    fn step(&mut self, numbers: &mut [f64], gradient: &[f64], parallelism: Parallelism) {
        self.epoch += 1;
        self.moments.resize(numbers.len(), [0.0; 2]);
        let [mean_decay, square_decay] = self.moment_decays;
        let rate = self.learning_rate / (1.0 - mean_decay.powi(self.epoch));
        let square_correction = (1.0 - square_decay.powi(self.epoch)).recip();
        let epsilon = self.epsilon;
        let descend = |numbers: &mut [f64], gradient: &[f64], moments: &mut [[f64; 2]]| {
            let slopes = numbers.iter_mut().zip(gradient).zip(moments);
            for ((number, slope), [mean, square]) in slopes {
                *mean += (1.0 - mean_decay) * (slope - *mean);
                *square += (1.0 - square_decay) * (slope * slope - *square);
                *number -= rate * *mean / ((*square * square_correction).sqrt() + epsilon);
            }
        };
        match parallelism {
            Parallelism::Sequential => descend(numbers, gradient, &mut self.moments),
            Parallelism::Chunks => numbers
                .par_chunks_mut(CHUNK)
                .zip(gradient.par_chunks(CHUNK))
                .zip(self.moments.par_chunks_mut(CHUNK))
                .for_each(|((numbers, gradient), moments)| descend(numbers, gradient, moments)),
        }
    }
}
