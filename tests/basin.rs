//! The experiment `basin` against theory, and its command.

use dam::sims::{Job, Quantity};

use crate::folder::Folder;
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
    job.experiment.predict(&job.tasks[0], quantity).finite_size
}

#[test]
fn basins_agree_with_the_averaged_noise_and_with_the_nearest_pattern() {
    let (job, quantities) = measured(&job("spherical", 40, "[0.4, 0.6, 2.0]", 40));
    for (lambda, systematic) in [(0.4, 2e-3), (2.0, 0.0)] {
        let quantity = at(&quantities, "cos_theta_c", lambda);
        let theory = finite_size(&job, quantity).unwrap();
        let (value, error) = (quantity.mean.unwrap(), quantity.standard_error.unwrap());
        assert!(error < 0.012);
        assert!(
            (value - theory).abs() < 4.0 * error + systematic,
            "λ = {lambda}: {value} ± {error} against {theory}"
        );
        let infinite_size = job
            .experiment
            .predict(&job.tasks[0], quantity)
            .infinite_size;
        let expected = if lambda == 0.4 { 0.6867 } else { 0.5742 };
        assert!((infinite_size.unwrap() - expected).abs() < 1e-4);
        assert!((value - expected).abs() > 4.0 * error, "N = 40 is not ∞");
    }
    // Few patterns share the noise here, and theory says nothing at N = 40.
    let between = at(&quantities, "cos_theta_c", 0.6);
    assert_eq!(finite_size(&job, between), None);
    // A larger λ has a larger basin, and cosine and angle are of the same samples.
    let angle = |lambda| at(&quantities, "theta_c_degrees", lambda).mean.unwrap();
    assert!(angle(0.4) + 5.0 < angle(0.6) && angle(0.6) < angle(2.0));
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
    for layer in ["α = 0.2, N = 16", "nearest pattern", "N = ∞"] {
        assert!(figure.contains(layer), "{layer} is missing in\n{figure}");
    }
    let other = format!("{text}\n[crossover]\ntolerance = 1e-3\n");
    folder.write("other.toml", &other);
    let message = folder.fail(2, &["run", "other.toml"]);
    assert!(message.contains("[crossover]"), "{message}");
}
