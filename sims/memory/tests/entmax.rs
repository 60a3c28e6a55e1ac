//! α-entmax against 40 digits: `scripts/entmax_table.py` writes the table.

use dam_memory::products::dot;
use dam_memory::separations::entmax::{
    entmax, entmax_backward, entmax_by_root, entmax_conjugate, entmax_jacobian,
};
use serde_json::Value;

fn table(part: &str) -> Vec<Value> {
    let mut table: Value = serde_json::from_str(include_str!("entmax_table.json")).unwrap();
    let Value::Array(rows) = table[part].take() else {
        panic!("{part} is no list");
    };
    rows
}

fn numbers(row: &Value, key: &str) -> Vec<f64> {
    let numbers = row[key].as_array().unwrap().iter();
    numbers
        .map(|value| {
            let written = value.as_str().map(str::parse);
            written.map_or_else(|| value.as_f64().unwrap(), Result::unwrap)
        })
        .collect()
}

#[test]
fn weights_are_right_to_twelve_digits_for_alpha_up_to_a_hundred() {
    let rows = table("rows");
    assert!(rows.len() > 300, "{}", rows.len());
    let mut largest = 0.0_f64;
    for row in rows {
        let alpha = row["alpha"].as_f64().unwrap();
        let (z, expected) = (numbers(&row, "z"), numbers(&row, "p"));
        let mut found = [z.clone(), z.clone()];
        entmax(&mut found[0], alpha);
        entmax_by_root(&mut found[1], alpha);
        for found in &found {
            for (found, expected) in found.iter().zip(&expected) {
                let error = (found - expected).abs();
                assert!(
                    error <= 1e-12,
                    "α = {alpha}, {z:?}: {found}, not {expected}"
                );
                largest = largest.max(error);
            }
        }
    }
    println!("largest error {largest:.1e}");
}

#[test]
fn thousands_of_scores_are_weighed_as_well() {
    for row in table("many") {
        let alpha = row["alpha"].as_f64().unwrap();
        let mut p: Vec<f64> = (0..3000).map(|i| -f64::from(i) / 1024.0).collect();
        entmax(&mut p, alpha);
        let support = p.iter().filter(|&&weight| weight > 0.0).count() as u64;
        assert_eq!(row["support"].as_u64(), Some(support), "α = {alpha}");
        for (found, expected) in p.iter().zip(numbers(&row, "first")) {
            assert!(
                (found - expected).abs() <= 1e-12,
                "α = {alpha}: {found}, not {expected}"
            );
        }
        let participation: f64 = p.iter().map(|weight| weight * weight).sum();
        let expected: f64 = row["participation"].as_str().unwrap().parse().unwrap();
        assert!((participation - expected).abs() <= 1e-12, "α = {alpha}");
    }
}

/// (0, −gap) at α = 10 and 100: .98321 and .59115 before the root was one in the smallest weight.
#[test]
fn two_close_scores_at_large_alpha() {
    for (alpha, gap, right) in [(10.0, 0.1, 0.988_36), (100.0, 0.001, 0.976_91)] {
        let mut p = [0.0, -gap];
        entmax(&mut p, alpha);
        assert!((p[0] - right).abs() < 5e-6, "{p:?}");
        let bound = p[0].powf(alpha - 1.0) - p[1].powf(alpha - 1.0);
        assert!((bound / ((alpha - 1.0) * gap) - 1.0).abs() < 1e-12);
    }
}

/// Ψ is convex with slope p, so that Ψ(z) − Ψ(z') lies between p'·(z − z') and p·(z − z').
#[test]
fn the_potential_keeps_its_digits_next_to_softmax() {
    let (z, moved) = ([0.3, -1.2, 0.9], [0.3, -1.2, 0.9 + 1e-3]);
    let softmax = entmax_conjugate(&z, 1.0);
    for excess in [1e-12, 1e-9, 1e-6] {
        let alpha = 1.0 + excess;
        let found = entmax_conjugate(&z, alpha);
        assert!(
            (found - softmax).abs() < 2.0 * excess + 1e-14,
            "{found} {softmax}"
        );
        let rise = entmax_conjugate(&moved, alpha) - found;
        let [mut p, mut p_moved] = [z, moved];
        entmax(&mut p, alpha);
        entmax(&mut p_moved, alpha);
        assert!(rise >= 1e-3 * p[2] - 1e-15 && rise <= 1e-3 * p_moved[2] + 1e-15);
    }
}

#[test]
fn slopes_go_back_as_the_jacobian_takes_them() {
    let outward = [0.3, -1.2, 0.7, 2.0];
    for alpha in [1.0, 1.25, 1.5, 2.0, 2.5] {
        let mut p = [0.4, -0.3, 0.9, -3.0];
        entmax(&mut p, alpha);
        let mut slopes = outward;
        entmax_backward(&p, alpha, &mut slopes);
        let jacobian = entmax_jacobian(&p, alpha);
        for (column, slope) in slopes.iter().enumerate() {
            let expected = dot(jacobian.column(column).as_slice(), &outward);
            assert!(
                (slope - expected).abs() < 1e-14,
                "α {alpha}: {slope}, not {expected}"
            );
        }
    }
}
