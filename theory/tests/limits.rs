//! The closed forms at their limits, phase boundaries and domain edges, and against each other.
use std::f64::consts::{LN_2, PI};
use std::fmt::Debug;

use dam_theory::bounds::ramsauer_load;
use dam_theory::ensembles::gaussian::{self, CLOSE_PAIR_LOAD};
use dam_theory::families::IndependentComponents;
use dam_theory::finite_size::scaled_dot_product::{
    scaled_all_patterns_lower_bound, scaled_typical_threshold,
};
use dam_theory::laws::ComponentLaw;
use dam_theory::numbers::find_root;
use dam_theory::{Ensemble, Phase, TheoryError, ensemble};
use proptest::prelude::*;

use crate::support::{
    assert_all_relative, assert_relative as assert_close, at_lambda, at_load, uniform,
    without_parameters as all,
};

/// The supremum of α₁, below which λ₁ exists.
fn largest_load(ensemble: &dyn Ensemble) -> f64 {
    match ensemble.name() {
        // λ₁(α) = e^{2α − 1} leaves f64 only much further up.
        "spherical" => 20.0,
        _ => ensemble.typical_threshold(1e4).unwrap(),
    }
}

// Limits in λ

#[test]
fn weak_coupling_expansions() {
    // α₁ = λ − ζ with ζ = λ²/2 + c₄λ⁴ + c₆λ⁶ + O(λ⁸).
    let expansions = [
        ("spherical", -1.0 / 4.0, 1.0 / 3.0),
        ("gaussian", 0.0, 0.0),
        ("rademacher", -1.0 / 12.0, 1.0 / 45.0),
        // Cumulants κ₄ = −6/5, κ₆ = 48/7 and moments 9/5, 27/7 of the uniform law: κ_n E yⁿ/n!.
        (
            "uniform",
            -6.0 / 5.0 * 9.0 / 5.0 / 24.0,
            48.0 / 7.0 * 27.0 / 7.0 / 720.0,
        ),
    ];
    for (name, fourth, sixth) in expansions {
        let ensemble = ensemble(name).unwrap();
        for lambda in [1e-9_f64, 1e-6, 1e-4, 1e-3, 1e-2, 3e-2, 0.1] {
            let square = lambda * lambda;
            let series = square * (0.5 + square * (fourth + square * sixth));
            let tolerance = 4.0 * lambda.powi(6) + 2e-14;
            let cgf = ensemble.cumulant_generating_function(lambda, 1.0).unwrap();
            assert_close(cgf, series, tolerance, (name, lambda));
            let threshold = ensemble.typical_threshold(lambda).unwrap();
            // The weights of the uniform law's quadrature sum to 1 within 3e-15.
            let tolerance = 4.0 * lambda.powi(7) + if name == "uniform" { 1e-14 } else { 2e-15 };
            assert_close(threshold, lambda - series, tolerance, (name, lambda));
            let condensed = ensemble.condensation_load(lambda, 1.0).unwrap();
            let series = square * (0.5 + square * (3.0 * fourth + square * 5.0 * sixth));
            let tolerance = 20.0 * lambda.powi(6) + 2e-14;
            assert_close(condensed, series, tolerance, (name, lambda));
        }
    }
}

#[test]
fn lower_bounds_at_weak_coupling() {
    // Targets with a low norm cost α_B = λ(1 − √(2λ Var y²) + O(λ)); none on the sphere, for signs.
    for (name, variance) in [
        ("spherical", 0.0),
        ("gaussian", 2.0),
        ("rademacher", 0.0),
        ("uniform", 4.0 / 5.0),
    ] {
        let ensemble = ensemble(name).unwrap();
        for lambda in [1e-200_f64, 1e-60, 1e-8, 1e-6, 1e-4, 1e-2] {
            let relative = ensemble.all_patterns_lower_bound(lambda).unwrap() / lambda;
            let deficit = 1.0 - (2.0 * variance * lambda).sqrt() - relative;
            assert!(
                deficit.abs() <= 3.0 * lambda + f64::EPSILON,
                "{name}, λ = {lambda}: {deficit}"
            );
        }
    }
}

#[test]
fn strong_coupling_on_the_sphere() {
    let spherical = ensemble("spherical").unwrap();
    for lambda in [5.0_f64, 20.0, 100.0, 1e3, 1e5, 1e8, 1e15, 1e100] {
        let series = 0.5 * lambda.ln() + 0.5 + 0.125 / lambda;
        let threshold = spherical.typical_threshold(lambda).unwrap();
        let error = (threshold - series).abs();
        assert!(
            error <= 0.1 / lambda.powi(3) + 4e-16 * series,
            "λ = {lambda}: {error:.1e}"
        );
    }
}

#[test]
fn strong_coupling_of_independent_components() {
    // α₁ is the rate of an overlap 1: ½, ln 2 and, for uniform components, s(1).
    let limits = [
        ("gaussian", 0.5),
        ("rademacher", LN_2),
        ("uniform", uniform().rate_function(1.0, 1.0).unwrap()),
    ];
    for (name, limit) in limits {
        let ensemble = ensemble(name).unwrap();
        for lambda in [20.0, 100.0, 1e4] {
            assert_close(
                ensemble.typical_threshold(lambda).unwrap(),
                limit,
                1e-14,
                name,
            );
        }
    }
    let bounds = [
        ("gaussian", 0.25 * LN_2),
        ("rademacher", 0.5 * LN_2),
        ("uniform", uniform().close_pair_load().unwrap()),
    ];
    for (name, bound) in bounds {
        let ensemble = ensemble(name).unwrap();
        for lambda in [1.2, 3.0, 5.0, 20.0, 100.0, 1e4, 1e6] {
            assert_close(
                ensemble.all_patterns_lower_bound(lambda).unwrap(),
                bound,
                1e-14,
                name,
            );
        }
    }
}

#[test]
fn attention_scaling_tends_to_one_load() {
    for scaled in [0.1, 1.0, 3.0] {
        for size in [1e8_f64, 1e12, 1e16] {
            let root = size.sqrt();
            let typical = scaled_typical_threshold(scaled, size).unwrap();
            assert_close(
                typical,
                scaled - 0.5 * scaled * scaled / root,
                4e-16,
                (scaled, size),
            );
            let all = scaled_all_patterns_lower_bound(scaled, size).unwrap();
            let series = scaled * (1.0 - 2.0 * (scaled / root).sqrt());
            assert_close(all, series, 4.0 * scaled / root + 4e-16, (scaled, size));
        }
    }
}

#[test]
fn bound_of_ramsauer_solves_its_equation_below_the_exact_load() {
    let spherical = ensemble("spherical").unwrap();
    for lambda in [1e-10, 1e-3, 0.5, 2.0, 50.0, 1e6, 1e12] {
        let load = ramsauer_load(lambda).unwrap();
        assert_close(4.0 * load * (4.0 * load).exp(), 0.4 * lambda, 4e-14, lambda);
        assert!(load < spherical.typical_threshold(lambda).unwrap());
    }
}

// Phase boundaries

#[test]
fn free_entropy_is_smooth_across_condensation() {
    for ensemble in all() {
        for load in [1e-3, 0.05, 0.3, 0.6] {
            let critical = ensemble
                .condensation_inverse_temperature(load, 1.0)
                .unwrap();
            let extreme = ensemble.extreme_overlap(load, 1.0).unwrap();
            let step = 1e-5 * critical;
            let place = (ensemble.name(), load);
            let below = ensemble.free_entropy(load, critical - step, 1.0).unwrap();
            let above = ensemble.free_entropy(load, critical + step, 1.0).unwrap();
            assert_eq!(below.phase, Phase::Uncondensed, "{place:?}");
            assert_eq!(above.phase, Phase::Condensed, "{place:?}");
            // A transition of second order: Φ and Φ' = ε_* are continuous.
            assert_close(
                above.value - step * extreme,
                critical * extreme,
                1e-14,
                place,
            );
            assert_close(
                below.value + step * extreme,
                critical * extreme,
                1e-9,
                place,
            );
            let slope = ensemble.saddle_overlap(critical, 1.0).unwrap();
            assert_close(slope, extreme, 1e-13, place);
            let back = ensemble.condensation_load(critical, 1.0).unwrap();
            assert_close(back, load, 1e-13, place);
        }
    }
}

#[test]
fn gaussian_noise_condenses_before_retrieval_only_above_one() {
    let gaussian = ensemble("gaussian").unwrap();
    assert_eq!(gaussian.typical_threshold(1.0).unwrap(), 0.5);
    for step in [1e-7, 1e-3, 0.1, 0.5] {
        let below = gaussian.typical_threshold(1.0 - step).unwrap();
        assert_close(below, 0.5 - 0.5 * step * step, 4e-16, step);
        assert!(below > gaussian.condensation_load(1.0 - step, 1.0).unwrap());
        assert_eq!(gaussian.typical_threshold(1.0 + step).unwrap(), 0.5);
        assert!(0.5 < gaussian.condensation_load(1.0 + step, 1.0).unwrap());
        // In between the noise is condensed and there is no retrieval.
        let load = 0.5 + 0.5 * step;
        let free_entropy = gaussian.free_entropy(load, 1.0 + step, 1.0).unwrap();
        assert_eq!(free_entropy.phase, Phase::Condensed);
        assert_eq!(gaussian.basin_angle(load, 1.0 + step).unwrap(), None);
    }
}

#[test]
fn lower_bounds_switch_continuously_to_close_pairs() {
    let gaussian = ensemble("gaussian").unwrap();
    let balance = |lambda: f64| gaussian::low_norm_load(lambda).unwrap() - CLOSE_PAIR_LOAD;
    let switch = find_root(balance, 0.5, 0.9).unwrap();
    assert_close(switch, 0.700917829238927, 2e-15, "gaussian");
    let signs = ensemble("rademacher").unwrap();
    let components = uniform();
    let pairs = components.close_pair_load().unwrap();
    let weak = |lambda: f64| components.weak_target_load(lambda).unwrap();
    let uniform_switch = find_root(|lambda| weak(lambda).unwrap() - pairs, 0.5, 1.0).unwrap();
    let cases: [(&dyn Ensemble, f64, f64); 3] = [
        (gaussian.as_ref(), switch, CLOSE_PAIR_LOAD),
        (
            signs.as_ref(),
            0.5 * (1.0 + 2.0_f64.sqrt()).ln(),
            0.5 * LN_2,
        ),
        (&components, uniform_switch, pairs),
    ];
    for (ensemble, switch, pairs) in cases {
        let bound = |lambda: f64| ensemble.all_patterns_lower_bound(lambda).unwrap();
        assert_close(bound(switch), pairs, 1e-14, ensemble.name());
        for step in [1e-9, 1e-6, 1e-3] {
            let below = bound(switch - step);
            assert!(below < pairs && below > pairs - step, "{}", ensemble.name());
            assert_close(bound(switch + step), pairs, 1e-14, ensemble.name());
        }
    }
    // Below the switch it is the bound by weak targets, and never above α₁.
    assert_eq!(
        gaussian.all_patterns_lower_bound(0.5),
        gaussian::low_norm_load(0.5)
    );
    for ensemble in all() {
        let mut last = 0.0;
        for lambda in (1..200).map(|step| 0.01 * f64::from(step)) {
            let bound = ensemble.all_patterns_lower_bound(lambda).unwrap();
            assert!(
                bound >= last * (1.0 - 1e-14),
                "{} at {lambda}",
                ensemble.name()
            );
            assert!(bound <= ensemble.typical_threshold(lambda).unwrap() * (1.0 + 1e-14));
            last = bound;
        }
    }
}

#[test]
fn basins_close_as_a_square_root() {
    for ensemble in all() {
        let largest = largest_load(ensemble.as_ref());
        // The mixture's α₁ ends at 0.4398…
        for load in [0.01, 0.1, 0.3, 0.43, 0.45]
            .into_iter()
            .filter(|&load| load < largest)
        {
            let critical = ensemble.typical_inverse_temperature(load).unwrap();
            let saddle = ensemble.saddle_overlap(critical, 1.0).unwrap();
            let place = (ensemble.name(), load);
            for step in [1e-3, 1e-5, 1e-7] {
                assert_eq!(
                    ensemble
                        .pattern_basin_angle(load, critical * (1.0 - step))
                        .unwrap(),
                    None
                );
                let angle = ensemble
                    .pattern_basin_angle(load, critical * (1.0 + step))
                    .unwrap();
                // 1 − cos θ_c = (α₁ − α)/λ with α₁' = 1 − ε(λ).
                let leading = (2.0 * (1.0 - saddle) * step).sqrt();
                assert_close(angle.unwrap(), leading, 4.0 * step + 1e-8, (place, step));
            }
        }
    }
}

#[test]
fn basins_grow_until_they_saturate_at_the_nearest_pattern() {
    for ensemble in all() {
        let largest = largest_load(ensemble.as_ref());
        for load in [0.01, 0.2, 0.43, 0.45]
            .into_iter()
            .filter(|&load| load < largest)
        {
            let critical = ensemble
                .condensation_inverse_temperature(load, 1.0)
                .unwrap();
            let first = ensemble.typical_inverse_temperature(load).unwrap();
            assert!(first < critical);
            let place = (ensemble.name(), load);
            let angle = |lambda: f64| ensemble.pattern_basin_angle(load, lambda).unwrap().unwrap();
            let nearest = ensemble.extreme_overlap(load, 1.0).unwrap().acos();
            let mut last = 0.0;
            for step in 1..100 {
                let lambda = first + (critical - first) * f64::from(step) / 100.0;
                assert!(angle(lambda) > last, "{place:?} at {lambda}");
                last = angle(lambda);
            }
            assert!(last < nearest);
            assert_close(angle(critical * (1.0 - 1e-7)), nearest, 1e-10, place);
            for factor in [1.0 + 1e-7, 2.0, 100.0] {
                assert_close(angle(critical * factor), nearest, 1e-14, place);
            }
        }
    }
    let spherical = ensemble("spherical").unwrap();
    for load in [1e-6_f64, 0.1, 1.0, 5.0, 20.0, 100.0] {
        let critical = spherical
            .condensation_inverse_temperature(load, 1.0)
            .unwrap();
        let angle = spherical
            .pattern_basin_angle(load, 1.5 * critical)
            .unwrap()
            .unwrap();
        assert_close(angle, (-load).exp().asin(), 1e-14, load);
    }
}

#[test]
fn signs_saturate_at_ln_two() {
    let signs = ensemble("rademacher").unwrap();
    for lambda in [20.0, 100.0, 1e3, 1e300] {
        let load = signs.condensation_load(lambda, 1.0).unwrap();
        assert!((LN_2 - load).abs() <= f64::EPSILON, "λ = {lambda}: {load}");
    }
    assert_eq!(signs.rate_function(1.0, 1.0).unwrap(), LN_2);
    // The nearest load below: ln 2 − α = 1.3e-16 still has its λ_* and λ₁.
    let mut last = 0.0;
    for distance in [1e-2, 1e-5, 1e-9, 1e-13, f64::EPSILON, 0.5 * f64::EPSILON] {
        let load = LN_2 - distance;
        assert!(load < LN_2);
        let lambda = signs.condensation_inverse_temperature(load, 1.0).unwrap();
        assert!(lambda > last && lambda < 25.0);
        last = lambda;
        // A share q = ½(1 − ε_*) of opposite signs lowers s by q (1 − ln q) to leading order.
        let share = 0.5 * signs.extreme_overlap_gap(load).unwrap();
        let left = (LN_2 - load) + 2.3190468138462996e-17;
        assert_close(share * (1.0 - share.ln()), left, share + 1e-12, distance);
        let first = signs.typical_inverse_temperature(load).unwrap();
        // ln 2 − α₁ = ln(1 + e^{−2λ})
        assert_close((-2.0 * first).exp().ln_1p(), left, 1e-13, distance);
    }
    for load in [LN_2, 0.7, 5.0] {
        assert_eq!(signs.extreme_overlap(load, 1.0).unwrap(), 1.0);
        for lambda in [0.1, 10.0, 1e3] {
            let free_entropy = signs.free_entropy(load, lambda, 1.0).unwrap();
            assert_eq!(free_entropy.phase, Phase::Uncondensed);
            assert_eq!(signs.pattern_basin_angle(load, lambda).unwrap(), None);
        }
    }
}

// Functions against each other

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn thresholds_invert_each_other(share in 1e-6..0.999_f64) {
        for ensemble in all() {
            let name = ensemble.name();
            let load = share * largest_load(ensemble.as_ref());
            let lambda = ensemble.typical_inverse_temperature(load).unwrap();
            let back = ensemble.typical_threshold(lambda).unwrap();
            prop_assert!((back - load).abs() <= 1e-14 * load.max(0.1), "{name} {load} {back}");
        }
    }

    #[test]
    fn extreme_overlaps_invert_the_rate_function(share in 1e-6..0.99_f64, rho in 0.1..4.0_f64) {
        for ensemble in all() {
            let name = ensemble.name();
            // Up to ε_* = 0.999 √ρ on the sphere and below ln 2 for signs.
            let load = share * if name == "spherical" { 3.0 } else { LN_2 };
            let invariant = ["spherical", "gaussian"].contains(&name);
            let rho = if invariant { rho } else { 1.0 };
            let overlap = ensemble.extreme_overlap(load, rho).unwrap();
            let rate = |overlap: f64| ensemble.rate_function(overlap, rho).unwrap();
            prop_assert!((rate(overlap) - load).abs() <= 1e-12 * load, "{name} {load}");
            // s'(ε_*) = λ_* by a central difference of fourth order.
            let radius = match name {
                "gaussian" => 2.0 * overlap,
                "uniform" => 1.5,
                _ => rho.sqrt(),
            };
            let step = 1e-3 * (radius - overlap).min(overlap);
            let odd = |step: f64| rate(overlap + step) - rate(overlap - step);
            let slope = (8.0 * odd(step) - odd(2.0 * step)) / (12.0 * step);
            let lambda = ensemble.condensation_inverse_temperature(load, rho).unwrap();
            prop_assert!((slope / lambda - 1.0).abs() <= 2e-9, "{name} {load}: {slope} {lambda}");
        }
    }

    #[test]
    fn rate_and_cumulant_functions_are_legendre_dual(
        exponent in -4.0..1.5_f64,
        cosine in -0.9999..0.9999_f64,
        rho in 0.1..4.0_f64,
    ) {
        let lambda = 10.0_f64.powf(exponent);
        for ensemble in all() {
            let name = ensemble.name();
            let invariant = ["spherical", "gaussian"].contains(&name);
            let rho = if invariant { rho } else { 1.0 };
            let radius = match name {
                "gaussian" => 100.0,
                "uniform" => 1.49,
                _ => rho.sqrt(),
            };
            let overlap = cosine * radius;
            let cgf = ensemble.cumulant_generating_function(lambda, rho).unwrap();
            let rate = ensemble.rate_function(overlap, rho).unwrap();
            // Fenchel–Young: λε ≤ s(ε) + ζ(λ), with equality at the saddle alone.
            let rounding = 4e-15 * (rate + cgf);
            prop_assert!(lambda * overlap <= rate + cgf + rounding, "{name} {lambda} {overlap}");
            let saddle = ensemble.saddle_overlap(lambda, rho).unwrap();
            let load = ensemble.condensation_load(lambda, rho).unwrap();
            prop_assert!((lambda * saddle - load - cgf).abs() <= 1e-14 * lambda * saddle);
            // Where 1 − ε keeps its digits, s(ε(λ)) = α_*.
            if saddle < 0.999 * radius {
                let at_saddle = ensemble.rate_function(saddle, rho).unwrap();
                prop_assert!((at_saddle / load - 1.0).abs() <= 2e-12, "{name} {lambda}");
            }
            // ζ' = ε(λ) by a central difference.
            let step = 1e-3 * lambda;
            let cgf = |lambda: f64| ensemble.cumulant_generating_function(lambda, rho).unwrap();
            let odd = |step: f64| cgf(lambda + step) - cgf(lambda - step);
            let slope = (8.0 * odd(step) - odd(2.0 * step)) / (12.0 * step);
            prop_assert!((slope / saddle - 1.0).abs() <= 2e-9, "{name} {lambda}");
        }
    }

    #[test]
    fn the_target_beats_the_noise_up_to_the_threshold(
        exponent in -3.0..1.0_f64,
        share in 0.01..3.0_f64,
    ) {
        let lambda = 10.0_f64.powf(exponent);
        for ensemble in all() {
            let name = ensemble.name();
            let threshold = ensemble.typical_threshold(lambda).unwrap();
            let load = share * threshold;
            if (share - 1.0).abs() < 1e-9 {
                continue;
            }
            // Φ < λ exactly below α₁, and only there is there a basin.
            let free_entropy = ensemble.free_entropy(load, lambda, 1.0).unwrap().value;
            prop_assert_eq!(free_entropy < lambda, share < 1.0);
            let angle = ensemble.pattern_basin_angle(load, lambda).unwrap();
            prop_assert_eq!(angle.is_some(), share < 1.0);
            if let Some(angle) = angle {
                let cosine = free_entropy / lambda;
                prop_assert!((angle.cos() - cosine).abs() <= 4e-15, "{name} {load} {lambda}");
            }
        }
    }
}

// The general recipe for independent components

/// ± 1 with equal probabilities, as a law of one atom by symmetry.
#[derive(Debug)]
struct Signs;

impl ComponentLaw for Signs {
    fn name(&self) -> &'static str {
        "signs by the general recipe"
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        // cosh h = 1 + 2 sinh²(h/2); from the larger exponential where that would overflow.
        if field.abs() < 1.0 {
            (2.0 * (0.5 * field).sinh().powi(2)).ln_1p()
        } else {
            field.abs() + (0.5 + 0.5 * (-2.0 * field.abs()).exp()).ln()
        }
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        field.tanh()
    }

    fn nodes(&self) -> Vec<(f64, f64)> {
        vec![(1.0, 1.0)]
    }

    fn upper_tail(&self, value: f64) -> f64 {
        if value < 1.0 { 0.5 } else { 0.0 }
    }
}

/// The standard normal law by quadrature.
#[derive(Debug)]
struct Normal;

impl ComponentLaw for Normal {
    fn name(&self) -> &'static str {
        "normal by the general recipe"
    }

    fn log_moment_generating_function(&self, field: f64) -> f64 {
        0.5 * field * field
    }

    fn tilted_mean(&self, field: f64) -> f64 {
        field
    }

    fn upper_tail(&self, value: f64) -> f64 {
        0.5 * libm::erfc(value / 2.0_f64.sqrt())
    }

    /// Gauss–Legendre panels of width ½ on [0, 14], beyond which 2φ(y) is below 1e-42.
    fn nodes(&self) -> Vec<(f64, f64)> {
        let rule = gauss_legendre(16);
        (0..28)
            .flat_map(|panel| rule.iter().map(move |&(x, weight)| (panel, x, weight)))
            .map(|(panel, x, weight)| {
                let y = 0.5 * f64::from(panel) + 0.25 * (1.0 + x);
                (y, 0.25 * weight * (2.0 / PI).sqrt() * (-0.5 * y * y).exp())
            })
            .collect()
    }
}

/// Nodes and weights on [−1, 1]: the zeros cos θ_k of P_n, θ_k ≈ π(k − ¼)/(n + ½), and the
/// Christoffel numbers 1/Σ_{k < n} (k + ½) P_k².
fn gauss_legendre(count: u32) -> Vec<(f64, f64)> {
    // P_n and the sum, by Bonnet's recursion.
    let legendre = |x: f64| {
        let (mut value, mut previous, mut sum) = (1.0, 0.0, 0.0);
        for degree in 0..count {
            let degree = f64::from(degree);
            sum += (degree + 0.5) * value * value;
            let next = (2.0 * degree + 1.0) * x * value - degree * previous;
            (value, previous) = (next / (degree + 1.0), value);
        }
        (value, sum)
    };
    (1..=count)
        .map(|index| {
            let end = |shift: f64| {
                (PI * (f64::from(index) - 0.25 + shift) / (f64::from(count) + 0.5)).cos()
            };
            let x = find_root(|x| legendre(x).0, end(0.45), end(-0.45)).unwrap();
            (x, 1.0 / legendre(x).1)
        })
        .collect()
}

#[test]
fn quadrature_of_the_test_integrates_powers() {
    let rule = gauss_legendre(16);
    for power in [0, 2, 10, 30] {
        let integral: f64 = rule.iter().map(|&(x, weight)| weight * x.powi(power)).sum();
        assert_close(integral, 2.0 / f64::from(power + 1), 1e-14, power);
    }
    let moment = |power: i32| -> f64 {
        let nodes = Normal.nodes();
        nodes
            .iter()
            .map(|&(y, weight)| weight * y.powi(power))
            .sum()
    };
    for (power, expected) in [(0, 1.0), (2, 1.0), (4, 3.0), (8, 105.0)] {
        assert_close(moment(power), expected, 1e-14, power);
    }
}

/// Compares every function of the recipe with its closed form.
fn compare_with_closed_form<L: ComponentLaw>(law: L, closed: &dyn Ensemble, loads: &[f64]) {
    let general = IndependentComponents::new(law);
    for lambda in [
        1e-3, 0.01, 0.1, 0.3, 0.44, 0.5, 0.69, 0.72, 0.99, 1.0, 1.01, 1.5, 3.0, 10.0,
    ] {
        let pairs = at_lambda(&general, lambda)
            .into_iter()
            .zip(at_lambda(closed, lambda));
        for (column, (value, expected)) in pairs.enumerate() {
            // α_* of signs at λ = 10 and α_B at λ = 0.001 are small differences.
            let tolerance = if [2, 4].contains(&column) {
                1e-13
            } else {
                4e-14
            };
            assert_close(value, expected, tolerance, (closed.name(), lambda, column));
        }
    }
    for &load in loads {
        let what = format!("{} at α = {load}", closed.name());
        assert_all_relative(
            &at_load(&general, load),
            &at_load(closed, load),
            1e-13,
            &what,
        );
        for lambda in [0.2, 0.8, 2.0] {
            let angle = general.basin_angle(load, lambda).unwrap();
            let expected = closed.basin_angle(load, lambda).unwrap();
            assert_eq!(angle.is_some(), expected.is_some());
            if let (Some(angle), Some(expected)) = (angle, expected) {
                assert_close(angle, expected, 1e-12, (closed.name(), load, lambda));
            }
        }
    }
    for overlap in [-0.9, -0.1, 1e-3, 0.2, 0.7, 0.99] {
        let value = general.rate_function(overlap, 1.0).unwrap();
        let expected = closed.rate_function(overlap, 1.0).unwrap();
        assert_close(value, expected, 1e-13, (closed.name(), overlap));
    }
}

#[test]
fn general_recipe_gives_the_closed_forms() {
    let loads = [0.01, 0.1, 0.3, 0.45];
    compare_with_closed_form(Signs, ensemble("rademacher").unwrap().as_ref(), &loads);
    compare_with_closed_form(Normal, ensemble("gaussian").unwrap().as_ref(), &loads);
}

#[test]
fn general_recipe_gives_both_mechanisms_of_the_lower_bound() {
    let normal = IndependentComponents::new(Normal);
    assert_close(
        normal.close_pair_load().unwrap(),
        0.25 * LN_2,
        1e-13,
        "gaussian",
    );
    for lambda in [1e-3, 0.1, 0.5, 0.7, 0.9, 0.999] {
        let load = normal.weak_target_load(lambda).unwrap();
        let expected = gaussian::low_norm_load(lambda).unwrap();
        assert_close(load.unwrap(), expected, 1e-13, lambda);
    }
    // Beyond λ = 1 the extremal Q of Gaussian components is condensed at every norm.
    for lambda in [1.001, 1.5, 2.5, 10.0] {
        assert_eq!(
            normal.weak_target_load(lambda).unwrap(),
            None,
            "λ = {lambda}"
        );
    }
    let signs = IndependentComponents::new(Signs);
    assert_close(signs.close_pair_load().unwrap(), 0.5 * LN_2, 1e-14, "signs");
    for lambda in [0.1, 1.0, 5.0] {
        let load = signs.weak_target_load(lambda).unwrap().unwrap();
        let typical = ensemble("rademacher").unwrap().typical_threshold(lambda);
        assert_close(load, typical.unwrap(), 1e-14, lambda);
    }
}

// Domains

#[track_caller]
fn assert_domain<T: Debug>(result: Result<T, TheoryError>, value: f64, names: &str) {
    let error = result.unwrap_err();
    let text = error.to_string();
    let TheoryError::Domain {
        quantity,
        value: found,
        domain,
    } = error
    else {
        panic!("not a domain error: {text}")
    };
    assert!(
        found == value || (found.is_nan() && value.is_nan()),
        "{text}"
    );
    assert!(quantity.contains(names), "{text} does not name {names}");
    assert!(
        domain.chars().count() >= 5 && text.contains(domain),
        "{text}"
    );
}

const NOT_POSITIVE: [f64; 5] = [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

#[test]
fn inverse_temperatures_are_positive_and_finite() {
    for lambda in NOT_POSITIVE {
        for ensemble in all() {
            assert_domain(
                ensemble.cumulant_generating_function(lambda, 1.0),
                lambda,
                "λ",
            );
            assert_domain(ensemble.saddle_overlap(lambda, 1.0), lambda, "λ");
            assert_domain(ensemble.condensation_load(lambda, 1.0), lambda, "λ");
            assert_domain(ensemble.typical_threshold(lambda), lambda, "λ");
            assert_domain(ensemble.all_patterns_lower_bound(lambda), lambda, "λ");
            assert_domain(ensemble.free_entropy(0.1, lambda, 1.0), lambda, "λ");
            assert_domain(ensemble.basin_angle(0.1, lambda), lambda, "λ");
        }
        assert_domain(ramsauer_load(lambda), lambda, "λ");
        assert_domain(uniform().weak_target_load(lambda), lambda, "λ");
        assert_domain(gaussian::low_norm_load(lambda), lambda, "λ");
        assert_domain(gaussian::lowest_retrieved_norm(lambda), lambda, "λ");
        assert_domain(
            gaussian::typical_threshold_given_norm(lambda, 1.0),
            lambda,
            "λ",
        );
        assert_domain(
            gaussian::typical_threshold_given_norm(0.5, lambda),
            lambda,
            "r",
        );
        assert_domain(gaussian::norm_rate_function(lambda), lambda, "r");
        assert_domain(scaled_typical_threshold(1.0, lambda), lambda, "N");
    }
}

#[test]
fn loads_are_positive_finite_and_below_saturation() {
    for load in NOT_POSITIVE {
        for ensemble in all() {
            assert_domain(ensemble.extreme_overlap(load, 1.0), load, "α");
            assert_domain(ensemble.extreme_overlap_gap(load), load, "α");
            assert_domain(
                ensemble.condensation_inverse_temperature(load, 1.0),
                load,
                "α",
            );
            assert_domain(ensemble.typical_inverse_temperature(load), load, "α");
            assert_domain(ensemble.free_entropy(load, 0.5, 1.0), load, "α");
            assert_domain(ensemble.basin_angle(load, 0.5), load, "α");
        }
        assert_domain(
            gaussian::typical_inverse_temperature_given_norm(load, 1.0),
            load,
            "α",
        );
    }
    let signs = ensemble("rademacher").unwrap();
    // LN_2 itself lies 2.3e-17 below ln 2 and has an answer; the next f64 has none.
    for load in [LN_2.next_up(), 0.7, 3.0] {
        assert_domain(signs.typical_inverse_temperature(load), load, "α");
        assert_domain(signs.condensation_inverse_temperature(load, 1.0), load, "α");
    }
    for load in [0.5, 0.6, 3.0] {
        let result = ensemble("gaussian")
            .unwrap()
            .typical_inverse_temperature(load);
        assert_domain(result, load, "α");
    }
    for load in [0.6338, 1.0] {
        assert_domain(uniform().typical_inverse_temperature(load), load, "α");
    }
    for load in [400.0, 1e4] {
        let spherical = ensemble("spherical").unwrap();
        assert_domain(spherical.typical_inverse_temperature(load), load, "α");
        let overflow = spherical.condensation_inverse_temperature(load, 1.0);
        assert!(matches!(overflow, Err(TheoryError::Overflow { .. })));
    }
}

#[test]
fn norms_and_overlaps_stay_inside() {
    for name in ["rademacher", "uniform"] {
        let ensemble = ensemble(name).unwrap();
        for rho in [0.5, 1.0 + f64::EPSILON, 2.0, f64::NAN, 0.0] {
            assert_domain(ensemble.rate_function(0.3, rho), rho, "ρ");
            assert_domain(ensemble.cumulant_generating_function(0.5, rho), rho, "ρ");
            assert_domain(ensemble.saddle_overlap(0.5, rho), rho, "ρ");
            assert_domain(ensemble.condensation_load(0.5, rho), rho, "ρ");
            assert_domain(ensemble.extreme_overlap(0.3, rho), rho, "ρ");
            assert_domain(ensemble.extreme_overlap(0.8, rho), rho, "ρ");
            assert_domain(
                ensemble.condensation_inverse_temperature(0.3, rho),
                rho,
                "ρ",
            );
            assert_domain(ensemble.free_entropy(0.3, 0.5, rho), rho, "ρ");
        }
    }
    for name in ["spherical", "gaussian"] {
        let ensemble = ensemble(name).unwrap();
        for rho in NOT_POSITIVE {
            assert_domain(ensemble.rate_function(0.0, rho), rho, "ρ");
            assert_domain(ensemble.cumulant_generating_function(0.5, rho), rho, "ρ");
            assert_domain(
                ensemble.condensation_inverse_temperature(0.3, rho),
                rho,
                "ρ",
            );
        }
    }
    let spherical = ensemble("spherical").unwrap();
    for (overlap, rho) in [
        (1.0, 1.0),
        (-1.0, 1.0),
        (1.5, 2.25),
        (0.6, 0.25),
        (2.0, 1.0),
    ] {
        assert_domain(spherical.rate_function(overlap, rho), overlap, "ε");
    }
    for overlap in [1.0 + f64::EPSILON, -1.5] {
        let result = ensemble("rademacher").unwrap().rate_function(overlap, 1.0);
        assert_domain(result, overlap, "ε");
    }
    // E|y| √3 = 3/2 is the largest overlap with a typical uniform target.
    assert_domain(uniform().rate_function(1.5, 1.0), 1.5, "ε");
    for ensemble in all() {
        for overlap in [f64::NAN, f64::INFINITY] {
            assert_domain(ensemble.rate_function(overlap, 1.0), overlap, "ε");
        }
        assert_eq!(ensemble.rate_function(0.0, 1.0).unwrap(), 0.0);
    }
}
