//! Nested cross-validation: settings and epochs are chosen inside the training bags.

use dam_layers::BagSet;
use dam_memory::streams::StreamKey;
use rayon::prelude::*;

use super::folds::stratified_folds;
use super::logistic::{BagFeatures, Logistic};
use super::model::{Fold, Model};
use super::networks::{NETWORKS, Network, Recipe};
use super::score::Score;
use super::standardised::standardised;

/// How often and into how many folds the bags are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Folds of the cross-validation, each of which is the test set once.
    pub folds: usize,
    /// Folds of the training bags, over which settings are chosen.
    pub inner_folds: usize,
    /// Repeats with other folds and other initial weights.
    pub repeats: usize,
}

impl Default for Protocol {
    /// Ten folds, three inner ones, five repeats.
    fn default() -> Self {
        Self {
            folds: 10,
            inner_folds: 3,
            repeats: 5,
        }
    }
}

/// What a model made of one test fold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldResult {
    /// How good its scores are.
    pub score: Score,
    /// The chosen setting.
    pub setting: usize,
    /// The chosen number of stages.
    pub stages: usize,
}

/// All models: logistic regressions, then every kind of network with this recipe.
pub fn models(recipe: &Recipe) -> Vec<Box<dyn Model>> {
    let strengths: Vec<f64> = (0..recipe.settings.len())
        .map(|power| 1e-4 * 10.0_f64.powf(0.75 * power as f64))
        .collect();
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
        .chain(NETWORKS.iter().map(network))
        .collect()
}

/// Scores every model on every fold of every repeat: one list a model, repeat after repeat, fold after fold. All models
/// see the same folds, and begin with the same numbers in blocks of the same names; results depend on the key alone.
///
/// # Panics
/// If a class has fewer bags than there are folds.
pub fn judge(
    set: &BagSet,
    models: &[Box<dyn Model>],
    protocol: Protocol,
    key: &StreamKey,
) -> Vec<Vec<FoldResult>> {
    let members: Vec<usize> = (0..set.labels.len()).collect();
    let parts: Vec<(StreamKey, Vec<usize>)> = (0..protocol.repeats)
        .flat_map(|repeat| {
            let key = key.clone().with_integer("repeat", repeat as u64);
            let folds = stratified_folds(&set.labels, &members, protocol.folds, &key);
            let own = move |(index, fold)| (key.clone().with_integer("fold", index as u64), fold);
            folds.into_iter().enumerate().map(own)
        })
        .collect();
    let tasks: Vec<(usize, usize)> = (0..models.len())
        .flat_map(|model| (0..parts.len()).map(move |part| (model, part)))
        .collect();
    let results: Vec<FoldResult> = tasks
        .par_iter()
        .map(|&(model, part)| {
            let (key, test) = &parts[part];
            judge_fold(set, models[model].as_ref(), test, protocol.inner_folds, key)
        })
        .collect();
    results
        .chunks(parts.len())
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
    inner_folds: usize,
    key: &StreamKey,
) -> FoldResult {
    let members: Vec<usize> = (0..set.labels.len()).collect();
    let training = without(&members, test);
    let (setting, stages) = choose(set, model, &training, inner_folds, key);
    let scaled = standardised(set, &training);
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
    inner_folds: usize,
    key: &StreamKey,
) -> (usize, usize) {
    let key = key.clone().with_text("part", "inner");
    let parts = stratified_folds(&set.labels, training, inner_folds, &key);
    let folds: Vec<(BagSet, Vec<usize>, &Vec<usize>)> = parts
        .iter()
        .map(|validation| {
            let own = without(training, validation);
            (standardised(set, &own), own, validation)
        })
        .collect();
    let judged = (0..model.setting_count()).map(|setting| {
        let courses: Vec<Vec<Score>> = folds
            .iter()
            .enumerate()
            .map(|(index, (scaled, own, validation))| {
                let fold = Fold {
                    set: scaled,
                    training: own,
                    test: validation,
                };
                let key = key.clone().with_integer("inner fold", index as u64);
                let stages = model.scores(fold, setting, model.stage_count(), &key);
                stages
                    .iter()
                    .map(|scores| score(set, validation, scores))
                    .collect()
            })
            .collect();
        let stages = median_of_best(&courses);
        let mean = |of: fn(&Score) -> f64| {
            courses
                .iter()
                .map(|course| of(&course[stages - 1]))
                .sum::<f64>()
        };
        (
            mean(|score| score.area),
            -mean(|score| score.log_loss),
            setting,
            stages,
        )
    });
    let better = |one: (f64, f64, usize, usize), other: (f64, f64, usize, usize)| {
        if (other.0, other.1) > (one.0, one.1) {
            other
        } else {
            one
        }
    };
    let (_, _, setting, stages) = judged.reduce(better).expect("a model has settings");
    (setting, stages)
}

/// The median over the folds of the number of stages after which the area is largest, the first of equals.
fn median_of_best(courses: &[Vec<Score>]) -> usize {
    let best = |course: &Vec<Score>| {
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
