//! How learning rates fall over the steps of training.

use std::f64::consts::PI;

/// How a learning rate falls, after a rise over the first epochs.
///
/// ```
/// use dam_layers::{Decay, Schedule};
/// let schedule = Schedule::new(1e-3, Decay::Exponential { factor: 0.97 });
/// assert_eq!(schedule.rate(0), 1e-3);
/// assert_eq!(schedule.rate(2), 1e-3 * 0.97 * 0.97);
/// assert_eq!(schedule.with_warm_up(4).rate(0), 0.25e-3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    first: f64,
    decay: Decay,
    warm_up: usize,
}

/// The factor of the learning rate in epoch e = 0, 1, …
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decay {
    /// 1.
    Constant,
    /// fᵉ.
    Exponential {
        /// f.
        factor: f64,
    },
    /// f^⌊e/n⌋.
    Steps {
        /// f.
        factor: f64,
        /// n ≥ 1.
        every: usize,
    },
    /// ½(1 + cos(πe/n)), 0 from epoch n on.
    Cosine {
        /// n ≥ 1.
        epochs: usize,
    },
}

impl Schedule {
    /// From a rate on.
    pub fn new(first: f64, decay: Decay) -> Self {
        Self {
            first,
            decay,
            warm_up: 0,
        }
    }

    /// The same, with rates multiplied by (e+1)/n in the first n epochs.
    #[must_use]
    pub fn with_warm_up(self, epochs: usize) -> Self {
        Self {
            warm_up: epochs,
            ..self
        }
    }

    /// The rate of an epoch.
    pub fn rate(&self, epoch: usize) -> f64 {
        let power =
            |factor: f64, times: usize| factor.powi(i32::try_from(times).unwrap_or(i32::MAX));
        let share = match self.decay {
            Decay::Constant => 1.0,
            Decay::Exponential { factor } => power(factor, epoch),
            Decay::Steps { factor, every } => power(factor, epoch / every),
            Decay::Cosine { epochs } if epoch >= epochs => 0.0,
            Decay::Cosine { epochs } => 0.5 * (1.0 + (PI * epoch as f64 / epochs as f64).cos()),
        };
        let rise = if epoch < self.warm_up {
            (epoch + 1) as f64 / self.warm_up as f64
        } else {
            1.0
        };
        self.first * share * rise
    }
}
