//! Logistic regression on summaries of bags.

use dam_layers::{BagSet, logistic_loss};
use dam_memory::products::{add_scaled, dot};
use dam_memory::streams::StreamKey;
use nalgebra::{DMatrix, DVector};

use super::model::{Fold, Model};

/// Newton's steps, which end far earlier.
const MOST_STEPS: usize = 100;
/// Halvings of a step.
const MOST_HALVINGS: i32 = 40;

/// What stands for a bag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BagFeatures {
    /// The mean of its instances.
    Mean,
    /// The mean, the largest and the smallest number of every feature.
    MeanMaxMin,
}

/// Logistic regression with the penalty |w|²/(2C), by Newton's method; the intercept is free.
#[derive(Clone, Debug)]
pub struct Logistic {
    /// What stands for a bag.
    pub features: BagFeatures,
    /// The C to choose among.
    pub strengths: Vec<f64>,
}

impl BagFeatures {
    /// The numbers that stand for a bag.
    ///
    /// # Panics
    /// If there is no such bag.
    pub fn of(self, set: &BagSet, bag: usize) -> Vec<f64> {
        let rows = set.bag(bag);
        let count = (rows.len() / set.size) as f64;
        let columns = |of: &dyn Fn(&mut dyn Iterator<Item = f64>) -> f64| -> Vec<f64> {
            (0..set.size)
                .map(|column| of(&mut rows[column..].iter().step_by(set.size).copied()))
                .collect()
        };
        let mean = columns(&|values| values.sum::<f64>() / count);
        match self {
            Self::Mean => mean,
            Self::MeanMaxMin => {
                let largest = columns(&|values| values.fold(f64::NEG_INFINITY, f64::max));
                let smallest = columns(&|values| values.fold(f64::INFINITY, f64::min));
                [mean, largest, smallest].concat()
            }
        }
    }
}

impl Model for Logistic {
    fn name(&self) -> String {
        match self.features {
            BagFeatures::Mean => "logistic-mean".to_owned(),
            BagFeatures::MeanMaxMin => "logistic-mean-max-min".to_owned(),
        }
    }

    fn setting_count(&self) -> usize {
        self.strengths.len()
    }

    fn scores(&self, fold: Fold<'_>, setting: usize, _: usize, _: &StreamKey) -> Vec<Vec<f64>> {
        let summaries = |bags: &[usize]| -> Vec<Vec<f64>> {
            bags.iter()
                .map(|&bag| self.features.of(fold.set, bag))
                .collect()
        };
        let labels: Vec<bool> = fold
            .training
            .iter()
            .map(|&bag| fold.set.labels[bag])
            .collect();
        let fit = Fit::new(&summaries(fold.training), &labels, self.strengths[setting]);
        vec![
            summaries(fold.test)
                .iter()
                .map(|features| fit.score(features))
                .collect(),
        ]
    }
}

/// w and b.
struct Fit {
    weights: Vec<f64>,
    intercept: f64,
}

impl Fit {
    /// Minimises f = Σ ln(1 + e^s) − y s + |w|²/(2C) with s = X w + b by Newton's steps, halved until f falls. They never
    /// leave w = Xᵀ a, and need K = XXᵀ only.
    fn new(features: &[Vec<f64>], labels: &[bool], strength: f64) -> Self {
        let problem = Problem {
            gram: DMatrix::from_fn(labels.len(), labels.len(), |row, column| {
                dot(&features[row], &features[column])
            }),
            labels,
            strength,
        };
        let mut at = DVector::zeros(labels.len() + 1);
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
        let mut weights = vec![0.0; features[0].len()];
        for (row, &factor) in features.iter().zip(at.iter()) {
            add_scaled(&mut weights, factor, row);
        }
        Self {
            weights,
            intercept: at[labels.len()],
        }
    }

    fn score(&self, features: &[f64]) -> f64 {
        dot(&self.weights, features) + self.intercept
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
