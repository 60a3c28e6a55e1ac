//! The experiment `overlap-statistics`.

use crate::folder::{drawn, job, refused_changes};
use crate::measurements::measure;

const JOB: &str = job!("levels": "overlap-statistics", seed 2, "spherical"; r#"
alpha = [0.2]
size = [20, 36]
lambda = [0.2, 0.5, 0.8, 1.1, 1.6, 2.4]

[sampling]
samples = 100

[overlap-statistics]
state = "target"
bins = 20
"#);

/// The value of a quantity without coordinates of its own.
fn values(measured: &crate::measurements::Measured, name: &str) -> Vec<f64> {
    let found = measured.deviations(name);
    found.iter().map(|(_, q, _)| q.value().unwrap()).collect()
}

#[test]
fn histograms_follow_the_exact_laws() {
    for (ensemble, state) in [
        ("spherical", "target"),
        ("gaussian", "target"),
        ("gaussian", "sphere"),
    ] {
        let job = JOB
            .replace("spherical", ensemble)
            .replace("\"target\"", &format!("\"{state}\""));
        let measured = measure(&job);
        measured.assert_theory("overlap_density", 4.5);
        measured.assert_theory("lower_tail_probability", 4.5);
        measured.assert_theory("upper_tail_probability", 4.5);
        measured.assert_theory("chi_squared", 4.0);
        for (task, records, quantities) in &measured.tasks {
            let p_value = quantities.iter().find(|q| q.name == "p_value").unwrap();
            assert!(p_value.mean.unwrap() > 1e-4, "{task:?}");
            let dof = quantities.iter().find(|q| q.name == "degrees_of_freedom");
            assert_eq!(dof.unwrap().mean, Some(21.0));
            assert_eq!(records.len(), 100);
        }
    }
}

/// A wrong law is noticed: spherical patterns in N = 18 against the law of N = 20.
#[test]
fn chi_squared_refuses_a_neighbouring_law() {
    let job = JOB.replace("samples = 100", "samples = 2000");
    let eighteen = measure(
        &job.replace("[20, 36]", "[18]")
            .replace("[0.2]\nsize", "[0.25]\nsize"),
    );
    let twenty = measure(
        &job.replace("[20, 36]", "[20]")
            .replace("[0.2]\nsize", "[0.225]\nsize"),
    );
    let (other, _, _) = &twenty.tasks[0];
    let (task, records, _) = &eighteen.tasks[0];
    // the same P: only the law differs
    assert_eq!(task.pattern_count, other.pattern_count);
    let quantities = twenty.job.experiment.quantities(other, records);
    let p_value = quantities.iter().find(|q| q.name == "p_value").unwrap();
    assert!(p_value.mean.unwrap() < 1e-6, "{p_value:?}");
}

#[test]
fn free_entropies_follow_the_exact_mean_through_condensation() {
    measure(JOB).assert_theory("free_entropy", 4.0);
    let job = JOB.replace("spherical", "gaussian");
    measure(&job.replace("\"target\"", "\"sphere\"")).assert_theory("free_entropy", 4.0);
    // at a Gaussian target the theory speaks below λ_* only
    let measured = measure(&job);
    let found = measured.deviations("free_entropy");
    assert!(found[0].2.abs() < 4.0, "{:?}", found[0]);
    assert!(found[5].2.is_nan(), "{:?}", found[5]);
}

#[test]
fn the_weights_condense_and_the_spread_narrows_with_the_size() {
    let measured = measure(JOB);
    let participation = values(&measured, "participation");
    for one in participation.chunks(6) {
        assert!(one.is_sorted(), "{one:?}");
        assert!(one[0] < 0.05 && one[5] > 0.4, "{one:?}");
    }
    let deviation = values(&measured, "free_entropy_deviation");
    let (small, large) = deviation.split_at(6);
    let narrows = |(small, large): (&f64, &f64)| *large > 0.0 && large < small;
    assert!(small.iter().zip(large).all(narrows), "{deviation:?}");
}

#[test]
fn a_run_draws_the_histogram_and_the_free_entropy() {
    let job = JOB.replace("samples = 100", "samples = 20");
    drawn(
        &job.replace("[20, 36]", "[20]"),
        &["overlap_density", "participation"],
        "levels.overlap-statistics",
        &[
            "α = 0.2, N = 20, law",
            "α = 0.2, N = 20, N = ∞",
            "α = 0.2, N = 20, finite-N theory",
            "α = 0.2, N = 20, λ_{*}",
        ],
    );
}

#[test]
fn other_laws_and_unfit_bins_are_refused() {
    refused_changes(
        JOB,
        r#"
        "spherical" | "rademacher" | patterns.ensemble
        bins = 20 | bins = 1 | overlap-statistics.bins
        bins = 20 | bins = 100000 | 100000 bins
        "target" | "origin" | sphere
"#,
    );
}
