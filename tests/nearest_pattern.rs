//! The experiment `nearest-pattern`.

use crate::folder::{drawn, first_line, job, refused_changes};
use crate::measurements::measure;
use dam::runs::place::Place;

const JOB: &str = job!("near": "nearest-pattern", seed 3, "spherical"; "
exponent = [1, 2]
prefactor = [0.5, 2]
size = [8, 24, 48]

[sampling]
samples = 100
");

#[test]
fn nearest_cosines_follow_the_exact_law_of_uniform_directions() {
    for ensemble in ["spherical", "gaussian"] {
        let measured = measure(&JOB.replace("spherical", ensemble));
        let counts: Vec<usize> = measured.job.tasks.iter().map(|t| t.pattern_count).collect();
        assert_eq!(
            counts,
            [4, 12, 24, 16, 48, 96, 32, 288, 1152, 128, 1152, 4608]
        );
        measured.assert_theory("nearest_cosine", 4.0);
        // the Random Energy Model lies above the mean at small N, beyond all errors
        let (task, _, quantities) = &measured.tasks[8];
        let theory = measured
            .job
            .experiment
            .predict(&Place::of(task, &quantities[0]), &quantities[0].name);
        let gap = theory.infinite_size.unwrap() - quantities[0].mean.unwrap();
        assert!(gap > 4.0 * quantities[0].standard_error.unwrap());
    }
}

#[test]
fn a_run_shows_exponent_and_prefactor_and_draws_the_cosines() {
    let folder = drawn(
        &JOB.replace("samples = 100", "samples = 10"),
        &["exponent", "prefactor"],
        "near.nearest-pattern",
        &["P = 0.5 N^{2}", "finite-N theory"],
    );
    let table = folder.read("results/near.csv");
    let header = first_line(&table);
    assert!(
        header.contains(",count,exponent,prefactor,theory_"),
        "{header}"
    );
    assert_eq!(table.lines().count(), 13);
}

#[test]
fn loads_without_a_second_pattern_and_foreign_keys_are_refused() {
    refused_changes(
        JOB,
        r"
        prefactor = [0.5, 2] | prefactor = [0.01] | sweep.exponent
        prefactor = [0.5, 2]\n | | sweep.prefactor: missing
        exponent = [1, 2] | exponent = [1, 2]\nalpha = [0.2] | sweep.alpha
        [sampling] | [crossover]\ntolerance = 1e-3\n[sampling] | belongs to
",
    );
}
