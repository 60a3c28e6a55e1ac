//! The protocol of multiple-instance learning and its parts.

use std::collections::HashSet;
use std::path::Path;

use dam_layers::{BagSet, Bags, logistic_loss};
use dam_learning_experiments::KINDS;
use dam_learning_experiments::multiple_instance::{
    BagFeatures, Fold, Logistic, Model, Protocol, Recipe, Score, SetKernel, Setting,
    area_under_curve, compare, corrected_error, judge, models, standardised, stratified_folds,
};
use dam_memory::patterns::Patterns;
use dam_memory::streams::StreamKey;
use dam_runs::job::JobError;
use dam_runs::journal::Journal;
use dam_runs::{Catalogue, Job};
use rand::RngExt;

/// Bags of 2 to 6 instances; label 1 where the first has a first number that is larger by `shift`.
fn set(count: usize, shift: f64) -> BagSet {
    let mut rng = StreamKey::new(14).rng("bags");
    let bags = Bags::of_sizes((0..count).map(|bag| 2 + bag % 5));
    let size = 4;
    let mut rows: Vec<f64> = (0..bags.row_count() * size)
        .map(|_| 2.0 * rng.random::<f64>() - 1.0)
        .collect();
    let labels: Vec<bool> = (0..count).map(|bag| bag % 2 == 0).collect();
    for (bag, _) in labels.iter().enumerate().filter(|(_, label)| **label) {
        rows[bags.rows().of(bag).start * size] += shift;
    }
    BagSet {
        size,
        rows,
        bags,
        labels,
    }
}

#[test]
fn folds_part_the_bags_with_equal_shares_of_both_classes() {
    let labels: Vec<bool> = (0..47).map(|bag| bag % 3 == 0).collect();
    let members: Vec<usize> = (0..47).collect();
    let folds = stratified_folds(&labels, &members, 5, &StreamKey::new(1));
    let mut all = folds.concat();
    all.sort_unstable();
    assert_eq!(all, members);
    for fold in &folds {
        let positive = fold.iter().filter(|&&bag| labels[bag]).count();
        assert!(
            (3..=4).contains(&positive) && (9..=10).contains(&fold.len()),
            "{fold:?}"
        );
    }
    assert_eq!(
        folds,
        stratified_folds(&labels, &members, 5, &StreamKey::new(1))
    );
    assert_ne!(
        folds,
        stratified_folds(&labels, &members, 5, &StreamKey::new(2))
    );
}

#[test]
fn areas_count_pairs_and_halves_of_equal_scores() {
    let labels = [true, true, false, false, false];
    assert_eq!(
        area_under_curve(&[3.0, 1.0, 2.0, 1.0, 0.0], &labels),
        (3.0 + 1.5) / 6.0
    );
    let score = Score::new(&[3.0, -1.0, 2.0, -1.0, -4.0], &labels);
    assert_eq!(score.accuracy, 0.6);
    assert!(
        (score.log_loss - (0.048587 + 1.313262 + 2.126928 + 0.313262 + 0.018150) / 5.0).abs()
            < 1e-6
    );
}

#[test]
fn features_are_standardised_on_the_training_bags_alone() {
    let mut set = set(20, 1.0);
    set.rows
        .iter_mut()
        .skip(3)
        .step_by(4)
        .for_each(|value| *value = 0.1);
    let training: Vec<usize> = (0..12).collect();
    let scaled = standardised(&set, &training);
    let own: Vec<f64> = training
        .iter()
        .flat_map(|&bag| scaled.bag(bag))
        .copied()
        .collect();
    for column in 0..3 {
        let values: Vec<f64> = own[column..].iter().step_by(3).copied().collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let square = values.iter().map(|value| value * value).sum::<f64>() / count;
        assert!(mean.abs() < 1e-14 && (square - 1.0).abs() < 1e-13);
    }
    assert_eq!(
        (scaled.size, &scaled.labels, &scaled.bags),
        (3, &set.labels, &set.bags)
    );
    // what is not trained on changes nothing
    let mut other = set.clone();
    let begin = set.bags.rows().of(12).start;
    other.rows[4 * begin..]
        .iter_mut()
        .for_each(|value| *value *= 3.0);
    assert_eq!(
        standardised(&other, &training).rows[..3 * begin],
        scaled.rows[..3 * begin]
    );
}

#[test]
fn logistic_regression_is_at_its_minimum() {
    let set = set(30, 1.0);
    let all: Vec<usize> = (0..30).collect();
    for features in [BagFeatures::Mean, BagFeatures::MeanMaxMin] {
        for strength in [1e-3, 1.0, 1e4] {
            let model = Logistic {
                features,
                strengths: vec![strength],
            };
            let fold = Fold {
                set: &set,
                training: &all,
                test: &all,
            };
            let scores = model.scores(fold, 0, 1, &StreamKey::new(1)).remove(0);
            let slopes: Vec<f64> = scores
                .iter()
                .zip(&set.labels)
                .map(|(&score, &label)| logistic_loss(score, label).1)
                .collect();
            // f has no slope in the intercept, and none in w: s − b = −C K (σ − y), which is linear in the slopes
            assert!(slopes.iter().sum::<f64>().abs() < 1e-9, "{strength}");
            let summaries: Vec<Vec<f64>> = all.iter().map(|&bag| features.of(&set, bag)).collect();
            let gram = |row: usize| -> f64 {
                let products = summaries.iter().map(|other| {
                    summaries[row]
                        .iter()
                        .zip(other)
                        .map(|(a, b)| a * b)
                        .sum::<f64>()
                });
                products
                    .zip(&slopes)
                    .map(|(product, slope)| product * slope)
                    .sum()
            };
            let intercept = scores[0] + strength * gram(0);
            for (row, score) in scores.iter().enumerate() {
                let own = score + strength * gram(row);
                assert!(
                    (own - intercept).abs() < 1e-6 * strength.max(1.0),
                    "{strength}"
                );
            }
        }
    }
}

#[test]
fn errors_are_larger_than_those_of_independent_folds() {
    let first = [0.9, 0.8, 0.95, 0.85];
    let error = corrected_error(&first, 4).unwrap();
    // s² = 1/240, 1/4 + 1/3
    assert!((error - (7.0_f64 / 12.0 / 240.0).sqrt()).abs() < 1e-15);
    let found = compare(&first, &[0.8, 0.7, 0.85, 0.75], 4).unwrap();
    assert!((found.difference - 0.1).abs() < 1e-15 && found.error < 1e-15 && found.is_resolved());
}

#[test]
fn the_protocol_finds_what_is_there_and_nothing_where_nothing_is() {
    let recipe = Recipe {
        width: 8,
        heads: 2,
        hidden_size: 4,
        epochs: 20,
        settings: [1e-2, 3e-3]
            .map(|learning_rate| Setting {
                learning_rate,
                ..Recipe::default().settings[0]
            })
            .to_vec(),
        ..Recipe::default()
    };
    let protocol = Protocol {
        folds: 4,
        inner_folds: 2,
        ..Protocol::default()
    };
    let models: Vec<_> = models(&recipe)
        .into_iter()
        .filter(|model| ["logistic-mean-max-min", "hopfield"].contains(&model.name()))
        .collect();
    let area = |set: &BagSet| -> Vec<f64> {
        let results = judge(
            set,
            &models,
            protocol,
            &StreamKey::new(1),
            &Journal::default(),
        );
        assert_eq!(
            results,
            judge(
                set,
                &models,
                protocol,
                &StreamKey::new(1),
                &Journal::default()
            )
        );
        results
            .iter()
            .map(|folds| folds.iter().map(|fold| fold.score.area).sum::<f64>() / 4.0)
            .collect()
    };
    let found = area(&set(64, 3.0));
    assert!(found.iter().all(|&area| area > 0.85), "{found:?}");
    // the error of an area of ½ of 32 and 32 bags is .073
    let nothing = area(&set(64, 0.0));
    assert!(
        nothing.iter().all(|area| (area - 0.5).abs() < 0.25),
        "{nothing:?}"
    );
}

/// A small recipe with one setting.
fn small_recipe() -> Recipe {
    Recipe {
        width: 6,
        heads: 2,
        hidden_size: 3,
        epochs: 4,
        settings: Recipe::default().settings[2..3].to_vec(),
        ..Recipe::default()
    }
}

fn model<'a>(models: &'a [Box<dyn Model>], name: &str) -> &'a dyn Model {
    let found = models.iter().find(|model| model.name() == name);
    found.unwrap().as_ref()
}

/// The scores of the last 6 of 24 bags by a model that learned the others, after each of 4 epochs.
fn scores_of(recipe: &Recipe, name: &str) -> Vec<Vec<f64>> {
    let set = set(24, 1.0);
    let (training, test): (Vec<usize>, Vec<usize>) = (0..24).partition(|bag| *bag < 18);
    let fold = Fold {
        set: &set,
        training: &training,
        test: &test,
    };
    model(&models(recipe), name).scores(fold, 0, 4, &StreamKey::new(3))
}

#[test]
fn without_its_epochs_stage_one_leaves_its_control() {
    let scores = |epochs: usize, name: &str| {
        let recipe = Recipe {
            stage_one_epochs: epochs,
            ..small_recipe()
        };
        scores_of(&recipe, name)
    };
    let all = models(&small_recipe());
    let mut separated = 0;
    for kind in &all {
        if let Some(control) = kind.control() {
            separated += 1;
            assert_eq!(
                scores(0, kind.name()),
                scores(0, control),
                "{}",
                kind.name()
            );
            assert_ne!(
                scores(2, kind.name()),
                scores(2, control),
                "{}",
                kind.name()
            );
        }
    }
    assert_eq!(separated, 3);
}

#[test]
fn every_network_has_as_many_settings_and_no_two_are_alike() {
    let recipe = Recipe::default();
    let plain = recipe.plain_settings();
    assert_eq!(plain.len(), recipe.settings.len());
    for (place, setting) in plain.iter().enumerate() {
        assert!((1e-4..=3e-3).contains(&setting.learning_rate) && setting.dropout == 0.0);
        let same = |other: &Setting| other.learning_rate == setting.learning_rate;
        assert!(!plain[..place].iter().any(same));
    }
    for model in models(&recipe) {
        assert_eq!(model.setting_count(), plain.len(), "{}", model.name());
    }
}

#[test]
fn set_kernels_are_those_of_all_pairs_of_instances() {
    let set = set(10, 2.0);
    let (training, test) = ([0, 1, 2, 3, 4, 5, 6, 7], [8, 9]);
    let fold = Fold {
        set: &set,
        training: &training,
        test: &test,
    };
    let kernel = SetKernel { settings: 4 };
    let all = kernel.all_scores(fold, &StreamKey::new(1));
    for (setting, scores) in all.iter().enumerate() {
        assert_eq!(*scores, kernel.scores(fold, setting, 1, &StreamKey::new(1)));
    }
    // the smallest C, .1: a first step from s = 0 with slopes ∓½ would leave |s| ≤ .1 · 8/2 · k, and k ≤ 1
    assert!(
        all[0][0].iter().all(|score| score.abs() < 0.4),
        "{:?}",
        all[0]
    );
    // a bag among those learned is on its side at a large C
    let own = kernel.scores(
        Fold {
            test: &training,
            ..fold
        },
        3,
        1,
        &StreamKey::new(1),
    );
    for (score, &bag) in own[0].iter().zip(&training) {
        assert_eq!(*score > 0.0, set.labels[bag], "{bag}");
    }
}

#[test]
fn the_least_number_of_bags_fills_every_fold() {
    for (folds, inner_folds) in [(2, 2), (3, 2), (10, 3), (4, 9), (2, 5)] {
        let protocol = Protocol {
            folds,
            inner_folds,
            ..Protocol::default()
        };
        let least = protocol.least_bags();
        for positive in [least, least + 1, 2 * least + 1] {
            let labels: Vec<bool> = (0..positive + least).map(|bag| bag < positive).collect();
            let members: Vec<usize> = (0..labels.len()).collect();
            let both = |fold: &[usize]| {
                [true, false].map(|class| fold.iter().any(|&bag| labels[bag] == class))
            };
            let parts = stratified_folds(&labels, &members, folds, &StreamKey::new(1));
            for part in &parts {
                assert_eq!(both(part), [true, true], "{folds} {inner_folds}");
                let others: Vec<usize> = members
                    .iter()
                    .copied()
                    .filter(|bag| !part.contains(bag))
                    .collect();
                for inner in stratified_folds(&labels, &others, inner_folds, &StreamKey::new(2)) {
                    assert_eq!(both(&inner), [true, true], "{folds} {inner_folds}");
                }
            }
        }
    }
}

fn job(bags: &str) -> Result<Job, JobError> {
    let text = format!(
        "[job]\nname = \"made\"\nexperiment = \"multiple-instance-learning\"\n[bags]\n{bags}\n[sampling]\nsamples = 2\n"
    );
    let catalogue = Catalogue::new(KINDS.to_vec());
    Job::parse(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/job.toml")),
        &text,
        &catalogue,
    )
}

#[test]
fn made_bags_are_sets_for_every_size_and_number_of_positive_instances() {
    let bits = job("data = \"bit-pattern\"\nbags = 40\nbag_size = [4, 8]\npositives = [1, 2]\nbits = 5\nsignals = 3").unwrap();
    let shapes: Vec<(usize, usize)> = bits
        .tasks
        .iter()
        .map(|task| (task.size, task.pattern_count))
        .collect();
    assert_eq!(shapes, [(5, 160), (5, 320), (5, 160), (5, 320)]);
    let digits = "data = \"digits\"\npath = \"../data/mnist-1500-images-idx3-ubyte.gz\"\nlabels = \"../data/mnist-1500-labels-idx1-ubyte.gz\"\npooling = 4\nbags = 40";
    let digits = job(digits).unwrap();
    assert_eq!(
        (digits.tasks[0].size, digits.tasks[0].pattern_count),
        (49, 400)
    );
    for (text, words) in [
        (
            "data = \"bit-pattern\"\nbags = 41",
            ["bags.bags", "even number"],
        ),
        ("data = \"bit-pattern\"\nbits = 40", ["bags.bits", "1 … 32"]),
        (
            "data = \"bit-pattern\"\nbits = 3\nsignals = 5",
            ["bags.signals", "give 1 to 4"],
        ),
        (
            "data = \"bit-pattern\"\nbag_size = [4, 4]",
            ["bags.bag_size", "twice"],
        ),
        (
            "data = \"bit-pattern\"\nbag_size = 2\npositives = 3",
            ["bags.positives", "do not fit"],
        ),
        (
            "data = \"bit-pattern\"\npath = \"x\"",
            ["bags.path", "unknown key"],
        ),
        ("data = \"digits\"", ["bags.path", "missing"]),
    ] {
        let message = job(text).unwrap_err().to_string();
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
    }
}

#[test]
fn positive_bags_hold_so_many_signals_and_negative_ones_none() {
    let job = job(
        "data = \"bit-pattern\"\nbags = 60\nbag_size = 6\npositives = 2\nbits = 4\nsignals = 3",
    )
    .unwrap();
    let law = job.ensemble.prepare(4, &mut StreamKey::new(1).rng("law"));
    let patterns: Patterns<f64> = law.draw(4, 360, &StreamKey::new(1).seed("patterns"));
    let codes: Vec<usize> = (0..360)
        .map(|row| {
            patterns
                .row(row)
                .iter()
                .fold(0, |code, &bit| 2 * code + usize::from(bit == 1.0))
        })
        .collect();
    let bags: Vec<&[usize]> = codes.chunks(6).collect();
    let negative: HashSet<usize> = bags
        .iter()
        .skip(1)
        .step_by(2)
        .flat_map(|bag| bag.iter().copied())
        .collect();
    let signals: HashSet<usize> = bags
        .iter()
        .step_by(2)
        .flat_map(|bag| bag[..2].iter().copied())
        .collect();
    assert_eq!((negative.len(), signals.len()), (13, 3));
    assert!(negative.is_disjoint(&signals));
    for bag in bags.iter().step_by(2) {
        assert_eq!(bag.iter().filter(|code| signals.contains(code)).count(), 2);
    }
}

#[test]
fn norms_of_the_projections_are_those_of_hopfield_poolings_alone() {
    let scores = |normalise_projections: bool, name: &str| {
        let recipe = Recipe {
            normalise_projections,
            ..small_recipe()
        };
        scores_of(&recipe, name)
    };
    for (name, is_changed) in [
        ("hopfield", true),
        ("sparse-hopfield+kernel", true),
        ("gated-attention", false),
    ] {
        assert_eq!(
            scores(true, name) != scores(false, name),
            is_changed,
            "{name}"
        );
    }
}
