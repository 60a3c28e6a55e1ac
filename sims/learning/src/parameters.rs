//! What training changes: W and b, or the features of the memories.

use crate::error::KernelLearningError;
use crate::evaluation::{Evaluator, FeatureGradient, squared_norm, sum_of_products};
use crate::loss::Value;
use crate::optimisers::{Optimiser, Rates, Stepper};
use crate::projection::Projection;
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::Patterns;
use dam_memory::products::{Factor, add_scaled, multiply, multiply_by_own_transpose};
use dam_memory::similarities::feature_map::FeatureMap;

/// The numbers that training changes, with their gradient.
#[derive(Debug)]
pub(super) struct Parameters<'a> {
    memories: &'a [f64],
    parallelism: Parallelism,
    evaluator: Evaluator,
    features: Vec<f64>,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Weights(InWeights),
    Features(InFeatures),
}

/// W and b themselves.
#[derive(Debug)]
struct InWeights {
    map: FeatureMap,
    projection: Projection,
    steppers: [Stepper; 2],
    weight_gradient: Vec<f64>,
    bias_gradient: Vec<f64>,
}

/// W_i = W_0 − CᵀΞ with coefficients C (M×D): gradient descent never leaves this form, and Φ ←
/// Φ − γ K G with the Gram matrix K = ΞΞᵀ (+ 1 for an affine map) and the gradient G in the
/// features needs no product with W.
#[derive(Debug)]
struct InFeatures {
    start: FeatureMap,
    rates: Rates,
    memory_gram: Vec<f64>,
    coefficients: Vec<f64>,
    /// K G.
    direction: Vec<f64>,
}

impl<'a> Parameters<'a> {
    /// Whether fewer multiplications are needed in the features: 5 M²D against 4 MDd + 3 M²D, and W
    /// need not be known.
    pub(super) fn prefer_features(
        optimiser: Optimiser,
        projection: Projection,
        memories: &Patterns<f64>,
        start: &FeatureMap,
    ) -> bool {
        let is_descent = matches!(optimiser, Optimiser::GradientDescent { .. });
        let is_free = !matches!(projection, Projection::EveryEpoch(_));
        is_descent && is_free && memories.count() < 2 * start.input_size()
    }

    pub(super) fn new(
        evaluator: Evaluator,
        optimiser: Optimiser,
        projection: Projection,
        memories: &'a Patterns<f64>,
        start: FeatureMap,
        in_features: bool,
    ) -> Self {
        let (count, size) = (memories.count(), start.feature_size());
        let parallelism = evaluator.parallelism();
        let memories = memories.as_slice();
        let features = start.features(memories, parallelism);
        let form = match optimiser {
            Optimiser::GradientDescent {
                learning_rate,
                decay,
            } if in_features => {
                let mut memory_gram = vec![0.0; count * count];
                let input = start.input_size();
                multiply_by_own_transpose(input, memories, &mut memory_gram, parallelism);
                if start.bias.is_some() {
                    for gram in &mut memory_gram {
                        *gram += 1.0;
                    }
                }
                Form::Features(InFeatures {
                    start,
                    rates: Rates::new(learning_rate, decay),
                    memory_gram,
                    coefficients: vec![0.0; count * size],
                    direction: vec![0.0; count * size],
                })
            }
            optimiser => Form::Weights(InWeights {
                projection,
                steppers: [Stepper::new(optimiser), Stepper::new(optimiser)],
                weight_gradient: vec![0.0; start.weights.len()],
                bias_gradient: vec![0.0; start.bias.as_ref().map_or(0, Vec::len)],
                map: start,
            }),
        };
        Self {
            memories,
            parallelism,
            evaluator,
            features,
            form,
        }
    }

    /// The value and |∇L|; the gradient is kept for the step.
    pub(super) fn evaluate(&mut self) -> Result<(Value, f64), KernelLearningError> {
        let value = self.evaluator.evaluate(&self.features)?;
        let gradient = self.evaluator.gradient();
        let squared_norm = match &mut self.form {
            Form::Weights(weights) => {
                weights.differentiate(self.memories, gradient, self.parallelism)
            }
            Form::Features(features) => features.differentiate(gradient, self.parallelism),
        };
        // rounding of a vanishing gradient
        Ok((value, squared_norm.max(0.0).sqrt()))
    }

    /// Steps along the gradient that was evaluated last.
    pub(super) fn step(&mut self) -> Result<(), KernelLearningError> {
        match &mut self.form {
            Form::Weights(weights) => {
                weights.step(self.parallelism)?;
                weights
                    .map
                    .write_features(self.memories, &mut self.features, self.parallelism);
            }
            Form::Features(features) => {
                features.step(self.evaluator.gradient(), &mut self.features);
            }
        }
        Ok(())
    }

    /// ∇_W L and ∇_b L, where W is what training changes.
    pub(super) fn gradient(&self) -> (&[f64], &[f64]) {
        match &self.form {
            Form::Weights(weights) => (&weights.weight_gradient, &weights.bias_gradient),
            Form::Features(_) => (&[], &[]),
        }
    }

    pub(super) fn features(&self) -> &[f64] {
        &self.features
    }

    /// M.
    pub(super) fn count(&self) -> usize {
        self.evaluator.count()
    }

    pub(super) fn map(&self) -> FeatureMap {
        match &self.form {
            Form::Weights(weights) => weights.map.clone(),
            Form::Features(features) => features.map(self.memories, self.parallelism),
        }
    }
}

impl InWeights {
    /// ∇_W L = Gᵀ Ξ and ∇_b L = Gᵀ 1; returns |∇L|².
    fn differentiate(
        &mut self,
        memories: &[f64],
        gradient: FeatureGradient<'_>,
        parallelism: Parallelism,
    ) -> f64 {
        let input = self.map.input_size();
        let chosen: Vec<f64>;
        let (rows, memories) = match gradient {
            FeatureGradient::All(rows) => (rows, memories),
            FeatureGradient::Pair(pair, rows) => {
                chosen = pair
                    .iter()
                    .flat_map(|&memory| &memories[memory * input..][..input])
                    .copied()
                    .collect();
                (rows, chosen.as_slice())
            }
        };
        let size = self.map.feature_size();
        multiply(
            Factor::transposed(size, rows),
            Factor::new(input, memories),
            &mut self.weight_gradient,
            parallelism,
        );
        if !self.bias_gradient.is_empty() {
            self.bias_gradient.fill(0.0);
            for row in rows.chunks_exact(size) {
                for (sum, slope) in self.bias_gradient.iter_mut().zip(row) {
                    *sum += slope;
                }
            }
        }
        squared_norm(&self.weight_gradient, parallelism)
            + squared_norm(&self.bias_gradient, parallelism)
    }

    fn step(&mut self, parallelism: Parallelism) -> Result<(), KernelLearningError> {
        let [of_weights, of_bias] = &mut self.steppers;
        of_weights.step(&mut self.map.weights, &self.weight_gradient, parallelism);
        if let Some(bias) = &mut self.map.bias {
            of_bias.step(bias, &self.bias_gradient, parallelism);
        }
        if let Projection::EveryEpoch(constraint) = self.projection {
            constraint.constrain(&mut self.map)?;
        }
        Ok(())
    }
}

impl InFeatures {
    /// K G; returns |∇L|² = Σ G·KG.
    fn differentiate(&mut self, gradient: FeatureGradient<'_>, parallelism: Parallelism) -> f64 {
        let size = self.start.feature_size();
        let count = self.coefficients.len() / size;
        match gradient {
            FeatureGradient::All(rows) => {
                multiply(
                    Factor::new(count, &self.memory_gram),
                    Factor::new(size, rows),
                    &mut self.direction,
                    parallelism,
                );
                sum_of_products(rows, &self.direction)
            }
            FeatureGradient::Pair([first, second], rows) => {
                let (of_first, of_second) = rows.split_at(size);
                let directions = self.direction.chunks_exact_mut(size);
                for (direction, gram) in directions.zip(self.memory_gram.chunks_exact(count)) {
                    let slopes = direction.iter_mut().zip(of_first).zip(of_second);
                    for ((direction, first_slope), second_slope) in slopes {
                        *direction = gram[first] * first_slope + gram[second] * second_slope;
                    }
                }
                sum_of_products(of_first, &self.direction[first * size..][..size])
                    + sum_of_products(of_second, &self.direction[second * size..][..size])
            }
        }
    }

    fn step(&mut self, gradient: FeatureGradient<'_>, features: &mut [f64]) {
        let rate = self.rates.next();
        add_scaled(features, -rate, &self.direction);
        match gradient {
            FeatureGradient::All(rows) => add_scaled(&mut self.coefficients, rate, rows),
            FeatureGradient::Pair(pair, rows) => {
                let size = rows.len() / 2;
                for (memory, row) in pair.into_iter().zip(rows.chunks_exact(size)) {
                    add_scaled(&mut self.coefficients[memory * size..][..size], rate, row);
                }
            }
        }
    }

    /// W_0 − CᵀΞ and b_0 − Cᵀ1.
    fn map(&self, memories: &[f64], parallelism: Parallelism) -> FeatureMap {
        let size = self.start.feature_size();
        let mut change = vec![0.0; self.start.weights.len()];
        multiply(
            Factor::transposed(size, &self.coefficients),
            Factor::new(self.start.input_size(), memories),
            &mut change,
            parallelism,
        );
        let mut map = self.start.clone();
        add_scaled(&mut map.weights, -1.0, &change);
        if let Some(bias) = &mut map.bias {
            for coefficients in self.coefficients.chunks_exact(size) {
                add_scaled(bias, -1.0, coefficients);
            }
        }
        map
    }
}
