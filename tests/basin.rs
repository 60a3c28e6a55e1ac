//! The experiment `basin` against theory, and its command.

use dam::runs::place::Place;
use dam::sims::{Job, Quantity, deviation};

use crate::folder::{Folder, assert_contains};
use crate::measurements::measured;

fn job(ensemble: &str, size: usize, lambda: &str, samples: usize) -> String {
    format!(
        "[job]\nname = \"angles\"\nexperiment = \"basin\"\n[patterns]\nensemble = \
         \"{ensemble}\"\n[sweep]\nalpha = [0.2]\nsize = [{size}]\nlambda = \
         {lambda}\n[sampling]\nsamples = {samples}\n[basin]\ntolerance = 0.05\n"
    )
}

fn at<'a>(quantities: &'a [Quantity], name: &str, lambda: f64) -> &'a Quantity {
    quantities
        .iter()
        .find(|quantity| quantity.name == name && quantity.coordinates["lambda"] == lambda)
        .unwrap()
}

fn finite_size(job: &Job, quantity: &Quantity) -> Option<f64> {
    job.experiment
        .predict(&Place::of(&job.tasks[0], quantity), &quantity.name)
        .finite_size
}

#[test]
fn basins_agree_with_the_averaged_and_with_the_sampled_noise() {
    let (job, quantities) = measured(&job("spherical", 40, "[0.35, 0.4, 0.6, 2.0]", 60));
    for lambda in [0.35, 0.4, 0.6, 2.0] {
        for name in ["cos_theta_c", "cos_theta_c_median", "theta_c_degrees"] {
            let quantity = at(&quantities, name, lambda);
            let prediction = job
                .experiment
                .predict(&Place::of(&job.tasks[0], quantity), &quantity.name);
            assert!(prediction.finite_size_error.unwrap() > 0.0);
            let deviation = deviation(quantity, &prediction).unwrap();
            assert!(
                deviation.abs() < 4.0,
                "λ = {lambda}, {name}: {deviation} {quantity:?}"
            );
        }
    }
    let quantity = at(&quantities, "cos_theta_c", 0.6);
    let prediction = job
        .experiment
        .predict(&Place::of(&job.tasks[0], quantity), &quantity.name);
    assert!((prediction.infinite_size.unwrap() - 0.5953).abs() < 1e-4);
    let error = prediction.finite_size_error.unwrap();
    assert!(error < 2.5e-3, "{error}");
    assert!(
        (prediction.finite_size.unwrap() - 0.5953).abs() > 10.0 * error,
        "N = 40 is not ∞"
    );
    // the same theory whenever it is asked for
    let again = job
        .experiment
        .predict(&Place::of(&job.tasks[0], quantity), &quantity.name);
    assert_eq!(prediction, again);
    // A larger λ has a larger basin, and cosine and angle are of the same samples.
    let angle = |lambda| at(&quantities, "theta_c_degrees", lambda).mean.unwrap();
    assert!(angle(0.4) + 5.0 < angle(0.6) && angle(0.6) < angle(2.0));
}

/// Gaussian starts, whose norm and overlap with the target fluctuate, and Gaussian targets, of which some have no basin.
#[test]
fn basins_of_gaussian_starts_and_patterns_agree_with_the_averaged_noise() {
    for (ensemble, start, lambda, names) in [
        (
            "spherical",
            "gaussian",
            0.4,
            &["cos_theta_c", "cos_theta_c_median"][..],
        ),
        (
            "gaussian",
            "sphere",
            0.35,
            &["basin_probability", "cos_theta_c_median"],
        ),
        (
            "gaussian",
            "gaussian",
            0.35,
            &["basin_probability", "cos_theta_c_median"],
        ),
    ] {
        let text = job(ensemble, 40, &format!("[{lambda}]"), 100) + &format!("start = {start:?}\n");
        let (job, quantities) = measured(&text);
        for name in names {
            let quantity = at(&quantities, name, lambda);
            let theory = finite_size(&job, quantity).unwrap();
            let (value, error) = (quantity.value().unwrap(), quantity.standard_error.unwrap());
            assert!(error > 0.0 && error < 0.06, "{error}");
            assert!(
                (value - theory).abs() < 4.0 * error,
                "{ensemble}, {start}, {name}: {value} ± {error} against {theory}"
            );
        }
    }
}

/// Half of the samples lose their target between the same two numbers of flips as the averaged map.
#[test]
fn flipped_signs_are_retrieved_up_to_the_number_of_the_averaged_map() {
    let text = job("rademacher", 40, "[0.35, 0.4]", 60) + "start = \"flipped\"\n";
    let (job, quantities) = measured(&text);
    for (lambda, flips) in [(0.35, 4.5), (0.4, 6.5)] {
        let quantity = at(&quantities, "cos_theta_c_median", lambda);
        let expected = 1.0 - 2.0 * flips / 40.0;
        assert!((finite_size(&job, quantity).unwrap() - expected).abs() < 1e-12);
        // the bracket of the angle is 0.05 degrees wide
        assert!(
            (quantity.median.unwrap() - expected).abs() < 1e-3,
            "{quantity:?}"
        );
    }
    let folder = Folder::with_job(&text.replace("rademacher", "gaussian"));
    let message = folder.fail(2, &["run", "job.toml"]);
    assert_contains(&message, &["basin.start", "rademacher"]);
}

/// Where the noise fluctuates the theory of flipped starts is sampled too, from other memories than the measured ones.
#[test]
fn flipped_signs_have_a_sampled_theory_where_the_noise_fluctuates() {
    let text = job("rademacher", 24, "[0.5, 1.0]", 300) + "start = \"flipped\"\n";
    let (job, quantities) = measured(&text);
    for lambda in [0.5, 1.0] {
        for name in ["theta_c_degrees", "cos_theta_c"] {
            let quantity = at(&quantities, name, lambda);
            let prediction = job
                .experiment
                .predict(&Place::of(&job.tasks[0], quantity), &quantity.name);
            let error = prediction.finite_size_error.unwrap();
            assert!(error > 0.0 && error < 0.02 * prediction.finite_size.unwrap());
            assert_ne!(prediction.finite_size, quantity.mean, "their own samples");
            let deviation = deviation(quantity, &prediction).unwrap();
            assert!(deviation.abs() < 4.0, "{lambda} {name}: {deviation}");
        }
    }
}

/// Medians that no sample moves are judged by the width of the search's last bracket.
#[test]
fn a_median_without_spread_is_judged_by_what_the_search_resolves() {
    let text = job("rademacher", 40, "[0.35]", 60) + "start = \"flipped\"\n";
    let (job, quantities) = measured(&text);
    for name in ["theta_c_degrees_median", "cos_theta_c_median"] {
        let quantity = at(&quantities, name, 0.35);
        let width = job.experiment.resolution(quantity).unwrap();
        assert_eq!(quantity.standard_error, Some(width / 12.0_f64.sqrt()));
        let prediction = job
            .experiment
            .predict(&Place::of(&job.tasks[0], quantity), &quantity.name);
        let judged = deviation(quantity, &prediction).unwrap();
        assert!(judged != 0.0 && judged.abs() < 2.0, "{name}: {judged}");
        // one flip more is far off
        let next = Quantity {
            mean: None,
            median: Some(if name.starts_with("cos") {
                0.725
            } else {
                43.53
            }),
            ..quantity.clone()
        };
        let judged = deviation(&next, &prediction).unwrap();
        assert!(judged.abs() > 100.0, "{name}: {judged}");
    }
    let share = at(&quantities, "basin_probability", 0.35);
    assert!(finite_size(&job, share).unwrap() > 0.999);
    assert_eq!(job.experiment.resolution(share), None);
}

#[test]
fn samples_without_a_basin_are_counted_and_give_no_angle() {
    let (_, quantities) = measured(&job("spherical", 20, "[0.2, 0.36, 1.0]", 60));
    let below = at(&quantities, "theta_c_degrees", 0.2);
    assert_eq!((below.mean, below.count), (None, 0));
    let some = at(&quantities, "basin_probability", 0.36).mean.unwrap();
    assert!(some > 0.0 && some < 1.0, "{some}");
    let angles = at(&quantities, "theta_c_degrees", 0.36);
    assert_eq!(angles.count as f64, (60.0 * some).round());
    assert_eq!(at(&quantities, "basin_probability", 1.0).mean, Some(1.0));
}

#[test]
fn a_basin_job_ends_with_a_figure_and_refuses_the_section_of_another_experiment() {
    let folder = Folder::new();
    let text = job("spherical", 16, "[0.3, 0.5, 1.0]", 10);
    folder.write("job.toml", &text);
    let printed = folder.succeed(&["run", "job.toml"]);
    assert!(printed.contains("theta_c_degrees"), "{printed}");
    let figure = folder.read("results/angles.basin.csv");
    assert_contains(&figure, &["α = 0.2, N = 16", "nearest pattern", "N = ∞"]);
    let other = format!("{text}\n[crossover]\ntolerance = 1e-3\n");
    folder.write("other.toml", &other);
    let message = folder.fail(2, &["run", "other.toml"]);
    assert!(message.contains("[crossover]"), "{message}");
}
