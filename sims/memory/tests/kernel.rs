//! Every path of the softmax update against two plain passes in double precision.

use dam_memory::kernel::{
    Batch, ComputedIn, Element, InstructionSet, Layout, Number, Parallelism, Pass, PatternSource,
    SMALL_BATCH, StateSummary, Workspace,
};
use dam_memory::patterns::Patterns;
use proptest::prelude::*;

/// Numbers good enough to make test inputs from: `SplitMix64`.
struct Numbers(u64);

impl Numbers {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Nearly normal: the sum of four uniform numbers.
    fn normal(&mut self) -> f64 {
        ((0..4).map(|_| self.uniform()).sum::<f64>() - 2.0) * 3.0_f64.sqrt()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small non-negative number"
    )]
    fn below(&mut self, limit: usize) -> usize {
        (self.uniform() * limit as f64) as usize
    }
}

type Outcome = (Vec<f64>, Vec<StateSummary>);

/// A batch and the patterns it is updated with.
struct Case<T> {
    patterns: Patterns<T>,
    states: Vec<f64>,
    lambdas: Vec<f64>,
    targets: Vec<usize>,
}

impl<T: Element> Case<T> {
    /// Random patterns; states near their targets with noise of strength `noise`.
    fn new(size: usize, count: usize, batch: usize, lambda: f64, noise: f64, seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let rows = (0..size * count)
            .map(|_| T::from_f64(numbers.normal()))
            .collect();
        let patterns = Patterns::from_rows(size, rows);
        let targets: Vec<usize> = (0..batch).map(|_| numbers.below(count)).collect();
        let states = targets
            .iter()
            .flat_map(|&target| patterns.row_f64(target))
            .map(|value| value + noise * numbers.normal())
            .collect();
        let lambdas = (0..batch)
            .map(|_| lambda * (0.5 + numbers.uniform()))
            .collect();
        Self {
            patterns,
            states,
            lambdas,
            targets,
        }
    }

    fn update(
        &self,
        workspace: &mut Workspace,
        seeds: Option<&[usize]>,
        parallelism: Parallelism,
    ) -> Outcome {
        self.update_in::<T>(workspace, seeds, parallelism)
    }

    /// As [`update`](Self::update), computed in the precision C.
    fn update_in<C: Number>(
        &self,
        workspace: &mut Workspace,
        seeds: Option<&[usize]>,
        parallelism: Parallelism,
    ) -> Outcome
    where
        T: ComputedIn<C>,
    {
        let all = 0..self.targets.len();
        self.update_part_in::<C>(all, workspace, seeds, parallelism)
    }

    /// Updates a part of the batch.
    fn update_part(
        &self,
        part: std::ops::Range<usize>,
        workspace: &mut Workspace,
        seeds: Option<&[usize]>,
        parallelism: Parallelism,
    ) -> Outcome {
        self.update_part_in::<T>(part, workspace, seeds, parallelism)
    }

    fn update_part_in<C: Number>(
        &self,
        part: std::ops::Range<usize>,
        workspace: &mut Workspace,
        seeds: Option<&[usize]>,
        parallelism: Parallelism,
    ) -> Outcome
    where
        T: ComputedIn<C>,
    {
        let size = self.patterns.size();
        let batch = Batch {
            states: &self.states[part.start * size..part.end * size],
            inverse_temperatures: &self.lambdas[part.clone()],
            targets: &self.targets[part.clone()],
            seeds,
        };
        let mut means = vec![f64::NAN; part.len() * size];
        let mut summaries = vec![StateSummary::default(); part.len()];
        Pass {
            source: &self.patterns,
            batch,
            parallelism,
        }
        .run_in::<C>(workspace, &mut means, &mut summaries);
        (means, summaries)
    }

    /// Two passes in double precision, and E = λ maxᵤ Σₙ|xₙ ξₙ| of each state.
    fn naive(&self) -> (Outcome, Vec<f64>) {
        let size = self.patterns.size();
        let mut means = vec![0.0; self.states.len()];
        let mut summaries = vec![StateSummary::default(); self.targets.len()];
        let mut scales = Vec::new();
        for (index, summary) in summaries.iter_mut().enumerate() {
            let state = &self.states[index * size..(index + 1) * size];
            let lambda = self.lambdas[index];
            let (mut products, mut scale) = (Vec::new(), 0.0_f64);
            for row in self.patterns.as_slice().chunks_exact(size) {
                let (mut product, mut absolute) = (0.0, 0.0);
                for (x, xi) in state.iter().zip(row) {
                    product += x * xi.to_f64();
                    absolute += (x * xi.to_f64()).abs();
                }
                products.push(product);
                scale = scale.max(lambda * absolute);
            }
            let largest = products.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weights: Vec<f64> = products
                .iter()
                .map(|p| (lambda * (p - largest)).exp())
                .collect();
            // In two steps, since many small terms after a large one would be lost in one.
            let sum = |terms: &[f64]| -> f64 {
                let parts = terms.chunks(64).map(|part| part.iter().sum::<f64>());
                parts.sum()
            };
            let total = sum(&weights);
            let squares: Vec<f64> = weights.iter().map(|w| (w / total).powi(2)).collect();
            let mean = &mut means[index * size..(index + 1) * size];
            for (weight, row) in weights
                .iter()
                .zip(self.patterns.as_slice().chunks_exact(size))
            {
                for (mean, xi) in mean.iter_mut().zip(row) {
                    *mean += weight / total * xi.to_f64();
                }
            }
            *summary = StateSummary {
                best_product: largest,
                best_pattern: products.iter().position(|p| *p == largest).unwrap(),
                log_sum_exp: lambda * largest + total.ln(),
                target_weight: weights[self.targets[index]] / total,
                participation: sum(&squares),
            };
            scales.push(scale);
        }
        ((means, summaries), scales)
    }
}

/// Compares with [`Case::naive`]; `accuracy` holds up to E = 30 and grows with E beyond.
fn check<T: Element>(
    case: &Case<T>,
    ((right_means, right), scales): &(Outcome, Vec<f64>),
    (means, summaries): &Outcome,
    accuracy: f64,
    path: &str,
) {
    let size = case.patterns.size();
    let values = case.patterns.as_slice().iter();
    let largest = values.map(|xi| xi.to_f64().abs()).fold(0.0, f64::max);
    for (index, (summary, right)) in summaries.iter().zip(right).enumerate() {
        let accuracy = accuracy * (scales[index] / 30.0).max(1.0);
        let close = |name: &str, value: f64, right: f64, scale: f64| {
            assert!(
                (value - right).abs() <= accuracy * scale,
                "{path}: {name} of state {index}: {value} instead of {right}, off by {:e} of {scale}",
                (value - right).abs()
            );
        };
        for n in index * size..(index + 1) * size {
            close("mean", means[n], right_means[n], largest);
        }
        close("log-sum-exp", summary.log_sum_exp, right.log_sum_exp, 1.0);
        close(
            "target weight",
            summary.target_weight,
            right.target_weight,
            1.0,
        );
        close(
            "participation",
            summary.participation,
            right.participation,
            1.0,
        );
        let product = case.lambdas[index] * summary.best_product;
        close(
            "best product",
            product,
            case.lambdas[index] * right.best_product,
            1.0,
        );
    }
}

/// Every instruction set with both layouts, and with the one that the kernel chooses.
fn paths() -> Vec<(InstructionSet, Option<Layout>)> {
    let layouts = [Some(Layout::States), Some(Layout::Components), None];
    InstructionSet::available()
        .into_iter()
        .flat_map(|set| layouts.map(|layout| (set, layout)))
        .collect()
}

fn check_all(size: usize, count: usize, batch: usize, lambda: f64, noise: f64, seed: u64) {
    let double = Case::<f64>::new(size, count, batch, lambda, noise, seed);
    let single = Case::<f32>::new(size, count, batch, lambda, noise, seed);
    let (right_double, right_single) = (double.naive(), single.naive());
    for (set, layout) in paths() {
        let workspace = &mut Workspace::forced(set, layout);
        for seeds in [None, Some(double.targets.as_slice())] {
            let path = format!("{set:?} {layout:?} seeds {}", seeds.is_some());
            let outcome = double.update(workspace, seeds, Parallelism::Sequential);
            check(&double, &right_double, &outcome, 1e-13, &path);
            let outcome = single.update(workspace, seeds, Parallelism::Sequential);
            check(&single, &right_single, &outcome, 1e-5, &path);
            let outcome = single.update_in::<f64>(workspace, seeds, Parallelism::Sequential);
            check(
                &single,
                &right_single,
                &outcome,
                1e-13,
                &format!("mixed {path}"),
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn every_path_agrees_with_two_passes(
        size in 1_usize..=130,
        count in prop_oneof![1_usize..=80, 1_usize..=1500],
        batch in 1_usize..=40,
        exponent in -8.0_f64..=2.0,
        noise in 0.0..2.0,
        seed: u64,
    ) {
        // λN from 1e-8 to 100.
        check_all(size, count, batch, 10_f64.powf(exponent) / size as f64, noise, seed);
    }

    #[test]
    fn huge_exponents_neither_overflow_nor_lose_the_state(
        size in 1_usize..=64,
        count in 1_usize..=600,
        batch in 1_usize..=20,
        seed: u64,
    ) {
        check_all(size, count, batch, 1e4 / size as f64, 0.5, seed);
    }
}

#[test]
fn many_patterns_fill_several_spans() {
    for (size, count, batch) in [(40, 5000, 33), (3, 40_000, 5), (17, 20_011, 2)] {
        check_all(size, count, batch, 0.4, 0.7, 11);
    }
}

/// The bits of an outcome, so that equality means the same numbers to the last digit.
fn bits((means, summaries): &Outcome) -> Vec<u64> {
    let numbers = summaries.iter().flat_map(|summary| {
        let [log, target] = [summary.log_sum_exp, summary.target_weight];
        let [product, participation] = [summary.best_product, summary.participation];
        [
            log,
            target,
            product,
            participation,
            summary.best_pattern as f64,
        ]
    });
    means
        .iter()
        .copied()
        .chain(numbers)
        .map(f64::to_bits)
        .collect()
}

fn check_threads<T: Element>(case: &Case<T>) {
    for (set, layout) in paths() {
        let workspace = &mut Workspace::forced(set, layout);
        for seeds in [None, Some(case.targets.as_slice())] {
            let alone = case.update(workspace, seeds, Parallelism::Sequential);
            for threads in [1, 2, 3] {
                let pool = rayon::ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .build()
                    .unwrap();
                let many = pool.install(|| case.update(workspace, seeds, Parallelism::Chunks));
                assert_eq!(
                    bits(&alone),
                    bits(&many),
                    "{set:?} {layout:?} {threads} threads"
                );
            }
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    check_threads(&Case::<f64>::new(11, 20_000, 19, 1.0, 0.5, 3));
    check_threads(&Case::<f32>::new(11, 20_000, 19, 1.0, 0.5, 3));
    // one span, whose states the threads divide
    check_threads(&Case::<f64>::new(40, 1000, 67, 1.0, 0.5, 4));
    check_threads(&Case::<f32>::new(40, 1000, 67, 1.0, 0.5, 4));
}

/// Patterns in single precision that are computed with in double are those that were widened before: in large batches to the
/// last bit, in small ones, whose tiles hold more of them, to rounding.
#[test]
fn mixed_precision_is_double_precision_of_the_rounded_patterns() {
    for (size, count, batch) in [(40, 5000, 33), (7, 3001, 3), (129, 700, 20), (64, 2500, 1)] {
        let stored = Case::<f32>::new(size, count, batch, 0.5, 0.7, 5);
        let values = stored.patterns.as_slice().iter().copied().map(f64::from);
        let wide = Case {
            patterns: Patterns::from_rows(size, values.collect()),
            states: stored.states.clone(),
            lambdas: stored.lambdas.clone(),
            targets: stored.targets.clone(),
        };
        let right = wide.naive();
        for (set, layout) in paths() {
            let workspace = &mut Workspace::forced(set, layout);
            for seeds in [None, Some(stored.targets.as_slice())] {
                for parallelism in [Parallelism::Sequential, Parallelism::Chunks] {
                    let mixed = stored.update_in::<f64>(workspace, seeds, parallelism);
                    check(&wide, &right, &mixed, 1e-13, &format!("{set:?} {layout:?}"));
                    if set == InstructionSet::Portable || layout == Some(Layout::States) {
                        let same = wide.update(workspace, seeds, parallelism);
                        assert_eq!(bits(&mixed), bits(&same), "{set:?} {layout:?}");
                    }
                }
            }
        }
    }
}

fn check_composition<T: Element>(case: &Case<T>) {
    let size = case.patterns.size();
    for (set, layout) in paths() {
        let workspace = &mut Workspace::forced(set, layout);
        for seeded in [false, true] {
            let seeds = |part: std::ops::Range<usize>| seeded.then(|| &case.targets[part]);
            let all = 0..case.targets.len();
            let together = case.update(workspace, seeds(all.clone()), Parallelism::Sequential);
            for part in [0..1, 3..9, 5..22, 1..case.targets.len()] {
                if layout.is_none() && part.len() <= SMALL_BATCH {
                    continue;
                }
                let (means, summaries) = case.update_part(
                    part.clone(),
                    workspace,
                    seeds(part.clone()),
                    Parallelism::Sequential,
                );
                let same = (
                    together.0[part.start * size..part.end * size].to_vec(),
                    together.1[part.clone()].to_vec(),
                );
                assert_eq!(
                    bits(&(means, summaries)),
                    bits(&same),
                    "{set:?} {layout:?} {part:?}"
                );
            }
        }
    }
}

#[test]
fn the_other_states_of_a_batch_do_not_change_a_bit() {
    // λN = 200 and 60: seeded states leave patterns out, or do not.
    for lambda in [4.0, 1.2] {
        check_composition(&Case::<f64>::new(50, 3000, 37, lambda, 0.3, 5));
        check_composition(&Case::<f32>::new(50, 3000, 37, lambda, 0.3, 5));
    }
}

/// Large batches of so many states have the same bits with all vector instructions, and on all of
/// their vectors.
fn check_instruction_sets<T: Element>(size: usize, count: usize, batch: usize) {
    let case = Case::<T>::new(size, count, batch, 0.8, 0.5, 9);
    let outcomes: Vec<_> = paths()
        .into_iter()
        .filter(|&(set, layout)| {
            let is_large = layout.is_none() && batch > SMALL_BATCH;
            set != InstructionSet::Portable && (layout == Some(Layout::States) || is_large)
        })
        .map(|(set, layout)| {
            let workspace = &mut Workspace::forced(set, layout);
            bits(&case.update(workspace, None, Parallelism::Sequential))
        })
        .collect();
    for pair in outcomes.windows(2) {
        assert_eq!(pair[0], pair[1], "{size} {count} {batch}");
    }
}

#[test]
fn instruction_sets_agree_on_every_bit_of_large_batches() {
    check_instruction_sets::<f32>(23, 5000, 21);
    check_instruction_sets::<f64>(23, 1500, 21);
    // groups of one vector, tiles of all lengths
    for (size, batch) in [(40, 3), (41, 7), (100, 5)] {
        check_instruction_sets::<f32>(size, 1100, batch);
        check_instruction_sets::<f64>(size, 1100, batch);
    }
}

/// Compares updates that leave patterns out with those that do not and with two plain passes. What
/// is left out weighs at most 2^−46 of the rest; `rounding` is what sums of fewer terms may differ
/// by.
fn check_left_out<T: Element>(size: usize, lambda: f64, accuracy: f64, rounding: f64) {
    let case = Case::<T>::new(size, 20_000, 32, lambda, 0.2, 21);
    let right = case.naive();
    let values = case.patterns.as_slice().iter();
    let largest = values.map(|xi| xi.to_f64().abs()).fold(0.0, f64::max);
    let left_out = 2_f64.powi(-46) + rounding;
    for set in InstructionSet::available() {
        let workspace = &mut Workspace::forced(set, Some(Layout::States));
        let all = case.update(workspace, None, Parallelism::Sequential);
        let seeds = Some(case.targets.as_slice());
        let few = case.update(workspace, seeds, Parallelism::Sequential);
        check(&case, &right, &few, accuracy, "patterns left out");
        for (all, few) in all.0.iter().zip(&few.0) {
            let difference = (all - few).abs();
            assert!(
                difference <= 2.0 * left_out * largest,
                "{set:?}: {difference:e} of {largest}"
            );
        }
        for (all, few) in all.1.iter().zip(&few.1) {
            assert!((all.participation - few.participation).abs() <= 2.0 * left_out);
            assert!((all.log_sum_exp - few.log_sum_exp).abs() <= left_out);
            assert!((all.target_weight - few.target_weight).abs() <= left_out);
            assert_eq!(all.best_pattern, few.best_pattern);
        }
        // Near retrieval the rule must apply, or this test compares nothing.
        let is_vector = set != InstructionSet::Portable;
        assert_eq!(bits(&all) != bits(&few), is_vector, "{set:?}: left out?");
    }
}

#[test]
fn leaving_out_negligible_patterns_changes_less_than_said() {
    // λN from 24 to 144: some states leave patterns out, or all of them.
    for lambda in [0.75, 1.0, 1.5] {
        check_left_out::<f64>(64, lambda, 1e-13, 5e-14);
        check_left_out::<f32>(64, lambda, 1e-5, 2.0 * f64::from(f32::EPSILON));
    }
}

#[test]
fn poor_seeds_give_the_same_result() {
    let case = Case::<f64>::new(30, 4000, 18, 2.0, 0.4, 33);
    let right = case.naive();
    let seeds: Vec<usize> = (0..18).map(|state| 200 * state).collect();
    for (set, layout) in paths() {
        let workspace = &mut Workspace::forced(set, layout);
        let outcome = case.update(workspace, Some(&seeds), Parallelism::Sequential);
        check(&case, &right, &outcome, 1e-13, "poor seeds");
    }
}

/// Makes the patterns of another source anew each time, in the caller's buffer.
struct Made<'a>(&'a Patterns<f64>);

impl PatternSource<f64> for Made<'_> {
    fn shape(&self) -> (usize, usize) {
        self.0.shape()
    }

    fn rows<'a>(&'a self, first: usize, count: usize, buffer: &'a mut Vec<f64>) -> &'a [f64] {
        buffer.clear();
        for pattern in first..first + count {
            buffer.extend_from_slice(self.0.row(pattern));
        }
        buffer
    }
}

#[test]
fn patterns_from_any_source_give_the_same_bits() {
    let case = Case::<f64>::new(13, 3000, 9, 1.0, 0.5, 8);
    for (set, layout) in paths() {
        let workspace = &mut Workspace::forced(set, layout);
        let stored = case.update(workspace, None, Parallelism::Sequential);
        let batch = Batch {
            states: &case.states,
            inverse_temperatures: &case.lambdas,
            targets: &case.targets,
            seeds: None,
        };
        let mut made = (
            vec![0.0; case.states.len()],
            vec![StateSummary::default(); 9],
        );
        Pass {
            source: &Made(&case.patterns),
            batch,
            parallelism: Parallelism::Chunks,
        }
        .run(workspace, &mut made.0, &mut made.1);
        assert_eq!(bits(&stored), bits(&made), "{set:?} {layout:?}");
    }
}

#[test]
fn equal_products_name_the_first_pattern() {
    for count in [7, 40, 700] {
        let patterns = Patterns::from_rows(2, [[1.0, 0.5], [0.0, 2.0]].concat().repeat(count));
        for (set, layout) in paths() {
            for (state, best) in [([1.0, 0.0], 0), ([0.0, 1.0], 1), ([0.0, 0.0], 0)] {
                for seeds in [None, Some([count].as_slice())] {
                    let (mut means, mut summaries) = ([0.0; 2], [StateSummary::default()]);
                    let workspace = &mut Workspace::forced(set, layout);
                    let batch = Batch {
                        states: &state,
                        inverse_temperatures: &[3.0],
                        targets: &[1],
                        seeds,
                    };
                    Pass {
                        source: &patterns,
                        batch,
                        parallelism: Parallelism::Sequential,
                    }
                    .run(workspace, &mut means, &mut summaries);
                    assert_eq!(
                        summaries[0].best_pattern, best,
                        "{set:?} {layout:?} {count}"
                    );
                }
            }
        }
    }
}

#[test]
fn infinite_temperature_averages_all_patterns() {
    let mut case = Case::<f64>::new(9, 1000, 6, 1.0, 0.5, 14);
    case.lambdas.fill(0.0);
    let right = case.naive();
    for (set, layout) in paths() {
        let workspace = &mut Workspace::forced(set, layout);
        let outcome = case.update(workspace, None, Parallelism::Sequential);
        for (mean, right) in outcome.0.iter().zip(&right.0.0) {
            assert!((mean - right).abs() < 1e-13, "{set:?} {layout:?}");
        }
        for summary in &outcome.1 {
            assert!((summary.log_sum_exp - 1000_f64.ln()).abs() < 1e-13);
            assert!((summary.target_weight - 1e-3).abs() < 1e-15);
            assert!((summary.participation - 1e-3).abs() < 1e-15);
            assert!(summary.best_product.is_finite());
        }
    }
}

#[test]
fn a_state_that_is_not_a_number_spoils_only_itself() {
    let mut case = Case::<f64>::new(5, 300, 7, 1.0, 0.5, 2);
    let (set, size) = (InstructionSet::available()[0], 5);
    for layout in [Layout::States, Layout::Components] {
        let workspace = &mut Workspace::forced(set, Some(layout));
        let before = case.update(workspace, None, Parallelism::Sequential);
        let kept = std::mem::replace(&mut case.states[2 * size], f64::NAN);
        let after = case.update(workspace, None, Parallelism::Sequential);
        case.states[2 * size] = kept;
        for (index, (before, after)) in before.0.iter().zip(&after.0).enumerate() {
            if index / size == 2 {
                assert!(after.is_nan(), "{layout:?}");
            } else {
                assert_eq!(before, after, "{layout:?}");
            }
        }
    }
}
