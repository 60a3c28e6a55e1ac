//! Gradients against central differences.

use dam_layers::{
    Bags, Dropout, UpdateSteps, check_gradient, cross_entropy, logistic_loss, separation_loss,
    squared_error,
};
use dam_learning::{LossForm, SeparationLoss};
use dam_memory::streams::StreamKey;

use crate::network::{Kind, Network, input};
use crate::numbers;

const STEP: f64 = 1e-6;
const TOLERANCE: f64 = 1e-8;

/// Checks the slopes of all parameters and all inputs; no branch may change within the step.
/// Returns whether there are weights that are 0.
fn check(kind: Kind, seed: u64) -> bool {
    let bags = Bags::of_sizes([1, 4, 6]);
    let network = Network::new(kind, seed);
    let input = input(&bags);
    let mut mask = Vec::new();
    let rng = &mut StreamKey::new(seed).rng("mask");
    Dropout::new(0.3)
        .unwrap()
        .draw(network.mask_length(&bags), rng, &mut mask);
    let mask = kind.has_mask.then_some(mask.as_slice());
    let values = network.parameters.values();
    let outcome = network.run(values, &input, &bags, mask);
    let steps = [
        check_gradient(values, &outcome.slopes, STEP, |at| {
            let moved = network.run(at, &input, &bags, mask);
            (moved.loss, moved.branch)
        }),
        check_gradient(&input, &outcome.of_input, STEP, |at| {
            let moved = network.run(values, at, &bags, mask);
            (moved.loss, moved.branch)
        }),
    ];
    for check in steps {
        assert!(check.crossed.is_empty(), "{kind:?}: {check:?}");
        assert!(check.worst <= TOLERANCE, "{kind:?}: {check:?}");
    }
    let large = outcome
        .slopes
        .iter()
        .filter(|slope| slope.abs() > 1e-3)
        .count();
    assert!(
        3 * large > values.len(),
        "{kind:?}: {large} slopes of {}",
        values.len()
    );
    outcome.branch.supports.contains(&false)
}

#[test]
fn of_every_layer_are_those_of_central_differences() {
    for alpha in [1.0, 1.25, 1.5, 2.0] {
        for steps in 0..4 {
            for has_map in [false, true] {
                for seed in [1, 2] {
                    let is_sparse = check(Kind::new(alpha, steps, has_map), seed);
                    assert!(is_sparse || alpha < 2.0, "sparsemax");
                    assert!(!is_sparse || alpha > 1.0, "softmax");
                }
            }
        }
    }
}

#[test]
fn of_masked_weights_zero_rows_and_states_that_stop_when_they_arrive() {
    for alpha in [1.0, 1.5] {
        let plain = Kind::new(alpha, 2, true);
        let arriving = UpdateSteps::Converged {
            tolerance: 1e-2,
            at_most: 30,
        };
        for kind in [
            Kind {
                has_mask: true,
                ..plain
            },
            Kind {
                has_zero: true,
                ..plain
            },
            Kind {
                has_mask: true,
                has_zero: true,
                steps: arriving,
                ..plain
            },
        ] {
            check(kind, 2);
        }
    }
}

#[test]
fn of_losses_are_those_of_central_differences() {
    for score in [-40.0, -1.0, 0.0, 0.3, 800.0] {
        for label in [false, true] {
            let (loss, slope) = logistic_loss(score, label);
            assert!(loss >= 0.0 && loss.is_finite());
            let function = |at: &[f64]| (logistic_loss(at[0], label).0, ());
            let check = check_gradient(&[score], &[slope], 1e-5, function);
            assert!(
                check.worst < TOLERANCE * loss.max(1.0),
                "{score}: {check:?}"
            );
        }
    }
    let scores = numbers(5, "scores");
    let mut slopes = scores.clone();
    cross_entropy(&mut slopes, 3);
    let function = |at: &[f64]| (cross_entropy(&mut at.to_vec(), 3), ());
    assert!(check_gradient(&scores, &slopes, STEP, function).worst < TOLERANCE);
    let targets = numbers(5, "targets");
    let mut slopes = scores.clone();
    squared_error(&mut slopes, &targets);
    let function = |at: &[f64]| (squared_error(&mut at.to_vec(), &targets), ());
    assert!(check_gradient(&scores, &slopes, STEP, function).worst < TOLERANCE);
}

#[test]
fn of_separation_losses_of_bags_are_those_of_central_differences() {
    let bags = Bags::of_sizes([4, 1, 6]);
    let rows = numbers(bags.row_count() * 3, "rows");
    for form in [
        LossForm::Average { sharpness: 2.0 },
        LossForm::UHopPlus { temperature: 0.1 },
    ] {
        let loss = SeparationLoss::normalised(form);
        let run = |rows: &[f64], slopes: &mut [f64]| {
            separation_loss(&loss, 3, rows, &bags, slopes).unwrap()
        };
        let mut slopes = vec![0.0; rows.len()];
        let sum = run(&rows, &mut slopes);
        assert_eq!(slopes[12..15], [0.0; 3]);
        let parts = [&rows[..12], &rows[15..]].map(|rows| {
            let bags = Bags::of_sizes([rows.len() / 3]);
            separation_loss(&loss, 3, rows, &bags, &mut vec![0.0; rows.len()]).unwrap()
        });
        assert_eq!(sum, parts[0] + parts[1]);
        let function = |at: &[f64]| (run(at, &mut vec![0.0; at.len()]), ());
        let check = check_gradient(&rows, &slopes, STEP, function);
        assert!(check.worst <= TOLERANCE, "{form:?}: {check:?}");
    }
}

#[test]
fn a_wrong_gradient_and_one_that_is_no_number_are_found() {
    let function = |x: &[f64]| (x[0] * x[1], ());
    let check = check_gradient(&[2.0, 3.0], &[3.0, 2.1], STEP, function);
    assert!((check.worst - 0.1).abs() < 1e-6 && check.worst_at == 1);
    let check = check_gradient(&[2.0, 3.0], &[3.0, f64::NAN], STEP, function);
    assert_eq!(check.worst, f64::INFINITY);
}
