//! The log-sum-ReLU energy: gradient, descent, edges of its window, thresholds, retrieval and
//! emergent pairs.

use std::sync::Arc;

use crate::{close, slope};
use dam_memory::attention::AttentionMemory;
use dam_memory::composed::{ComposedMemory, Composition};
use dam_memory::dynamics::criterion::Criterion;
use dam_memory::dynamics::{GradientDescent, Outlook, Retriever, Start, StopReason};
use dam_memory::patterns::Patterns;
use dam_memory::separations::log_sum_relu::expected_pairs;
use dam_memory::separations::{FiniteMemory, separation};
use dam_theory::finite_size::PatternCount;
use dam_theory::{Ensemble, ensemble};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

const NAME: &str = "log-sum-relu";

fn composition() -> Composition {
    format!("euclidean {NAME}").parse().unwrap()
}

fn memory(size: usize, rows: Vec<f64>) -> ComposedMemory {
    composition().memory(AttentionMemory::from(Patterns::from_rows(size, rows)))
}

fn normals(rng: &mut Xoshiro256PlusPlus, count: usize) -> Vec<f64> {
    StandardNormal.sample_iter(rng).take(count).collect()
}

/// P patterns on |ξ|² = N.
fn spherical(rng: &mut Xoshiro256PlusPlus, size: usize, count: usize) -> ComposedMemory {
    let mut rows = normals(rng, size * count);
    for row in rows.chunks_exact_mut(size) {
        let squared: f64 = row.iter().map(|value| value * value).sum();
        let scale = (size as f64 / squared).sqrt();
        for value in row {
            *value *= scale;
        }
    }
    memory(size, rows)
}

fn acting(memory: &ComposedMemory, state: &[f64], b: f64) -> Vec<usize> {
    let weights = memory.weights(state, b);
    (0..weights.len()).filter(|&at| weights[at] > 0.0).collect()
}

/// ∇E = Σ p (x − T(x)), away from the edges of windows.
#[test]
fn the_gradient_is_that_of_central_differences() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let (size, b, step) = (4, 1.5, 1e-6);
    let memory = memory(size, normals(&mut rng, 6 * size));
    let mut checked = 0;
    for _ in 0..20 {
        let state = normals(&mut rng, size);
        let values = memory.similarities(&state);
        let is_at_edge = |&value: &f64| (1.0 + b / size as f64 * value).abs() < 1e-3;
        if values.iter().any(is_at_edge) || acting(&memory, &state, b).len() < 2 {
            continue;
        }
        checked += 1;
        let sum: f64 = memory.weights(&state, b).iter().sum();
        let next = memory.retrieve(&state, b);
        for component in 0..size {
            let energy = |at: &[f64]| memory.energy(at, b).unwrap();
            let slope = slope(&state, component, step, energy);
            close(slope, sum * (state[component] - next[component]), 1e-7);
        }
    }
    assert!(checked > 5, "{checked}");
}

#[test]
fn the_energy_never_rises_along_the_descent() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(2);
    let size = 5;
    for step_size in [0.3, 1.0] {
        for b in [0.7, 2.0, 5.0] {
            let memory = spherical(&mut rng, size, 30);
            let starts = Start::at_each(&normals(&mut rng, 20 * size), size, b);
            let descent = GradientDescent {
                step_size,
                ..GradientDescent::default()
            };
            let mut energies = vec![f64::INFINITY; starts.len()];
            descent.descend_watched(&memory, &starts, &mut |moment| {
                let energy = moment.outcome.energy.unwrap();
                assert!(energy <= energies[moment.start] + 1e-12);
                energies[moment.start] = energy;
                Outlook::Open
            });
        }
    }
}

#[test]
fn one_step_retrieves_exactly_where_only_the_target_acts() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let (size, b) = (20, 4.0);
    let memory = spherical(&mut rng, size, 50);
    let target = memory.patterns().pattern(7);
    let noise = normals(&mut rng, size);
    let state: Vec<f64> = target
        .iter()
        .zip(&noise)
        .map(|(a, b)| a + 0.3 * b)
        .collect();
    assert_eq!(acting(&memory, &state, b), [7]);
    for (found, expected) in memory.retrieve(&state, b).iter().zip(&target) {
        close(*found, *expected, 1e-15);
    }
    let start = Start {
        target: 7,
        ..Start::at_each(&state, size, b).remove(0)
    };
    let arrival = GradientDescent::default()
        .descend(&memory, &[start])
        .remove(0);
    assert_eq!((arrival.steps, arrival.reason), (1, StopReason::Converged));
    assert_eq!(arrival.outcome.target_weight, 1.0);
}

#[test]
fn windows_end_where_they_should() {
    // |ξ¹ − ξ²|² = 4 = 2N/b at b = 2, where the windows touch
    let pair = memory(4, vec![1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0]);
    let first = pair.patterns().pattern(0);
    assert_eq!(acting(&pair, &first, 2.0), [0]);
    assert_eq!(acting(&pair, &first, 2.0 - 1e-12), [0, 1]);
    assert_eq!(pair.energy(&first, 2.0), Some(0.0));
    // out of reach of all: the state stays, at infinite energy
    let far = vec![9.0; 4];
    assert_eq!(pair.retrieve(&far, 2.0), far);
    assert_eq!(pair.energy(&far, 2.0), Some(f64::INFINITY));
    let starts = Start::at_each(&far, 4, 2.0);
    let arrival = GradientDescent::default().descend(&pair, &starts).remove(0);
    assert_eq!((arrival.steps, arrival.outcome.target_weight), (0, 0.0));
    assert!(!Criterion::Weight.is_retrieved(&arrival, &first));
    // a single pattern is retrieved from wherever it acts
    let single = memory(2, vec![1.0, -1.0]);
    assert_eq!(single.retrieve(&[1.9, -1.0], 4.0), [1.0, -1.0]);
    assert_eq!(single.retrieve(&[2.0, -1.0], 4.0), [2.0, -1.0]);
}

#[test]
fn only_squared_distances_will_do() {
    for similarity in ["dot", "cosine", "kernel", "manhattan"] {
        let refused = format!("{similarity} {NAME}").parse::<Composition>();
        assert!(refused.unwrap_err().to_string().contains("use euclidean"));
    }
}

/// The reference table of the closed form, to its digits, and the inverse.
#[test]
fn thresholds_agree_with_the_reference_table() {
    let sphere = ensemble("spherical").unwrap();
    let kind = separation(NAME).unwrap();
    for (b, expected) in [
        (2.5, 0.223_143_551_314_209_76),
        (2.0 + 2.0_f64.sqrt(), 0.346_573_590_279_972_65),
        (4.0, 0.413_339_286_592_233_97),
        (6.0, 0.592_811_832_828_869_7),
        (20.0, 1.163_951_450_489_167_8),
    ] {
        let threshold = kind.typical_threshold(sphere.as_ref(), b).unwrap();
        close(threshold, expected, 1e-14);
        close(threshold, 0.5 * (b * b / (2.0 * b - 1.0)).ln(), 1e-14);
        let inverse = kind.typical_inverse_temperature(sphere.as_ref(), threshold);
        close(inverse.unwrap(), b, 1e-13);
    }
    for alpha in [0.01, 0.2, 3.0_f64] {
        let inverse = kind.typical_inverse_temperature(sphere.as_ref(), alpha);
        let closed = (2.0 * alpha).exp() * (1.0 + (-(-2.0 * alpha).exp_m1()).sqrt());
        close(inverse.unwrap(), closed, 1e-13);
    }
    for b in [0.2, 1.0] {
        assert_eq!(kind.typical_threshold(sphere.as_ref(), b), Some(0.0));
    }
    // signs have |ξ|² = N and their own rate; norms that fluctuate are not known
    let signs = ensemble("rademacher").unwrap();
    let rate = signs.rate_function(0.75, 1.0).unwrap();
    assert_eq!(kind.typical_threshold(signs.as_ref(), 4.0), Some(rate));
    let gaussian = ensemble("gaussian").unwrap();
    assert_eq!(kind.typical_threshold(gaussian.as_ref(), 4.0), None);
    assert_eq!(
        kind.typical_inverse_temperature(gaussian.as_ref(), 0.2),
        None
    );
}

fn probability(size: usize, count: usize, b: f64) -> f64 {
    let sphere = ensemble("spherical").unwrap();
    let patterns = PatternCount::from_count(count as f64).unwrap();
    let retriever = Retriever {
        composition: composition(),
        ..Retriever::default()
    };
    retriever
        .retrieval_probability(sphere.as_ref(), patterns, size as f64, b)
        .unwrap()
        .value
}

/// [1 − Pr(u > φ_c)]^{P−1} at N = 20, b = 4, to the digits of the specification, and the edges of
/// b.
#[test]
fn the_retrieval_probability_is_that_of_the_specification() {
    for (count, expected) in [(403, 0.982), (2980, 0.874), (8103, 0.693), (22026, 0.370)] {
        assert!((probability(20, count, 4.0) - expected).abs() < 6e-4);
    }
    assert_eq!(probability(20, 2, 0.4), 0.0);
    close(probability(20, 2, 1.0), 0.5, 1e-14);
    assert_eq!(probability(20, 100, 1e9), 1.0);
}

#[test]
fn patterns_are_retrieved_as_often_as_theory_says() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(4);
    let samples = 400;
    for (size, count, b) in [(12, 20, 2.2), (16, 120, 2.5), (20, 400, 2.6)] {
        let retriever = Retriever {
            composition: composition(),
            ..Retriever::default()
        };
        let mut retrieved = 0;
        for _ in 0..samples {
            let memory = spherical(&mut rng, size, count);
            let target = memory.patterns().pattern(0);
            let starts = Start::at_each(&target, size, b);
            let arrival = GradientDescent::default()
                .descend(&memory, &starts)
                .remove(0);
            retrieved += usize::from(retriever.criterion.is_retrieved(&arrival, &target));
        }
        let expected = probability(size, count, b);
        let deviation = (expected * (1.0 - expected) / f64::from(samples)).sqrt();
        let z = (retrieved as f64 / f64::from(samples) - expected) / deviation;
        assert!(
            expected > 0.2 && expected < 0.8 && z.abs() < 4.0,
            "N = {size}: z = {z}"
        );
    }
}

/// ⟨b_×⟩ = ∫ Pr(b_× > b) db by a plain sum over the retrieval probability, and its limit.
#[test]
fn the_mean_crossover_is_that_of_the_retrieval_probability() {
    let kind = separation(NAME).unwrap();
    let sphere = ensemble("spherical").unwrap();
    let of = |ensemble: &Arc<dyn Ensemble>, patterns, size| {
        let ensemble = ensemble.as_ref();
        kind.mean_crossover(FiniteMemory {
            ensemble,
            patterns,
            size,
        })
    };
    let mean = |patterns, size| of(&sphere, patterns, size);
    for (size, count) in [(12, 4), (16, 25), (24, 1000)] {
        let step = 1e-3;
        let lost = |index: usize| 1.0 - probability(size, count, (index as f64 + 0.5) * step);
        let sum: f64 = (0..60_000).map(lost).sum();
        let patterns = PatternCount::from_count(count as f64).unwrap();
        close(mean(patterns, size as f64).unwrap(), step * sum, 1e-5);
    }
    let patterns = PatternCount::from_load(0.2, 1e6).unwrap();
    let limit = kind
        .typical_inverse_temperature(sphere.as_ref(), 0.2)
        .unwrap();
    close(mean(patterns, 1e6).unwrap(), limit, 1e-4);
    let two = PatternCount::from_count(2.0).unwrap();
    assert_eq!(mean(two, 5.0), None);
    let signs = ensemble("rademacher").unwrap();
    assert_eq!(of(&signs, two, 20.0), None);
}

/// Pairs whose centroid is a fixed point at which these two act and no other.
fn emergent_pairs(memory: &ComposedMemory, b: f64) -> usize {
    let patterns: Vec<Vec<f64>> = (0..memory.pattern_count())
        .map(|pattern| memory.patterns().pattern(pattern))
        .collect();
    let mut found = 0;
    for (first, one) in patterns.iter().enumerate() {
        for (second, other) in patterns.iter().enumerate().skip(first + 1) {
            let pairs = one.iter().zip(other);
            let centroid: Vec<f64> = pairs.map(|(a, b)| f64::midpoint(*a, *b)).collect();
            if acting(memory, &centroid, b) == [first, second] {
                let next = memory.retrieve(&centroid, b);
                for (next, value) in next.iter().zip(&centroid) {
                    close(*next, *value, 1e-13);
                }
                found += 1;
            }
        }
    }
    found
}

#[test]
fn emergent_pairs_are_as_many_as_theory_says() {
    let expected = |size, count, b| expected_pairs(size, count, b).unwrap();
    close(expected(10, 40, 6.0), 118.6, 5e-4);
    // the two patterns alone: every pair with q > 1 − 4/b, all of them up to b = 2
    close(expected(10, 2, 2.0), 1.0, 1e-12);
    assert_eq!(expected_pairs(10, 1, 6.0), Some(0.0));
    assert_eq!(expected_pairs(2, 40, 6.0), None);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(5);
    for (size, count, b, samples) in [(10, 40, 6.0, 60), (8, 20, 4.0, 100), (12, 60, 6.0, 30)] {
        let counts: Vec<f64> = (0..samples)
            .map(|_| emergent_pairs(&spherical(&mut rng, size, count), b) as f64)
            .collect();
        let samples = f64::from(samples);
        let mean = counts.iter().sum::<f64>() / samples;
        let squares: f64 = counts.iter().map(|count| (count - mean).powi(2)).sum();
        let error = (squares / (samples * (samples - 1.0))).sqrt();
        let z = (mean - expected(size, count, b)) / error;
        assert!(z.abs() < 4.0, "N = {size}: {mean} ± {error}, z = {z}");
    }
}
