//! The experiment `all-patterns` against theory, and its command.

use dam::runs::place::Place;
use dam::sims::{Quantity, TaskResult};

use crate::folder::{Folder, assert_contains};
use crate::measurements::measured;

fn job(ensemble: &str, alpha: &str, size: usize, samples: usize) -> String {
    format!(
        "[job]\nname = \"all\"\nexperiment = \"all-patterns\"\n[patterns]\nensemble = \
         \"{ensemble}\"\n[sweep]\nalpha = {alpha}\nsize = [{size}]\nlambda = [0.5, \
         1.0]\n[sampling]\nsamples = {samples}\n"
    )
}

fn at<'a>(quantities: &'a [Quantity], name: &str, lambda: f64) -> &'a Quantity {
    quantities
        .iter()
        .find(|quantity| {
            quantity.name == name && quantity.coordinates.get("lambda") == Some(&lambda)
        })
        .unwrap()
}

/// P(P − 1) Pr(pair) is exact at every N, for Gaussian pairs and for ±1 duplicates.
#[test]
fn the_number_of_close_pairs_is_the_expected_one() {
    for (ensemble, size) in [("gaussian", 16), ("rademacher", 10)] {
        let (job, quantities) = measured(&job(ensemble, "[0.25]", size, 400));
        let quantity = &quantities[0];
        assert_eq!(quantity.name, "close_pairs");
        let prediction = job
            .experiment
            .predict(&Place::of(&job.tasks[0], quantity), &quantity.name);
        let expected = prediction.finite_size.unwrap();
        let (value, error) = (quantity.mean.unwrap(), quantity.standard_error.unwrap());
        assert!(expected > 0.05 && error < 0.3 * expected);
        assert!(
            (value - expected).abs() < 4.0 * error,
            "{ensemble}: {value} ± {error} against {expected}"
        );
    }
}

#[test]
fn every_lost_pattern_has_one_cause_and_the_counts_fit_together() {
    let (job, quantities) = measured(&job("gaussian", "[0.2]", 20, 60));
    let count = job.tasks[0].pattern_count as f64;
    for lambda in [0.5, 1.0] {
        let mean = |name| at(&quantities, name, lambda).mean.unwrap();
        let lost = mean("lost_to_low_norm") + mean("lost_to_close_pair");
        assert!(mean("lost_to_low_norm") > 0.0 && mean("lost_to_close_pair") > 0.0);
        assert!((1.0 - lost / count - mean("retrieved_fraction")).abs() < 1e-12);
        // Those that the noise takes have a lower norm than the average |ξ|² = N.
        assert!(mean("low_norm") < 0.95, "{}", mean("low_norm"));
        // An all-retrieved sample loses nothing by either cause.
        let causes = mean("any_lost_to_low_norm") + mean("any_lost_to_close_pair");
        assert!(1.0 - mean("all_retrieved") <= causes + 1e-12);
    }
    // λ changes the noise but not the pairs.
    let pairs = |lambda| at(&quantities, "lost_to_close_pair", lambda).mean.unwrap();
    assert!((pairs(0.5) - pairs(1.0)).abs() < 0.5 * pairs(0.5));
}

/// The nearest neighbour followed explicitly and all others averaged: what loses Gaussian patterns at any λ.
#[test]
fn lost_patterns_and_the_load_of_one_half_agree_with_the_finite_size_theory() {
    let text = job("gaussian", "[0.12, 0.14, 0.16]", 20, 150);
    let measured = crate::measurements::measure(&text);
    for name in ["retrieved_fraction", "lost_to_low_norm"] {
        measured.assert_theory(name, 4.0);
    }
    // shares of 0 and 1 have no error of their own: that of the theory's probability stands for it
    for (task, _, quantities) in &measured.tasks {
        for quantity in quantities
            .iter()
            .filter(|quantity| quantity.name == "all_retrieved")
        {
            let theory = measured
                .job
                .experiment
                .predict(&Place::of(task, quantity), &quantity.name);
            let probability = theory.finite_size.unwrap();
            let error = (probability * (1.0 - probability) / quantity.count as f64).sqrt();
            let z = (quantity.mean.unwrap() - probability) / error;
            assert!(z.abs() < 4.0, "{task:?} {quantity:?} {theory:?}");
        }
    }
    let tasks: Vec<_> = measured
        .tasks
        .iter()
        .map(|(task, samples, quantities)| TaskResult {
            task: task.clone(),
            quantities: quantities.clone(),
            samples: samples.clone(),
            wall_seconds: 0.0,
        })
        .collect();
    let halves = measured.job.experiment.conclude(&tasks).joint;
    let half = halves
        .iter()
        .find(|half| half.quantity.coordinates["lambda"] == 1.0)
        .unwrap();
    let (quantity, theory) = (&half.quantity, half.theory);
    assert!(half.size == 20 && quantity.name == "half_load");
    let (value, error) = (quantity.mean.unwrap(), quantity.standard_error.unwrap());
    let z = (value - theory.finite_size.unwrap()) / error;
    assert!(error < 0.005 && z.abs() < 4.0, "{value} ± {error}: z = {z}");
    // min(α_B, ¼ ln 2) at N = ∞
    assert!((theory.infinite_size.unwrap() - 0.25 * 2.0_f64.ln()).abs() < 1e-12);
}

#[test]
fn theory_is_silent_between_the_lower_bound_and_the_typical_threshold() {
    let infinite_size = |alpha: &str, name: &str| {
        let (job, quantities) = measured(&job("gaussian", alpha, 12, 2));
        let quantity = at(&quantities, name, 0.5);
        job.experiment
            .predict(&Place::of(&job.tasks[0], quantity), &quantity.name)
            .infinite_size
    };
    // α_c^lb(½) = 0.153 and α₁(½) = 0.375.
    assert_eq!(infinite_size("[0.1]", "all_retrieved"), Some(1.0));
    assert_eq!(infinite_size("[0.2]", "all_retrieved"), None);
    assert_eq!(infinite_size("[0.4]", "all_retrieved"), Some(0.0));
    assert_eq!(infinite_size("[0.2]", "retrieved_fraction"), Some(1.0));
    assert_eq!(infinite_size("[0.4]", "retrieved_fraction"), Some(0.0));
}

#[test]
fn the_figure_shows_both_shares_and_the_load_of_probability_one_half() {
    let folder = Folder::new();
    let loads = "[0.06, 0.1, 0.14, 0.18, 0.22]";
    folder.write("job.toml", &job("gaussian", loads, 16, 60));
    folder.succeed(&["run", "job.toml"]);
    let figure = folder.read("results/all.all-patterns.csv");
    assert_contains(
        &figure,
        &[
            "λ = 1, N = 16: α_{1/2} = ",
            "λ = 0.5, α_{c}^{lb}",
            "λ = 1, α_{c}^{lb}",
        ],
    );
    // the panels end where the loads do, and α₁ lies beyond: a line that is not shown is not explained
    assert!(!figure.contains("α_{1}(λ)"), "{figure}");
}

/// One `read_csv`, one filter: the load of one half with its error and theory; and the same in the results.
#[test]
fn the_load_of_one_half_stands_in_the_tidy_csv_and_in_the_results() {
    let folder = Folder::new();
    let text = job("spherical", "[0.12, 0.2, 0.28, 0.36]", 12, 60);
    folder.write("job.toml", &text);
    folder.succeed(&["run", "job.toml"]);
    let table = folder.read("results/all.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: &csv::StringRecord, name: &str| {
        let place = columns.iter().position(|column| column == name).unwrap();
        row[place].to_owned()
    };
    let number = |row: &csv::StringRecord, name: &str| cell(row, name).parse::<f64>().unwrap();
    let of = |row: &&csv::StringRecord| cell(row, "quantity") == "half_load";
    let halves: Vec<&csv::StringRecord> = rows.iter().filter(of).collect();
    let document: serde_json::Value =
        serde_json::from_str(&folder.read("results/all.results.json")).unwrap();
    let joint = document["across_tasks"].as_array().unwrap();
    assert!(!halves.is_empty() && halves.len() == joint.len());
    for (row, joint) in halves.into_iter().zip(joint) {
        assert_eq!(
            (cell(row, "alpha"), cell(row, "pattern_count")),
            Default::default()
        );
        assert_eq!(number(row, "size"), 12.0);
        let (lambda, quantity) = (number(row, "lambda"), &joint["quantity"]);
        assert_eq!(quantity["coordinates"]["lambda"], lambda);
        assert_eq!(quantity["mean"], number(row, "mean"));
        assert_eq!(quantity["standard_error"], number(row, "standard_error"));
        assert_eq!(quantity["count"], 240);
        let theory = &joint["theory"];
        assert_eq!(theory["finite_size"], number(row, "theory_finite_size"));
        let limit = number(row, "theory_infinite_size");
        assert_eq!(theory["infinite_size"], limit);
        let spherical = dam::theory::ensemble("spherical").unwrap();
        assert_eq!(limit, spherical.typical_threshold(lambda).unwrap());
    }
    // rows of single tasks have no theory here: `compare` has it
    assert!(rows.len() > joint.len());
    for row in rows.iter().filter(|row| !of(row)) {
        assert_eq!(cell(row, "theory_finite_size"), "");
    }
    // what was merged can be read again
    let again = folder.succeed(&["merge", "job.toml"]);
    assert!(again.contains("all.csv") && folder.read("results/all.csv") == table);
}
