//! Logistic regression of which only the products of the features are known.

use dam_layers::logistic_loss;
use nalgebra::{DMatrix, DVector};

/// Newton's steps, which end far earlier.
const MOST_STEPS: usize = 100;
/// Halvings of a step.
const MOST_HALVINGS: i32 = 40;

/// s(x) = Σ_i a_i k(x_i, x) + b.
#[derive(Clone, Debug)]
pub(super) struct KernelLogistic {
    factors: Vec<f64>,
    intercept: f64,
}

impl KernelLogistic {
    /// Minimises f = Σ ln(1 + e^s) − y s + aᵀKa/(2C) with s = K a + b, K the products of the training features, by Newton's
    /// steps, halved until f falls; b is free.
    pub(super) fn new(gram: DMatrix<f64>, labels: &[bool], strength: f64) -> Self {
        let problem = Problem {
            gram,
            labels,
            strength,
        };
        let count = labels.len();
        let mut at = DVector::zeros(count + 1);
        let mut value = problem.value(&at);
        for _ in 0..MOST_STEPS {
            let Some(step) = problem.step(&at) else {
                break;
            };
            let lower = (0..MOST_HALVINGS).find_map(|halvings| {
                let trial = &at - &step * 0.5_f64.powi(halvings);
                let found = problem.value(&trial);
                (found < value).then_some((trial, found))
            });
            let Some((trial, found)) = lower else {
                // where f no longer tells, half of the digits are missing: the last step is whole
                at -= step;
                break;
            };
            (at, value) = (trial, found);
        }
        Self {
            factors: at.rows(0, count).iter().copied().collect(),
            intercept: at[count],
        }
    }

    /// The score of what has these products with the training features, in their order.
    pub(super) fn score(&self, products: impl Iterator<Item = f64>) -> f64 {
        let terms = self.factors.iter().zip(products);
        terms.map(|(factor, product)| factor * product).sum::<f64>() + self.intercept
    }
}

/// f of a and b, one after the other.
struct Problem<'a> {
    gram: DMatrix<f64>,
    labels: &'a [bool],
    strength: f64,
}

impl Problem<'_> {
    /// s, the losses of which are summed.
    fn scores(&self, at: &DVector<f64>) -> DVector<f64> {
        let count = self.labels.len();
        (&self.gram * at.rows(0, count)).add_scalar(at[count])
    }

    fn value(&self, at: &DVector<f64>) -> f64 {
        let scores = self.scores(at);
        let losses = scores
            .iter()
            .zip(self.labels)
            .map(|(&score, &label)| logistic_loss(score, label).0);
        let squares = at
            .iter()
            .zip(&scores)
            .map(|(factor, score)| factor * (score - at[self.labels.len()]));
        losses.sum::<f64>() + squares.sum::<f64>() / (2.0 * self.strength)
    }

    /// Newton's step: (1/C + D K) δ + D β = a/C + σ − y and Σ δ = Σ a with D = σ(1−σ).
    fn step(&self, at: &DVector<f64>) -> Option<DVector<f64>> {
        let count = self.labels.len();
        let scores = self.scores(at);
        let slopes: Vec<f64> = scores
            .iter()
            .zip(self.labels)
            .map(|(&score, &label)| logistic_loss(score, label).1)
            .collect();
        let curvature = |row: usize| slopes[row].abs() * (1.0 - slopes[row].abs());
        let residual = DVector::from_fn(count + 1, |row, _| {
            if row < count {
                at[row] / self.strength + slopes[row]
            } else {
                at.rows(0, count).sum()
            }
        });
        let jacobian = DMatrix::from_fn(count + 1, count + 1, |row, column| {
            match (row < count, column < count) {
                (true, true) => {
                    let own = if row == column {
                        self.strength.recip()
                    } else {
                        0.0
                    };
                    own + curvature(row) * self.gram[(row, column)]
                }
                (true, false) => curvature(row),
                (false, true) => 1.0,
                (false, false) => 0.0,
            }
        });
        jacobian.lu().solve(&residual)
    }
}
