//! The experiments `loss-and-error` and `convergence-rate` against kernels that are trained here, pair by pair.

use dam::learning::Recipe;
use dam::sims::{AttentionMemory, Measurement, Quantity, Record, Task, whole_number};

use crate::folder::{Folder, assert_contains, changed, drawn, job, refused_changes};
use crate::measurements::{Measured, matching, measure};

const RANDOM: &str = job!("scatter": "loss-and-error", seed 4, "spherical"; r#"
size = 6
pattern_count = 4

[[learner]]
recipe = "u-hop"
name = "average"
learning_rate = 0.5

[[learner]]
recipe = "u-hop"
name = "farthest"
loss = "maximum"

[random-training]
lowest_factor = 0.1
highest_factor = 3
most_steps = 6
beta = 0.3
corruption = "mask"
level = 0.0

[sampling]
samples = 9
precision = "f64"
"#);

const RATE: &str = job!("rate": "convergence-rate", seed 5, "gaussian"; r#"
size = 5
pattern_count = [2, 4, 7]
training_steps = [1, 3, 10, 30, 100]

[[learner]]
recipe = "u-hop"
name = "gradient descent"
learning_rate = 0.7

[sampling]
samples = 6
precision = "f64"
"#);

/// t of the average loss.
const SHARPNESS: f64 = 2.0;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A map W in training, row by row.
struct Slow {
    patterns: Vec<Vec<f64>>,
    rows: Vec<Vec<f64>>,
}

impl Slow {
    fn new(measured: &Measured, task: &Task, sample: usize) -> Self {
        let (size, count) = (task.size, task.pattern_count);
        let stream = task.stream_key(measured.job.seed, sample);
        let seed = stream.seed("patterns");
        let ensemble = measured.job.ensemble.as_ref();
        let precision = measured.job.precision;
        let memory = AttentionMemory::sample_in(precision, ensemble, size, count, &seed);
        let stream = stream.with_integer("features", size as u64);
        let start = Recipe::UHop.start(size, size, &mut stream.rng("feature map"));
        Self {
            patterns: (0..count).map(|index| memory.pattern(index)).collect(),
            rows: start.weights().chunks(size).map(<[f64]>::to_vec).collect(),
        }
    }

    fn features(&self) -> Vec<Vec<f64>> {
        let feature = |pattern: &Vec<f64>| self.rows.iter().map(|row| dot(row, pattern)).collect();
        self.patterns.iter().map(feature).collect()
    }

    /// û_μ.
    fn directions(&self) -> Vec<Vec<f64>> {
        let unit = |feature: Vec<f64>| {
            let norm = dot(&feature, &feature).sqrt();
            feature.iter().map(|x| x / norm).collect()
        };
        self.features().into_iter().map(unit).collect()
    }

    /// exp(−t|û_μ − û_ν|²).
    fn weights(&self) -> Vec<Vec<f64>> {
        let units = self.directions();
        let weight = |a: &[f64], b: &[f64]| (-SHARPNESS * (2.0 - 2.0 * dot(a, b))).exp();
        let row = |a: &Vec<f64>| units.iter().map(|b| weight(a, b)).collect();
        units.iter().map(row).collect()
    }

    fn loss(&self) -> f64 {
        let count = self.patterns.len();
        let weights = self.weights();
        let pairs = (0..count).flat_map(|a| (0..a).map(move |b| (a, b)));
        let values: Vec<f64> = pairs.map(|(a, b)| weights[a][b]).collect();
        (values.iter().sum::<f64>() / values.len() as f64).ln()
    }

    fn step(&mut self, rate: f64) {
        let (units, features, weights) = (self.directions(), self.features(), self.weights());
        let count = self.patterns.len();
        let total: f64 = (0..count)
            .map(|a| weights[a][..a].iter().sum::<f64>())
            .sum();
        let slopes: Vec<Vec<f64>> = (0..count)
            .map(|a| {
                let mut slope = vec![0.0; self.rows.len()];
                for b in (0..count).filter(|&b| b != a) {
                    for (index, slope) in slope.iter_mut().enumerate() {
                        let apart = units[a][index] - units[b][index];
                        *slope -= 2.0 * SHARPNESS * weights[a][b] / total * apart;
                    }
                }
                let along = dot(&slope, &units[a]);
                let norm = dot(&features[a], &features[a]).sqrt();
                let across = slope
                    .iter()
                    .zip(&units[a])
                    .map(|(s, u)| (s - along * u) / norm);
                across.collect()
            })
            .collect();
        for (feature, row) in self.rows.iter_mut().enumerate() {
            for (slope, pattern) in slopes.iter().zip(&self.patterns) {
                for (number, component) in row.iter_mut().zip(pattern) {
                    *number -= rate * slope[feature] * component;
                }
            }
        }
    }

    /// The rows of W divided by their norms.
    fn normalise_rows(&mut self) {
        for row in &mut self.rows {
            let norm = dot(row, row).sqrt();
            for number in row.iter_mut() {
                *number /= norm;
            }
        }
    }

    /// Σ_i (ξ_i − x̂_i)² of one softmax update from each pattern, averaged.
    fn squared_error(&self, beta: f64) -> f64 {
        let features = self.features();
        let mut sum = 0.0;
        for (query, pattern) in features.iter().zip(&self.patterns) {
            let weights: Vec<f64> = features
                .iter()
                .map(|f| (beta * dot(f, query)).exp())
                .collect();
            let total: f64 = weights.iter().sum();
            for (index, own) in pattern.iter().enumerate() {
                let columns = weights.iter().zip(&self.patterns);
                let mean: f64 = columns.map(|(w, pattern)| w * pattern[index]).sum();
                sum += (mean / total - own).powi(2);
            }
        }
        sum / self.patterns.len() as f64
    }
}

fn number(record: &Record, name: &str) -> f64 {
    match record.get(name) {
        Some(Measurement::Number(Some(value))) => *value,
        other => panic!("{name}: {other:?}"),
    }
}

fn close(found: f64, expected: f64, what: &str) {
    let scale = 1.0 + expected.abs();
    assert!(
        (found - expected).abs() < 1e-9 * scale,
        "{what}: {found} {expected}"
    );
}

#[test]
fn losses_and_errors_are_those_of_maps_trained_pair_by_pair() {
    let measured = measure(RANDOM);
    let (task, records, _) = &measured.tasks[0];
    let mut are_climbs = [false; 2];
    for (sample, record) in records.iter().enumerate() {
        let steps = number(record, "training_steps");
        for rates in ["normal", "log-uniform"] {
            let of = |name: &str| number(record, &format!("{name} average, {rates} rates"));
            let rate = of("learning_rate");
            are_climbs[usize::from(rate < 0.0)] = true;
            let mut slow = Slow::new(&measured, task, sample);
            (0..whole_number(steps).unwrap()).for_each(|_| slow.step(rate));
            slow.normalise_rows();
            close(of("separation_loss"), slow.loss(), "loss");
            close(of("squared_error"), slow.squared_error(0.3), "error");
            // the same factor multiplies both learners' rates
            let other = number(record, &format!("learning_rate farthest, {rates} rates"));
            close(0.5 * other, rate, "rate");
        }
        let factor = number(record, "learning_rate farthest, log-uniform rates");
        assert!((0.1..=3.0).contains(&factor) && (1.0..=6.0).contains(&steps));
    }
    assert_eq!(are_climbs, [true; 2], "the seed gives rates of both signs");
}

#[test]
fn rank_correlations_are_spearmans_over_all_runs_and_over_descents() {
    let measured = measure(RANDOM);
    let (_, records, quantities) = &measured.tasks[0];
    let column = |name: &str| -> Vec<f64> {
        let name = format!("{name} farthest, normal rates");
        records.iter().map(|record| number(record, &name)).collect()
    };
    let rates = column("learning_rate");
    let spearman = |keeps: &dyn Fn(f64) -> bool| {
        let kept = |values: Vec<f64>| -> Vec<f64> {
            let pairs = values.into_iter().zip(&rates);
            pairs
                .filter(|(_, rate)| keeps(**rate))
                .map(|(value, _)| value)
                .collect()
        };
        let (losses, errors) = (
            kept(column("separation_loss")),
            kept(column("squared_error")),
        );
        let rank = |values: &[f64], own: f64| values.iter().filter(|&&v| v < own).count() as f64;
        let pairs = losses.iter().zip(&errors);
        let squares = pairs.map(|(&l, &e)| (rank(&losses, l) - rank(&errors, e)).powi(2));
        let count = losses.len() as f64;
        (
            1.0 - 6.0 * squares.sum::<f64>() / (count * (count * count - 1.0)),
            losses.len(),
        )
    };
    let found = |name: &str| -> &Quantity {
        let is_it = |q: &&Quantity| {
            q.name == name && q.labels["learner"] == "farthest" && q.labels["rates"] == "normal"
        };
        quantities.iter().find(is_it).unwrap()
    };
    let (all, descents) = (spearman(&|_| true), spearman(&|rate| rate > 0.0));
    assert!(descents.1 > 2 && descents.1 < all.1);
    for (name, (expected, count)) in [
        ("rank_correlation", all),
        ("rank_correlation_of_descents", descents),
    ] {
        let quantity = found(name);
        close(quantity.mean.unwrap(), expected, name);
        assert_eq!(quantity.count, count);
        let (lower, upper) = (quantity.lower.unwrap(), quantity.upper.unwrap());
        assert!(-1.0 <= lower && lower <= expected && expected <= upper && upper <= 1.0);
    }
}

#[test]
fn excesses_and_ranks_are_those_of_maps_trained_pair_by_pair() {
    let measured = measure(RATE);
    for (task, records, quantities) in &measured.tasks {
        let count = task.pattern_count as f64;
        let minimum = -2.0 * SHARPNESS * count / (count - 1.0);
        for (sample, record) in records.iter().enumerate() {
            let list = |name: &str| match record.get(&format!("{name} gradient descent")) {
                Some(Measurement::List(values)) => values.clone(),
                other => panic!("{other:?}"),
            };
            let (excesses, ranks) = (list("excess_loss"), list("least_singular_value"));
            let mut slow = Slow::new(&measured, task, sample);
            let mut done = 0;
            for (position, steps) in [1, 3, 10].into_iter().enumerate() {
                (done..steps).for_each(|_| slow.step(0.7));
                done = steps;
                close(excesses[position].unwrap(), slow.loss() - minimum, "excess");
            }
            // two directions: L − L_* = 2t(1 + cos), the least singular value is √(1 − |cos|)
            if task.pattern_count == 2 {
                for (excess, rank) in excesses.iter().zip(&ranks) {
                    let cosine = excess.unwrap() / (2.0 * SHARPNESS) - 1.0;
                    let expected = (1.0 - cosine.abs()).max(0.0).sqrt();
                    assert!(
                        (rank.unwrap() - expected).abs() < 1e-7,
                        "{rank:?} {expected}"
                    );
                }
            }
            assert!(ranks.iter().all(|rank| rank.is_some() == (count <= 5.0)));
        }
        // of the samples that have not reached the bound, where they are half of all
        let exponents = |sample: &Record| match &sample["excess_loss gradient descent"] {
            Measurement::List(values) => {
                let ends = [values[2].unwrap(), values[3].unwrap(), values[4].unwrap()];
                (ends[2] > 1e-10 * minimum.abs()).then(|| slope(&[10.0, 30.0, 100.0], &ends))
            }
            other @ Measurement::Number(_) => panic!("{other:?}"),
        };
        let expected: Vec<f64> = records.iter().filter_map(exponents).collect();
        let label = ("learner", "gradient descent");
        let found = matching(
            quantities,
            "decay_exponent",
            label,
            ("training_steps", 100.0),
        );
        if 2 * expected.len() < records.len() {
            assert!(found.is_empty());
            continue;
        }
        let mean = expected.iter().sum::<f64>() / expected.len() as f64;
        close(found[0].mean.unwrap(), -mean, "exponent");
        assert_eq!(found[0].count, expected.len());
    }
}

/// The slope of ln y against ln x, from sums over pairs of points.
fn slope(x: &[f64], y: &[f64]) -> f64 {
    let pairs = (0..x.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
    let (mut up, mut along) = (0.0, 0.0);
    for (a, b) in pairs {
        let (dx, dy) = ((x[a] / x[b]).ln(), (y[a] / y[b]).ln());
        up += dx * dy;
        along += dx * dx;
    }
    up / along
}

#[test]
fn two_memories_reach_the_bound_and_seven_in_five_dimensions_do_not() {
    let long = changed(RATE, "30, 100]", "30, 100, 300, 1000]");
    let measured = measure(&long);
    let last = |index: usize| -> f64 {
        let (_, _, quantities) = &measured.tasks[index];
        let label = ("learner", "gradient descent");
        matching(quantities, "excess_loss", label, ("training_steps", 1000.0))[0]
            .mean
            .unwrap()
    };
    assert!(last(0) < 1e-9, "{}", last(0));
    // seven unit vectors in five dimensions have a loss above the simplex bound
    assert!(last(2) > 1e-2, "{}", last(2));
}

#[test]
fn jobs_draw_their_figures_and_say_what_they_found() {
    let layers = ["average, normal rates", "farthest, log-uniform rates"];
    let printed = [
        "rank correlation of separation loss and squared error",
        "of those that descend",
    ];
    let scatter = drawn(RANDOM, &printed, "scatter.loss-and-error", &layers);
    scatter.succeed(&["run", "job.toml", "--threads", "3", "--output", "three"]);
    assert_eq!(
        scatter.read("results/scatter.csv"),
        scatter.read("three/scatter.csv")
    );
    let printed = [
        "the excess over the bound −8.0000",
        "least singular value of the features",
    ];
    let rate = drawn(
        RATE,
        &printed,
        "rate.convergence-rate",
        &["O(1/n)", "simplex: 0"],
    );
    halves_make_a_whole(&rate);
}

fn halves_make_a_whole(folder: &Folder) {
    for shard in ["1/2", "2/2"] {
        folder.succeed(&["run", "job.toml", "--shard", shard, "--output", "shards"]);
    }
    folder.succeed(&["merge", "job.toml", "--output", "shards"]);
    assert_eq!(
        folder.read("results/rate.csv"),
        folder.read("shards/rate.csv")
    );
    let figure = folder.read("results/rate.convergence-rate.csv");
    assert_contains(&figure, &["N = 5, M = 7"]);
}

#[test]
fn jobs_that_do_not_fit_are_told() {
    refused_changes(
        RANDOM,
        r#"
        most_steps = 6 | most_steps = 0 | random-training.most_steps | at least 1
        lowest_factor = 0.1 | lowest_factor = 30 | random-training.highest_factor | below
        lowest_factor = 0.1 | lowest_factor = -1 | random-training.lowest_factor | positive
        beta = 0.3 | beta = 0 | random-training.beta
        beta = 0.3 | rates = [] | random-training.rates | log-uniform
        beta = 0.3 | rates = ["normal", "normal"] | random-training.rates | twice
        beta = 0.3 | rates = ["norml"] | norml
        corruption = "mask" | corruption = "msk" | random-training.corruption
        level = 0.0 | level = 1.0 | random-training.level
        learning_rate = 0.5 | learning_rate = -0.5 | learner 1 | positive
"#,
    );
    refused_changes(
        RATE,
        r#"
        training_steps = [1, 3 | training_steps = [0, 3 | sweep.training_steps | from 1
        learning_rate = 0.7 | features = "raw" | no bound
        recipe = "u-hop" | recipe = "u-hop-plus-as-published" | no bound
"#,
    );
}
