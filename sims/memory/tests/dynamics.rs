//! The update and gradient descent against slow independent implementations.

use dam_memory::attention::{AttentionMemory, Precision};
use dam_memory::dynamics::{GradientDescent, Moment, Outlook, Start, StopReason};
use dam_memory::ensembles::pattern_ensemble;
use dam_memory::kernel::{Batch, Parallelism, StateSummary};
use dam_memory::streams::StreamKey;
use dam_theory::Parameters;
use proptest::prelude::*;

const PARAMETERLESS: [&str; 5] = [
    "spherical",
    "gaussian",
    "rademacher",
    "uniform",
    "gaussian-mixture",
];

fn memory(
    ensemble: &str,
    size: usize,
    count: usize,
    precision: Precision,
    seed: u64,
) -> AttentionMemory {
    let seed = StreamKey::new(seed).seed("patterns");
    let ensemble = pattern_ensemble(ensemble, &Parameters::new()).unwrap();
    AttentionMemory::sample_in(precision, ensemble.as_ref(), size, count, &seed)
}

fn random_state(size: usize, scale: f64, seed: u64) -> Vec<f64> {
    let state = memory("gaussian", size, 1, Precision::F64, seed ^ 0x5eed).pattern(0);
    state.into_iter().map(|value| value * scale).collect()
}

/// Two passes in double precision, straight from the definition.
fn naive(
    memory: &AttentionMemory,
    state: &[f64],
    lambda: f64,
    target: usize,
) -> (Vec<f64>, StateSummary) {
    let exponents: Vec<f64> = (0..memory.pattern_count())
        .map(|pattern| {
            let row = memory.pattern(pattern);
            lambda * row.iter().zip(state).map(|(a, b)| a * b).sum::<f64>()
        })
        .collect();
    let maximum = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = exponents
        .iter()
        .map(|exponent| (exponent - maximum).exp())
        .sum();
    let mut mean = vec![0.0; state.len()];
    let mut participation = 0.0;
    for (pattern, exponent) in exponents.iter().enumerate() {
        let weight = (exponent - maximum).exp() / total;
        participation += weight * weight;
        for (value, component) in mean.iter_mut().zip(memory.pattern(pattern)) {
            *value += weight * component;
        }
    }
    let best_pattern = exponents
        .iter()
        .position(|&exponent| exponent == maximum)
        .unwrap();
    let summary = StateSummary {
        log_sum_exp: maximum + total.ln(),
        target_weight: (exponents[target] - maximum).exp() / total,
        best_pattern,
        best_product: maximum / lambda,
        participation,
    };
    (mean, summary)
}

/// Compares the update of a batch with the naive one; `epsilon` is the relative error of an
/// exponent.
fn assert_agree(
    memory: &AttentionMemory,
    states: &[f64],
    lambdas: &[f64],
    targets: &[usize],
    epsilon: f64,
) {
    let size = memory.size();
    let (means, summaries) = memory.update(Batch {
        states,
        inverse_temperatures: lambdas,
        targets,
        seeds: None,
    });
    for (slot, summary) in summaries.iter().enumerate() {
        let state = &states[slot * size..(slot + 1) * size];
        let (mean, expected) = naive(memory, state, lambdas[slot], targets[slot]);
        // An exponent of size L carries an error of L·ε into every weight.
        let largest = expected
            .log_sum_exp
            .abs()
            .max(lambdas[slot] * expected.best_product.abs());
        let tolerance = epsilon * largest.max(10.0);
        for (value, expected) in means[slot * size..].iter().zip(mean) {
            assert!(
                (value - expected).abs() < tolerance * 4.0,
                "mean {value} against {expected}"
            );
        }
        assert!((summary.log_sum_exp - expected.log_sum_exp).abs() < tolerance);
        assert!((summary.target_weight - expected.target_weight).abs() < tolerance);
        assert!((summary.participation - expected.participation).abs() < 2.0 * tolerance);
        let product = summary.best_product - expected.best_product;
        assert!(product.abs() * lambdas[slot] < tolerance);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_update_equals_the_naive_one(
        size in 1_usize..70, count in 1_usize..3000, states in 1_usize..20,
        lambda in 0.01_f64..3.0, scale in 0.1_f64..2.0, seed in any::<u64>(),
    ) {
        for precision in [Precision::F64, Precision::F32] {
            let memory = memory("gaussian", size, count, precision, seed);
            let batch: Vec<f64> =
                (0..states).flat_map(|i| random_state(size, scale, seed ^ i as u64)).collect();
            let lambdas: Vec<f64> = (0..states).map(|i| lambda * (1.0 + i as f64 / 7.0)).collect();
            let targets: Vec<usize> = (0..states).map(|i| i * 37 % count).collect();
            let epsilon = if precision == Precision::F64 { 4e-15 } else { 2e-6 };
            assert_agree(&memory, &batch, &lambdas, &targets, epsilon);
        }
    }

    #[test]
    fn every_step_of_every_size_decreases_the_energy(
        ensemble in 0_usize..5, size in 3_usize..30, count in 2_usize..400,
        lambda in 0.01_f64..4.0, step_size in 0.05_f64..=1.0, scale in 0.1_f64..3.0,
        seed in any::<u64>(),
    ) {
        let memory = memory(PARAMETERLESS[ensemble], size, count, Precision::F64, seed);
        let start = Start {
            state: random_state(size, scale, seed),
            inverse_temperature: lambda,
            target: 0,
        };
        let descent = GradientDescent { step_size, tolerance: 1e-8, max_steps: 200 };
        let mut energies = Vec::new();
        let mut keep = |moment: &Moment<'_>| {
            energies.push(moment.outcome.energy.unwrap());
            Outlook::Open
        };
        descent.descend_watched(&memory, &[start], &mut keep);
        for pair in energies.windows(2) {
            let rounding = 1e-13 * pair[0].abs().max(size as f64);
            prop_assert!(pair[1] <= pair[0] + rounding, "{} after {}", pair[1], pair[0]);
        }
    }

    #[test]
    fn the_gradient_equals_finite_differences(
        size in 3_usize..20, count in 2_usize..200, lambda in 0.05_f64..2.0, seed in any::<u64>(),
    ) {
        let memory = memory("spherical", size, count, Precision::F64, seed);
        let state = random_state(size, 0.8, seed);
        let gradient = memory.gradient(&state, lambda);
        let step = 1e-4 / (1.0 + lambda);
        for component in 0..size {
            let at = |shift: f64| {
                let mut state = state.clone();
                state[component] += shift;
                memory.energy(&state, lambda)
            };
            // Fourth order: the error is far below the tolerance.
            let slope = (8.0 * (at(step) - at(-step)) - (at(2.0 * step) - at(-2.0 * step)))
                / (12.0 * step);
            let tolerance = 1e-7 * (1.0 + gradient[component].abs()) * size as f64;
            prop_assert!((slope - gradient[component]).abs() < tolerance);
        }
    }
}

#[test]
fn huge_exponents_neither_overflow_nor_vanish() {
    let memory = memory("gaussian", 50, 500, Precision::F64, 3);
    for lambda in [1e-12, 1e3] {
        let state = random_state(50, 3.0, 4);
        assert_agree(&memory, &state, &[lambda], &[7], 4e-15);
    }
}

#[test]
fn the_update_has_the_same_bits_for_any_number_of_threads() {
    let states: Vec<f64> = (0..7).flat_map(|i| random_state(24, 1.0, i)).collect();
    let lambdas: Vec<f64> = (1..=7).map(|i| 0.1 * f64::from(i)).collect();
    let sequential = memory("spherical", 24, 20_000, Precision::F64, 5);
    let run = |memory: &AttentionMemory| {
        memory.update(Batch {
            states: &states,
            inverse_temperatures: &lambdas,
            targets: &[0; 7],
            seeds: None,
        })
    };
    let expected = run(&sequential);
    let parallel = sequential.clone().with_parallelism(Parallelism::Chunks);
    for threads in [1, 2, 3] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        assert_eq!(pool.install(|| run(&parallel)), expected);
    }
}

#[test]
fn a_descent_stops_for_the_reason_it_says() {
    let memory = memory("spherical", 20, 50, Precision::F64, 1);
    let starts = [Start {
        state: memory.pattern(0),
        inverse_temperature: 1.0,
        target: 0,
    }];
    let patient = GradientDescent {
        step_size: 1.0,
        tolerance: 1e-10,
        max_steps: 1000,
    };
    let arrival = &patient.descend(&memory, &starts)[0];
    assert_eq!(arrival.reason, StopReason::Converged);
    assert!(arrival.gradient_norm <= 1e-10);
    let next = memory.update_one(&arrival.state, 1.0);
    let moved: f64 = next
        .iter()
        .zip(&arrival.state)
        .map(|(a, b)| (a - b).powi(2))
        .sum();
    assert!(moved.sqrt() < 1e-9);
    let impatient = GradientDescent {
        max_steps: 1,
        ..patient
    };
    let arrival = &impatient.descend(&memory, &starts)[0];
    assert_eq!((arrival.reason, arrival.steps), (StopReason::MaxSteps, 1));
}

#[test]
fn a_single_pattern_is_reached_in_one_step_from_anywhere() {
    let memory = memory("gaussian", 12, 1, Precision::F64, 9);
    let state = random_state(12, 5.0, 2);
    for (value, expected) in memory.update_one(&state, 0.3).iter().zip(memory.pattern(0)) {
        assert!((value - expected).abs() < 1e-15);
    }
}

#[test]
fn states_that_arrive_early_do_not_disturb_the_others() {
    let memory = memory("spherical", 24, 300, Precision::F64, 11);
    let starts: Vec<Start> = (1..=12)
        .map(|i| Start {
            state: memory.pattern(0),
            inverse_temperature: 0.08 * f64::from(i),
            target: 0,
        })
        .collect();
    let descent = GradientDescent {
        step_size: 0.7,
        tolerance: 1e-9,
        max_steps: 5000,
    };
    let together = descent.descend(&memory, &starts);
    for (start, arrival) in starts.iter().zip(&together) {
        let alone = &descent.descend(&memory, std::slice::from_ref(start))[0];
        assert_eq!((alone.reason, alone.steps), (arrival.reason, arrival.steps));
        for (a, b) in alone.state.iter().zip(&arrival.state) {
            assert!((a - b).abs() < 1e-12);
        }
    }
}
