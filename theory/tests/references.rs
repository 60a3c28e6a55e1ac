//! The closed forms against high-precision tables: the project's own, written by
//! `references/generate.py` from definitions, and those of the specification, `references/shared`.
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dam_theory::bounds::{nearest_pattern_cosine, polynomial_load_cosine, ramsauer_load};
use dam_theory::ensembles::gaussian;
use dam_theory::finite_size::scaled_dot_product;
use dam_theory::{Ensemble, ensemble};

use crate::support::uniform;

/// Every closed form, the uniform components included: their quadrature is as exact.
const TOLERANCE: f64 = 1e-12;
/// The shared table of uniform components has 13 digits.
const SHARED_UNIFORM_TOLERANCE: f64 = 2e-13;

/// A row: its name and the numbers after it, `nan` where the table has none.
struct Row {
    name: String,
    numbers: Vec<f64>,
}

/// The rows below a `header`, `name` first unless the table has numbers only.
fn rows(path: &Path, header: &str, is_named: bool) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(header), "{}", path.display());
    let rows: Vec<Row> = lines
        .map(|line| {
            let (name, numbers) = if is_named {
                line.split_once(',').unwrap()
            } else {
                ("", line)
            };
            let numbers = numbers.split(',').map(|text| text.parse().unwrap());
            Row {
                name: name.to_owned(),
                numbers: numbers.collect(),
            }
        })
        .collect();
    assert!(!rows.is_empty(), "{} has no rows", path.display());
    rows
}

/// The table of `references/`, which its Python files write.
fn own(table: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("references")
        .join(table)
}

/// The table of the specification, written apart from this crate.
fn shared(table: &str) -> PathBuf {
    own("shared").join(table)
}

/// The worst relative error of each column.
#[derive(Default)]
struct Errors(BTreeMap<String, (f64, String)>);

impl Errors {
    fn note(&mut self, column: &str, place: &str, value: f64, expected: f64) {
        let error = if value == expected {
            0.0
        } else {
            ((value - expected) / expected).abs()
        };
        let text = format!("{column} at {place}: {value} against {expected}");
        let worst = self.0.entry(column.to_owned()).or_default();
        // A NaN is the worst error of all.
        if worst.1.is_empty() || error.is_nan() || error > worst.0 {
            *worst = (error, text);
        }
    }

    fn within(&self, tolerance: f64) {
        for (column, (error, text)) in &self.0 {
            println!("{column}: worst relative error {error:.1e}, {text}");
        }
        for (error, text) in self.0.values() {
            assert!(
                error <= &tolerance,
                "{text}: relative error {error:.1e} above {tolerance:.0e}"
            );
        }
    }
}

/// Compares the last columns of a table with `values` of an ensemble at the first ones.
fn compare(
    path: &Path,
    header: &str,
    tolerance: f64,
    values: impl Fn(&dyn Ensemble, &[f64]) -> Vec<Option<f64>>,
) {
    let columns: Vec<&str> = header.split(',').skip(1).collect();
    let mut errors = Errors::default();
    for Row { name, numbers } in rows(path, header, true) {
        let values = values(ensemble(&name).unwrap().as_ref(), &numbers);
        let (arguments, expected) = numbers.split_at(numbers.len() - values.len());
        assert_eq!(columns.len(), numbers.len());
        for ((value, &expected), column) in values
            .into_iter()
            .zip(expected)
            .zip(&columns[arguments.len()..])
        {
            let place = format!("{name} {arguments:?}");
            match value {
                Some(value) => errors.note(&format!("{name} {column}"), &place, value, expected),
                None => assert!(
                    expected.is_nan(),
                    "{column} at {place}: no value against {expected}"
                ),
            }
        }
    }
    errors.within(tolerance);
}

/// [`compare`] for our own table, and for the shared one of the same name.
fn compare_both(
    table: &str,
    header: &str,
    values: impl Fn(&dyn Ensemble, &[f64]) -> Vec<Option<f64>>,
) {
    for path in [own(table), shared(table)] {
        compare(&path, header, TOLERANCE, &values);
    }
}

/// The columns of the tables by λ.
fn thresholds(ensemble: &dyn Ensemble, numbers: &[f64]) -> Vec<Option<f64>> {
    let lambda = numbers[0];
    vec![
        Some(ensemble.cumulant_generating_function(lambda, 1.0).unwrap()),
        Some(ensemble.saddle_overlap(lambda, 1.0).unwrap()),
        Some(ensemble.typical_threshold(lambda).unwrap()),
        Some(ensemble.condensation_load(lambda, 1.0).unwrap()),
        Some(ensemble.all_patterns_lower_bound(lambda).unwrap()),
    ]
}

const THRESHOLDS: &str =
    "ensemble,lambda,cgf,saddle_overlap,alpha_1,alpha_star,alpha_c_lower_bound";

#[test]
fn thresholds_by_lambda() {
    let table = "thresholds_by_lambda.csv";
    compare(&own(table), THRESHOLDS, TOLERANCE, thresholds);
    let table = shared(table);
    compare(&table, THRESHOLDS, TOLERANCE, |ensemble, numbers| {
        let mut values = thresholds(ensemble, numbers);
        // The generator of the shared table overflowed for signs at λ = 100: α_* is finite.
        if ensemble.name() == "rademacher" && numbers[0] == 100.0 && numbers[4].is_nan() {
            assert!(values[3].take().unwrap().is_finite());
        }
        values
    });
}

#[test]
fn thresholds_of_uniform_components() {
    let table = "thresholds_uniform.csv";
    compare(&own(table), THRESHOLDS, TOLERANCE, thresholds);
    compare(
        &shared(table),
        THRESHOLDS,
        SHARED_UNIFORM_TOLERANCE,
        thresholds,
    );
}

#[test]
fn thresholds_by_alpha() {
    let header = "ensemble,alpha,epsilon_star,lambda_star,lambda_1";
    compare_both("thresholds_by_alpha.csv", header, |ensemble, numbers| {
        let load = numbers[0];
        let lambda_1 = ensemble.typical_inverse_temperature(load);
        vec![
            Some(ensemble.extreme_overlap(load, 1.0).unwrap()),
            Some(
                ensemble
                    .condensation_inverse_temperature(load, 1.0)
                    .unwrap(),
            ),
            Some(lambda_1.unwrap()),
        ]
    });
}

#[test]
fn basins() {
    let header = "ensemble,alpha,lambda,free_entropy,theta_c_degrees";
    compare_both("basins.csv", header, |ensemble, numbers| {
        let (load, lambda) = (numbers[0], numbers[1]);
        vec![
            Some(ensemble.free_entropy(load, lambda, 1.0).unwrap().value),
            ensemble
                .pattern_basin_angle(load, lambda)
                .unwrap()
                .map(f64::to_degrees),
        ]
    });
}

#[test]
fn states_of_other_norms() {
    let header = "ensemble,squared_norm,alpha,lambda,cgf,saddle_overlap,alpha_star,epsilon_star,\
                  lambda_star,free_entropy";
    compare(
        &own("other_norms.csv"),
        header,
        TOLERANCE,
        |ensemble, numbers| {
            let (rho, load, lambda) = (numbers[0], numbers[1], numbers[2]);
            let values = [
                ensemble.cumulant_generating_function(lambda, rho),
                ensemble.saddle_overlap(lambda, rho),
                ensemble.condensation_load(lambda, rho),
                ensemble.extreme_overlap(load, rho),
                ensemble.condensation_inverse_temperature(load, rho),
                ensemble
                    .free_entropy(load, lambda, rho)
                    .map(|free_entropy| free_entropy.value),
            ];
            values.map(|value| Some(value.unwrap())).to_vec()
        },
    );
}

#[test]
fn rate_functions() {
    let header = "ensemble,squared_norm,overlap,rate";
    compare(
        &own("rate_functions.csv"),
        header,
        TOLERANCE,
        |ensemble, numbers| {
            let (rho, overlap) = (numbers[0], numbers[1]);
            let rate = ensemble.rate_function(overlap, rho).unwrap();
            assert_eq!(rate, ensemble.rate_function(-overlap, rho).unwrap());
            vec![Some(rate)]
        },
    );
}

/// Compares the last columns of a table of numbers with `values` at the first ones.
fn compare_numbers(table: &str, header: &str, values: impl Fn(&[f64]) -> Vec<Option<f64>>) {
    let columns: Vec<&str> = header.split(',').collect();
    let mut errors = Errors::default();
    for Row { numbers, .. } in rows(&own(table), header, false) {
        let values = values(&numbers);
        let first = numbers.len() - values.len();
        for (column, value) in values.into_iter().enumerate() {
            let column = first + column;
            if let Some(value) = value {
                let place = format!("{:?}", &numbers[..first]);
                errors.note(columns[column], &place, value, numbers[column]);
            } else {
                assert!(numbers[column].is_nan(), "{table}: {numbers:?}");
            }
        }
    }
    errors.within(TOLERANCE);
}

#[test]
fn gaussian_targets_of_low_norm() {
    compare_numbers("gaussian_low_norms.csv", "lambda,r_B,alpha_B", |numbers| {
        vec![
            Some(gaussian::lowest_retrieved_norm(numbers[0]).unwrap()),
            Some(gaussian::low_norm_load(numbers[0]).unwrap()),
        ]
    });
}

#[test]
fn gaussian_targets_of_given_norm() {
    let mut errors = Errors::default();
    let header = "r,lambda,alpha_1,alpha,lambda_1,norm_rate";
    for Row { numbers, .. } in rows(&own("gaussian_given_norms.csv"), header, false) {
        let [r, lambda, alpha_1, alpha, lambda_1, norm_rate] = numbers[..] else {
            panic!("{numbers:?}")
        };
        let place = format!("r = {r}, λ = {lambda}, α = {alpha}");
        let value = gaussian::typical_threshold_given_norm(lambda, r).unwrap();
        errors.note("alpha_1", &place, value, alpha_1);
        let value = gaussian::norm_rate_function(r).unwrap();
        errors.note("norm_rate", &place, value, norm_rate);
        match gaussian::typical_inverse_temperature_given_norm(alpha, r) {
            Ok(value) => errors.note("lambda_1", &place, value, lambda_1),
            Err(error) => assert!(lambda_1.is_nan(), "{place}: {error}"),
        }
    }
    errors.within(TOLERANCE);
}

#[test]
fn special_points() {
    let components = uniform();
    let names = [
        "gaussian_close_pair_load",
        "gaussian_switch_lambda",
        "rademacher_close_pair_load",
        "rademacher_switch_lambda",
        "uniform_close_pair_load",
        "uniform_target_level_lambda",
        "uniform_largest_alpha_1",
    ];
    let rows = rows(&own("special_points.csv"), "name,value", true);
    let found: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(found, names);
    let [
        gaussian_pairs,
        gaussian_switch,
        sign_pairs,
        sign_switch,
        uniform_pairs,
        uniform_level,
        uniform_largest,
    ] = std::array::from_fn(|index| rows[index].numbers[0]);
    let mut errors = Errors::default();
    let mut check = |what: &str, value: f64, expected: f64| errors.note(what, "", value, expected);
    check("¼ ln 2", gaussian::CLOSE_PAIR_LOAD, gaussian_pairs);
    check(
        "α_B at the switch",
        gaussian::low_norm_load(gaussian_switch).unwrap(),
        gaussian_pairs,
    );
    let signs = ensemble("rademacher").unwrap();
    check(
        "½ ln 2",
        signs.all_patterns_lower_bound(50.0).unwrap(),
        sign_pairs,
    );
    check(
        "λ₁(½ ln 2)",
        signs.typical_inverse_temperature(sign_pairs).unwrap(),
        sign_switch,
    );
    check("α_A", components.close_pair_load().unwrap(), uniform_pairs);
    check(
        "ζ'(λ) = 1",
        components.saddle_overlap(uniform_level, 1.0).unwrap(),
        1.0,
    );
    check(
        "s(1)",
        components.typical_threshold(1e3).unwrap(),
        uniform_largest,
    );
    check(
        "s(1) as a rate",
        components.rate_function(1.0, 1.0).unwrap(),
        uniform_largest,
    );
    errors.within(TOLERANCE);
}

#[test]
fn ramsauer() {
    compare_numbers("ramsauer.csv", "lambda,alpha_R", |numbers| {
        vec![Some(ramsauer_load(numbers[0]).unwrap())]
    });
}

#[test]
fn nearest_patterns() {
    compare_numbers(
        "nearest_pattern.csv",
        "pattern_count,size,cosine",
        |numbers| {
            vec![Some(
                nearest_pattern_cosine(numbers[0], numbers[1]).unwrap(),
            )]
        },
    );
    compare_numbers(
        "polynomial_load.csv",
        "prefactor,exponent,size,cosine",
        |numbers| {
            let [prefactor, exponent, size, _] = numbers[..] else {
                panic!("{numbers:?}")
            };
            vec![Some(
                polynomial_load_cosine(prefactor, exponent, size).unwrap(),
            )]
        },
    );
}

#[test]
fn scaled_dot_products() {
    compare_numbers(
        "scaled_dot_product.csv",
        "scaled_lambda,size,scaled_alpha_1,scaled_alpha_c_lower_bound",
        |numbers| {
            let (lambda, size) = (numbers[0], numbers[1]);
            vec![
                Some(scaled_dot_product::scaled_typical_threshold(lambda, size).unwrap()),
                Some(scaled_dot_product::scaled_all_patterns_lower_bound(lambda, size).unwrap()),
            ]
        },
    );
}
