//! Adam (D. P. Kingma and J. Ba, arXiv:1412.6980, Algorithm 1).

use dam_memory::kernel::Parallelism;
use rayon::prelude::*;

use crate::optimisers::descent::CHUNK;

/// Adam at work on some numbers.
#[derive(Clone, Debug)]
pub(crate) struct Adam {
    learning_rate: f64,
    moment_decays: [f64; 2],
    epsilon: f64,
    epoch: i32,
    /// m and v of each number.
    moments: Vec<[f64; 2]>,
}

impl Adam {
    pub(super) fn new(learning_rate: f64, moment_decays: [f64; 2], epsilon: f64) -> Self {
        Self {
            learning_rate,
            moment_decays,
            epsilon,
            epoch: 0,
            moments: Vec::new(),
        }
    }

    pub(super) fn step(&mut self, numbers: &mut [f64], gradient: &[f64], parallelism: Parallelism) {
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
