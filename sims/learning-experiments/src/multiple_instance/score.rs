//! How good scores are.

use dam_layers::logistic_loss;
use serde::{Deserialize, Serialize};

/// How good the scores of some bags are.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
pub struct Score {
    /// The area under the curve of true against false positives.
    pub area: f64,
    /// The share of bags whose score has the sign of the label.
    pub accuracy: f64,
    /// The mean of ln(1 + e^s) − y s.
    pub log_loss: f64,
}

impl Score {
    /// Of scores s, the logarithms of the odds that y = 1.
    ///
    /// # Panics
    /// If there is not one label for each score, or one class is missing.
    pub fn new(scores: &[f64], labels: &[bool]) -> Self {
        let count = scores.len() as f64;
        let pairs = || scores.iter().zip(labels);
        let right = pairs()
            .filter(|(score, label)| (**score > 0.0) == **label)
            .count();
        let losses = pairs().map(|(&score, &label)| logistic_loss(score, label).0);
        Self {
            area: area_under_curve(scores, labels),
            accuracy: right as f64 / count,
            log_loss: losses.sum::<f64>() / count,
        }
    }
}

/// The share of pairs of a positive and a negative bag of which the positive one has the larger score; equal scores count
/// half (the Mann–Whitney statistic).
///
/// # Panics
/// If there is not one label for each score, or one class is missing.
pub fn area_under_curve(scores: &[f64], labels: &[bool]) -> f64 {
    assert_eq!(scores.len(), labels.len(), "one label for each score");
    let of = |class: bool| {
        scores
            .iter()
            .zip(labels)
            .filter(move |(_, label)| **label == class)
            .map(|(score, _)| *score)
    };
    let (positive, negative) = (of(true).count(), of(false).count());
    assert!(positive > 0 && negative > 0, "both classes are there");
    let mut sum = 0.0;
    for above in of(true) {
        for below in of(false) {
            sum += if above > below {
                1.0
            } else if above == below {
                0.5
            } else {
                0.0
            };
        }
    }
    sum / (positive * negative) as f64
}
