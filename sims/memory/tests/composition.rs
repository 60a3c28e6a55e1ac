//! Memories as compositions: separations against published numbers and slow twins, energies,
//! margins.

use crate::{close, slope};
use dam_memory::CompositionError;
use dam_memory::attention::AttentionMemory;
use dam_memory::composed::{ComposedMemory, Composition};
use dam_memory::dynamics::{GradientDescent, Start, StopReason};
use dam_memory::patterns::Patterns;
use dam_memory::separations::entmax::{
    Entmax, entmax, entmax_by_root, entmax_conjugate, entmax_jacobian,
};
use dam_memory::separations::separation;
use dam_memory::similarities::feature_map::FeatureMap;
use dam_memory::similarities::{SIMILARITIES, similarity};
use nalgebra::DMatrix;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

const SEPARATIONS: [&str; 8] = [
    "softmax",
    "entmax-1",
    "entmax-1.25",
    "entmax-1.5",
    "sparsemax",
    "entmax-3",
    "top-3",
    "argmax",
];

fn normals(seed: u64, count: usize) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..count)
        .map(|_| StandardNormal.sample(&mut rng))
        .collect()
}

fn compose(rows: Patterns<f64>, similarity: &str, separation: &str) -> ComposedMemory {
    let composition: Composition = format!("{similarity} {separation}").parse().unwrap();
    composition.memory(AttentionMemory::from(rows))
}

fn gaussian_memory(
    seed: u64,
    count: usize,
    size: usize,
    similarity: &str,
    separation: &str,
) -> ComposedMemory {
    let rows = Patterns::from_rows(size, normals(seed, count * size));
    compose(rows, similarity, separation)
}

fn separate(name: &str, z: &mut [f64]) -> Option<f64> {
    separation(name).unwrap().separate(z)
}

fn similarity_names() -> impl Iterator<Item = &'static str> {
    SIMILARITIES.iter().map(|kind| kind.name)
}

/// The fixtures of the published α-entmax (arXiv:1905.05702), to their 12 digits.
#[test]
fn entmax_agrees_with_published_numbers() {
    let fixtures: [(&[f64], f64, &[f64]); 8] = [
        (
            &[-2.0, 0.0, 0.5],
            1.25,
            &[0.00533941784644, 0.352109785968, 0.642550796185],
        ),
        (
            &[-2.0, 0.0, 0.5],
            1.5,
            &[0.0, 0.326007363662, 0.673992636338],
        ),
        (
            &[-2.0, 0.0, 0.5],
            1.75,
            &[0.0, 0.291787985794, 0.708212014206],
        ),
        (&[-2.0, 0.0, 0.5], 2.0, &[0.0, 0.25, 0.75]),
        (&[-2.0, 0.0, 0.5], 3.0, &[0.0, 0.0, 1.0]),
        (
            &[0.0, 0.25, 0.5, 0.75, 1.0],
            1.25,
            &[
                0.0767612328366,
                0.120242373371,
                0.180008398086,
                0.259692782528,
                0.363295213179,
            ],
        ),
        (
            &[0.0, 0.25, 0.5, 0.75, 1.0],
            1.5,
            &[
                0.0258540409356,
                0.0816770204678,
                0.16875,
                0.287072979532,
                0.436645959064,
            ],
        ),
        (
            &[0.0, 0.25, 0.5, 0.75, 1.0],
            2.0,
            &[0.0, 0.0, 1.0 / 12.0, 1.0 / 3.0, 7.0 / 12.0],
        ),
    ];
    for (z, alpha, expected) in fixtures {
        let mut found = z.to_vec();
        entmax(&mut found, alpha);
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-12,
                "α = {alpha}: {found} instead of {expected}"
            );
        }
    }
}

#[test]
fn the_limit_of_entmax_at_one_is_softmax() {
    let z = [0.3, -1.2, 0.9, 0.0];
    let (mut limit, mut near) = (z, z);
    entmax(&mut limit, 1.0);
    entmax(&mut near, 1.0 + 1e-6);
    let sum: f64 = z.iter().map(|value: &f64| value.exp()).sum();
    for index in 0..z.len() {
        close(limit[index], z[index].exp() / sum, 1e-14);
        close(near[index], limit[index], 1e-5);
    }
}

#[test]
fn extreme_numbers_neither_overflow_nor_vanish() {
    for separation in SEPARATIONS {
        let mut z = [1e300, -1e300, 1e300 * (1.0 - 1e-10), 0.0];
        separate(separation, &mut z);
        close(z.iter().sum(), 1.0, 1e-14);
        assert!(z[0] > 0.0, "{separation}: {z:?}");
        let mut equal = [-1e-320; 5];
        separate(separation, &mut equal);
        close(equal.iter().sum(), 1.0, 1e-14);
    }
    let mut zeros = [0.0; 4];
    separate("polynomial-10", &mut zeros);
    assert_eq!(zeros, [0.25; 4]);
}

#[test]
fn top_k_and_arg_max_keep_the_first_of_equals() {
    let mut z = [1.0, 2.0, 2.0, 2.0];
    separate("top-2", &mut z);
    assert_eq!(z, [0.0, 0.5, 0.5, 0.0]);
    let mut z = [1.0, 2.0, 2.0];
    separate("argmax", &mut z);
    assert_eq!(z, [0.0, 1.0, 0.0]);
    let (mut all, mut softmax) = ([0.3, -0.4, 1.0], [0.3, -0.4, 1.0]);
    separate("top-7", &mut all);
    separate("softmax", &mut softmax);
    assert_eq!(all, softmax);
}

#[test]
fn names_are_read_back_and_wrong_ones_are_told() {
    for name in SEPARATIONS.into_iter().chain(["polynomial-10"]) {
        assert_eq!(separation(name).unwrap().name(), name);
    }
    for similarity in similarity_names() {
        assert_eq!(self::similarity(similarity).unwrap().name(), similarity);
    }
    for name in ["softmin", "entmax", "entmax-0.5", "top-0", "polynomial-3"] {
        assert!(separation(name).is_err(), "{name}");
    }
    assert!(similarity("L2").is_err());
}

/// H_α and the maximum of p·z + H_α(p) on a fine grid of the 3-simplex.
#[test]
fn the_conjugate_is_the_maximum_over_the_simplex() {
    let z = [0.4, -0.1, 0.7];
    for alpha in [1.25, 1.5, 2.0, 3.0] {
        let entropy = |p: f64| (p - p.powf(alpha)) / (alpha * (alpha - 1.0));
        let steps = 400;
        let mut largest = f64::NEG_INFINITY;
        for first in 0..=steps {
            for second in 0..=steps - first {
                let p = [first, second, steps - first - second].map(|k| f64::from(k) / 400.0);
                let value: f64 = p.iter().zip(z).map(|(&p, z)| p * z + entropy(p)).sum();
                largest = largest.max(value);
            }
        }
        let conjugate = entmax_conjugate(&z, alpha);
        // the grid misses the maximum by second order in its spacing
        assert!(
            conjugate >= largest - 1e-14 && conjugate < largest + 1e-4,
            "α = {alpha}: {conjugate} against {largest}"
        );
    }
}

#[test]
fn the_jacobian_of_entmax_is_that_of_finite_differences() {
    let z = [0.3, -0.2, 0.55, 0.1, -3.0];
    let step = 1e-6;
    for alpha in [1.0, 1.25, 1.5, 1.8, 2.0] {
        let mut p = z.to_vec();
        entmax(&mut p, alpha);
        let jacobian = entmax_jacobian(&p, alpha);
        for column in 0..z.len() {
            let shifted = |by: f64| {
                let mut shifted = z.to_vec();
                shifted[column] += by;
                entmax(&mut shifted, alpha);
                shifted
            };
            let (above, below) = (shifted(step), shifted(-step));
            for row in 0..z.len() {
                let difference = (above[row] - below[row]) / (2.0 * step);
                assert!(
                    (jacobian[(row, column)] - difference).abs() < 1e-8,
                    "α = {alpha}, ∂p{row}/∂z{column}: {} against {difference}",
                    jacobian[(row, column)]
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn weights_are_a_distribution_and_do_not_change_with_a_shift(
        z in prop::collection::vec(-5.0..5.0_f64, 1..12),
        shift in -3.0..3.0_f64,
    ) {
        for separation in SEPARATIONS {
            let (mut plain, mut shifted) = (z.clone(), z.clone());
            separate(separation, &mut plain);
            for value in &mut shifted {
                *value += shift;
            }
            separate(separation, &mut shifted);
            prop_assert!((plain.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            prop_assert!(plain.iter().all(|&weight| (0.0..=1.0).contains(&weight)));
            for (plain, shifted) in plain.iter().zip(&shifted) {
                // α = 3: p is the root of a number that is 1e-16 uncertain where it vanishes
                prop_assert!((plain - shifted).abs() < 1e-7, "{separation}: {plain} {shifted}");
            }
            let conjugate = separate(separation, &mut z.clone()).unwrap();
            let mut moved: Vec<f64> = z.iter().map(|value| value + shift).collect();
            let difference = separate(separation, &mut moved).unwrap() - conjugate;
            prop_assert!((difference - shift).abs() < 1e-12, "{separation}: {difference} {shift}");
        }
    }

    #[test]
    fn the_exact_sorts_agree_with_the_root(
        z in prop::collection::vec(-3.0..3.0_f64, 1..40),
    ) {
        for alpha in [1.5, 2.0] {
            let (mut sorted, mut root) = (z.clone(), z.clone());
            entmax(&mut sorted, alpha);
            entmax_by_root(&mut root, alpha);
            for (sorted, root) in sorted.iter().zip(&root) {
                prop_assert!((sorted - root).abs() < 1e-13, "α = {alpha}: {sorted} {root}");
            }
        }
    }

    /// exactly where the gap is 1/(α−1), and on either side of it
    #[test]
    fn all_weight_is_on_one_pattern_if_and_only_if_the_gap_is_wide_enough(
        alpha in 1.05..3.0_f64,
        others in prop::collection::vec(-4.0..0.0_f64, 1..10),
    ) {
        let gap = separation(&format!("entmax-{alpha}")).unwrap().exact_gap().unwrap();
        for (relative, is_exact) in [(1.0 + 1e-9, true), (1.0 - 1e-3, false)] {
            let mut z = vec![gap * relative];
            z.push(0.0);
            z.extend(&others);
            entmax(&mut z, alpha);
            let support = z.iter().filter(|&&weight| weight > 0.0).count();
            prop_assert_eq!(support == 1, is_exact, "α = {}: {:?}", alpha, z);
        }
    }

    #[test]
    fn the_update_never_increases_the_energy(seed in 0_u64..1000, log_beta in -1.5..3.0_f64) {
        let (size, count) = (4, 7);
        let beta = log_beta.exp();
        let states = normals(seed + 10_000, 5 * size);
        let numbers = normals(seed + 20_000, 6 * size + 6);
        let maps = [
            FeatureMap::identity(size),
            // wide, square-deficient and affine
            FeatureMap::from_weights(size, numbers[..6 * size].to_vec()),
            FeatureMap::from_weights(size, numbers[..2 * size].to_vec()),
            FeatureMap::from_weights(size, numbers[..6 * size].to_vec())
                .with_bias(numbers[6 * size..].to_vec()),
        ];
        for separation in SEPARATIONS {
            let mut memories: Vec<ComposedMemory> = ["dot", "euclidean"]
                .into_iter()
                .map(|similarity| gaussian_memory(seed, count, size, similarity, separation))
                .collect();
            for map in &maps {
                let memory = gaussian_memory(seed, count, size, "kernel", separation);
                memories.push(memory.with_feature_map(map.clone()).unwrap());
            }
            let mut rows = normals(seed, count * size);
            for row in rows.chunks_exact_mut(size) {
                let norm = row.iter().map(|value| value * value).sum::<f64>().sqrt();
                for value in row {
                    *value *= 2.0 / norm;
                }
            }
            memories.push(compose(Patterns::from_rows(size, rows), "cosine", separation));
            for memory in memories {
                let mut states = states.clone();
                let mut before = memory.energies(&states, beta).unwrap();
                for _ in 0..4 {
                    states = memory.retrieve(&states, beta);
                    let after = memory.energies(&states, beta).unwrap();
                    for (before, after) in before.iter().zip(&after) {
                        prop_assert!(
                            after <= &(before + 1e-10 * before.abs().max(1.0)),
                            "{} {}: {before} → {after}", memory.similarity(), separation
                        );
                    }
                    before = after;
                }
            }
        }
    }
}

/// −∇E = T(x) − x for dot and euclidean: the weights are the gradient of the conjugate.
#[test]
fn the_gradient_of_the_energy_is_the_way_of_the_update() {
    let (size, count, beta, step) = (3, 5, 1.3, 1e-6);
    let state = normals(5, size);
    for separation in SEPARATIONS {
        let memory = gaussian_memory(4, count, size, "dot", separation);
        let next = memory.retrieve(&state, beta);
        for component in 0..size {
            let energy = |at: &[f64]| memory.energy(at, beta).unwrap();
            let slope = slope(&state, component, step, energy);
            let way = state[component] - next[component];
            assert!((slope - way).abs() < 1e-7, "{separation}: {slope} {way}");
        }
    }
}

#[test]
fn where_no_energy_exists_there_is_none() {
    let none = |memory: ComposedMemory| {
        assert!(!memory.has_energy());
        assert_eq!(memory.energy(&[0.1, 0.2, 0.3], 1.0), None);
    };
    let gaussian = |similarity, separation| gaussian_memory(1, 4, 3, similarity, separation);
    none(gaussian("dot", "polynomial-10"));
    none(gaussian("manhattan", "softmax"));
    none(gaussian("cosine", "softmax"));
    none(
        gaussian("dot", "softmax")
            .with_values(&[1.0, 2.0, 3.0, 4.0])
            .unwrap(),
    );
}

/// The general path with the parts of attention against the one-pass kernel.
#[test]
fn the_two_pass_product_agrees_with_the_kernel() {
    let (size, count, beta) = (20, 700, 0.7);
    let attention = gaussian_memory(2, count, size, "dot", "softmax");
    assert!(attention.is_attention());
    let plain = gaussian_memory(2, count, size, "kernel", "softmax");
    assert!(!plain.is_attention());
    let states = normals(3, 300 * size);
    let (fast, slow) = (
        attention.retrieve(&states, beta),
        plain.retrieve(&states, beta),
    );
    for (fast, slow) in fast.iter().zip(&slow) {
        close(*fast, *slow, 1e-12);
    }
    let state = &states[..size];
    let memory = attention.patterns();
    close(
        attention.energy(state, beta).unwrap(),
        memory.energy(state, beta),
        1e-12,
    );
    for (general, kernel) in attention
        .weights(state, beta)
        .iter()
        .zip(memory.weights(state, beta))
    {
        close(*general, kernel, 1e-11);
    }
}

/// Every similarity and projection against loops over components.
#[test]
fn compositions_agree_with_plain_loops() {
    let (size, count, beta, outputs) = (11, 6, 0.8, 2);
    let (states, values) = (normals(8, 3 * size), normals(9, count * outputs));
    for similarity in similarity_names() {
        for separation in SEPARATIONS {
            let memory = gaussian_memory(7, count, size, similarity, separation);
            let patterns: Vec<Vec<f64>> = (0..count)
                .map(|row| memory.patterns().pattern(row))
                .collect();
            let hetero = memory.clone().with_values(&values).unwrap();
            let (found, answers) = (
                memory.retrieve(&states, beta),
                hetero.retrieve(&states, beta),
            );
            for (index, state) in states.chunks_exact(size).enumerate() {
                let norm = |x: &[f64]| x.iter().map(|v| v * v).sum::<f64>().sqrt();
                let mut weights: Vec<f64> = patterns
                    .iter()
                    .map(|pattern| {
                        let pairs = || pattern.iter().zip(state);
                        let dot: f64 = pairs().map(|(a, b)| a * b).sum();
                        beta * match similarity {
                            "dot" | "kernel" => dot,
                            "cosine" => dot / (norm(pattern) * norm(state)),
                            "euclidean" => {
                                -0.5 * pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>()
                            }
                            "manhattan" => -pairs().map(|(a, b)| (a - b).abs()).sum::<f64>(),
                            _ => panic!("{similarity} has no plain twin"),
                        }
                    })
                    .collect();
                separate(separation, &mut weights);
                let mean = |component: usize, row: &dyn Fn(usize, usize) -> f64| -> f64 {
                    (0..count).map(|mu| weights[mu] * row(mu, component)).sum()
                };
                for component in 0..size {
                    let expected = mean(component, &|mu, i| patterns[mu][i]);
                    close(found[index * size + component], expected, 1e-12);
                }
                for component in 0..outputs {
                    let expected = mean(component, &|mu, i| values[mu * outputs + i]);
                    close(answers[index * outputs + component], expected, 1e-12);
                }
            }
        }
    }
}

/// Any W, full rank or not: the kernel is the ordinary model on WΞ with Ξ as decoder.
#[test]
fn a_linear_kernel_is_the_ordinary_model_on_features() {
    let (size, count, beta) = (6, 9, 0.6);
    for features in [3, 6, 8] {
        let map = FeatureMap::from_weights(size, normals(13, features * size));
        let weights = DMatrix::from_row_slice(features, size, map.weights());
        for separation in SEPARATIONS {
            let kernel = gaussian_memory(12, count, size, "kernel", separation)
                .with_feature_map(map.clone())
                .unwrap();
            let patterns = normals(12, count * size);
            let columns = DMatrix::from_column_slice(size, count, &patterns);
            let mapped = &weights * &columns;
            let rows = Patterns::from_rows(features, mapped.as_slice().to_vec());
            let ordinary = compose(rows, "dot", separation)
                .with_values(&patterns)
                .unwrap();
            let states = normals(14, 4 * size);
            let queries = &weights * DMatrix::from_column_slice(size, 4, &states);
            let (kernel, ordinary) = (
                kernel.retrieve(&states, beta),
                ordinary.retrieve(queries.as_slice(), beta),
            );
            for (kernel, ordinary) in kernel.iter().zip(&ordinary) {
                close(*kernel, *ordinary, 1e-12);
            }
        }
    }
}

/// −½|ξ − x|² = ξ·x − ½|ξ|² − ½|x|²: with equal |ξ| only a shift.
#[test]
fn euclidean_is_dot_for_patterns_of_equal_norm() {
    let rows: Vec<f64> = normals(21, 8 * 5)
        .iter()
        .map(|value| value.signum())
        .collect();
    let states = normals(22, 6 * 5);
    for separation in SEPARATIONS {
        let [dot, euclidean] = ["dot", "euclidean"].map(|similarity| {
            let rows = Patterns::from_rows(5, rows.clone());
            compose(rows, similarity, separation).retrieve(&states, 0.9)
        });
        for (dot, euclidean) in dot.iter().zip(&euclidean) {
            close(*dot, *euclidean, 1e-7);
        }
    }
}

/// A distance without its minus sign retrieves the farthest pattern.
#[test]
fn distances_retrieve_the_nearest_pattern() {
    for similarity in ["euclidean", "manhattan"] {
        for separation in SEPARATIONS {
            let memory = gaussian_memory(31, 12, 10, similarity, separation);
            for target in 0..12 {
                let pattern = memory.patterns().pattern(target);
                let weights = memory.weights(&pattern, 2.0);
                let best = (0..12).max_by(|a, b| weights[*a].total_cmp(&weights[*b]));
                assert_eq!(best, Some(target), "{similarity} {separation}");
            }
        }
        let name = format!("{similarity} polynomial-10");
        let error = name.parse::<Composition>().unwrap_err();
        assert!(matches!(error, CompositionError::Misfit { .. }), "{error}");
    }
}

/// ξ^μ is a fixed point if and only if β Δ_μ ≥ 1/(α−1).
#[test]
fn patterns_are_fixed_points_just_above_the_margin_and_not_below() {
    for similarity in similarity_names() {
        for separation in ["entmax-1.25", "entmax-1.5", "sparsemax"] {
            let memory = gaussian_memory(41, 6, 8, similarity, separation);
            for pattern in 0..6 {
                let gap = memory.separation_gap(pattern);
                assert!(
                    gap > 0.0,
                    "{similarity}: this sample has only stable patterns"
                );
                let beta = self::separation(separation).unwrap().exact_gap().unwrap() / gap;
                let target = memory.patterns().pattern(pattern);
                let error = |beta| {
                    let found = memory.retrieve(&target, beta);
                    let squared = found.iter().zip(&target).map(|(a, b)| (a - b).powi(2));
                    squared.sum::<f64>().sqrt()
                };
                assert_eq!(memory.stores_exactly(pattern, beta * 1.0001), Some(true));
                assert!(error(beta * 1.0001) < 1e-12);
                assert_eq!(memory.stores_exactly(pattern, beta * 0.9), Some(false));
                assert!(error(beta * 0.9) > 1e-7, "{similarity} {separation}");
            }
        }
    }
    let softmax = gaussian_memory(41, 6, 8, "dot", "softmax");
    assert_eq!(softmax.stores_exactly(0, 100.0), None);
}

#[test]
fn retrieval_misses_by_no_more_than_its_bound() {
    let (size, count) = (12, 10);
    let mut tight = 0;
    for similarity in similarity_names() {
        for separation in SEPARATIONS {
            let memory = gaussian_memory(51, count, size, similarity, separation);
            for pattern in 0..count {
                let target = memory.patterns().pattern(pattern);
                for (trial, scale) in [0.0, 0.02, 0.1, 0.3].into_iter().enumerate() {
                    let noise = normals((pattern * 10 + trial) as u64, size);
                    let state: Vec<f64> = target
                        .iter()
                        .zip(&noise)
                        .map(|(x, n)| x + scale * n)
                        .collect();
                    for beta in [0.3, 1.0, 4.0] {
                        let radius = memory.radius(&state, pattern);
                        let bound = memory.retrieval_error_bound(pattern, radius, beta).unwrap();
                        let found = memory.retrieve(&state, beta);
                        let squared = found.iter().zip(&target).map(|(a, b)| (a - b).powi(2));
                        let error = squared.sum::<f64>().sqrt();
                        assert!(
                            error <= bound + 1e-12,
                            "{similarity} {separation} β = {beta}: {error} > {bound}"
                        );
                        tight += usize::from(bound < 0.1);
                    }
                }
            }
        }
    }
    assert!(
        tight > 100,
        "the bound says something in {tight} cases only"
    );
}

#[test]
fn iteration_ends_at_a_fixed_point_with_its_weights() {
    let memory = gaussian_memory(61, 10, 5, "dot", "sparsemax");
    let descent = GradientDescent {
        step_size: 1.0,
        tolerance: 1e-10,
        max_steps: 10_000,
    };
    let states = normals(62, 40 * 5);
    let starts = Start::at_each(&states, 5, 0.5);
    let points = descent.descend(&memory, &starts);
    assert_eq!(points.len(), 40);
    for (point, start) in points.iter().zip(&starts) {
        assert_eq!(point.reason, StopReason::Converged);
        let again = memory.retrieve(&point.state, 0.5);
        for (again, state) in again.iter().zip(&point.state) {
            assert!((again - state).abs() <= 1e-9);
        }
        let weights = memory.weights(&point.state, 0.5);
        let best = weights
            .iter()
            .position(|&weight| weight == weights.iter().copied().fold(0.0, f64::max));
        assert_eq!(best, Some(point.outcome.best_pattern));
        close(point.outcome.target_weight, weights[0], 1e-12);
        assert_eq!(point.outcome.energy, memory.energy(&point.state, 0.5));
        let alone = descent.descend(&memory, std::slice::from_ref(start));
        assert_eq!(alone[0].steps, point.steps);
    }
    let none = GradientDescent {
        max_steps: 0,
        ..descent
    };
    let points = none.descend(&memory, &starts[..1]);
    assert_eq!(points[0].state, &states[..5]);
    assert_eq!(points[0].reason, StopReason::MaxSteps);
}

#[test]
fn support_counts_what_the_papers_count() {
    let weights = [0.5, 0.485, 0.01, 0.005, 0.0];
    assert_eq!(separation("softmax").unwrap().support_size(&weights), 2);
    assert_eq!(separation("sparsemax").unwrap().support_size(&weights), 4);
    assert_eq!(separation("argmax").unwrap().support_size(&[0.0, 1.0]), 1);
}

#[test]
fn parts_that_do_not_fit_are_told() {
    let memory = || gaussian_memory(71, 4, 3, "dot", "softmax");
    let shape = |result: Result<ComposedMemory, CompositionError>| {
        assert!(matches!(result, Err(CompositionError::Shape { .. })));
    };
    shape(memory().with_values(&[1.0; 5]));
    shape(memory().with_values(&[]));
    shape(memory().with_feature_map(FeatureMap::identity(4)));
    assert!(memory().with_values(&[f64::NAN; 4]).is_err());
    let endless = FeatureMap::identity(3).with_bias(vec![0.0, f64::INFINITY, 0.0]);
    assert!(memory().with_feature_map(endless).is_err());
    assert!(Entmax::new(0.5).is_err());
    assert!(Entmax::new(f64::NAN).is_err());
}
