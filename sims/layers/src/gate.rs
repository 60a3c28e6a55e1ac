//! Hyperbolic tangents with gates.

use crate::layer::{Layer, Passed};

/// y = tanh(a)∘σ(b) of the two halves a and b of every row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Numbers of an output row, half of those of an input row.
    pub size: usize,
}

fn sigmoid(x: f64) -> f64 {
    (1.0 + (-x).exp()).recip()
}

impl Layer for Gate {
    fn input_size(&self) -> usize {
        2 * self.size
    }

    fn output_size(&self) -> usize {
        self.size
    }

    fn forward(&self, _: &[f64], input: &[f64], output: &mut Vec<f64>) {
        output.clear();
        for row in input.chunks_exact(2 * self.size) {
            let (left, right) = row.split_at(self.size);
            let gated = left.iter().zip(right);
            output.extend(gated.map(|(a, b)| a.tanh() * sigmoid(*b)));
        }
    }

    fn backward(&self, passed: Passed<'_>, _: &mut [f64], of_input: Option<&mut [f64]>) {
        let Some(of_input) = of_input else { return };
        let gradients = passed.gradient.chunks_exact(self.size);
        let rows = passed.input.chunks_exact(2 * self.size).zip(gradients);
        for ((row, gradient), of_row) in rows.zip(of_input.chunks_exact_mut(2 * self.size)) {
            let (left, right) = row.split_at(self.size);
            let (of_left, of_right) = of_row.split_at_mut(self.size);
            for (index, slope) in gradient.iter().enumerate() {
                let (tanh, open) = (left[index].tanh(), sigmoid(right[index]));
                of_left[index] += slope * open * (1.0 - tanh * tanh);
                of_right[index] += slope * tanh * open * (1.0 - open);
            }
        }
    }
}
