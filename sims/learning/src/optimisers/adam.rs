//! Adam (D. P. Kingma and J. Ba, arXiv:1412.6980, Algorithm 1), with decoupled weight decay AdamW
//! (I. Loshchilov and F. Hutter, arXiv:1711.05101, Algorithm 2).

use dam_memory::kernel::Parallelism;
use rayon::prelude::*;

use crate::optimisers::descent::CHUNK;

/// Adam at work on some numbers: w ← w(1 − γλ) − γ m̂/(√v̂ + ε).
#[derive(Clone, Debug)]
pub struct Adam {
    moment_decays: [f64; 2],
    epsilon: f64,
    weight_decay: f64,
    steps: i32,
    /// m and v of each number.
    moments: Vec<[f64; 2]>,
}

impl Adam {
    /// Before the first step, without weight decay: β₁ and β₂ in [0, 1), ε > 0.
    pub fn new(moment_decays: [f64; 2], epsilon: f64) -> Self {
        Self {
            moment_decays,
            epsilon,
            weight_decay: 0.0,
            steps: 0,
            moments: Vec::new(),
        }
    }

    /// The same with decay λ.
    #[must_use]
    pub fn with_weight_decay(self, weight_decay: f64) -> Self {
        Self {
            weight_decay,
            ..self
        }
    }

    /// Moves the numbers against the gradient at the learning rate γ.
    ///
    /// # Panics
    /// If the numbers are not as many as those of the first step.
    pub fn step(
        &mut self,
        learning_rate: f64,
        numbers: &mut [f64],
        gradient: &[f64],
        parallelism: Parallelism,
    ) {
        if self.steps == 0 {
            self.moments.resize(numbers.len(), [0.0; 2]);
        }
        assert_eq!(self.moments.len(), numbers.len(), "the same numbers");
        self.steps += 1;
        let [mean_decay, square_decay] = self.moment_decays;
        let rate = learning_rate / (1.0 - mean_decay.powi(self.steps));
        let square_correction = (1.0 - square_decay.powi(self.steps)).recip();
        let epsilon = self.epsilon;
        let kept = 1.0 - learning_rate * self.weight_decay;
        let descend = |numbers: &mut [f64], gradient: &[f64], moments: &mut [[f64; 2]]| {
            let slopes = numbers.iter_mut().zip(gradient).zip(moments);
            for ((number, slope), [mean, square]) in slopes {
                *mean += (1.0 - mean_decay) * (slope - *mean);
                *square += (1.0 - square_decay) * (slope * slope - *square);
                let step = rate * *mean / ((*square * square_correction).sqrt() + epsilon);
                *number = kept * *number - step;
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
