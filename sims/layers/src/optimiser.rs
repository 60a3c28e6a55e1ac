//! AdamW over the blocks of a network, and clipped gradients.

use dam_learning::Adam;
use dam_memory::kernel::Parallelism::Sequential;
use dam_memory::products::dot_in_lanes;

use crate::parameters::Parameters;

/// AdamW (I. Loshchilov and F. Hutter, arXiv:1711.05101): w ← w(1 − γλ) − γ m̂/(√v̂ + ε) on every
/// block that is trained; β = (0.9, 0.999), ε = 1e-8.
#[derive(Clone, Debug)]
pub struct AdamW {
    blocks: Vec<Adam>,
}

impl AdamW {
    /// For all blocks of these parameters, with weight decay λ.
    pub fn new(parameters: &Parameters, weight_decay: f64) -> Self {
        let adam = Adam::new([0.9, 0.999], 1e-8).with_weight_decay(weight_decay);
        Self {
            blocks: vec![adam; parameters.blocks().len()],
        }
    }

    /// Moves the parameters against the gradient at the learning rate γ.
    ///
    /// # Panics
    /// If these are not the parameters of [`new`](Self::new), or the gradient is not of them.
    pub fn step(&mut self, learning_rate: f64, parameters: &mut Parameters, gradient: &[f64]) {
        assert_eq!(
            self.blocks.len(),
            parameters.blocks().len(),
            "the same blocks"
        );
        for (index, adam) in self.blocks.iter_mut().enumerate() {
            let block = &parameters.blocks()[index];
            if block.is_trainable {
                let span = block.span;
                let numbers = span.of_mut(parameters.values_mut());
                adam.step(learning_rate, numbers, span.of(gradient), Sequential);
            }
        }
    }
}

/// Shortens a gradient to the length `longest` where it is longer, over the blocks that are trained;
/// returns the length before.
///
/// # Panics
/// If the gradient is not one of these parameters.
pub fn clip(parameters: &Parameters, gradient: &mut [f64], longest: f64) -> f64 {
    let trained = || {
        parameters
            .blocks()
            .iter()
            .filter(|block| block.is_trainable)
    };
    let squares = trained().map(|block| {
        let slopes = block.span.of(gradient);
        dot_in_lanes::<8>(slopes, slopes)
    });
    let length = squares.sum::<f64>().sqrt();
    if length > longest {
        for block in trained() {
            for slope in block.span.of_mut(gradient) {
                *slope *= longest / length;
            }
        }
    }
    length
}
