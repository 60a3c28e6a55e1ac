//! Expansions, phase boundaries, claims of the theory and domain errors.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use common::assert_relative;
use std::f64::consts::LN_2;

use dam_theory::{
    ENSEMBLE_NAMES, Ensemble, Gaussian, Phase, Rademacher, Spherical, TheoryError, ensemble,
    gaussian, ramsauer_load,
};

#[test]
fn small_inverse_temperature() {
    for name in ENSEMBLE_NAMES {
        let ensemble = ensemble(name).unwrap();
        for lambda in [1e-12, 1e-8, 1e-5] {
            // Unit variance: ζ = λ²/2, s = ε²/2 and α₁ = λ − λ²/2 up to relative O(λ²).
            let near = 1e-14 + 2.0 * lambda * lambda;
            let zeta = ensemble.cumulant_generating_function(lambda, 1.0).unwrap();
            assert_relative(zeta, 0.5 * lambda * lambda, near, name);
            assert_relative(
                ensemble.saddle_overlap(lambda, 1.0).unwrap(),
                lambda,
                near,
                name,
            );
            let star = ensemble.condensation_load(lambda, 1.0).unwrap();
            assert_relative(star, 0.5 * lambda * lambda, near, name);
            let rate = ensemble.rate_function(lambda, 1.0).unwrap();
            assert_relative(rate, 0.5 * lambda * lambda, near, name);
            let typical = ensemble.typical_threshold(lambda).unwrap();
            assert_relative(typical, lambda - 0.5 * lambda * lambda, near, name);
        }
    }
    // α_B ≈ λ(1 − 2√λ).
    for lambda in [1e-12, 1e-8, 1e-6] {
        let exact = gaussian::low_norm_load(lambda).unwrap();
        let correction = (1.0 - exact / lambda) / (2.0 * f64::sqrt(lambda));
        assert!(
            (correction - 1.0).abs() < 2.0 * lambda.sqrt() + 1e-9,
            "{lambda} {correction}"
        );
    }
}

#[test]
fn large_inverse_temperature() {
    for lambda in [1e2, 1e4, 1e6] {
        // Spherical α₁ ≈ ½ ln λ + ½ + 1/(8λ) + O(1/λ²).
        let expansion = 0.5 * f64::ln(lambda) + 0.5 + 0.125 / lambda;
        let typical = Spherical.typical_threshold(lambda).unwrap();
        assert!(
            (typical - expansion).abs() < 0.1 / (lambda * lambda) + 2e-15,
            "{lambda}"
        );
        assert_eq!(Gaussian.typical_threshold(lambda).unwrap(), 0.5);
        assert_relative(
            Rademacher.typical_threshold(lambda).unwrap(),
            LN_2,
            1e-15,
            "α₁",
        );
        assert_relative(
            Rademacher.condensation_load(lambda, 1.0).unwrap(),
            LN_2,
            1e-15,
            "α_*",
        );
        assert_eq!(
            Rademacher.all_patterns_lower_bound(lambda).unwrap(),
            0.5 * LN_2
        );
    }
    // The expansion's coefficient itself, where it can be seen.
    let remainder = Spherical.typical_threshold(100.0).unwrap() - 0.5 * 100.0_f64.ln() - 0.5;
    assert!((remainder * 800.0 - 1.0).abs() < 0.01, "{remainder}");
}

#[test]
fn lower_bound_switches() {
    let switch = 0.700_917_829_238_927_8;
    for offset in [1e-3, 1e-6] {
        let below = Gaussian.all_patterns_lower_bound(switch - offset).unwrap();
        let above = Gaussian.all_patterns_lower_bound(switch + offset).unwrap();
        assert!(below < gaussian::CLOSE_PAIR_LOAD && below > gaussian::CLOSE_PAIR_LOAD - offset);
        assert_eq!(above, gaussian::CLOSE_PAIR_LOAD);
    }
    // Rademacher duplicates cap from λ = ½ ln(1 + √2) … where λ − ln cosh λ = ½ ln 2.
    let switch = Rademacher.typical_inverse_temperature(0.5 * LN_2).unwrap();
    assert_relative(
        switch,
        0.5 * (1.0 + 2.0_f64.sqrt()).ln(),
        1e-14,
        "Rademacher switch",
    );
    assert!(Rademacher.all_patterns_lower_bound(switch - 1e-6).unwrap() < 0.5 * LN_2);
    assert_eq!(
        Rademacher.all_patterns_lower_bound(switch + 1e-6).unwrap(),
        0.5 * LN_2
    );
    // The uniform law switches where the two bounds meet, continuously.
    let uniform = dam_theory::uniform();
    let pairs = uniform.close_pair_load().unwrap();
    let bound = |lambda| uniform.all_patterns_lower_bound(lambda).unwrap();
    assert!(bound(0.7) < pairs && bound(0.9) == pairs);
    let mut previous = bound(0.7);
    for step in 1..=200 {
        let next = bound(0.7 + 0.001 * f64::from(step));
        assert!(next >= previous && next - previous < 2e-4);
        previous = next;
    }
}

#[test]
fn gaussian_near_one() {
    for offset in [1e-15, 1e-12, 1e-8, 1e-4] {
        let typical = Gaussian.typical_threshold(1.0 - offset).unwrap();
        assert!((0.5 - typical - 0.5 * offset * offset).abs() < 2e-16);
        // dα_B/dλ vanishes at λ = 1 too: α_B = 1/(2e) + O((1 − λ)⁴), r_B = (1 + (1−λ)²/e + …)/e.
        let r = gaussian::lowest_retrieved_norm(1.0 - offset).unwrap();
        let inverse_e = (-1.0_f64).exp();
        assert_relative(
            r,
            inverse_e * (1.0 + inverse_e * offset * offset),
            4e-16 + offset.powi(3),
            "r_B",
        );
    }
    assert_eq!(
        Gaussian
            .typical_inverse_temperature(0.5_f64.next_down())
            .unwrap(),
        1.0 - f64::EPSILON.sqrt() / 2.0_f64.sqrt()
    );
    // The condensed non-retrieval phase α₁ < α < α_* exists only for λ > 1.
    for lambda in [0.5, 0.999] {
        assert!(
            Gaussian.typical_threshold(lambda).unwrap()
                > Gaussian.condensation_load(lambda, 1.0).unwrap()
        );
    }
    assert!(
        Gaussian.typical_threshold(1.001).unwrap()
            < Gaussian.condensation_load(1.001, 1.0).unwrap()
    );
}

#[test]
fn free_entropy_is_continuous_with_its_slope_at_condensation() {
    for name in ENSEMBLE_NAMES {
        let ensemble = ensemble(name).unwrap();
        for load in [1e-4, 0.05, 0.3, 0.6] {
            let star = ensemble
                .condensation_inverse_temperature(load, 1.0)
                .unwrap();
            let step = 1e-4 * star;
            let phi = |lambda| ensemble.free_entropy(load, lambda, 1.0).unwrap();
            let (below, above) = (phi(star - step), phi(star + step));
            assert_eq!(
                (below.phase, above.phase),
                (Phase::Uncondensed, Phase::Condensed),
                "{name}"
            );
            // Below, Φ touches the line λε_* with curvature ζ″ ≤ Eξ⁴-like O(1).
            let line = ensemble.extreme_overlap(load, 1.0).unwrap();
            assert_relative(above.value, (star + step) * line, 1e-14, name);
            let gap = below.value - (star - step) * line;
            assert!((-1e-16..=step * step).contains(&gap), "{name} {load} {gap}");
            let (a, b) = (
                phi(star * (1.0 - 1e-14)).value,
                phi(star * (1.0 + 1e-14)).value,
            );
            assert_relative(a, b, 1e-13, name);
            // α_* inverts λ_*.
            assert_relative(
                ensemble.condensation_load(star, 1.0).unwrap(),
                load,
                1e-13,
                name,
            );
        }
    }
}

#[test]
#[expect(clippy::approx_constant, reason = "loads near ln 2, not ln 2")]
fn rademacher_near_saturation() {
    // The f64 nearest to ln 2 lies below ln 2: a finite λ_*, and λ₁ = −½ ln(2.3e-17).
    let lambda = Rademacher
        .condensation_inverse_temperature(LN_2, 1.0)
        .unwrap();
    assert!(lambda > 20.0 && lambda < 22.0, "{lambda}");
    let first = Rademacher.typical_inverse_temperature(LN_2).unwrap();
    assert_relative(first, -0.5 * 2.319_046_813_846_3e-17_f64.ln(), 1e-14, "λ₁");
    // 60-digit values at the f64 nearest to these loads: ln 2 − α = 2e-12 … 5e-8.
    for (load, star, first) in [
        (0.6931471, 9.673_603_982_758_54, 8.167_132_113_667_522),
        (
            0.69314718055,
            14.362_971_090_001_697,
            12.666_961_020_686_196,
        ),
        (
            0.6931471805599,
            17.144_290_494_763_51,
            15.362_510_781_318_083,
        ),
    ] {
        let found = Rademacher.condensation_inverse_temperature(load, 1.0);
        assert_relative(found.unwrap(), star, 1e-14, load);
        let found = Rademacher.typical_inverse_temperature(load);
        assert_relative(found.unwrap(), first, 1e-14, load);
    }
    let above = LN_2.next_up();
    assert_eq!(Rademacher.extreme_overlap(above, 1.0).unwrap(), 1.0);
    assert!(
        Rademacher
            .condensation_inverse_temperature(above, 1.0)
            .is_err()
    );
    assert!(Rademacher.typical_inverse_temperature(above).is_err());
    for load in [LN_2, above, 1.0, 30.0] {
        for lambda in [0.1, 5.0, 1e3] {
            assert_eq!(
                Rademacher.free_entropy(load, lambda, 1.0).unwrap().phase,
                Phase::Uncondensed
            );
            assert_eq!(Rademacher.basin_angle(load, lambda).unwrap(), None);
        }
    }
}

#[test]
fn basins_open_at_the_threshold_and_saturate() {
    for name in ENSEMBLE_NAMES {
        let ensemble = ensemble(name).unwrap();
        for load in [1e-3, 0.1, 0.4] {
            let first = ensemble.typical_inverse_temperature(load).unwrap();
            let angle = |lambda| ensemble.basin_angle(load, lambda).unwrap();
            assert_eq!(angle(first * (1.0 - 1e-10)), None, "{name}");
            let narrow = angle(first * (1.0 + 1e-10)).unwrap();
            assert!(narrow < 1e-4, "{name} {load} {narrow}");
            let star = ensemble
                .condensation_inverse_temperature(load, 1.0)
                .unwrap();
            let saturated = angle(1e3_f64.max(2.0 * star)).unwrap();
            assert_relative(angle(star * 1.001).unwrap(), saturated, 1e-14, name);
            assert!(angle(0.5 * (star + first)).unwrap() < saturated);
        }
    }
    // Uncondensed at a large λ, where λ − ζ(λ) as a difference would keep six digits.
    for (load, lambda, angle) in [
        (3.6, 1e3, 0.026_609_153_604_420_865),
        (7.2, 1e6, 0.000_644_601_289_443_102_6),
    ] {
        let found = Spherical.basin_angle(load, lambda).unwrap().unwrap();
        assert_relative(found, angle, 1e-13, load);
    }
    // On the sphere the nearest pattern lies at arcsin e^{−α}.
    for load in [1e-3, 0.3, 2.0, 10.0] {
        let angle = Spherical.basin_angle(load, 1e12).unwrap().unwrap();
        assert_relative(angle, f64::asin(f64::exp(-load)), 1e-12, load);
    }
}

#[test]
fn polynomial_loads() {
    use dam_theory::nearest_pattern::{nearest_pattern_cosine, polynomial_load_cosine};
    // The leading order lies above the exact cosine by a relative ln P/(2N).
    for size in [1e4_f64, 1e6] {
        let exact = nearest_pattern_cosine(size, size).unwrap();
        let leading = polynomial_load_cosine(1.0, 1.0, size).unwrap();
        let excess = (leading / exact - 1.0) / (size.ln() / (2.0 * size));
        assert!((excess - 1.0).abs() < 0.01, "{size} {excess}");
    }
}

#[test]
fn scaled_dot_product_limit() {
    use dam_theory::scaled_dot_product::{
        scaled_all_patterns_lower_bound, scaled_typical_threshold,
    };
    // Both approach λ̂; α̂_c by 2√λ̂ N^{−1/4}.
    let all = scaled_all_patterns_lower_bound(2.0, 1e12).unwrap();
    let correction = (1.0 - all / 2.0) / (2.0 * 2.0_f64.sqrt() * 1e-3);
    assert!((correction - 1.0).abs() < 2e-3, "{correction}");
    assert_eq!(scaled_typical_threshold(100.0, 16.0).unwrap(), 2.0);
}

#[test]
fn arguments_outside_the_domain_are_refused() {
    let bad = [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    for name in ENSEMBLE_NAMES {
        let e = ensemble(name).unwrap();
        assert_eq!(e.name(), name);
        for x in bad {
            let results = [
                e.cumulant_generating_function(x, 1.0),
                e.saddle_overlap(x, 1.0),
                e.condensation_load(x, 1.0),
                e.extreme_overlap(x, 1.0),
                e.condensation_inverse_temperature(x, 1.0),
                e.typical_threshold(x),
                e.typical_inverse_temperature(x),
                e.all_patterns_lower_bound(x),
                e.uncondensed_threshold(x),
                e.extreme_overlap_gap(x),
                e.free_entropy(x, 1.0, 1.0).map(|phi| phi.value),
                e.free_entropy(1.0, x, 1.0).map(|phi| phi.value),
                e.basin_angle(x, 1.0).map(|_| 0.0),
                e.basin_angle(0.1, x).map(|_| 0.0),
                e.rate_function(0.1, x),
                e.cumulant_generating_function(1.0, x),
                e.saddle_overlap(1.0, x),
                e.condensation_load(1.0, x),
                e.extreme_overlap(1.0, x),
                e.condensation_inverse_temperature(0.1, x),
                e.free_entropy(0.1, 1.0, x).map(|phi| phi.value),
            ];
            for (index, result) in results.into_iter().enumerate() {
                assert!(
                    matches!(result, Err(TheoryError::Domain { .. })),
                    "{name} argument {x}, result {index}: {result:?}"
                );
            }
        }
        for overlap in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(e.rate_function(overlap, 1.0).is_err(), "{name}");
        }
        // sup α₁ is ½, ln 2, 0.6337… or, on the sphere, infinite.
        assert_eq!(
            e.typical_inverse_temperature(0.7).is_ok(),
            name == "spherical"
        );
        // Only two ensembles are known away from the stored patterns.
        let known = ["spherical", "gaussian"].contains(&name);
        let result = e.free_entropy(0.1, 1.0, 0.8);
        assert_eq!(result.is_ok(), known);
        assert_eq!(
            matches!(
                result,
                Err(TheoryError::Domain {
                    quantity: "the squared norm ρ",
                    ..
                })
            ),
            !known
        );
    }
    for x in bad {
        assert!(ramsauer_load(x).is_err());
        assert!(gaussian::norm_rate_function(x).is_err());
        assert!(gaussian::low_norm_load(x).is_err());
        assert!(gaussian::typical_threshold_given_norm(1.0, x).is_err());
        assert!(gaussian::typical_inverse_temperature_given_norm(0.1, x).is_err());
    }
    assert!(Spherical.rate_function(1.0, 1.0).is_err());
    assert!(Spherical.rate_function(0.6, 0.36).is_err());
    assert!(Rademacher.rate_function(-1.0 - 1e-15, 1.0).is_err());
    assert!(gaussian::typical_inverse_temperature_given_norm(0.41, 0.8).is_err());
    let message = gaussian::typical_inverse_temperature_given_norm(0.41, 0.8)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("0.41") && message.contains("r/2"),
        "{message}"
    );
}

#[test]
fn overflow_is_an_error() {
    assert!(matches!(
        Spherical.condensation_inverse_temperature(400.0, 1.0),
        Err(TheoryError::Overflow { .. })
    ));
    assert!(Spherical.typical_inverse_temperature(400.0).is_err());
    assert!(Gaussian.cumulant_generating_function(1e200, 1.0).is_err());
    assert!(Spherical.cumulant_generating_function(1e200, 1.0).is_ok());
    assert!(Spherical.typical_inverse_temperature(300.0).is_ok());
}

#[test]
fn unknown_names_list_the_known_ones() {
    let message = ensemble("ising").unwrap_err().to_string();
    for name in ENSEMBLE_NAMES {
        assert!(message.contains(name), "{message}");
    }
}
