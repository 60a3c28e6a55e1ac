//! The experiment `scaled-dot-product`.

use crate::folder::{drawn, job, refused_changes};
use crate::measurements::measure;

const JOB: &str = job!("scaled": "scaled-dot-product", seed 5, "gaussian"; "
scaled_alpha = [0.5, 0.75]
size = [64, 100]

[sampling]
samples = 60

[crossover]
tolerance = 1e-3
");

#[test]
fn scaled_crossovers_follow_the_finite_size_median_and_lie_above_the_threshold() {
    let measured = measure(JOB);
    let counts: Vec<usize> = measured.job.tasks.iter().map(|t| t.pattern_count).collect();
    assert_eq!(counts, [55, 148, 403, 1808]);
    for (task, quantity, deviation) in measured.deviations("scaled_crossover_median") {
        assert!(
            deviation.abs() < 4.0,
            "{task:?} {quantity:?}: {deviation} errors"
        );
        let theory = measured.theory(&task, &quantity);
        let gap = quantity.value().unwrap() - theory.infinite_size.unwrap();
        assert!(gap > 4.0 * quantity.standard_error.unwrap(), "{quantity:?}");
        // the record keeps λ_×, the quantity √N λ_×
        let (_, _, quantities) = measured.tasks.iter().find(|(t, _, _)| *t == task).unwrap();
        let unscaled = quantities
            .iter()
            .find(|other| other.name == "lambda_crossover_median")
            .unwrap();
        let ratio = quantity.value().unwrap() / unscaled.value().unwrap();
        assert!((ratio - (task.size as f64).sqrt()).abs() < 1e-12);
    }
}

/// Near condensation the theory is sampled: value and error scale alike.
#[test]
fn the_error_of_sampled_theory_is_scaled_with_its_value() {
    let job = JOB.replace("[0.5, 0.75]", "[0.5]");
    let measured = measure(&job.replace("[64, 100]", "[25]"));
    let (task, _, quantities) = &measured.tasks[0];
    let theory = |name: &str| {
        let quantity = quantities.iter().find(|quantity| quantity.name == name);
        measured.theory(task, quantity.unwrap())
    };
    for name in ["crossover", "crossover_median"] {
        let scaled = theory(&format!("scaled_{name}"));
        let plain = theory(&format!("lambda_{name}"));
        let ratio = scaled.finite_size_error.unwrap() / plain.finite_size_error.unwrap();
        assert!((ratio - 5.0).abs() < 1e-12, "{name}: {ratio}");
        assert!((scaled.finite_size.unwrap() / plain.finite_size.unwrap() - 5.0).abs() < 1e-12);
    }
}

#[test]
fn a_run_draws_both_thresholds_and_the_measured_points() {
    let job = JOB.replace("samples = 60", "samples = 8");
    let folder = drawn(
        &job.replace("[64, 100]", "[25, 36]"),
        &["scaled_alpha", "scaled_crossover_median"],
        "scaled.scaled-dot-product",
        &[
            "√N α = 0.5, typical pattern",
            "√N α = 0.5, all patterns",
            "√N α = 0.5, crossover, finite-N theory",
            "√N α = 0.5, N = ∞",
        ],
    );
    let figure = folder.read("results/scaled.scaled-dot-product.csv");
    assert_eq!(figure.matches(",points").count(), 4);
}

#[test]
fn other_ensembles_and_loads_in_other_scalings_are_refused() {
    refused_changes(
        JOB,
        r#"
        "gaussian" | "spherical" | patterns.ensemble
        scaled_alpha = | alpha = | sweep.alpha
        size = [64, 100] | size = [64, 1e6] | sweep.scaled_alpha
"#,
    );
}
