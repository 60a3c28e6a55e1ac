//! The experiments `kernel-training` and `semantic-neighbours`.

use dam::sims::Quantity;

use crate::folder::{Folder, assert_contains, first_line, job, refused_changes};
use crate::measurements::{mean, measured};

const TRAINING: &str = job!("train": "kernel-training", seed 2, "gaussian"; r#"
size = 20
pattern_count = 12
training_steps = [0, 20, 400]

[[learner]]
recipe = "u-hop-plus"
learning_rate = 1e-2
feature_size = 11

[[learner]]
name = "frozen"
recipe = "u-hop-as-published"

[sampling]
samples = 8
"#);

fn value(quantities: &[Quantity], name: &str, learner: &str, steps: f64) -> f64 {
    let steps = ("training_steps", steps);
    mean(quantities, name, ("learner", learner), steps)
}

#[test]
fn training_falls_to_the_simplex_and_the_published_rate_stays_where_it_was() {
    let (_, quantities) = measured(TRAINING);
    assert_eq!(quantities.len(), 2 * 3 * 3);
    let at = |name, learner, steps| value(&quantities, name, learner, steps);
    // 12 features in 11 dimensions: −1/(11 τ), cosines −1/11
    let minimum = -1.0 / 1.1;
    assert!(at("loss", "u-hop-plus", 0.0) > 1.0);
    let last = at("loss", "u-hop-plus", 400.0);
    assert!(last > minimum && last < minimum + 0.01, "{last} {minimum}");
    let cosine = at("largest_cosine", "u-hop-plus", 400.0);
    assert!((cosine + 1.0 / 11.0).abs() < 0.05, "{cosine}");
    let fall = at("loss", "frozen", 20.0) - at("loss", "frozen", 400.0);
    assert!((0.0..1e-9).contains(&fall), "{fall}");
}

#[test]
fn a_run_draws_its_curves_and_gives_the_same_numbers_on_any_number_of_threads() {
    let folder = Folder::with_job(TRAINING);
    folder.succeed(&["run", "job.toml", "--threads", "1", "--output", "one"]);
    folder.succeed(&["run", "job.toml", "--threads", "3", "--output", "three"]);
    let table = folder.read("one/train.csv");
    assert_eq!(table, folder.read("three/train.csv"));
    assert!(first_line(&table).contains(",count,training_steps,learner,theory_finite_size,"));
    let figure = folder.read("one/train.kernel-training.csv");
    assert_contains(
        &figure,
        &[
            "u-hop-plus",
            "frozen",
            "regular simplex",
            "bound on codes, D = 20",
        ],
    );
}

#[test]
fn neighbours_are_compared_with_those_before_the_map() {
    let job = TRAINING
        .replace("kernel-training", "semantic-neighbours")
        .replace("feature_size = 11", "feature_size = 2");
    let (_, quantities) = measured(&job);
    // no labels: rank and correlation only
    assert_eq!(quantities.len(), 2 * 3 * 2);
    let at = |name, learner, steps| value(&quantities, name, learner, steps);
    // a square random map keeps much of the geometry, training to a simplex forgets it
    let kept = at("rank_correlation", "frozen", 0.0);
    assert!(kept > 0.3, "{kept}");
    assert!(at("rank_correlation", "u-hop-plus", 400.0) < kept);
    for learner in ["frozen", "u-hop-plus"] {
        let rank = at("neighbour_rank", learner, 0.0);
        assert!((0.0..=1.0).contains(&rank));
    }
}

#[test]
fn learners_that_do_not_fit_are_told() {
    refused_changes(
        TRAINING,
        r#"
        "u-hop-plus" | "hop" | u-hop-as-published
        name = "frozen" | name = "u-hop-plus" | twice
        learning_rate = 1e-2 | learning_rate = -1 | learner 1: learning rate = -1
        learning_rate = 1e-2 | sharpness = 2 | learner.sharpness
        learning_rate = 1e-2 | optimiser = "gradient-descent" | learning_rate
        learning_rate = 1e-2 | decay = "constant" | gradient-descent
        learning_rate = 1e-2 | projected = "at-end" | no projection
        feature_size = 11 | feature_size = 0 | no feature
        feature_size = 11 | feature_size = 30\nprojection = "orthonormal-rows" | orthonormal
        kernel-training | crossover | learner
        training_steps = [0, 20, 400]\n | | sweep.training_steps
"#,
    );
}
