//! Y = XWᵀ + b.

use dam_memory::kernel::Parallelism::Sequential;
use dam_memory::products::{Factor, multiply};

/// Y = XWᵀ + b for rows of X.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// Numbers of an input row.
    pub input_size: usize,
    /// W, outputs × inputs, row-major.
    pub weights: Vec<f64>,
    /// b, one for each output.
    pub bias: Vec<f64>,
}

/// The slopes of a [`Linear`] layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearGradient {
    /// Gᵀ X.
    pub weights: Vec<f64>,
    /// Column sums of G.
    pub bias: Vec<f64>,
    /// G W.
    pub input: Vec<f64>,
}

impl Linear {
    /// The outputs of all rows.
    ///
    /// # Panics
    /// If input, weights and bias do not fit together.
    pub fn forward(&self, input: &[f64]) -> Vec<f64> {
        let size = self.bias.len();
        assert!(input.len().is_multiple_of(self.input_size), "whole rows");
        let mut output = vec![0.0; input.len() / self.input_size * size];
        let (rows, map) = (
            Factor::new(self.input_size, input),
            Factor::transposed(self.input_size, &self.weights),
        );
        multiply(rows, map, &mut output, Sequential);
        for row in output.chunks_exact_mut(size) {
            for (value, bias) in row.iter_mut().zip(&self.bias) {
                *value += bias;
            }
        }
        output
    }

    /// The slopes, from the input and the slopes G of the output.
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    pub fn backward(&self, input: &[f64], gradient: &[f64]) -> LinearGradient {
        let size = self.bias.len();
        let mut slopes = LinearGradient {
            weights: vec![0.0; self.weights.len()],
            bias: vec![0.0; size],
            input: vec![0.0; input.len()],
        };
        let (rows, transposed) = (
            Factor::new(size, gradient),
            Factor::transposed(size, gradient),
        );
        let (inputs, map) = (
            Factor::new(self.input_size, input),
            Factor::new(self.input_size, &self.weights),
        );
        multiply(transposed, inputs, &mut slopes.weights, Sequential);
        multiply(rows, map, &mut slopes.input, Sequential);
        for row in gradient.chunks_exact(size) {
            for (sum, slope) in slopes.bias.iter_mut().zip(row) {
                *sum += slope;
            }
        }
        slopes
    }
}
