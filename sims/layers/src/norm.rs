//! Rows of mean 0 and variance 1 (J. L. Ba, J. R. Kiros, G. E. Hinton, arXiv:1607.06450).

use crate::parameters::{Initial, Parameters, Span, named};

/// What is added to the variance, unless told otherwise.
pub const EPSILON: f64 = 1e-5;

/// y = γ∘x̂ + b with x̂ = (x − mean x)/√(var x + ε), row by row; without γ and b, y = x̂.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerNorm {
    /// Numbers of a row.
    pub size: usize,
    /// γ and b, where the layer has them.
    pub affine: Option<[Span; 2]>,
    /// ε.
    pub epsilon: f64,
}

impl LayerNorm {
    /// With γ = 1 and b = 0, `{name}.weight` and `{name}.bias`.
    pub fn new(parameters: &mut Parameters, name: &str, size: usize) -> Self {
        Self::of_blocks(
            parameters,
            size,
            ["weight", "bias"].map(|part| named(name, part)),
        )
    }

    /// With γ = 1 and b = 0 in blocks of these names.
    pub fn of_blocks(
        parameters: &mut Parameters,
        size: usize,
        [weight, bias]: [String; 2],
    ) -> Self {
        let weight = parameters.add(&weight, &[size], Initial::Constant(1.0));
        let bias = parameters.add(&bias, &[size], Initial::Constant(0.0));
        Self {
            affine: Some([weight, bias]),
            ..Self::plain(size)
        }
    }

    /// Without γ and b.
    pub fn plain(size: usize) -> Self {
        Self {
            size,
            affine: None,
            epsilon: EPSILON,
        }
    }

    /// Mean and 1/√(var + ε).
    fn moments(&self, row: &[f64]) -> (f64, f64) {
        let count = row.len() as f64;
        let mean = row.iter().sum::<f64>() / count;
        let squares: f64 = row
            .iter()
            .map(|value| (value - mean) * (value - mean))
            .sum();
        (mean, (squares / count + self.epsilon).sqrt().recip())
    }

    /// Writes the outputs of all rows.
    ///
    /// # Panics
    /// If the input is not whole rows.
    pub fn forward(&self, parameters: &[f64], input: &[f64], output: &mut Vec<f64>) {
        assert!(input.len().is_multiple_of(self.size), "whole rows");
        output.clear();
        output.extend_from_slice(input);
        let affine = self
            .affine
            .map(|spans| spans.map(|span| span.of(parameters)));
        for row in output.chunks_exact_mut(self.size) {
            let (mean, scale) = self.moments(row);
            for value in row.iter_mut() {
                *value = (*value - mean) * scale;
            }
            if let Some([weights, bias]) = affine {
                for ((value, weight), bias) in row.iter_mut().zip(weights).zip(bias) {
                    *value = weight * *value + bias;
                }
            }
        }
    }

    /// Adds the slopes, from the input and the slopes g of the output: Σ g∘x̂ of γ and Σ g of b to
    /// `slopes`, the list of all parameters, and ρ (h − mean h − x̂ mean(h∘x̂)) with h = g∘γ and
    /// ρ = 1/√(var + ε) to those of the input.
    ///
    /// # Panics
    /// If the shapes do not fit together.
    pub fn backward(
        &self,
        parameters: &[f64],
        input: &[f64],
        gradient: &[f64],
        slopes: &mut [f64],
        of_input: &mut [f64],
    ) {
        assert!(input.len() == gradient.len() && input.len() == of_input.len());
        let size = self.size;
        let count = size as f64;
        let rows = input.chunks_exact(size).zip(gradient.chunks_exact(size));
        for ((row, gradient), of_row) in rows.zip(of_input.chunks_exact_mut(size)) {
            let (mean, scale) = self.moments(row);
            let normal = |index: usize| (row[index] - mean) * scale;
            if let Some([weight, bias]) = self.affine {
                for (index, slope) in weight.of_mut(slopes).iter_mut().enumerate() {
                    *slope += gradient[index] * normal(index);
                }
                for (slope, gradient) in bias.of_mut(slopes).iter_mut().zip(gradient) {
                    *slope += gradient;
                }
            }
            let weights = self.affine.map(|[weight, _]| weight.of(parameters));
            let h = |index: usize| gradient[index] * weights.map_or(1.0, |weights| weights[index]);
            let (mut sum, mut product) = (0.0, 0.0);
            for index in 0..size {
                sum += h(index);
                product += h(index) * normal(index);
            }
            let (sum, product) = (sum / count, product / count);
            for (index, slope) in of_row.iter_mut().enumerate() {
                *slope += scale * (h(index) - sum - normal(index) * product);
            }
        }
    }
}
