//! What is compared.

use std::fmt::Debug;

use dam_layers::BagSet;
use dam_memory::streams::StreamKey;
use rayon::prelude::*;

/// Bags to learn from and bags to score.
#[derive(Clone, Copy, Debug)]
pub struct Fold<'a> {
    /// All bags, standardised on those of `training`.
    pub set: &'a BagSet,
    /// The bags to learn from.
    pub training: &'a [usize],
    /// The bags to score.
    pub test: &'a [usize],
}

impl Fold<'_> {
    /// The labels of the bags to learn from.
    pub(super) fn training_labels(&self) -> Vec<bool> {
        self.training
            .iter()
            .map(|&bag| self.set.labels[bag])
            .collect()
    }
}

/// A model with settings to choose among.
pub trait Model: Debug + Send + Sync {
    /// The name in tables.
    fn name(&self) -> &str;

    /// The model that differs from it by Stage I alone, where it has one.
    fn control(&self) -> Option<&str> {
        None
    }

    /// How many settings there are.
    fn setting_count(&self) -> usize;

    /// How often the test bags are scored while it learns: once an epoch, once of what has a closed form.
    fn stage_count(&self) -> usize {
        1
    }

    /// Learns the training bags of a fold and scores its test bags after each of the first `stages` stages.
    fn scores(
        &self,
        fold: Fold<'_>,
        setting: usize,
        stages: usize,
        key: &StreamKey,
    ) -> Vec<Vec<f64>>;

    /// The same of every setting after all stages.
    fn all_scores(&self, fold: Fold<'_>, key: &StreamKey) -> Vec<Vec<Vec<f64>>> {
        (0..self.setting_count())
            .into_par_iter()
            .map(|setting| self.scores(fold, setting, self.stage_count(), key))
            .collect()
    }
}
