//! The same row for every head.

use dam_memory::products::add_scaled;

use crate::layer::{Layer, Passed};

/// Each row so many times side by side: what is static is the same for every head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// Numbers of an input row.
    pub size: usize,
    /// How many times.
    pub times: usize,
}

impl Layer for Repeat {
    fn input_size(&self) -> usize {
        self.size
    }

    fn output_size(&self) -> usize {
        self.size * self.times
    }

    fn forward(&self, _: &[f64], input: &[f64], output: &mut Vec<f64>) {
        output.clear();
        for row in input.chunks_exact(self.size) {
            (0..self.times).for_each(|_| output.extend_from_slice(row));
        }
    }

    fn backward(&self, passed: Passed<'_>, _: &mut [f64], of_input: Option<&mut [f64]>) {
        let Some(of_input) = of_input else { return };
        let gradients = passed.gradient.chunks_exact(self.size * self.times);
        for (of_row, gradients) in of_input.chunks_exact_mut(self.size).zip(gradients) {
            for gradient in gradients.chunks_exact(self.size) {
                add_scaled(of_row, 1.0, gradient);
            }
        }
    }
}
