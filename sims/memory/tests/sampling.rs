//! The laws of the random numbers, and that they are the same on every path.

use dam_memory::kernel::InstructionSet;
use dam_memory::sampling::{
    fill_normals_f32, fill_normals_f32_on, fill_normals_f64, fill_normals_f64_on, fill_sign_bits,
    fill_sign_bits_on, fill_signs, fill_uniform, fill_uniform_on,
};
use statrs::distribution::{ContinuousCDF, Normal, Uniform};
use statrs::stats_tests::NaNPolicy;
use statrs::stats_tests::ks_test::{KSOneSampleAlternativeMethod, ks_onesample};

const SEED: [u8; 32] = *b"a seed of thirty-two bytes, odd!";

/// Draws of one test, enough to see errors of the law of a few parts in ten thousand.
const DRAWS: usize = 1 << 20;

#[test]
fn instruction_sets_agree_on_every_bit() {
    for length in [0, 1, 100, 257, 100_000] {
        for tile in [0, 5, u64::MAX] {
            let all = InstructionSet::available().into_iter().map(|set| {
                let (mut double, mut single) = (vec![0.0; length], vec![0.0; length]);
                let (mut uniform, mut bits) = (vec![0.0; length], vec![0; length]);
                fill_normals_f64_on(set, &SEED, tile, &mut double);
                fill_normals_f32_on(set, &SEED, tile, &mut single);
                fill_uniform_on(set, &SEED, tile, &mut uniform);
                fill_sign_bits_on(set, &SEED, tile, &mut bits);
                (double, single, uniform, bits)
            });
            let all: Vec<_> = all.collect();
            assert!(
                all.windows(2).all(|pair| pair[0] == pair[1]),
                "{length} {tile}"
            );
        }
    }
}

#[test]
fn the_first_values_do_not_depend_on_how_many_are_asked_for() {
    let (mut long, mut short) = (vec![0.0; 5000], vec![0.0; 1234]);
    fill_normals_f64(&SEED, 3, &mut long);
    fill_normals_f64(&SEED, 3, &mut short);
    assert_eq!(long[..1234], short);
    let (mut long, mut short) = (vec![0.0; 5000], vec![0.0; 1234]);
    fill_normals_f32(&SEED, 3, &mut long);
    fill_normals_f32(&SEED, 3, &mut short);
    assert_eq!(long[..1234], short);
}

#[test]
fn seeds_tiles_and_kinds_have_different_streams() {
    let stream = |seed: [u8; 32], tile| {
        let mut out = [0.0; 64];
        fill_uniform(&seed, tile, &mut out);
        out
    };
    let mut streams = vec![stream(SEED, 0), stream(SEED, 1), stream(SEED, 1 << 63)];
    for byte in 0..32 {
        let mut seed = SEED;
        seed[byte] ^= 1;
        streams.push(stream(seed, 0));
    }
    let mut bits = [0; 64];
    fill_sign_bits(&SEED, 0, &mut bits);
    streams.push(bits.map(|word| (word >> 11) as f64 / (1_u64 << 53) as f64));
    let mut values: Vec<u64> = streams
        .iter()
        .flatten()
        .map(|value| value.to_bits())
        .collect();
    values.sort_unstable();
    values.dedup();
    assert_eq!(values.len(), 64 * streams.len());
}

/// Kolmogorov's distance from a law times the square root of the number of draws; it exceeds 2.5
/// with probability 7e-6.
fn kolmogorov(draws: &[f64], law: &impl ContinuousCDF<f64, f64>) -> f64 {
    let sides = KSOneSampleAlternativeMethod::TwoSidedAsymptotic;
    let test = ks_onesample(draws.to_vec(), law, sides, NaNPolicy::Error);
    test.expect("draws without NaN").0 * (draws.len() as f64).sqrt()
}

/// Checks moments, tails, correlations and the distribution function of normal draws,
/// each to five standard errors.
fn check_normals(draws: &[f64]) {
    let (count, law) = (draws.len() as f64, Normal::standard());
    // E x^k, and the variance of x^k, E x^2k − (E x^k)².
    for (power, moment, variance) in [
        (1, 0.0, 1.0),
        (2, 1.0, 2.0),
        (3, 0.0, 15.0),
        (4, 3.0, 96.0),
        (5, 0.0, 945.0),
        (6, 15.0, 10_170.0),
    ] {
        let mean = draws.iter().map(|x| x.powi(power)).sum::<f64>() / count;
        let error = 5.0 * (variance / count).sqrt();
        assert!((mean - moment).abs() < error, "moment {power}: {mean}");
    }
    // Also at the distances that share a generator step, a word or a pair.
    for lag in [1, 2, 7, 8, 16, 64, 127, 128, 129, 256, 1024] {
        let pairs = || draws.iter().zip(&draws[lag..]);
        let error = 5.0 / (count - lag as f64).sqrt();
        let linear = pairs().map(|(x, y)| x * y).sum::<f64>() / (count - lag as f64);
        assert!(linear.abs() < error, "correlation at {lag}: {linear}");
        let square = |x: &f64| (x * x - 1.0) / 2.0;
        let squares =
            pairs().map(|(x, y)| square(x) * square(y)).sum::<f64>() / (count - lag as f64);
        assert!(
            squares.abs() < error,
            "correlation of squares at {lag}: {squares}"
        );
    }
    for level in [0.01, 0.5, 1.0, 2.0, 3.0, 4.0, 4.5] {
        for sign in [-1.0, 1.0] {
            let right = count * law.cdf(-level);
            let seen = draws.iter().filter(|x| sign * **x > level).count() as f64;
            // Five standard errors and a little for the discreteness of rare events.
            assert!(
                (seen - right).abs() < 5.0 * right.sqrt() + 3.0,
                "tail {level}: {seen} of {right}"
            );
        }
    }
    let largest = draws
        .iter()
        .fold(0.0, |largest: f64, x| largest.max(x.abs()));
    assert!(largest < 9.5);
    let distance = kolmogorov(draws, &law);
    assert!(distance < 2.5, "Kolmogorov {distance}");
}

fn doubles(tiles: u64, size: usize) -> Vec<f64> {
    let mut draws = vec![0.0; usize::try_from(tiles).expect("few tiles") * size];
    for (tile, out) in (0..).zip(draws.chunks_mut(size)) {
        fill_normals_f64(&SEED, tile, out);
    }
    draws
}

fn singles(tiles: u64, size: usize) -> Vec<f64> {
    let mut draws = vec![0.0; usize::try_from(tiles).expect("few tiles") * size];
    for (tile, out) in (0..).zip(draws.chunks_mut(size)) {
        fill_normals_f32(&SEED, tile, out);
    }
    draws.into_iter().map(f64::from).collect()
}

#[test]
fn normals_follow_their_law_within_a_tile() {
    check_normals(&doubles(1, DRAWS));
    check_normals(&singles(1, DRAWS));
}

#[test]
fn normals_follow_their_law_across_tiles() {
    check_normals(&doubles(512, DRAWS / 512));
    check_normals(&singles(512, DRAWS / 512));
}

#[test]
fn normals_of_both_precisions_agree() {
    let (mut double, mut single) = (vec![0.0; DRAWS], vec![0.0; DRAWS]);
    fill_normals_f64(&SEED, 4, &mut double);
    fill_normals_f32(&SEED, 4, &mut single);
    // The numbers of a pair lie 128 apart, and have the same radius.
    for (double, single) in double.chunks(256).zip(single.chunks(256)) {
        for index in 0..128 {
            let length = double[index].hypot(double[index + 128]);
            let bound = if length < 2e-4 { 1.6e-5 } else { 3e-6 };
            for index in [index, index + 128] {
                let difference = (double[index] - f64::from(single[index])).abs();
                assert!(
                    difference < bound,
                    "{} and {}",
                    double[index],
                    single[index]
                );
            }
        }
    }
}

#[test]
fn uniform_numbers_follow_their_law() {
    let mut draws = vec![0.0; DRAWS];
    fill_uniform(&SEED, 0, &mut draws);
    assert!(draws.iter().all(|x| (0.0..1.0).contains(x)));
    let lag = draws
        .iter()
        .zip(&draws[8..])
        .map(|(x, y)| (x - 0.5) * (y - 0.5))
        .sum::<f64>();
    assert!((12.0 * lag).abs() < 5.0 * (DRAWS as f64).sqrt());
    assert!(kolmogorov(&draws, &Uniform::standard()) < 2.5);
}

#[test]
fn signs_are_the_bits_and_fair() {
    let mut bits = vec![0; 1000];
    fill_sign_bits(&SEED, 9, &mut bits);
    let mut signs = vec![0_f32; 64 * 1000 - 5];
    fill_signs(&SEED, 9, &mut signs);
    for (index, sign) in signs.iter().enumerate() {
        let bit = bits[index / 64] >> (index % 64) & 1;
        assert_eq!(*sign, if bit == 1 { -1.0 } else { 1.0 });
    }
    let errors = (64_000_f64).sqrt();
    let sum: f32 = signs.iter().sum();
    assert!(f64::from(sum).abs() < 5.0 * errors);
    for place in 0..64 {
        let ones = bits.iter().filter(|word| *word >> place & 1 == 1).count() as f64;
        assert!((ones - 500.0).abs() < 5.0 * 250_f64.sqrt(), "bit {place}");
    }
}
