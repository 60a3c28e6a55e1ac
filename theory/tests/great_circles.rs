//! Basins at N = ∞ for starts on random great circles.

use dam_theory::Structure;

use crate::support::{assert_relative, named, named_rows, off_axis, without_parameters};

/// Written by references/great_circle.py through the law of a component of x₀.
#[test]
fn great_circles_agree_with_the_reference_table() {
    for (name, numbers) in named_rows("great_circle.csv") {
        let [load, lambda, degrees] = numbers[..] else {
            panic!("{name}: {numbers:?}")
        };
        let angle = named(&name).basin_angle(load, lambda).unwrap().unwrap();
        assert_relative(angle.to_degrees(), degrees, 1e-12, (name, load, lambda));
    }
}

/// v_θ = v cos²θ + sin²θ: λ cos θ_c = α + ½λ²v_θ is a quadratic equation for cos θ_c.
#[test]
fn great_circles_of_covariances_solve_a_quadratic_equation() {
    for ensemble in off_axis() {
        let Structure::Covariance(law) = ensemble.structure() else {
            continue;
        };
        let second_moment: f64 = law.limit().iter().map(|(c, weight)| weight * c * c).sum();
        let load = 0.1 / second_moment;
        let critical = ensemble.typical_inverse_temperature(load).unwrap();
        let lambda = critical * 1.1;
        let angle = ensemble.basin_angle(load, lambda).unwrap().unwrap();
        let excess = second_moment - 1.0;
        let half = 1.0 / (lambda * excess);
        let rest = (2.0 * load / (lambda * lambda) + 1.0) / excess;
        let cosine = if excess > 1e-9 {
            rest / (half + (half * half - rest).sqrt())
        } else {
            load / lambda + 0.5 * lambda
        };
        assert_relative(angle.cos(), cosine, 1e-12, (ensemble.parameters(), load));
    }
}

/// On a fine scan θ_c rises continuously from 0 at λ₁ to where the noise condenses, and stays
/// there; it differs from that of pattern-like starts where rotations change the patterns.
#[test]
fn great_circles_open_continuously_and_saturate() {
    for ensemble in without_parameters().into_iter().chain(off_axis()) {
        let load = 0.31 * ensemble.typical_threshold(0.9).unwrap();
        let critical = ensemble.typical_inverse_temperature(load).unwrap();
        let what = (ensemble.name(), ensemble.parameters());
        let angle = |lambda: f64| ensemble.basin_angle(load, lambda).unwrap();
        assert_eq!(angle(critical * (1.0 - 1e-9)), None, "{what:?}");
        let mut last = 0.0;
        for step in 1..=60 {
            let share = f64::from(step) / 60.0;
            let lambda = critical * (1.0 + 3.0 * share * share);
            let found = angle(lambda).unwrap();
            assert!(
                found >= last - 1e-9,
                "{what:?} at λ = {lambda}: {found} after {last}"
            );
            assert!(
                found - last < 0.12,
                "{what:?} at λ = {lambda}: {found} after {last}"
            );
            last = found;
        }
        let far = critical * 30.0;
        if ensemble.typical_threshold(far).unwrap() > load {
            let (near, far) = (angle(critical * 20.0).unwrap(), angle(far).unwrap());
            assert_relative(near, far, 1e-9, what);
        }
    }
}

#[test]
fn both_kinds_of_starts_are_offered() {
    for (name, load, lambda, circle, pattern) in [
        ("uniform", 0.263, 0.733, 46.675, 45.896),
        ("rademacher", 0.2, 0.4, 46.510, 45.982),
    ] {
        let ensemble = named(name);
        let found = ensemble.basin_angle(load, lambda).unwrap().unwrap();
        assert_relative(found.to_degrees(), circle, 2e-5, name);
        let found = ensemble.pattern_basin_angle(load, lambda).unwrap().unwrap();
        assert_relative(found.to_degrees(), pattern, 2e-5, name);
    }
}
