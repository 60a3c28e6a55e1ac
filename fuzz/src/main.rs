//! Damaged seeds for each target, by the same random numbers each time.
//!
//! `cases CASES [TARGET …]`, from the root of the repository. Without a target all of them. The
//! target `numbers` starts the command `$DAM` once a case, and takes a hundredth of the cases.

use std::fs;
use std::panic;
use std::path::Path;
use std::time::Instant;

use dam_fuzz::{TARGETS, Target};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// What is put in: ends of ranges, signs of the languages, numbers that are none.
const WORDS: [&[u8]; 22] = [
    b"0", b"-1", b"1e308", b"1e-320", b"-0.0", b"NaN", b"inf", b"18446744073709551616",
    b"9223372036854775807", b"[]", b"{}", b"\"", b"\n", b"\0", b"\xff\xff\xff\xff", b"\x1f\x8b",
    b":", b",", b"=", b"..", b"null", b"1:2:1000000",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let cases: usize = match arguments.first().map(|count| count.parse()) {
        Some(Ok(count)) => count,
        _ => {
            eprintln!("usage: cases CASES [TARGET …]");
            std::process::exit(2);
        }
    };
    let is_wanted =
        |target: &&Target| arguments.len() == 1 || arguments[1..].iter().any(|name| name == target.name);
    let mut failed = false;
    for target in TARGETS.iter().filter(is_wanted) {
        let count = if target.name == "numbers" { cases.div_ceil(100) } else { cases };
        failed |= !run(target, count);
    }
    std::process::exit(i32::from(failed));
}

/// Whether all cases returned.
fn run(target: &Target, cases: usize) -> bool {
    let seeds = seeds(target);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let start = Instant::now();
    let (mut failures, mut slowest) = (0, 0.0_f64);
    for case in 0..cases {
        let mut bytes = seeds.choose(&mut rng).cloned().unwrap_or_default();
        // the seeds themselves come first
        if let Some(seed) = seeds.get(case) {
            bytes.clone_from(seed);
        } else {
            for _ in 0..1 << rng.random_range(0..4) {
                damage(&mut bytes, &seeds, &mut rng);
            }
        }
        let begin = Instant::now();
        if panic::catch_unwind(|| (target.run)(&bytes)).is_err() {
            failures += 1;
            let path = format!("fuzz/artifacts/{}-{case}", target.name);
            let kept = fs::create_dir_all("fuzz/artifacts").and_then(|()| fs::write(&path, &bytes));
            eprintln!("case {case} of {} fails, kept as {path}: {kept:?}", target.name);
        }
        slowest = slowest.max(begin.elapsed().as_secs_f64());
    }
    println!(
        "{}: {cases} cases of {} seeds, {failures} failures, {:.1} s, slowest {slowest:.3} s",
        target.name,
        seeds.len(),
        start.elapsed().as_secs_f64()
    );
    failures == 0
}

fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = target
        .seeds
        .iter()
        .flat_map(|folder| fs::read_dir(Path::new(folder)).into_iter().flatten())
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}

/// Flips a bit, cuts, doubles, puts a word in, puts a number in place of another, or takes a piece
/// of another seed.
fn damage(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], rng: &mut impl Rng) {
    let place = rng.random_range(0..=bytes.len());
    let length = rng.random_range(0..=bytes.len() - place).min(64);
    match rng.random_range(0..6) {
        0 if place < bytes.len() => bytes[place] ^= 1 << rng.random_range(0..8),
        1 => {
            bytes.drain(place..place + length);
        }
        2 => {
            let piece = bytes[place..place + length].to_vec();
            bytes.splice(place..place, piece);
        }
        3 => {
            let word = WORDS.choose(rng).copied().unwrap_or_default();
            bytes.splice(place..place, word.iter().copied());
        }
        4 => {
            let Some(first) = (place..bytes.len()).find(|&at| bytes[at].is_ascii_digit()) else {
                return;
            };
            let rest = bytes[first..].iter();
            let end = first + rest.take_while(|byte| byte.is_ascii_digit()).count();
            let word = WORDS.choose(rng).copied().unwrap_or_default();
            bytes.splice(first..end, word.iter().copied());
        }
        _ => {
            let other = seeds.choose(rng).map(Vec::as_slice).unwrap_or_default();
            let from = rng.random_range(0..=other.len());
            let to = (from + 64).min(other.len());
            bytes.splice(place..place + length, other[from..to].iter().copied());
        }
    }
}
