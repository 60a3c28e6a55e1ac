//! The finite-size theory against mpmath (`references/finite_size.py`) and against the project's
//! shared tables.

use dam_theory::finite_size::{
    AxisNoise, CollinearMap, CollinearNoise, GaussianNoise, GaussianNormLaw, PatternCount,
    RademacherNoise, SphericalNoise, SphericalOverlapLaw, gaussian_overlap_log_tail,
    gaussian_pair_log_probability,
};
use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{named, named_rows, number};

struct Row {
    quantity: String,
    size: f64,
    x: f64,
    y: f64,
    value: f64,
}

fn own_table() -> Vec<Row> {
    let rows = named_rows("finite_size.csv").into_iter();
    rows.map(|(quantity, numbers)| Row {
        quantity,
        size: numbers[0],
        x: numbers[1],
        y: numbers[2],
        value: numbers[3],
    })
    .collect()
}

fn lambda(noise: impl CollinearNoise, log_noise_patterns: f64) -> f64 {
    let patterns = PatternCount::from_log_noise_patterns(log_noise_patterns).unwrap();
    let found = CollinearMap::new(noise, patterns).crossover().unwrap();
    found.unwrap().inverse_temperature
}

/// The crate's value, and the relative error allowed.
fn evaluate(row: &Row) -> (f64, f64) {
    let &Row { size, x, y, .. } = row;
    let sphere = || SphericalNoise::new(size).unwrap();
    let law = || SphericalOverlapLaw::new(size).unwrap();
    match row.quantity.as_str() {
        "sphere_log_moment" => (
            sphere().log_moment_generating_function(x, 1.0).unwrap(),
            1e-13,
        ),
        "sphere_mean_cosine" => (sphere().mean_overlap(x, 1.0).unwrap(), 1e-13),
        // below 0 it is the logarithm of one less a tail
        "sphere_log_tail" if x < 0.0 => (law().log_tail(x).unwrap(), 1e-11),
        "sphere_log_tail" => (law().log_tail(x).unwrap(), 1e-13),
        "sphere_mean_maximum" => (law().mean_maximum(x).unwrap(), 1e-11),
        "truncated_log_moment" => {
            let average = law().truncated_average(x, 1.0, y).unwrap();
            (average.log_moment_generating_function, 1e-12)
        }
        "truncated_mean_cosine" => (
            law().truncated_average(x, 1.0, y).unwrap().mean_cosine,
            1e-12,
        ),
        "normal_log_tail" => (gaussian_overlap_log_tail(1.0, 1.0, x).unwrap(), 1e-12),
        "norm_log_lower_tail" => (
            GaussianNormLaw::new(size)
                .unwrap()
                .log_lower_tail(x)
                .unwrap(),
            1e-11,
        ),
        "norm_log_upper_tail" => (
            GaussianNormLaw::new(size)
                .unwrap()
                .log_upper_tail(x)
                .unwrap(),
            1e-11,
        ),
        "pair_log_probability" => (gaussian_pair_log_probability(size).unwrap(), 1e-13),
        "crossover_spherical" => (lambda(sphere(), x), 1e-13),
        "crossover_gaussian" => (lambda(GaussianNoise::new(size, y).unwrap(), x), 1e-13),
        "crossover_rademacher" => (lambda(RademacherNoise::new(size).unwrap(), x), 1e-13),
        other => panic!("unknown quantity {other}"),
    }
}

#[test]
fn every_quantity_agrees_with_mpmath() {
    let mut worst: BTreeMap<String, (f64, String)> = BTreeMap::new();
    let mut failures = Vec::new();
    let rows = own_table();
    assert!(rows.len() > 500, "{} rows", rows.len());
    for row in rows {
        let (value, tolerance) = evaluate(&row);
        let error = (value - row.value).abs() / row.value.abs();
        let place = format!("N = {}, x = {}, y = {}", row.size, row.x, row.y);
        if error.is_nan() || error > tolerance {
            failures.push(format!(
                "{} at {place}: {value} against {}, relative error {error:e}",
                row.quantity, row.value
            ));
        }
        let entry = worst.entry(row.quantity).or_default();
        if error >= entry.0 {
            *entry = (error, place);
        }
    }
    for (quantity, (error, place)) in worst {
        println!("{quantity}: largest relative error {error:.1e} at {place}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The rows of a table of the specification.
fn shared_table(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("references/shared")
        .join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(1);
    rows.map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[test]
fn the_shared_averages_are_met() {
    for row in shared_table("finite_n_spherical.csv") {
        let [size, lambda, log_moment, mean] = [0, 1, 2, 3].map(|i| number(&row[i]));
        let noise = SphericalNoise::new(size).unwrap();
        let found = noise.log_moment_generating_function(lambda, 1.0).unwrap();
        assert!((found / log_moment - 1.0).abs() < 1e-13, "{row:?} {found}");
        let found = noise.mean_overlap(lambda, 1.0).unwrap();
        assert!((found / mean - 1.0).abs() < 1e-13, "{row:?} {found}");
    }
}

#[test]
fn the_shared_crossovers_are_met() {
    let mut worst = 0.0_f64;
    for row in shared_table("annealed_crossovers.csv") {
        let [load, size, log_noise_patterns, expected] = [1, 2, 3, 4].map(|i| number(&row[i]));
        let counted = PatternCount::from_load(load, size).unwrap();
        assert!(
            (counted.log_noise_patterns() / log_noise_patterns - 1.0).abs() < 1e-14,
            "{row:?} {counted:?}"
        );
        let found = lambda(
            AxisNoise::of(named(&row[0]).as_ref(), size).unwrap(),
            log_noise_patterns,
        );
        worst = worst.max((found - expected).abs());
        assert!((found - expected).abs() < 1e-9, "{row:?} {found}");
    }
    println!("largest difference from the shared crossovers {worst:.1e}");
}
