//! Rows of mean 0 and variance 1 (J. L. Ba, J. R. Kiros, G. E. Hinton, arXiv:1607.06450).

use dam_memory::products::add_scaled;

use crate::layer::{Layer, Passed};
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
}

impl Layer for LayerNorm {
    fn input_size(&self) -> usize {
        self.size
    }

    fn output_size(&self) -> usize {
        self.size
    }

    fn forward(&self, parameters: &[f64], input: &[f64], output: &mut Vec<f64>) {
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

    /// Σ g∘x̂ of γ, Σ g of b, and ρ (h − mean h − x̂ mean(h∘x̂)) with h = g∘γ and ρ = 1/√(var + ε) of
    /// the input.
    fn backward(&self, passed: Passed<'_>, slopes: &mut [f64], mut of_input: Option<&mut [f64]>) {
        let size = self.size;
        let rows = passed.input.chunks_exact(size);
        for (index, (row, gradient)) in rows.zip(passed.gradient.chunks_exact(size)).enumerate() {
            let (mean, scale) = self.moments(row);
            if let Some([weight, bias]) = self.affine {
                let normals = row.iter().map(|value| (value - mean) * scale);
                let of_weight = weight.of_mut(slopes).iter_mut();
                for ((slope, gradient), normal) in of_weight.zip(gradient).zip(normals) {
                    *slope += gradient * normal;
                }
                add_scaled(bias.of_mut(slopes), 1.0, gradient);
            }
            if let Some(of_input) = &mut of_input {
                let weights = self.affine.map(|[weight, _]| weight.of(passed.parameters));
                let of_row = &mut of_input[index * size..][..size];
                add_row_slopes([row, gradient], weights, (mean, scale), of_row);
            }
        }
    }
}

/// Adds ρ (h − mean h − x̂ mean(h∘x̂)).
fn add_row_slopes(
    [row, gradient]: [&[f64]; 2],
    weights: Option<&[f64]>,
    (mean, scale): (f64, f64),
    slopes: &mut [f64],
) {
    let count = row.len() as f64;
    let normal = |index: usize| (row[index] - mean) * scale;
    let h = |index: usize| gradient[index] * weights.map_or(1.0, |weights| weights[index]);
    let (mut sum, mut product) = (0.0, 0.0);
    for index in 0..row.len() {
        sum += h(index);
        product += h(index) * normal(index);
    }
    let (sum, product) = (sum / count, product / count);
    for (index, slope) in slopes.iter_mut().enumerate() {
        *slope += scale * (h(index) - sum - normal(index) * product);
    }
}
