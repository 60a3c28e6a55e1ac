//! Gradient descent.

use dam_memory::kernel::Parallelism;
use rayon::prelude::*;

/// Numbers that a thread takes at a time.
pub(super) const CHUNK: usize = 1 << 13;

/// How the learning rate falls over the epochs i = 1, 2, …
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateDecay {
    /// γ_i = γ.
    #[default]
    Constant,
    /// γ_i = γ/√i.
    InverseSquareRoot,
    /// γ_i = γ_{i−1}/√i = γ/√(i!), as in the published code of U-Hop: after ten epochs nothing
    /// moves any more.
    CumulativeInverseSquareRoot,
}

/// γ_1, γ_2, …
#[derive(Clone, Debug)]
pub(crate) struct Rates {
    decay: RateDecay,
    first: f64,
    epoch: f64,
    last: f64,
}

impl Rates {
    pub(crate) fn new(first: f64, decay: RateDecay) -> Self {
        Self {
            decay,
            first,
            epoch: 0.0,
            last: first,
        }
    }

    pub(crate) fn next(&mut self) -> f64 {
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

/// x ← x − γ ∇L.
pub(super) fn descend(rate: f64, numbers: &mut [f64], gradient: &[f64], parallelism: Parallelism) {
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
