//! Retrieval of values by keys, with one query a bag.

use dam_memory::products::dot;
use dam_memory::separations::entmax::entmax;

/// Rows of one matrix that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Bags<'a> {
    /// First row of each bag, and the number of rows at the end.
    pub offsets: &'a [usize],
}

/// p = α-entmax(β K q), q ← Kᵀ p for T extra steps, and o = Vᵀ p, head by head (blocks of
/// columns of keys, values and queries).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    /// Heads.
    pub heads: usize,
    /// Columns of a head.
    pub size: usize,
    /// T.
    pub steps: usize,
    /// α ≥ 1: 1 is softmax, 2 sparsemax.
    pub alpha: f64,
}

/// What [`Association::forward`] finds, and what the way back needs of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Associated {
    /// o: bags × (heads·size).
    pub output: Vec<f64>,
    /// q⁰ … q^T of each bag and head.
    states: Vec<f64>,
    /// p⁰ … p^T of each bag and head.
    weights: Vec<f64>,
}

/// The slopes of an [`Association`].
#[derive(Clone, Debug, PartialEq)]
pub struct AssociationGradient {
    /// Of the keys.
    pub keys: Vec<f64>,
    /// Of the values.
    pub values: Vec<f64>,
    /// Of the queries.
    pub queries: Vec<f64>,
    /// Of β of each head.
    pub betas: Vec<f64>,
}

/// x ← x + a y.
fn add_scaled(numbers: &mut [f64], factor: f64, others: &[f64]) {
    for (number, other) in numbers.iter_mut().zip(others) {
        *number += factor * other;
    }
}

impl Association {
    fn columns(&self) -> usize {
        self.heads * self.size
    }

    /// Retrieves for each bag; keys and values have one row an instance, queries one a bag.
    ///
    /// # Panics
    /// If the shapes do not fit, or a bag is empty.
    pub fn forward(
        &self,
        bags: Bags<'_>,
        [keys, values, queries]: [&[f64]; 3],
        betas: &[f64],
    ) -> Associated {
        let (columns, size) = (self.columns(), self.size);
        let mut found = Associated {
            output: vec![0.0; queries.len()],
            states: Vec::with_capacity(queries.len() * (self.steps + 1)),
            weights: Vec::with_capacity(keys.len() / size * (self.steps + 1)),
        };
        for (bag, range) in bags.offsets.windows(2).enumerate() {
            for (head, beta) in betas.iter().enumerate() {
                let begin = bag * columns + head * size;
                let mut state = found.states.len();
                found.states.extend_from_slice(&queries[begin..][..size]);
                let mut weights = 0;
                for step in 0..=self.steps {
                    weights = found.weights.len();
                    for row in range[0]..range[1] {
                        let key = &keys[row * columns + head * size..][..size];
                        found.weights.push(beta * dot(key, &found.states[state..]));
                    }
                    entmax(&mut found.weights[weights..], self.alpha);
                    if step < self.steps {
                        state = found.states.len();
                        found.states.resize(state + size, 0.0);
                        for (row, &weight) in (range[0]..range[1]).zip(&found.weights[weights..]) {
                            let key = &keys[row * columns + head * size..][..size];
                            add_scaled(&mut found.states[state..], weight, key);
                        }
                    }
                }
                for (row, &weight) in (range[0]..range[1]).zip(&found.weights[weights..]) {
                    let value = &values[row * columns + head * size..][..size];
                    add_scaled(&mut found.output[begin..][..size], weight, value);
                }
            }
        }
        found
    }

    /// The slopes, from what was found and the slopes of its output.
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    pub fn backward(
        &self,
        bags: Bags<'_>,
        [keys, values]: [&[f64]; 2],
        betas: &[f64],
        found: &Associated,
        gradient: &[f64],
    ) -> AssociationGradient {
        let (columns, size) = (self.columns(), self.size);
        let mut slopes = AssociationGradient {
            keys: vec![0.0; keys.len()],
            values: vec![0.0; values.len()],
            queries: vec![0.0; gradient.len()],
            betas: vec![0.0; self.heads],
        };
        let (mut of_weights, mut of_state) = (Vec::new(), vec![0.0; size]);
        let (mut first_state, mut first_weight) = (0, 0);
        for (bag, range) in bags.offsets.windows(2).enumerate() {
            let count = range[1] - range[0];
            for (head, &beta) in betas.iter().enumerate() {
                let place = |index: usize| (range[0] + index) * columns + head * size;
                let begin = bag * columns + head * size;
                let output = &gradient[begin..][..size];
                let weights = |step: usize| &found.weights[first_weight + step * count..][..count];
                let last = weights(self.steps);
                of_weights.clear();
                for index in 0..count {
                    of_weights.push(dot(output, &values[place(index)..][..size]));
                    add_scaled(
                        &mut slopes.values[place(index)..][..size],
                        last[index],
                        output,
                    );
                }
                for step in (0..=self.steps).rev() {
                    self.through_separation(weights(step), &mut of_weights);
                    let state = &found.states[first_state + step * size..][..size];
                    of_state.fill(0.0);
                    for (index, slope) in of_weights.iter_mut().enumerate() {
                        let key = &keys[place(index)..][..size];
                        slopes.betas[head] += *slope * dot(key, state);
                        add_scaled(
                            &mut slopes.keys[place(index)..][..size],
                            beta * *slope,
                            state,
                        );
                        add_scaled(&mut of_state, beta * *slope, key);
                    }
                    if step > 0 {
                        for (index, &weight) in weights(step - 1).iter().enumerate() {
                            let key = place(index);
                            of_weights[index] = dot(&of_state, &keys[key..][..size]);
                            add_scaled(&mut slopes.keys[key..][..size], weight, &of_state);
                        }
                    }
                }
                slopes.queries[begin..][..size].copy_from_slice(&of_state);
                first_state += (self.steps + 1) * size;
                first_weight += (self.steps + 1) * count;
            }
        }
        slopes
    }

    /// g ← s∘(g − s·g/Σs), s_i = p_i^{2−α} on the support.
    fn through_separation(&self, weights: &[f64], slopes: &mut [f64]) {
        let share = |weight: f64| {
            if weight > 0.0 {
                weight.powf(2.0 - self.alpha)
            } else {
                0.0
            }
        };
        let (mut sum, mut product) = (0.0, 0.0);
        for (&weight, slope) in weights.iter().zip(&*slopes) {
            sum += share(weight);
            product += share(weight) * slope;
        }
        for (&weight, slope) in weights.iter().zip(slopes) {
            *slope = share(weight) * (*slope - product / sum);
        }
    }
}
