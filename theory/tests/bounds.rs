//! The capacity bounds against mpmath (`references/bounds.py`), their inverses, limits and
//! orderings.

use dam_theory::TheoryError;
use dam_theory::bounds::{
    CodeBound, KernelizedChain, KernelizedMemory, Margin, RamsauerDimension, RamsauerMemory,
    Vacuity, asymptotic_dimension, cap_log_measure, code_angle_bounds, code_log_size,
    code_separation_bounds, kernelized_capacity, log_retrieval_error, optimal_capacity,
    ramsauer_capacity, ramsauer_dimension, ramsauer_load, required_dimension, required_separation,
};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_3, LN_2, PI};

use crate::support::named_rows;

struct Row {
    quantity: String,
    dimension: f64,
    beta: f64,
    x: f64,
    y: f64,
    z: f64,
    value: f64,
}

fn table() -> Vec<Row> {
    let rows = named_rows("bounds.csv").into_iter();
    rows.map(|(quantity, numbers)| Row {
        quantity,
        dimension: numbers[0],
        beta: numbers[1],
        x: numbers[2],
        y: numbers[3],
        z: numbers[4],
        value: numbers[5],
    })
    .collect()
}

fn memory(beta: f64, radius_factor: f64, failure_probability: f64) -> RamsauerMemory {
    RamsauerMemory {
        inverse_temperature: beta,
        radius_factor,
        failure_probability,
    }
}

fn kernelized(row: &Row, chain: KernelizedChain) -> f64 {
    let memory = KernelizedMemory {
        inverse_temperature: row.beta,
        norm: row.z,
        retrieval_radius: row.x,
        failure_probability: row.y,
    };
    let bound = kernelized_capacity(&memory, row.dimension, chain).unwrap();
    bound.capacity.log_count
}

fn evaluate(row: &Row) -> f64 {
    let &Row {
        dimension,
        beta,
        x,
        y,
        z,
        ..
    } = row;
    let ramsauer = || ramsauer_capacity(&memory(beta, x, y), dimension).unwrap();
    let size = |bound| code_log_size(dimension, x, bound).unwrap();
    let optimal = |bound| {
        let margin = if y == 1.0 {
            Margin::Full
        } else {
            Margin::WithoutRadius
        };
        let found = optimal_capacity(dimension, beta, x, margin, bound).unwrap();
        found.log_count
    };
    match row.quantity.as_str() {
        "ramsauer_log_growth" => ramsauer().log_growth,
        "ramsauer_log_count" => ramsauer().capacity.log_count,
        "ramsauer_dimension" => match ramsauer_dimension(&memory(beta, x, y), z.ln()).unwrap() {
            RamsauerDimension::Single(d) | RamsauerDimension::Pair { lower: d, .. } => d,
            RamsauerDimension::AlwaysExceeded => f64::NAN,
        },
        "ramsauer_dimension_upper" => {
            match ramsauer_dimension(&memory(beta, x, y), z.ln()).unwrap() {
                RamsauerDimension::Pair { upper, .. } => upper,
                _ => f64::NAN,
            }
        }
        "ramsauer_no_dimension" => {
            let found = ramsauer_dimension(&memory(beta, x, y), z.ln()).unwrap();
            f64::from(u8::from(found != RamsauerDimension::AlwaysExceeded))
        }
        "kernelized_lemma" => kernelized(row, KernelizedChain::Lemma),
        "kernelized_exact" => kernelized(row, KernelizedChain::Exact),
        "kernelized_cap" => kernelized(row, KernelizedChain::CapMeasure),
        "cap" => cap_log_measure(dimension, x).unwrap(),
        "code_caps_closed_form" => size(CodeBound::CapsClosedForm),
        "code_caps" => size(CodeBound::Caps),
        "code_covering" => size(CodeBound::Covering),
        "separation_lower" => code_separation_bounds(dimension, x).unwrap().lower,
        "separation_upper" => code_separation_bounds(dimension, x).unwrap().upper,
        "optimal_caps_closed_form" => optimal(CodeBound::CapsClosedForm),
        "optimal_caps" => optimal(CodeBound::Caps),
        "optimal_covering" => optimal(CodeBound::Covering),
        "required_separation" => required_separation(beta, z, x, y).unwrap(),
        "log_retrieval_error" => log_retrieval_error(beta, z, x, y, 0.5).unwrap().0,
        other => panic!("no function for {other}"),
    }
}

#[test]
fn every_bound_agrees_with_its_table_to_twelve_digits() {
    let rows = table();
    assert!(rows.len() > 400);
    let mut failures = Vec::new();
    for row in &rows {
        let error = (evaluate(row) - row.value).abs();
        if error.is_nan() || error > 1e-12 * row.value.abs() {
            let Row {
                quantity,
                dimension,
                beta,
                x,
                y,
                z,
                value,
            } = row;
            let found = evaluate(row);
            failures.push(format!(
                "{quantity} {dimension} {beta} {x} {y} {z}: {found} for {value}"
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_published_examples_come_out() {
    let rounded = |value: f64, digits: i32| (value * 10f64.powi(digits)).round();
    for (radius_factor, dimension, growth, count) in [
        (3.0, 20.0, 3_154_611.0, 7_413.0),
        (1.0, 75.0, 1_371_878.0, 10_973.0),
    ] {
        let bound = ramsauer_capacity(&memory(1.0, radius_factor, 1e-3), dimension).unwrap();
        assert_eq!(rounded(bound.log_growth.exp(), 6), growth);
        assert_eq!(rounded(bound.capacity.count(), 3), count);
        assert!(!bound.capacity.is_vacuous());
    }
    for (beta, growth, exact) in [(100.0, 14351.0, 1.86e7), (500.0, 29763.0, 1.84e17)] {
        let memory = KernelizedMemory {
            inverse_temperature: beta,
            norm: 1.0,
            retrieval_radius: 1.0 / beta,
            failure_probability: 0.01,
        };
        let lemma = kernelized_capacity(&memory, 100.0, KernelizedChain::Lemma).unwrap();
        assert_eq!(rounded(lemma.log_growth.exp(), 4), growth);
        let found = kernelized_capacity(&memory, 100.0, KernelizedChain::Exact).unwrap();
        assert!((found.capacity.count() / exact - 1.0).abs() < 3e-3);
    }
    let bounds = code_separation_bounds(3.0, 12_f64.ln()).unwrap();
    let best = 1.0 - 5_f64.sqrt().recip();
    assert!(bounds.lower <= best && best <= bounds.upper);
    assert_eq!(
        (rounded(bounds.lower, 5), rounded(bounds.upper, 5)),
        (5556.0, 66667.0)
    );
}

#[test]
fn growth_and_dimension_are_inverse_to_each_other() {
    for beta in [0.01, 1.0, 300.0] {
        for p in [1e-6, 0.3] {
            for dimension in [1.5, 3.0, 40.0, 1e6] {
                let memory = memory(beta, 1.0, p);
                let growth = ramsauer_capacity(&memory, dimension).unwrap().log_growth;
                let found = match ramsauer_dimension(&memory, growth).unwrap() {
                    RamsauerDimension::Single(found) => found,
                    RamsauerDimension::Pair { lower, upper } => {
                        if (lower / dimension - 1.0).abs() < (upper / dimension - 1.0).abs() {
                            lower
                        } else {
                            upper
                        }
                    }
                    RamsauerDimension::AlwaysExceeded => f64::NAN,
                };
                // where the growth constant is nearly stationary in d, d has fewer digits than ln c
                let step = 1e-6 * dimension;
                let above = ramsauer_capacity(&memory, dimension + step)
                    .unwrap()
                    .log_growth;
                let conditioning = (growth.abs() + 1e-2) * step / (above - growth).abs();
                let tolerance = 1e-13 * conditioning.max(dimension);
                let error = (found - dimension).abs();
                assert!(error < tolerance, "{beta} {p} {dimension}: {found}");
            }
        }
    }
}

#[test]
fn between_its_two_dimensions_growth_is_smaller_and_below_the_branch_point_always_larger() {
    let memory = memory(1.0, 1.0, 0.3);
    let growth_at = |dimension: f64| ramsauer_capacity(&memory, dimension).unwrap().log_growth;
    let growth = 1.3_f64.ln();
    let RamsauerDimension::Pair { lower, upper } = ramsauer_dimension(&memory, growth).unwrap()
    else {
        panic!("c = 1.3 lies between the branch point and the limit")
    };
    assert!(growth_at(0.5 * (lower + upper)) < growth);
    assert!(growth_at(0.5 * (1.0 + lower)) > growth && growth_at(2.0 * upper) > growth);
    let growth = 0.4_f64.ln();
    let none = ramsauer_dimension(&memory, growth).unwrap();
    assert_eq!(none, RamsauerDimension::AlwaysExceeded);
    for exponent in 1..60 {
        assert!(growth_at(1.0 + 1e-3 * 1.5_f64.powi(exponent)) > growth);
    }
}

#[test]
fn the_load_of_theorem_3_tends_to_the_dotted_line() {
    for lambda in [0.1, 1.0, 3.0] {
        let limit = ramsauer_load(lambda).unwrap();
        let mut last = f64::INFINITY;
        for dimension in [1e3, 1e4, 1e5, 1e6] {
            let bound = ramsauer_capacity(&memory(lambda, 1.0, 0.01), dimension).unwrap();
            let error = (bound.capacity.log_count / dimension - limit).abs();
            assert!(error < last);
            last = error;
        }
        assert!(last < 1e-5, "{last}");
    }
}

#[test]
fn a_large_radius_makes_the_lemma_vacuous() {
    for radius in [0.1, 0.3] {
        for beta in [1.0, 100.0, 1e5] {
            let memory = KernelizedMemory {
                inverse_temperature: beta,
                norm: 1.0,
                retrieval_radius: radius,
                failure_probability: 0.01,
            };
            let bound = kernelized_capacity(&memory, 100.0, KernelizedChain::Lemma).unwrap();
            assert!(bound.capacity.is_vacuous(), "{beta} {radius}");
            if beta == 1e5 {
                assert_eq!(bound.capacity.vacuity, Some(Vacuity::NoGrowth));
            }
        }
    }
}

#[test]
fn the_three_chains_are_ordered() {
    for dimension in [10.0, 50.0, 400.0] {
        let memory = KernelizedMemory {
            inverse_temperature: 3.0 * dimension,
            norm: 1.0,
            retrieval_radius: 1e-3,
            failure_probability: 0.01,
        };
        let counts = KernelizedChain::ALL.map(|chain| {
            let bound = kernelized_capacity(&memory, dimension, chain).unwrap();
            bound.capacity.log_count
        });
        assert!(counts.is_sorted(), "{counts:?}");
    }
}

#[test]
fn codes_of_obtuse_and_right_angles_are_exact() {
    for bound in [
        CodeBound::CapsClosedForm,
        CodeBound::Caps,
        CodeBound::Covering,
    ] {
        let count = |d: f64, angle: f64| code_log_size(d, angle, bound).unwrap().exp().round();
        for dimension in [2_u32, 3, 24] {
            let d = f64::from(dimension);
            assert_eq!(count(d, FRAC_PI_2), 2.0 * d);
            assert_eq!(count(d, 1.58), d + 1.0);
            for m in 2..=dimension {
                let simplex = (-1.0 / (f64::from(m) - 1.0)).acos();
                assert_eq!(count(d, simplex), f64::from(m), "{d} {m}");
                // A = m up to the simplex, fewer beyond
                if m > 2 {
                    assert_eq!(count(d, simplex + 1e-9), f64::from(m) - 1.0);
                }
            }
        }
    }
}

#[test]
fn known_codes_lie_between_their_bounds() {
    // kissing numbers
    for (d, count) in [
        (2.0, 6.0),
        (3.0, 12.0),
        (4.0, 24.0),
        (8.0, 240.0),
        (24.0, 196_560.0_f64),
    ] {
        let log = |bound| code_log_size(d, FRAC_PI_3, bound).unwrap();
        assert!(log(CodeBound::Covering) <= count.ln() + 1e-12);
        assert!(count.ln() <= log(CodeBound::Caps) + 1e-12);
        assert!(log(CodeBound::Caps) <= log(CodeBound::CapsClosedForm) + 1e-12);
    }
    for (d, m, degrees) in [
        (3, 4, 109.4712206344907),
        (3, 6, 90.0),
        (3, 12, 63.4349488229220),
    ] {
        let (lower, upper) = code_angle_bounds(d, m).unwrap();
        let best = f64::to_radians(degrees);
        assert!(
            (upper - best).abs() < 1e-13 && lower <= best + 1e-13,
            "{d} {m}"
        );
    }
    for (d, m, degrees) in [(3, 24, 43.6907671), (4, 10, 80.4059318), (8, 240, 60.0)] {
        let (lower, upper) = code_angle_bounds(d, m).unwrap();
        let best = f64::to_radians(degrees);
        assert!(lower < best && best < upper, "{d} {m}: {lower} {upper}");
    }
}

#[test]
fn caps_have_their_closed_measures_in_two_and_three_dimensions() {
    for index in 0..=40 {
        let angle = PI * f64::from(index) / 40.0;
        let planar = cap_log_measure(2.0, angle).unwrap().exp();
        assert!((planar - angle / PI).abs() < 1e-14);
        let solid = cap_log_measure(3.0, angle).unwrap().exp();
        assert!((solid - 0.5 * (1.0 - angle.cos())).abs() < 1e-14);
    }
}

#[test]
fn the_dimension_that_suffices_holds_the_memory_and_one_less_does_not() {
    for bound in [CodeBound::Caps, CodeBound::Covering] {
        for log_count in [5.0, 30.0, 200.0] {
            let (beta, radius) = (4.0 * log_count, 1e-3);
            let needed = required_dimension(log_count, beta, radius, Margin::Full, bound);
            let needed = needed.unwrap().unwrap();
            let holds = |d: f64| {
                let found = optimal_capacity(d, beta, radius, Margin::Full, bound).unwrap();
                found.log_count >= log_count * (1.0 - 1e-12)
            };
            assert!(holds(needed), "{log_count} {needed}");
            assert!(
                needed == 2.0 || !holds(needed - 1.0),
                "{log_count} {needed}"
            );
        }
    }
    // at large M the estimates are the leading order
    let (log_count, beta, radius) = (1e5, 4e5, 1e-6);
    let estimate = asymptotic_dimension(log_count, beta, radius, Margin::Full);
    let estimate = estimate.unwrap().unwrap();
    for (bound, expected) in [
        (CodeBound::Caps, estimate.lower),
        (CodeBound::Covering, estimate.upper),
    ] {
        let needed = required_dimension(log_count, beta, radius, Margin::Full, bound);
        assert!((needed.unwrap().unwrap() / expected - 1.0).abs() < 1e-3);
    }
}

#[test]
fn without_room_for_two_patterns_the_optimum_is_vacuous() {
    let found = optimal_capacity(50.0, 1.0, 0.01, Margin::Full, CodeBound::Caps).unwrap();
    assert_eq!(found.vacuity, Some(Vacuity::FewerThanTwo));
    // β too small for an exponential number: θ* > 90° at M = D + 2
    let none = required_dimension(100.0, 20.0, 0.01, Margin::Full, CodeBound::Caps).unwrap();
    assert_eq!(none, None);
    // two antipodal features need 1 − cos θ* ≤ 2
    let beta = (2.0 / 0.01_f64).ln() / (2.0 - 0.02) + 1e-9;
    let two = optimal_capacity(5.0, beta, 0.01, Margin::Full, CodeBound::Covering).unwrap();
    assert!((two.log_count - LN_2).abs() < 1e-6 && two.vacuity.is_none());
}

#[test]
fn values_outside_the_domains_are_refused_by_name() {
    let refused = |error: TheoryError, name: &str| {
        assert!(error.to_string().contains(name), "{error}");
    };
    refused(
        ramsauer_capacity(&memory(0.0, 1.0, 0.1), 9.0).unwrap_err(),
        "β = 0",
    );
    refused(
        ramsauer_capacity(&memory(1.0, 1.0, 1.1), 9.0).unwrap_err(),
        "p = 1.1",
    );
    refused(
        ramsauer_capacity(&memory(1.0, 1.0, 0.1), 1.0).unwrap_err(),
        "d = 1",
    );
    refused(
        code_log_size(3.0, 0.0, CodeBound::Caps).unwrap_err(),
        "θ = 0",
    );
    refused(
        code_log_size(1.0, 1.0, CodeBound::Caps).unwrap_err(),
        "D = 1",
    );
    refused(
        required_separation(1.0, -1.0, 1.0, 1.0).unwrap_err(),
        "ln(M − 1) = -1",
    );
    refused(code_angle_bounds(3, 1).unwrap_err(), "ln M = 0");
}
