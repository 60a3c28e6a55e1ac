//! The experiment `one-step`.

use crate::folder::{drawn, job, refused_changes};
use crate::measurements::measure;

const JOB: &str = job!("first": "one-step", seed 11, "spherical"; "
alpha = [0.2]
size = [24, 30]
step_size = [1, 0.5, 0.25]

[sampling]
samples = 60

[crossover]
tolerance = 2e-4
");

#[test]
fn the_first_update_and_the_feedback_follow_the_finite_size_theory() {
    let measured = measure(JOB);
    measured.assert_theory("one_step_crossover", 4.0);
    for (task, quantity, _) in measured.deviations("one_step_crossover") {
        // a pure 1/N shift, much smaller than the (ln N)/N of the dynamics
        let theory = measured.theory(&task, &quantity);
        let limit = theory.infinite_size.unwrap();
        assert!(
            (quantity.mean.unwrap() - limit).abs() < 0.02,
            "{quantity:?}"
        );
    }
    let mut misses = Vec::new();
    for (task, quantity, _) in measured.deviations("feedback_shift") {
        let theory = measured.theory(&task, &quantity);
        let shift = theory.finite_size.unwrap();
        assert!(shift > 0.08, "{quantity:?}");
        misses.push((quantity.mean.unwrap() / shift - 1.0).abs());
    }
    // Paired differences are so sharp that they show what the average over few patterns misses:
    // 3 % at P = 122, less at P = 403.
    assert!(
        misses[0] < 0.05 && misses[3] < 0.6 * misses[0],
        "{misses:?}"
    );
}

#[test]
fn the_step_size_does_not_move_the_crossover_of_any_sample() {
    let measured = measure(JOB);
    for (task, records, quantities) in &measured.tasks {
        assert_eq!(records.len(), 60);
        let differences: Vec<_> = quantities
            .iter()
            .filter(|quantity| quantity.name == "step_size_difference")
            .collect();
        assert_eq!(differences.len(), 2);
        for quantity in differences {
            assert_eq!(quantity.count, 60);
            // samples scatter by about 0.01; the same patterns agree to the bracket of the search
            assert!(quantity.mean.unwrap().abs() < 2e-4, "{task:?} {quantity:?}");
            let spread = quantity.standard_error.unwrap();
            assert!(spread < 1e-4, "{task:?} {quantity:?}");
        }
    }
}

#[test]
fn gaussian_medians_follow_the_target_of_median_norm() {
    let job = JOB.replace("spherical", "gaussian");
    let measured = measure(&job.replace("step_size = [1, 0.5, 0.25]", "step_size = [1]"));
    measured.assert_theory("one_step_crossover_median", 4.0);
    let (_, _, quantities) = &measured.tasks[0];
    assert!(quantities.iter().all(|q| q.name != "step_size_difference"));
}

#[test]
fn a_run_draws_both_crossovers_and_the_differences() {
    let job = JOB.replace("samples = 60", "samples = 8");
    let folder = drawn(
        &job.replace("[24, 30]", "[14, 18]"),
        &["step_size_difference", "feedback_shift"],
        "first.one-step",
        &[
            "α = 0.2, first update",
            "α = 0.2, dynamics",
            "α = 0.2, first update to order 1/N",
            "α = 0.2, η = 0.5, η_{0} = 1",
        ],
    );
    let results: serde_json::Value =
        serde_json::from_str(&folder.read("results/first.results.json")).unwrap();
    let task = &results["tasks"][0];
    assert_eq!(task["task"]["parameters"]["step_size"][2], 0.25);
    assert!(results["settings"].get("dynamics.step_size").is_none());
}

#[test]
fn a_step_size_has_one_place_and_a_domain() {
    refused_changes(
        JOB,
        r"
        [1, 0.5, 0.25] | [1, 1.5] | sweep.step_size: 1.5
        step_size = [1, 0.5, 0.25]\n | | sweep.step_size: missing
        [sampling] | [dynamics]\nstep_size = 0.5\n[sampling] | dynamics.step_size
",
    );
}
