//! Logistic regression on summaries of bags.

use dam_layers::BagSet;
use dam_memory::products::dot;
use dam_memory::streams::StreamKey;
use nalgebra::DMatrix;

use super::kernel_logistic::KernelLogistic;
use super::model::{Fold, Model};

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
    fn name(&self) -> &str {
        match self.features {
            BagFeatures::Mean => "logistic-mean",
            BagFeatures::MeanMaxMin => "logistic-mean-max-min",
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
        let features = summaries(fold.training);
        let gram = DMatrix::from_fn(features.len(), features.len(), |row, column| {
            dot(&features[row], &features[column])
        });
        let fit = KernelLogistic::new(gram, &fold.training_labels(), self.strengths[setting]);
        let score = |own: &Vec<f64>| fit.score(features.iter().map(|other| dot(own, other)));
        vec![summaries(fold.test).iter().map(score).collect()]
    }
}
