//! Memories that draw their patterns where they matter, against stored patterns.

use std::collections::BTreeMap;

use dam_experiments::basin::{Basin, StartKind};
use dam_experiments::crossover::Crossover;
use dam_memory::attention::AttentionMemory;
use dam_memory::dynamics::criterion::Criterion;
use dam_memory::dynamics::{GradientDescent, Retriever, Start};
use dam_memory::ensembles::pattern_ensemble;
use dam_memory::kernel::Workspace;
use dam_memory::memory::{Memory, Outcome};
use dam_memory::revealed::{ExtremesPlan, RevealedMemory};
use dam_memory::streams::StreamKey;
use dam_runs::experiment::Experiment;
use dam_runs::job::Point;
use dam_runs::quantity::Quantity;
use dam_runs::task::{Load, Task};
use dam_theory::finite_size::{PatternCount, ProjectionLaw};

const DESCENT: GradientDescent = GradientDescent {
    step_size: 1.0,
    tolerance: 1e-8,
    max_steps: 20_000,
};

/// The state of length √N at an angle to the first axis, in the plane of the first two.
pub fn state(size: usize, degrees: f64) -> Vec<f64> {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let mut state = vec![0.0; size];
    state[0] = cosine * (size as f64).sqrt();
    state[1] = sine * (size as f64).sqrt();
    state
}

pub fn update(memory: &dyn Memory, state: &[f64], lambda: f64) -> (Vec<f64>, Outcome) {
    memory.pass_state(&mut Workspace::default(), state, lambda)
}

/// A memory of the same law with all patterns stored.
fn stored(ensemble: &str, size: usize, patterns: usize, sample: u64) -> AttentionMemory {
    let law = pattern_ensemble(ensemble, &BTreeMap::new()).unwrap();
    let seed = StreamKey::new(sample).seed("stored");
    AttentionMemory::sample(law.as_ref(), size, patterns, &seed)
}

/// Means of the columns agree within four standard errors; returns the largest |z|.
pub fn assert_same_means(names: &[&str], left: &[Vec<f64>], right: &[Vec<f64>]) {
    let moments = |rows: &[Vec<f64>], column: usize| {
        let count = rows.len() as f64;
        let mean = rows.iter().map(|row| row[column]).sum::<f64>() / count;
        let squares = rows.iter().map(|row| (row[column] - mean).powi(2));
        (
            mean,
            (squares.sum::<f64>() / (count * (count - 1.0))).sqrt(),
        )
    };
    for (column, name) in names.iter().enumerate() {
        let (left, right) = (moments(left, column), moments(right, column));
        let z = (left.0 - right.0) / left.1.hypot(right.1);
        println!("{name}: {left:?} {right:?} z = {z:.2}");
        assert!(z.abs() < 4.0, "{name}: {left:?} against {right:?}: z = {z}");
    }
}

/// The distance of Kolmogorov and Smirnov between two samples, times √(mn/(m + n)).
pub fn kolmogorov(mut left: Vec<f64>, mut right: Vec<f64>) -> f64 {
    left.sort_by(f64::total_cmp);
    right.sort_by(f64::total_cmp);
    let (m, n) = (left.len() as f64, right.len() as f64);
    let below = |sorted: &[f64], x: f64| sorted.partition_point(|&value| value <= x) as f64;
    let distance = left
        .iter()
        .chain(&right)
        .map(|&x| (below(&left, x) / m - below(&right, x) / n).abs())
        .fold(0.0, f64::max);
    distance * (m * n / (m + n)).sqrt()
}

/// Patterns revealed along two directions, one after the other, have the joint law of stored ones: counts above thresholds,
/// alone and together, the largest overlaps, ln Z and the mean, with moments and distributions.
#[test]
fn two_reveals_have_the_law_of_stored_patterns() {
    let (size, patterns, lambda, samples) = (14, 3000, 0.9, 1500);
    for (ensemble, seed) in [("spherical", 1), ("gaussian", 2)] {
        let count = PatternCount::from_count(patterns as f64).unwrap();
        let plan =
            ExtremesPlan::new(&dam_theory::ensemble(ensemble).unwrap(), size, count, 0.15).unwrap();
        let law = ProjectionLaw::of(
            dam_theory::ensemble(ensemble).unwrap().as_ref(),
            size as f64,
        )
        .unwrap();
        let unit = law.unit();
        // 3 patterns are expected above it, all of which are drawn
        let threshold = law.upper_quantile((3.0 / patterns as f64).ln()).unwrap();
        let (first, second) = (state(size, 90.0), state(size, 60.0));
        let statistics = |rows: &[f64], updates: [(Vec<f64>, Outcome); 2]| -> Vec<f64> {
            let project = |state: &[f64]| -> Vec<f64> {
                let length = (size as f64).sqrt() * unit;
                rows.chunks_exact(size)
                    .map(|row| row.iter().zip(state).map(|(a, b)| a * b).sum::<f64>() / length)
                    .collect()
            };
            let (s, t) = (project(&first), project(&second));
            let count = |condition: &dyn Fn(f64, f64) -> bool| {
                s.iter().zip(&t).filter(|&(&s, &t)| condition(s, t)).count() as f64
            };
            let largest = |values: &[f64]| values.iter().copied().fold(f64::MIN, f64::max);
            let both = |s: f64, t: f64| s > threshold && t > threshold;
            vec![
                count(&|s, _| s > threshold),
                count(&|_, t| t > threshold),
                count(&both),
                count(&|s, _| s > threshold).powi(2),
                largest(&s),
                largest(&t),
                updates[0].1.energy.unwrap(),
                updates[1].1.energy.unwrap(),
                updates[0].0[1],
                updates[1].0[0],
            ]
        };
        let (mut revealed_rows, mut stored_rows) = (Vec::new(), Vec::new());
        let mut largest_left_out = 0.0_f64;
        for sample in 0..samples {
            let key = StreamKey::new(seed).with_integer("sample", sample);
            let memory = plan.revealed_memory(&state(size, 0.0), key.rng("noise"));
            let updates = [
                update(&memory, &first, lambda),
                update(&memory, &second, lambda),
            ];
            revealed_rows.push(statistics(&memory.revealed_patterns(), updates));
            largest_left_out = largest_left_out.max(memory.largest_left_out());
            // the same target beside independent patterns
            let noise = stored(ensemble, size, patterns, 1000 * seed + sample);
            let mut rows = state(size, 0.0);
            rows.extend((1..patterns).flat_map(|pattern| noise.pattern(pattern)));
            let memory = AttentionMemory::from(dam_memory::patterns::Patterns::from_rows(
                size,
                rows.clone(),
            ));
            let updates = [
                update(&memory, &first, lambda),
                update(&memory, &second, lambda),
            ];
            stored_rows.push(statistics(&rows[size..], updates));
        }
        assert!(largest_left_out < 0.150_01, "{largest_left_out}");
        assert_same_means(
            &[
                "count along the first",
                "count along the second",
                "count along both",
                "squared count",
                "largest along the first",
                "largest along the second",
                "ln Z at the first",
                "ln Z at the second",
                "mean along the first",
                "mean towards the target",
            ],
            &revealed_rows,
            &stored_rows,
        );
        for column in [4, 5, 6, 7] {
            let values = |rows: &[Vec<f64>]| rows.iter().map(|row| row[column]).collect();
            let distance = kolmogorov(values(&revealed_rows), values(&stored_rows));
            // exceeded with probability 2 e^{−2·4} = 7e-4
            assert!(distance < 2.0, "{ensemble}, column {column}: {distance}");
        }
    }
}

/// Asking twice, or in another order, meets the same patterns.
#[test]
fn verdicts_belong_to_one_realisation() {
    let patterns = PatternCount::from_load(0.3, 40.0).unwrap();
    let plan = plan("spherical", 40, patterns, 0.2);
    let memory = || plan.revealed_memory(&state(40, 0.0), StreamKey::new(3).rng("noise"));
    let starts: Vec<Start> = [20.0, 40.0, 45.0, 50.0, 60.0, 80.0]
        .map(|degrees| Start {
            state: state(40, degrees),
            inverse_temperature: 0.8,
            target: 0,
        })
        .into();
    let retriever = Retriever::attention(DESCENT, Criterion::Weight);
    let verdicts =
        |memory: &RevealedMemory| retriever.verdicts(memory, &starts, &StreamKey::new(3));
    let first = memory();
    let found = verdicts(&first);
    let known = first.revealed_count();
    assert!(found[0].0 && !found[5].0 && known > 0);
    // all half-spaces on the way are explored: nothing new is drawn, and every verdict stands
    let again = verdicts(&first);
    assert_eq!(first.revealed_count(), known);
    for (found, again) in found.iter().zip(&again) {
        assert_eq!(found.0, again.0);
    }
    // the same stream gives the same numbers
    assert_eq!(found, verdicts(&memory()));
}

fn basin(lambdas: &[f64]) -> Basin {
    Basin {
        retriever: Retriever::attention(DESCENT, Criterion::Weight),
        inverse_temperatures: lambdas.to_vec(),
        start: StartKind::Sphere,
        tolerance: 0.2,
        seed: 5,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small positive number of patterns"
)]
fn task(ensemble: &str, alpha: f64, size: usize) -> Task {
    let patterns = pattern_ensemble(ensemble, &BTreeMap::new()).unwrap();
    let point = Point {
        alpha,
        size,
        pattern_count: (alpha * size as f64).exp().round() as usize,
        load: Load::Exponential(alpha),
        parameters: BTreeMap::new(),
        patterns: None,
    };
    Task::new("test", (&patterns, &BTreeMap::new()), point)
}

pub fn find<'a>(quantities: &'a [Quantity], name: &str) -> &'a Quantity {
    quantities.iter().find(|found| found.name == name).unwrap()
}

pub fn assert_agree(left: &Quantity, right: &Quantity) {
    let error = left
        .standard_error
        .unwrap()
        .hypot(right.standard_error.unwrap());
    let z = (left.value().unwrap() - right.value().unwrap()) / error;
    println!(
        "{} {:?} {:?} z = {z:.2}",
        left.name,
        left.value(),
        right.value()
    );
    assert!(z.abs() < 4.0, "{left:?} against {right:?}: z = {z}");
}

/// Reveals patterns at the tolerances of the tests below, or stores all where the tolerance is small.
fn plan(ensemble: &str, size: usize, patterns: PatternCount, tolerance: f64) -> ExtremesPlan {
    let ensemble = dam_theory::ensemble(ensemble).unwrap();
    let plan = ExtremesPlan::new(&ensemble, size, patterns, tolerance).unwrap();
    assert_eq!(plan.stores_all(), tolerance < 0.1);
    plan
}

/// With P = 1339 patterns, tolerances 0.3 and 0.15 reveal, 0.01 stores.
#[test]
fn basins_do_not_move_with_the_tolerance() {
    let patterns = PatternCount::from_count(1339.0).unwrap();
    let basin = basin(&[0.6, 1.5]);
    let found: Vec<Vec<Quantity>> = [0.3, 0.15, 0.01]
        .map(|tolerance| {
            let plan = plan("spherical", 24, patterns, tolerance);
            let records = basin.sampled(&plan, 200, None);
            basin.quantities(&task("spherical", 0.3, 24), &records)
        })
        .into();
    for (index, quantity) in found[2].iter().enumerate() {
        if quantity.name.contains("theta_c") {
            println!("at {:?}", quantity.coordinates);
            assert_agree(&found[0][index], quantity);
            assert_agree(&found[1][index], quantity);
        }
    }
}

/// Gaussian patterns near condensation, where the averaged crossover is off: revealed against stored patterns.
#[test]
fn gaussian_crossovers_near_condensation_agree_with_stored_patterns() {
    let crossover = Crossover {
        retriever: Retriever::attention(DESCENT, Criterion::Weight),
        tolerance: 1e-3,
        maximum: 8.0,
    };
    let patterns = PatternCount::from_count(1097.0).unwrap();
    let found: Vec<Vec<Quantity>> = [0.3, 0.01]
        .map(|tolerance| {
            let plan = plan("gaussian", 20, patterns, tolerance);
            let records = crossover.sampled(&plan, 7, 250, Some(1.0));
            crossover.quantities(&task("gaussian", 0.35, 20), &records)
        })
        .into();
    for name in ["lambda_crossover_median", "lambda_crossover_difference"] {
        assert_agree(find(&found[0], name), find(&found[1], name));
    }
    // the averaged map is off
    let difference = find(&found[1], "lambda_crossover_difference");
    let off = difference.value().unwrap() / difference.standard_error.unwrap();
    println!("averaged off by {:?}, {off:.1} errors", difference.value());
    assert!(off > 3.0, "{difference:?}");
}

#[test]
fn the_cost_does_not_depend_on_the_number_of_patterns() {
    // P = e^30, and e^100: far beyond any memory
    for (alpha, lambda) in [(0.3, 1.0), (1.0, 4.0)] {
        let patterns = PatternCount::from_load(alpha, 100.0).unwrap();
        let plan = plan("spherical", 100, patterns, 0.9);
        let basin = basin(&[lambda]);
        let records = basin.sampled(&plan, 2, None);
        let quantities = basin.quantities(&task("spherical", 0.1, 100), &records);
        let cosine = find(&quantities, "cos_theta_c").mean.unwrap();
        let limit = dam_theory::ensemble("spherical")
            .unwrap()
            .basin_angle(alpha, lambda)
            .unwrap()
            .unwrap();
        assert!(
            (cosine - limit.cos()).abs() < 0.1,
            "{cosine} {}",
            limit.cos()
        );
        // the same on any number of threads
        let single = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        assert_eq!(records, single.install(|| basin.sampled(&plan, 2, None)));
    }
}
