//! Scores beyond the range of numbers, numbers that are none, and zeros of either sign.

use dam_memory::attention::{AttentionMemory, Precision};
use dam_memory::composed::{ComposedMemory, Composition};
use dam_memory::ensembles::pattern_ensemble;
use dam_memory::kernel::{Batch, Workspace};
use dam_memory::memory::Memory;
use dam_memory::patterns::Patterns;
use dam_memory::separations::separation;
use dam_memory::streams::StreamKey;
use dam_theory::Parameters;

const SEPARATIONS: [&str; 8] = [
    "softmax",
    "entmax-1.5",
    "sparsemax",
    "entmax-3",
    "entmax-1.2",
    "top-2",
    "argmax",
    "polynomial-4",
];

#[test]
fn scores_that_are_no_numbers_spoil_all_weights() {
    for name in SEPARATIONS.into_iter().chain(["log-sum-relu"]) {
        for bad in [f64::NAN, f64::INFINITY] {
            let mut z = [0.0, bad, 1.0];
            let potential = separation(name).unwrap().separate(&mut z);
            assert!(z.iter().all(|weight| weight.is_nan()), "{name}: {z:?}");
            assert!(potential.is_none_or(f64::is_nan), "{name}: {potential:?}");
        }
    }
}

#[test]
fn zeros_of_either_sign_are_equals_of_which_the_first_counts() {
    for zeros in [[-0.0, 0.0], [0.0, -0.0]] {
        let mut z = zeros;
        separation("argmax").unwrap().separate(&mut z);
        assert_eq!(z, [1.0, 0.0]);
        let mut z = zeros;
        separation("top-1").unwrap().separate(&mut z);
        assert_eq!(z, [1.0, 0.0]);
    }
}

fn memory(parts: &str, rows: &[f64]) -> ComposedMemory {
    let composition: Composition = parts.parse().unwrap();
    let patterns = Patterns::from_rows(2, rows.to_vec());
    composition.memory(AttentionMemory::from(patterns))
}

#[test]
fn the_cosine_is_that_of_vectors_of_any_size() {
    for size in [1e-300, 1e-200, 1e-150, 1.0, 1e150, 1e200, 1e300] {
        let memory = memory("cosine softmax", &[3.0 * size, 4.0 * size, 0.0, -size]);
        let weights = memory
            .pattern_weights(&[3.0 * size, 4.0 * size], 1.0)
            .unwrap();
        // cosines 1 and −.8
        let right = (1.0 + (-1.8_f64).exp()).recip();
        assert!((weights[0] - right).abs() < 1e-15, "{size:e}: {weights:?}");
    }
}

/// At any β whose scores overflow all weight is on the largest, the energy is −K of it.
#[test]
fn scores_beyond_the_range_of_numbers_retrieve_the_nearest() {
    for name in SEPARATIONS
        .into_iter()
        .filter(|name| !name.starts_with("poly"))
    {
        for beta in [1e306, 1e307, f64::MAX] {
            let parts = format!("euclidean {name}");
            let memory = memory(&parts, &[30.0, 10.0, -20.0, 10.0, 0.0, 40.0]);
            let weights = memory.pattern_weights(&[29.0, 9.0], beta).unwrap();
            assert_eq!(weights, [1.0, 0.0, 0.0], "{name} {beta:e}");
            let (update, outcome) =
                memory.pass_state(&mut Workspace::default(), &[29.0, 9.0], beta);
            assert_eq!(update, [30.0, 10.0]);
            assert_eq!(outcome.energy, Some(1.0), "{name} {beta:e}");
        }
    }
}

/// The kernel of one pass in either precision, one state and many.
#[test]
fn the_kernel_scales_scores_before_they_overflow() {
    let law = pattern_ensemble("spherical", &Parameters::new()).unwrap();
    let seed = StreamKey::new(1).seed("patterns");
    let (size, count) = (12, 11);
    for precision in [Precision::F32, Precision::F64] {
        let memory = AttentionMemory::sample_in(precision, law.as_ref(), size, count, &seed);
        for lambda in [1e25, 1e28, 2e37, 1e200, 1e300, 1e307, f64::MAX] {
            for batch in [1, 7] {
                let targets: Vec<usize> = (0..batch).collect();
                let states: Vec<f64> = targets
                    .iter()
                    .flat_map(|&target| memory.pattern(target))
                    .collect();
                for seeds in [None, Some(targets.as_slice())] {
                    let (means, summaries) = memory.update(Batch {
                        states: &states,
                        inverse_temperatures: &vec![lambda; batch],
                        targets: &targets,
                        seeds,
                    });
                    assert_eq!(means, states, "{precision:?} {lambda:e}");
                    for (target, summary) in summaries.iter().enumerate() {
                        assert_eq!(summary.target_weight, 1.0);
                        assert_eq!(summary.best_pattern, target);
                        assert_eq!(summary.participation, 1.0);
                    }
                }
            }
            let (state, mut right) = (memory.pattern(3), vec![0.0; count]);
            right[3] = 1.0;
            assert_eq!(memory.weights(&state, lambda), right);
            // ½|x|² − |ξ|²
            let energy = memory.energy(&state, lambda) / size as f64;
            assert!((energy + 0.5).abs() < 1e-6, "{energy}");
        }
    }
}
