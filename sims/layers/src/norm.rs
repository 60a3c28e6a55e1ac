//! Rows of mean 0 and variance 1.

/// What is added to the variance.
const EPSILON: f64 = 1e-5;

/// y = γ∘x̂ + b with x̂ = (x − mean x)/√(var x + 1e-5), row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerNorm {
    /// γ.
    pub weights: Vec<f64>,
    /// b.
    pub bias: Vec<f64>,
}

/// The slopes of a [`LayerNorm`].
#[derive(Clone, Debug, PartialEq)]
pub struct LayerNormGradient {
    /// Σ g∘x̂.
    pub weights: Vec<f64>,
    /// Σ g.
    pub bias: Vec<f64>,
    /// Of the input.
    pub input: Vec<f64>,
}

/// Mean and 1/√(var + ε).
fn moments(row: &[f64]) -> (f64, f64) {
    let count = row.len() as f64;
    let mean = row.iter().sum::<f64>() / count;
    let variance = row.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, (variance + EPSILON).sqrt().recip())
}

impl LayerNorm {
    /// The outputs of all rows.
    pub fn forward(&self, input: &[f64]) -> Vec<f64> {
        let mut output = input.to_vec();
        for row in output.chunks_exact_mut(self.bias.len()) {
            let (mean, scale) = moments(row);
            for ((value, weight), bias) in row.iter_mut().zip(&self.weights).zip(&self.bias) {
                *value = weight * (*value - mean) * scale + bias;
            }
        }
        output
    }

    /// The slopes: g_x = ρ (h − mean h − x̂ mean(h∘x̂)) with h = g∘γ.
    pub fn backward(&self, input: &[f64], gradient: &[f64]) -> LayerNormGradient {
        let size = self.bias.len();
        let mut slopes = LayerNormGradient {
            weights: vec![0.0; size],
            bias: vec![0.0; size],
            input: gradient.to_vec(),
        };
        let rows = slopes.input.chunks_exact_mut(size);
        for (row, slope) in input.chunks_exact(size).zip(rows) {
            let (mean, scale) = moments(row);
            let (mut sum, mut product) = (0.0, 0.0);
            for (index, slope) in slope.iter_mut().enumerate() {
                let normal = (row[index] - mean) * scale;
                slopes.weights[index] += *slope * normal;
                slopes.bias[index] += *slope;
                *slope *= self.weights[index];
                sum += *slope;
                product += *slope * normal;
            }
            let count = size as f64;
            for (slope, value) in slope.iter_mut().zip(row) {
                let normal = (value - mean) * scale;
                *slope = scale * (*slope - sum / count - normal * product / count);
            }
        }
        slopes
    }
}
