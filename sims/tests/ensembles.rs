//! The sampled patterns follow their laws.
#![expect(clippy::unwrap_used, reason = "tests")]

use dam_sims::{Patterns, StreamKey, pattern_ensemble, pattern_ensemble_names, sample_patterns};

const SIZE: usize = 10;
const COUNT: usize = 40_000;

fn sample(ensemble: &str) -> Patterns<f64> {
    let seed = StreamKey::new(2024).seed("patterns");
    sample_patterns(pattern_ensemble(ensemble).unwrap(), SIZE, COUNT, &seed)
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
    for name in pattern_ensemble_names() {
        let patterns = sample(name);
        let pairs: [(&str, Vec<f64>); 3] = [
            (
                "components",
                (0..COUNT)
                    .map(|i| patterns.row(i)[2] * patterns.row(i)[3])
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
        let fixed = pattern_ensemble(name).unwrap().has_fixed_norm();
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
fn single_precision_patterns_are_the_rounded_double_ones() {
    let seed = StreamKey::new(5).seed("patterns");
    for name in pattern_ensemble_names() {
        let ensemble = pattern_ensemble(name).unwrap();
        let double: Patterns<f64> = sample_patterns(ensemble, 7, 600, &seed);
        let single: Patterns<f32> = sample_patterns(ensemble, 7, 600, &seed);
        for (double, single) in double.as_slice().iter().zip(single.as_slice()) {
            #[expect(clippy::cast_possible_truncation, reason = "rounding is meant")]
            let rounded = *double as f32;
            assert_eq!(rounded, *single);
        }
    }
}

#[test]
fn more_patterns_of_one_seed_begin_with_the_same_ones() {
    let seed = StreamKey::new(6).seed("patterns");
    let ensemble = pattern_ensemble("gaussian").unwrap();
    let few: Patterns<f64> = sample_patterns(ensemble, 5, 512, &seed);
    let many: Patterns<f64> = sample_patterns(ensemble, 5, 2000, &seed);
    assert_eq!(few.as_slice(), &many.as_slice()[..512 * 5]);
}
