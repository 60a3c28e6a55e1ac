//! The reference tables of `references/statistics_reference.py`, and what the tests do with them.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::Value;

/// One row of a reference table.
pub struct Row(Value);

impl Row {
    pub fn number(&self, key: &str) -> f64 {
        self.0[key].as_f64().unwrap()
    }

    pub fn count(&self, key: &str) -> u64 {
        self.0[key].as_u64().unwrap()
    }

    pub fn rows(&self, key: &str) -> Vec<Vec<f64>> {
        self.0[key].as_array().unwrap().iter().map(floats).collect()
    }

    pub fn counts(&self, key: &str) -> Vec<u64> {
        let counts = self.0[key].as_array().unwrap().iter();
        counts.map(|count| count.as_u64().unwrap()).collect()
    }

    pub fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap()
    }

    pub fn numbers(&self, key: &str) -> Vec<f64> {
        floats(&self.0[key])
    }
}

fn floats(value: &Value) -> Vec<f64> {
    let values = value.as_array().unwrap().iter();
    values.map(|value| value.as_f64().unwrap()).collect()
}

/// The rows of the table `name`, at least one.
pub fn table(name: &str) -> Vec<Row> {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/references/statistics_reference.json"
    ));
    let mut tables: Value = serde_json::from_str(text).unwrap();
    let Value::Array(rows) = tables[name].take() else {
        panic!("no table {name}");
    };
    assert!(!rows.is_empty());
    rows.into_iter().map(Row).collect()
}

/// Asserts `|found − expected| ≤ tolerance · |expected|`.
#[track_caller]
pub fn assert_close(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance * expected.abs(),
        "found {found:e}, expected {expected:e}, relative deviation {:e}",
        (found / expected - 1.0).abs()
    );
}

/// Standard normal numbers from a seed (Box–Muller).
pub fn gaussians(count: usize, seed: u64) -> Vec<f64> {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..count)
        .map(|_| {
            let radius = (-2.0 * (1.0 - generator.random::<f64>()).ln()).sqrt();
            radius * (std::f64::consts::TAU * generator.random::<f64>()).cos()
        })
        .collect()
}
