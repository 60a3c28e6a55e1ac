//! The sampled patterns follow their laws.

use std::sync::Arc;

use dam_memory::ensembles::{
    PatternEnsemble, pattern_ensemble_names, pattern_law, sample_patterns,
};
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::Patterns;
use dam_memory::patterns::drawn::RandomPatterns;
use dam_memory::streams::StreamKey;
use dam_runs::job::Job;
use dam_theory::Parameters;
use dam_theory::finite_size::{PatternCount, median_crossover};

const SIZE: usize = 10;
const COUNT: usize = 40_000;

/// b = 3: correlation ½; D = 2N.
pub fn pattern_ensemble(name: &str) -> Arc<dyn PatternEnsemble> {
    let parameters: Parameters = match name {
        "correlated-gaussian" => Parameters::from([("variance_ratio".to_owned(), 3.0.into())]),
        "hidden-manifold" => Parameters::from([("manifold_ratio".to_owned(), 2.0.into())]),
        _ => Parameters::new(),
    };
    dam_memory::ensembles::pattern_ensemble(name, &parameters).unwrap()
}

fn sample(ensemble: &str) -> Patterns<f64> {
    let seed = StreamKey::new(2024).seed("patterns");
    sample_patterns(pattern_ensemble(ensemble).as_ref(), SIZE, COUNT, &seed)
}

/// Ensembles whose patterns are independent of each other: all but those that share a manifold.
fn independent() -> impl Iterator<Item = &'static str> {
    pattern_ensemble_names()
        .into_iter()
        .filter(|&name| name != "hidden-manifold")
}

/// The Kolmogorov–Smirnov distance to a cumulative law, times √n.
fn kolmogorov_smirnov(values: &mut [f64], cumulative: impl Fn(f64) -> f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let distance = values
        .iter()
        .enumerate()
        .map(|(i, &value)| {
            let law = cumulative(value);
            (law - i as f64 / count)
                .abs()
                .max(((i + 1) as f64 / count - law).abs())
        })
        .fold(0.0, f64::max);
    distance * count.sqrt()
}

/// Exceeded with probability 2 exp(−2·2²) ≈ 7e-4 under the law.
const KOLMOGOROV_BOUND: f64 = 2.0;

#[test]
fn moments_agree_with_the_laws_within_four_standard_errors() {
    for (name, fourth) in [
        ("gaussian", 3.0),
        ("rademacher", 1.0),
        ("uniform", 1.8),
        ("gaussian-mixture", 3.75),
        ("correlated-gaussian", 3.0),
        // One coordinate of the sphere: E ξ⁴ = 3N/(N + 2).
        ("spherical", 3.0 * SIZE as f64 / (SIZE as f64 + 2.0)),
    ] {
        let patterns = sample(name);
        // One component per pattern: those of one spherical pattern are dependent.
        for component in [0, SIZE - 1] {
            let values: Vec<f64> = (0..COUNT).map(|i| patterns.row(i)[component]).collect();
            for (power, expected) in [(1, 0.0), (2, 1.0), (3, 0.0), (4, fourth)] {
                let powers: Vec<f64> = values.iter().map(|value| value.powi(power)).collect();
                let mean = powers.iter().sum::<f64>() / COUNT as f64;
                let variance = powers
                    .iter()
                    .map(|value| (value - mean).powi(2))
                    .sum::<f64>()
                    / COUNT as f64;
                let error = (variance / COUNT as f64).sqrt().max(1e-12);
                let z = (mean - expected) / error;
                assert!(
                    z.abs() < 4.0,
                    "{name}: E ξ^{power} = {mean} ± {error}, law {expected}"
                );
            }
        }
    }
}

#[test]
fn components_and_patterns_are_uncorrelated() {
    for name in independent() {
        let patterns = sample(name);
        let pairs: [(&str, Vec<f64>); 3] = [
            (
                "components",
                (0..COUNT)
                    .map(|i| patterns.row(i)[3] * patterns.row(i)[4])
                    .collect(),
            ),
            (
                "neighbours",
                (1..COUNT)
                    .map(|i| patterns.row(i)[4] * patterns.row(i - 1)[4])
                    .collect(),
            ),
            (
                // The first patterns of neighbouring tiles come from different streams.
                "tiles",
                (256..COUNT)
                    .map(|i| patterns.row(i)[0] * patterns.row(i - 256)[0])
                    .collect(),
            ),
        ];
        for (what, products) in pairs {
            let mean = products.iter().sum::<f64>() / products.len() as f64;
            let z = mean * (products.len() as f64).sqrt();
            assert!(z.abs() < 4.0, "{name}: {what} correlate with z = {z}");
        }
    }
}

#[test]
fn components_follow_their_cumulative_laws() {
    let normal = |x: f64| 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
    let mut gaussian = sample("gaussian").as_slice().to_vec();
    assert!(kolmogorov_smirnov(&mut gaussian, normal) < KOLMOGOROV_BOUND);

    let correlated = sample("correlated-gaussian");
    for component in [4, 5] {
        let mut values: Vec<f64> = (0..COUNT).map(|i| correlated.row(i)[component]).collect();
        assert!(kolmogorov_smirnov(&mut values, normal) < KOLMOGOROV_BOUND);
    }

    let mut mixture = sample("gaussian-mixture").as_slice().to_vec();
    let law = |x: f64| 0.5 * (normal(x / 0.5_f64.sqrt()) + normal(x / 1.5_f64.sqrt()));
    assert!(kolmogorov_smirnov(&mut mixture, law) < KOLMOGOROV_BOUND);

    let mut uniform = sample("uniform").as_slice().to_vec();
    let edge = 3.0_f64.sqrt();
    assert!(kolmogorov_smirnov(&mut uniform, |x| 0.5 * (x / edge + 1.0)) < KOLMOGOROV_BOUND);

    // ξ₀/√N on the sphere: (1 + t)/2 follows Beta((N−1)/2, (N−1)/2); for N = 10 the
    // integral of (1 − t²)^{7/2} is done by Simpson's rule.
    let patterns = sample("spherical");
    let mut first: Vec<f64> = (0..COUNT)
        .map(|i| patterns.row(i)[0] / (SIZE as f64).sqrt())
        .collect();
    let steps = 4000;
    let density = |t: f64| (1.0 - t * t).max(0.0).powf((SIZE as f64 - 3.0) / 2.0);
    let mut table = vec![0.0];
    for i in 0..steps {
        let width = 2.0 / f64::from(steps);
        let left = -1.0 + f64::from(i) * width;
        let piece = density(left) + 4.0 * density(left + width / 2.0) + density(left + width);
        table.push(table[table.len() - 1] + piece * width / 6.0);
    }
    let total = table[table.len() - 1];
    let beta = |t: f64| {
        let position = 0.5 * (t + 1.0) * f64::from(steps);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a position in the table"
        )]
        let index = (position.floor().max(0.0) as usize).min(table.len() - 2);
        let fraction = position - index as f64;
        (table[index] * (1.0 - fraction) + table[index + 1] * fraction) / total
    };
    assert!(kolmogorov_smirnov(&mut first, beta) < KOLMOGOROV_BOUND);
}

#[test]
fn fixed_norms_are_exact_and_signs_are_signs() {
    for name in pattern_ensemble_names() {
        let patterns = sample(name);
        let fixed = pattern_ensemble(name).has_fixed_norm();
        let exact = (0..1000).all(|i| (patterns.squared_norm(i) - 1.0).abs() < 1e-14);
        assert_eq!(exact, fixed, "{name}");
    }
    assert!(
        sample("rademacher")
            .as_slice()
            .iter()
            .all(|value| value.abs() == 1.0)
    );
}

#[test]
fn patterns_of_both_precisions_are_the_same_but_for_rounding() {
    let seed = StreamKey::new(5).seed("patterns");
    for name in pattern_ensemble_names() {
        let ensemble = pattern_ensemble(name);
        let double: Patterns<f64> = sample_patterns(ensemble.as_ref(), 7, 6000, &seed);
        let single: Patterns<f32> = sample_patterns(ensemble.as_ref(), 7, 6000, &seed);
        for (double, single) in double.as_slice().iter().zip(single.as_slice()) {
            let difference = (double - f64::from(*single)).abs();
            // On the sphere a short normal vector is stretched, and its errors with it.
            assert!(difference < 4e-6, "{name}: {double} and {single}");
        }
    }
}

#[test]
fn any_thread_draws_the_same_patterns() {
    let seed = StreamKey::new(7).seed("patterns");
    for name in pattern_ensemble_names() {
        let law = pattern_law(pattern_ensemble(name).as_ref(), 5, &seed);
        let patterns = RandomPatterns::new(law, 5, 3000, seed);
        let draw = |parallelism| patterns.store::<f64>(parallelism);
        let alone = draw(Parallelism::Sequential);
        for threads in [1, 2, 3] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            assert_eq!(pool.install(|| draw(Parallelism::Chunks)), alone, "{name}");
        }
    }
}

#[test]
fn more_patterns_of_one_seed_begin_with_the_same_ones() {
    let seed = StreamKey::new(6).seed("patterns");
    let ensemble = pattern_ensemble("gaussian");
    let few: Patterns<f64> = sample_patterns(ensemble.as_ref(), 5, 512, &seed);
    let many: Patterns<f64> = sample_patterns(ensemble.as_ref(), 5, 2000, &seed);
    assert_eq!(few.as_slice(), &many.as_slice()[..512 * 5]);
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let square = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>();
    (mean, square.sqrt() / count)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn correlated_components_have_their_covariance_for_even_and_odd_sizes() {
    for size in [6, 7] {
        let seed = StreamKey::new(11).seed("patterns");
        let ensemble = pattern_ensemble("correlated-gaussian");
        let patterns: Patterns<f64> = sample_patterns(ensemble.as_ref(), size, COUNT, &seed);
        for first in 0..size {
            for second in 0..=first {
                let products: Vec<f64> = (0..COUNT)
                    .map(|i| patterns.row(i)[first] * patterns.row(i)[second])
                    .collect();
                let expected = match (first == second, first / 2 == second / 2) {
                    (true, _) => 1.0,
                    (false, true) => 0.5,
                    _ => 0.0,
                };
                let (mean, error) = mean_and_error(&products);
                let z = (mean - expected) / error;
                assert!(
                    z.abs() < 4.5,
                    "C[{first}][{second}] of {size}: {mean} ± {error}"
                );
            }
        }
    }
}

fn given_spectrum(eigenvalues: &[f64]) -> Arc<dyn PatternEnsemble> {
    let parameters = Parameters::from([("spectrum".to_owned(), eigenvalues.to_vec().into())]);
    dam_memory::ensembles::pattern_ensemble("correlated-gaussian", &parameters).unwrap()
}

/// Component i is N(0, c_{i mod K}): its law, and no correlations, in every place of a tile.
#[test]
fn components_of_a_given_spectrum_follow_their_laws() {
    let eigenvalues = [0.5, 0.0, 1.5, 2.0];
    let seed = StreamKey::new(21).seed("patterns");
    let ensemble = given_spectrum(&eigenvalues);
    let patterns: Patterns<f64> = sample_patterns(ensemble.as_ref(), 8, COUNT, &seed);
    let single: Patterns<f32> = sample_patterns(ensemble.as_ref(), 8, COUNT, &seed);
    for first in 0..8 {
        let c: f64 = eigenvalues[first % 4];
        let mut values: Vec<f64> = (0..COUNT).map(|i| patterns.row(i)[first]).collect();
        if c == 0.0 {
            assert!(values.iter().all(|&value| value == 0.0));
            continue;
        }
        let normal = |x: f64| 0.5 * libm::erfc(-x / (2.0 * c).sqrt());
        assert!(kolmogorov_smirnov(&mut values, normal) < KOLMOGOROV_BOUND);
        for second in 0..first {
            let products: Vec<f64> = (0..COUNT)
                .map(|i| patterns.row(i)[first] * patterns.row(i)[second])
                .collect();
            let (mean, error) = mean_and_error(&products);
            assert!(mean.abs() <= 4.5 * error, "C[{first}][{second}]: {mean}");
        }
    }
    for (double, single) in patterns.as_slice().iter().zip(single.as_slice()) {
        assert!((double - f64::from(*single)).abs() < 4e-5 * 2.0_f64.sqrt());
    }
    // equal eigenvalues: the very patterns of the Gaussian ensemble from the same stream
    let flat: Patterns<f64> = sample_patterns(given_spectrum(&[1.0; 2]).as_ref(), 8, 600, &seed);
    let gaussian = pattern_ensemble("gaussian");
    let gaussian: Patterns<f64> = sample_patterns(gaussian.as_ref(), 8, 600, &seed);
    assert_eq!(flat.as_slice(), gaussian.as_slice());
}

/// Over manifolds: E ξ_i² = 1, E ξ_i⁴ = 3(1 + 2/D), E ξ_i ξ_j = 0, and for two patterns on one
/// manifold E (ξ·ξ')²/N = tr C²/N = 1 + (N + 1)/D, the finite-N value of v = 1 + 1/α_D.
#[test]
fn manifolds_have_the_moments_of_their_covariance() {
    let ensemble = pattern_ensemble("hidden-manifold");
    let dimension = 2.0 * SIZE as f64;
    let draws: Vec<Patterns<f64>> = (0..20_000)
        .map(|sample| {
            let seed = StreamKey::new(12)
                .with_integer("sample", sample)
                .seed("patterns");
            sample_patterns(ensemble.as_ref(), SIZE, 2, &seed)
        })
        .collect();
    let over = |f: &dyn Fn(&Patterns<f64>) -> f64| -> Vec<f64> { draws.iter().map(f).collect() };
    let checks = [
        ("E ξ", over(&|p| p.row(0)[3]), 0.0),
        ("E ξ²", over(&|p| p.row(0)[3].powi(2)), 1.0),
        (
            "E ξ⁴",
            over(&|p| p.row(0)[3].powi(4)),
            3.0 * (1.0 + 2.0 / dimension),
        ),
        ("E ξ_i ξ_j", over(&|p| p.row(0)[3] * p.row(0)[4]), 0.0),
        ("E ξ_i ξ'_i", over(&|p| p.row(0)[3] * p.row(1)[3]), 0.0),
        (
            "tr C²/N",
            over(&|p| dot(p.row(0), p.row(1)).powi(2) / SIZE as f64),
            1.0 + (SIZE as f64 + 1.0) / dimension,
        ),
    ];
    for (what, values, expected) in checks {
        let (mean, error) = mean_and_error(&values);
        assert!(
            ((mean - expected) / error).abs() < 4.0,
            "{what}: {mean} ± {error}, law {expected}"
        );
    }
}

/// D = N/2: patterns span D dimensions, in every tile of the same sample.
#[test]
fn patterns_of_one_sample_share_their_manifold() {
    let parameters = Parameters::from([("manifold_ratio".to_owned(), 0.5.into())]);
    let ensemble = dam_memory::ensembles::pattern_ensemble("hidden-manifold", &parameters).unwrap();
    let seed = StreamKey::new(13).seed("patterns");
    let patterns: Patterns<f64> = sample_patterns(ensemble.as_ref(), 8, 600, &seed);
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for row in [0, 1, 2, 3, 255, 256, 400, 599] {
        let mut rest = patterns.row(row).to_vec();
        for _ in 0..2 {
            for direction in &basis {
                let along = dot(&rest, direction);
                for (value, direction) in rest.iter_mut().zip(direction) {
                    *value -= along * direction;
                }
            }
        }
        let length = dot(&rest, &rest).sqrt();
        if basis.len() < 4 {
            assert!(length > 1e-6);
            basis.push(rest.iter().map(|value| value / length).collect());
        } else {
            assert!(
                length < 1e-12,
                "pattern {row} leaves the manifold by {length}"
            );
        }
    }
}

/// The median over manifolds and targets of λ_× in the averaged noise, against its theory: the mean spectrum, and the
/// fluctuations of the targets to first order.
#[test]
fn medians_over_manifolds_and_targets_follow_the_mean_spectrum() {
    for (ratio, load, size, draws) in [(4.0, 0.15, 40, 2000), (0.5, 0.1, 60, 1000)] {
        let parameters = Parameters::from([("manifold_ratio".to_owned(), ratio.into())]);
        let ensemble =
            dam_memory::ensembles::pattern_ensemble("hidden-manifold", &parameters).unwrap();
        let count = PatternCount::from_load(load, size as f64).unwrap();
        let mut crossovers: Vec<f64> = (0..draws)
            .map(|sample| {
                let seed = StreamKey::new(14)
                    .with_integer("sample", sample)
                    .seed("patterns");
                let law = pattern_law(ensemble.as_ref(), size, &seed);
                let target: Patterns<f64> = law.draw(size, 1, &seed);
                law.crossover(target.row(0), count).unwrap_or(f64::INFINITY)
            })
            .collect();
        crossovers.sort_by(f64::total_cmp);
        // one standard error is √n/2 ranks
        let middle = crossovers.len() / 2;
        let reach = middle.isqrt();
        let median = crossovers[middle];
        let error =
            0.5_f64.sqrt() * 0.5 * (crossovers[middle + reach] - crossovers[middle - reach]);
        let theory = median_crossover(ensemble.theory().unwrap().as_ref(), count, size as f64);
        let theory = theory.unwrap().unwrap();
        let z = (median - theory) / error;
        assert!(
            z.abs() < 4.0,
            "{ratio}: {median} ± {error}, theory {theory}"
        );
    }
}

fn job(patterns: &str, size: usize) -> Result<Job, String> {
    let text = format!(
        "[job]\nname = \"test\"\nexperiment = \"crossover\"\n[patterns]\n{patterns}\n[sweep]\nalpha \
         = [0.2]\nsize = [{size}]\n"
    );
    Job::parse("test.toml".as_ref(), &text, &dam_experiments::catalogue())
        .map_err(|error| error.to_string())
}

#[test]
fn parameters_belong_to_the_settings_the_task_and_the_stream_only_where_there_are_some() {
    let plain = job("ensemble = \"gaussian\"", 20).unwrap();
    let identifier = plain.tasks[0].identifier();
    // SHA-256 of the task's JSON as it was before ensembles had parameters, by Python's hashlib
    assert_eq!(identifier, "alpha0.2-size20-5ebae464");
    assert!(
        plain
            .settings
            .keys()
            .filter(|key| key.starts_with("patterns."))
            .eq(["patterns.ensemble"])
    );
    let ratio = |b: f64| {
        job(
            &format!("ensemble = \"correlated-gaussian\"\nvariance_ratio = {b}"),
            20,
        )
        .unwrap()
    };
    let (two, three) = (ratio(2.0), ratio(3.0));
    assert_eq!(three.settings["patterns.variance_ratio"], 3.0);
    assert_ne!(two.tasks[0].identifier(), three.tasks[0].identifier());
    let seed = |job: &Job| job.tasks[0].stream_key(1, 0).seed("patterns");
    assert_ne!(seed(&two), seed(&three));
    let given = |list: &str| {
        let text = format!("ensemble = \"correlated-gaussian\"\nspectrum = [{list}]");
        job(&text, 20).unwrap()
    };
    let (first, second) = (given("0.5, 0.5, 1, 2"), given("0.25, 0.75, 1, 2"));
    assert_eq!(
        first.settings["patterns.spectrum"],
        serde_json::json!([0.5, 0.5, 1.0, 2.0])
    );
    assert!(!first.settings.contains_key("patterns.variance_ratio"));
    assert_ne!(first.tasks[0].identifier(), second.tasks[0].identifier());
    assert_ne!(seed(&first), seed(&second));
    let text = serde_json::to_string(&first.tasks[0]).unwrap();
    assert_eq!(
        serde_json::from_str::<dam_runs::task::Task>(&text).unwrap(),
        first.tasks[0]
    );
    let expected = StreamKey::new(1)
        .with_text("ensemble", "gaussian")
        .with_integer("size", 20)
        .with_integer("pattern_count", 55)
        .with_integer("sample", 0)
        .seed("patterns");
    assert_eq!(seed(&plain), expected);
}

#[test]
fn wrong_parameters_are_named_with_their_line() {
    for (patterns, words) in [
        (
            "ensemble = \"correlated-gaussian\"",
            ["patterns.variance_ratio", "needs"],
        ),
        (
            "ensemble = \"correlated-gaussian\"\nvariance_ratio = 0.5",
            ["line 6, patterns.variance_ratio", "at least 1"],
        ),
        (
            "ensemble = \"gaussian\"\nvariance_ratio = 2",
            ["line 6, patterns.variance_ratio", "has no parameter"],
        ),
        (
            "ensemble = \"hidden-manifold\"\nvariance_ratio = 2",
            ["patterns.variance_ratio", "it has manifold_ratio"],
        ),
        (
            "ensemble = \"hidden-manifold\"\nmanifold_ratio = -1",
            ["line 6, patterns.manifold_ratio", "positive"],
        ),
        (
            "ensemble = \"hidden-manifold\"\nmanifold_ratio = 0.01",
            ["sweep.size", "manifold dimension"],
        ),
        (
            "ensemble = \"hidden-manifold\"\nmanifold_ratio = 1e7",
            ["sweep.size", "2^27"],
        ),
        (
            "ensemble = \"correlated-gaussian\"\nspectrum = [0.5, 0.5, 1.0]",
            ["line 6, patterns.spectrum", "mean 1"],
        ),
        (
            "ensemble = \"correlated-gaussian\"\nspectrum = []",
            ["line 6, patterns.spectrum", "empty"],
        ),
        (
            "ensemble = \"correlated-gaussian\"\nspectrum = [nan, 1.0]",
            ["line 6, patterns.spectrum", "NaN"],
        ),
        (
            "ensemble = \"correlated-gaussian\"\nspectrum = 1.0",
            ["line 6", "a list in brackets belongs"],
        ),
        (
            "ensemble = \"correlated-gaussian\"\nvariance_ratio = 2\nspectrum = [1.0]",
            ["line 6, patterns.variance_ratio", "or spectrum; delete"],
        ),
        (
            "ensemble = \"correlated-gaussian\"\nspectrum = [0.5, 0.5, 2.0]",
            ["sweep.size: at N = 20", "N = 18 or 21"],
        ),
        (
            "ensemble = \"gaussian\"\nratio = 2",
            ["line 6, patterns.ratio", "unknown key"],
        ),
    ] {
        let message = job(patterns, 20).unwrap_err();
        for word in words {
            assert!(message.contains(word), "{message:?} lacks {word:?}");
        }
    }
}
