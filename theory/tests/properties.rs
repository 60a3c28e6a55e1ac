//! Round trips and inequalities at random parameters.
use crate::support::{assert_relative, named, without_parameters};
use dam_theory::Ensemble;
use dam_theory::ensembles::gaussian;
use proptest::prelude::*;
use std::sync::Arc;

fn any_ensemble() -> impl Strategy<Value = Arc<dyn Ensemble>> {
    proptest::sample::select(without_parameters())
}

proptest! {
    #[test]
    fn typical_threshold_inverts(e in any_ensemble(), exponent in -9.0..-0.2_f64) {
        // Below λ = 0.63 all are on the increasing branch (the mixture's ends at 0.81), and not too
        // flat.
        let lambda = 10.0_f64.powf(exponent);
        let load = e.typical_threshold(lambda).unwrap();
        assert_relative(e.typical_inverse_temperature(load).unwrap(), lambda, 1e-13, e.name());
    }

    #[test]
    fn condensation_inverts(e in any_ensemble(), exponent in -6.0..0.3_f64) {
        let lambda = 10.0_f64.powf(exponent);
        let load = e.condensation_load(lambda, 1.0).unwrap();
        let back = e.condensation_inverse_temperature(load, 1.0).unwrap();
        assert_relative(back, lambda, 1e-12, e.name());
        let saddle = e.saddle_overlap(lambda, 1.0).unwrap();
        assert_relative(e.extreme_overlap(load, 1.0).unwrap(), saddle, 1e-12, e.name());
        assert_relative(e.rate_function(saddle, 1.0).unwrap(), load, 1e-12, e.name());
        assert_relative(e.rate_function(-saddle, 1.0).unwrap(), load, 1e-12, e.name());
    }

    #[test]
    fn legendre_transform(e in any_ensemble(), lambda in 0.01..3.0_f64, shift in -0.2..0.2_f64) {
        // ζ(λ) = max_ε [λε − s(ε)], reached at the saddle.
        let zeta = e.cumulant_generating_function(lambda, 1.0).unwrap();
        let saddle = e.saddle_overlap(lambda, 1.0).unwrap();
        let value = |overlap| e.rate_function(overlap, 1.0).map(|s| lambda * overlap - s);
        assert_relative(value(saddle).unwrap(), zeta, 1e-11, e.name());
        if let Ok(other) = value(saddle * (1.0 + shift)) {
            prop_assert!(other <= zeta * (1.0 + 1e-12));
        }
    }

    #[test]
    fn order_of_the_thresholds(e in any_ensemble(), exponent in -6.0..3.0_f64, load in 1e-6..1.5_f64) {
        let lambda = 10.0_f64.powf(exponent);
        let typical = e.typical_threshold(lambda).unwrap();
        let all = e.all_patterns_lower_bound(lambda).unwrap();
        prop_assert!(0.0 < all && all <= typical * (1.0 + 1e-12) && typical <= lambda);
        // α₁ is where Φ = λ; a basin exists on its near side only.
        let phi = e.free_entropy(typical, lambda, 1.0).unwrap();
        prop_assert!((phi.value - lambda).abs() <= 1e-12 * lambda, "{} {} {}", e.name(), phi.value, lambda);
        let angle = e.pattern_basin_angle(load, lambda).unwrap();
        if (load - typical).abs() > 1e-9 {
            prop_assert_eq!(angle.is_some(), load < typical);
        }
        if let Some(angle) = angle {
            let cosine = e.free_entropy(load, lambda, 1.0).unwrap().value / lambda;
            prop_assert!((angle.cos() - cosine).abs() < 1e-12);
        }
    }

    #[test]
    fn free_entropy_of_spherical_and_gaussian_depends_on_t_only(
        lambda in 0.01..20.0_f64,
        rho in 0.05..5.0_f64,
        load in 0.001..1.5_f64,
    ) {
        for name in ["spherical", "gaussian"] {
            let e = named(name);
            let here = e.free_entropy(load, lambda, rho).unwrap();
            let there = e.free_entropy(load, lambda * rho.sqrt(), 1.0).unwrap();
            assert_relative(here.value, there.value, 1e-13, name);
        }
    }

    #[test]
    fn gaussian_target_norms(lambda in 1e-6..0.99_f64, r in 0.05..3.0_f64) {
        let load = gaussian::typical_threshold_given_norm(lambda, r).unwrap();
        let back = gaussian::typical_inverse_temperature_given_norm(load, r).unwrap();
        assert_relative(back, lambda, 1e-11, r);
        // λ r = Φ at the threshold, seen from x = ξ¹ of norm r.
        let phi = named("gaussian").free_entropy(load, lambda, r).unwrap();
        assert_relative(phi.value, lambda * r, 1e-13, r);
    }
}
