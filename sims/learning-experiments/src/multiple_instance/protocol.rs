//! Nested cross-validation: settings and epochs are chosen inside the training bags.

use dam_layers::BagSet;
use dam_memory::streams::StreamKey;
use dam_runs::journal::Journal;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::folds::stratified_folds;
use super::logistic::{BagFeatures, Logistic};
use super::model::{Fold, Model};
use super::networks::{NETWORKS, Network, Recipe};
use super::score::Score;
use super::set_kernel::SetKernel;
use super::spread::spread;
use super::standardised::standardised;

/// The least and the greatest C of logistic regressions.
const STRENGTHS: [f64; 2] = [1e-4, 10.0];

/// How bags are parted and features scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Folds of the cross-validation, each of which is the test set once.
    pub folds: usize,
    /// Folds of the training bags, over which settings are chosen.
    pub inner_folds: usize,
    /// Whether features are standardised on the instances of the training bags.
    pub standardise: bool,
}

impl Default for Protocol {
    /// Ten folds, three inner ones, standardised.
    fn default() -> Self {
        Self {
            folds: 10,
            inner_folds: 3,
            standardise: true,
        }
    }
}

impl Protocol {
    /// The least bags that each class must have: one in every fold, and in every inner one.
    pub fn least_bags(&self) -> usize {
        let enough = |count: &usize| count - count.div_ceil(self.folds) >= self.inner_folds;
        // of so many bags no fold takes more than half of what the inner ones need twice
        let most = self.folds + 2 * self.inner_folds;
        (self.folds..most).find(enough).unwrap_or(most)
    }

    fn scaled(&self, set: &BagSet, training: &[usize]) -> BagSet {
        if self.standardise {
            standardised(set, training)
        } else {
            set.clone()
        }
    }
}

/// What a model made of one test fold.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
pub struct FoldResult {
    /// How good its scores are.
    pub score: Score,
    /// The chosen setting.
    pub setting: usize,
    /// The chosen number of stages.
    pub stages: usize,
}

/// All models: logistic regressions, the set kernel, then every kind of network with this recipe.
pub fn models(recipe: &Recipe) -> Vec<Box<dyn Model>> {
    let settings = recipe.settings.len();
    let strengths = spread(STRENGTHS, settings);
    let logistic = [BagFeatures::Mean, BagFeatures::MeanMaxMin].map(|features| {
        let strengths = strengths.clone();
        Box::new(Logistic {
            features,
            strengths,
        }) as Box<dyn Model>
    });
    let network = |&kind| {
        let recipe = recipe.clone();
        Box::new(Network { kind, recipe }) as Box<dyn Model>
    };
    logistic
        .into_iter()
        .chain([Box::new(SetKernel { settings }) as Box<dyn Model>])
        .chain(NETWORKS.iter().map(network))
        .collect()
}

/// Scores every model on every fold of one cross-validation: one list a model, fold after fold. All models see the same
/// folds, and begin with the same numbers in blocks of the same names; results depend on the key alone. What the journal knows
/// of them is not found again.
///
/// # Panics
/// If a class has fewer bags than [`Protocol::least_bags`].
pub fn judge(
    set: &BagSet,
    models: &[Box<dyn Model>],
    protocol: Protocol,
    key: &StreamKey,
    journal: &Journal,
) -> Vec<Vec<FoldResult>> {
    let members: Vec<usize> = (0..set.labels.len()).collect();
    let folds = stratified_folds(&set.labels, &members, protocol.folds, key);
    let tasks: Vec<(usize, usize)> = (0..models.len())
        .flat_map(|model| (0..folds.len()).map(move |fold| (model, fold)))
        .collect();
    let results: Vec<FoldResult> = tasks
        .par_iter()
        .map(|&(model, fold)| {
            let key = key.clone().with_integer("fold", fold as u64);
            let model = models[model].as_ref();
            journal.once(&("fold", fold, model.name()), || {
                judge_fold(set, model, &folds[fold], protocol, &key)
            })
        })
        .collect();
    results
        .chunks(folds.len())
        .map(<[FoldResult]>::to_vec)
        .collect()
}

/// The members that are not in a list.
fn without(members: &[usize], left_out: &[usize]) -> Vec<usize> {
    members
        .iter()
        .copied()
        .filter(|member| !left_out.contains(member))
        .collect()
}

/// Chooses inside the training bags, learns all of them, and scores the test bags.
fn judge_fold(
    set: &BagSet,
    model: &dyn Model,
    test: &[usize],
    protocol: Protocol,
    key: &StreamKey,
) -> FoldResult {
    let members: Vec<usize> = (0..set.labels.len()).collect();
    let training = without(&members, test);
    let (setting, stages) = choose(set, model, &training, protocol, key);
    let scaled = protocol.scaled(set, &training);
    let fold = Fold {
        set: &scaled,
        training: &training,
        test,
    };
    let scores = model.scores(fold, setting, stages, key);
    FoldResult {
        score: score(set, test, &scores[stages - 1]),
        setting,
        stages,
    }
}

fn score(set: &BagSet, bags: &[usize], scores: &[f64]) -> Score {
    let labels: Vec<bool> = bags.iter().map(|&bag| set.labels[bag]).collect();
    Score::new(scores, &labels)
}

/// The setting of the largest mean area over the inner folds, of equal ones that of the least loss, at the median of the
/// epochs at which the areas of the inner folds are largest.
fn choose(
    set: &BagSet,
    model: &dyn Model,
    training: &[usize],
    protocol: Protocol,
    key: &StreamKey,
) -> (usize, usize) {
    let key = key.clone().with_text("part", "inner");
    let parts = stratified_folds(&set.labels, training, protocol.inner_folds, &key);
    let inner: Vec<Vec<Vec<Score>>> = parts
        .iter()
        .enumerate()
        .map(|(index, validation)| {
            let own = without(training, validation);
            let scaled = protocol.scaled(set, &own);
            let fold = Fold {
                set: &scaled,
                training: &own,
                test: validation,
            };
            let key = key.clone().with_integer("inner fold", index as u64);
            let judged = |scores: &Vec<f64>| score(set, validation, scores);
            let course = |stages: &Vec<Vec<f64>>| stages.iter().map(judged).collect();
            model.all_scores(fold, &key).iter().map(course).collect()
        })
        .collect();
    let mut best = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    let mut chosen = (0, 1);
    for setting in 0..model.setting_count() {
        let courses: Vec<&[Score]> = inner.iter().map(|fold| &fold[setting][..]).collect();
        let stages = median_of_best(&courses);
        let sum = |of: fn(&Score) -> f64| -> f64 {
            courses.iter().map(|course| of(&course[stages - 1])).sum()
        };
        let found = (sum(|score| score.area), -sum(|score| score.log_loss));
        if found > best {
            (best, chosen) = (found, (setting, stages));
        }
    }
    chosen
}

/// The median over the folds of the number of stages after which the area is largest, the first of equals.
fn median_of_best(courses: &[&[Score]]) -> usize {
    let best = |course: &&[Score]| {
        let mut best = 0;
        for (stage, score) in course.iter().enumerate() {
            if score.area > course[best].area {
                best = stage;
            }
        }
        best + 1
    };
    let mut stages: Vec<usize> = courses.iter().map(best).collect();
    stages.sort_unstable();
    stages[stages.len() / 2]
}
