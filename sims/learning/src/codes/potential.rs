//! The smoothed largest cosine of a code and its gradient.

use dam_memory::products::dot;

/// Terms below e^{−40} of the largest do not change the sum.
const NEGLIGIBLE: f64 = -40.0;
/// A pair of vanishing weight still keeps its points apart: it counts again when its cosine exceeds
/// the largest by 32τ.
const LEAST_LOG_WEIGHT: f64 = -32.0;

/// f(Y) = τ ln Σ_{i<j} w_ij exp(x_i·x_j/τ) with x_i = y_i/|y_i|: the largest cosine, smoothed at
/// temperature τ > 0.
///
/// With equal weights f lies between max x_i·x_j and that plus τ ln(M(M−1)/2). With the weights
/// w_ij of [`reweight`](Self::reweight), Lagrange multipliers of the contacts, its minimum is the
/// code itself at any τ (exponential method of multipliers; Kort and Bertsekas, 1972).
#[derive(Clone, Debug)]
pub(super) struct Potential {
    pub(super) dimension: usize,
    pub(super) temperature: f64,
    /// ln w_ij of the pairs i < j, row by row.
    log_weights: Vec<f64>,
    points: Vec<f64>,
    exponents: Vec<f64>,
}

impl Potential {
    /// Equal weights.
    pub(super) fn new(dimension: usize, count: usize, temperature: f64) -> Self {
        let pairs = count * (count - 1) / 2;
        Self {
            dimension,
            temperature,
            log_weights: vec![0.0; pairs],
            points: vec![0.0; dimension * count],
            exponents: vec![0.0; pairs],
        }
    }

    /// f at `coordinates`, with its gradient.
    pub(super) fn evaluate(&mut self, coordinates: &[f64], gradient: &mut [f64]) -> f64 {
        let d = self.dimension;
        let largest = self.prepare(coordinates);
        gradient.fill(0.0);
        let mut sum = 0.0;
        let mut pair = 0;
        for first in 0..self.points.len() / d {
            let x = &self.points[first * d..(first + 1) * d];
            let (head, tail) = gradient.split_at_mut((first + 1) * d);
            let own = &mut head[first * d..];
            let others = self.points[(first + 1) * d..].chunks_exact(d);
            for (y, other) in others.zip(tail.chunks_exact_mut(d)) {
                let difference = self.exponents[pair] - largest;
                pair += 1;
                if difference < NEGLIGIBLE {
                    continue;
                }
                let weight = difference.exp();
                sum += weight;
                for component in 0..d {
                    own[component] += weight * y[component];
                    other[component] += weight * x[component];
                }
            }
        }
        // the gradient in x becomes that in y: tangential, divided by |y|
        let blocks = gradient
            .chunks_exact_mut(d)
            .zip(self.points.chunks_exact(d));
        for ((slope, x), y) in blocks.zip(coordinates.chunks_exact(d)) {
            let radial = dot(slope, x);
            let scale = (sum * dot(y, y).sqrt()).recip();
            for (slope, x) in slope.iter_mut().zip(x) {
                *slope = (*slope - radial * x) * scale;
            }
        }
        self.temperature * (largest + sum.ln())
    }

    /// The largest cosine at `coordinates`, and how far it exceeds the mean of the cosines under
    /// the present shares of the pairs: 0 when only contacts of equal cosine have a share.
    pub(super) fn largest_cosine(&mut self, coordinates: &[f64]) -> (f64, f64) {
        let largest = self.prepare(coordinates);
        let mut greatest = -1.0_f64;
        let (mut sum, mut mean) = (0.0, 0.0);
        for (exponent, log_weight) in self.exponents.iter().zip(&self.log_weights) {
            let share = (exponent - largest).exp();
            let cosine = (exponent - log_weight) * self.temperature;
            greatest = greatest.max(cosine);
            sum += share;
            mean += share * cosine;
        }
        (greatest, greatest - mean / sum)
    }

    /// Multiplies each weight by its exp(x_i·x_j/τ), relative to the largest; none falls below
    /// e^{−32}.
    pub(super) fn reweight(&mut self, coordinates: &[f64]) {
        let largest = self.prepare(coordinates);
        for (log_weight, exponent) in self.log_weights.iter_mut().zip(&self.exponents) {
            *log_weight = (exponent - largest).max(LEAST_LOG_WEIGHT);
        }
    }

    /// Fills in points and exponents ln w_ij + x_i·x_j/τ; returns the largest exponent.
    fn prepare(&mut self, coordinates: &[f64]) -> f64 {
        let d = self.dimension;
        let pairs = self.points.chunks_exact_mut(d);
        for (x, y) in pairs.zip(coordinates.chunks_exact(d)) {
            let inverse_norm = dot(y, y).sqrt().recip();
            for (x, y) in x.iter_mut().zip(y) {
                *x = y * inverse_norm;
            }
        }
        let inverse_temperature = self.temperature.recip();
        let mut largest = f64::NEG_INFINITY;
        let mut pair = 0;
        for first in 0..self.points.len() / d {
            let x = &self.points[first * d..(first + 1) * d];
            for y in self.points[(first + 1) * d..].chunks_exact(d) {
                let exponent = self.log_weights[pair] + inverse_temperature * dot(x, y);
                self.exponents[pair] = exponent;
                largest = largest.max(exponent);
                pair += 1;
            }
        }
        largest
    }
}
