//! What the finite-size theory must do whatever its numbers: limits, round trips, monotonicity, and
//! its slow twin.

use dam_theory::ensembles::UniformLaw;
use dam_theory::finite_size::{
    AsymptoticCrossover, AxisNoise, CollinearMap, CollinearNoise, ComponentClosures, ComponentMap,
    CrossoverKind, GaussianComponents, GaussianNoise, GaussianNormLaw, PatternCount, PlaneMap,
    PlaneState, RademacherComponents, RademacherNoise, SphericalNoise, SphericalOverlapLaw,
    component_crossover, crossover, gaussian_asymptotic_crossover, gaussian_crossover_distribution,
    gaussian_crossover_given_norm, gaussian_crossover_quantile, gaussian_overlap_log_tail,
    rademacher_asymptotic_crossover, spherical_asymptotic_crossover, spherical_basin_angle,
};
use proptest::prelude::*;

use crate::support::{named, patterns};

const ENSEMBLES: [&str; 3] = ["spherical", "gaussian", "rademacher"];

fn lambda(ensemble: &str, load: f64, size: f64) -> f64 {
    crossover(named(ensemble).as_ref(), load, size)
        .unwrap()
        .unwrap()
        .inverse_temperature
}

/// ζ of the sphere as N → ∞.
fn spherical_cgf(lambda: f64) -> f64 {
    let g = (1.0 + 4.0 * lambda * lambda).sqrt();
    0.5 * (g - 1.0) - 0.5 * (0.5 * (1.0 + g)).ln()
}

#[test]
fn iterating_the_map_gives_the_same_crossover() {
    for ensemble in ENSEMBLES {
        for (load, size) in [(0.1, 40.0), (0.2, 60.0), (0.3, 100.0), (0.25, 3000.0)] {
            let map = CollinearMap::new(
                AxisNoise::of(named(ensemble).as_ref(), size).unwrap(),
                patterns(load, size),
            );
            let found = map.crossover().unwrap().unwrap();
            let above = map
                .run(found.inverse_temperature * 1.003, 1e-13, 100_000)
                .unwrap();
            let below = map
                .run(found.inverse_temperature * 0.997, 1e-13, 100_000)
                .unwrap();
            assert!(above.is_retrieved(), "{ensemble} {load} {size} {above:?}");
            assert!(!below.is_retrieved(), "{ensemble} {load} {size} {below:?}");
        }
    }
}

#[test]
fn the_map_touches_the_diagonal_at_a_saddle_node() {
    for ensemble in ENSEMBLES {
        for (load, size) in [(0.1, 40.0), (0.3, 100.0), (0.3, 3000.0)] {
            let map = CollinearMap::new(
                AxisNoise::of(named(ensemble).as_ref(), size).unwrap(),
                patterns(load, size),
            );
            let found = map.crossover().unwrap().unwrap();
            assert_eq!(found.kind, CrossoverKind::SaddleNode);
            assert!(found.weight > 0.5);
            let next = |amplitude: f64| map.step(found.inverse_temperature, amplitude).0;
            assert!((next(found.amplitude) - found.amplitude).abs() < 1e-13);
            let h = 1e-3 / size;
            let slope = (next(found.amplitude + h) - next(found.amplitude - h)) / (2.0 * h);
            assert!(
                (slope - 1.0).abs() < 1e-5,
                "{ensemble} {load} {size} {slope}"
            );
        }
    }
}

#[test]
fn crossovers_tend_to_their_asymptotics() {
    // the error of the 1/N expansion falls as (ln N)²/N², faster than N^{-3/2}
    type Asymptotic = fn(f64, f64) -> AsymptoticCrossover;
    let asymptotics: [Asymptotic; 3] = [
        |load, size| spherical_asymptotic_crossover(load, size).unwrap(),
        |load, size| gaussian_asymptotic_crossover(load, size, 1.0).unwrap(),
        |load, size| rademacher_asymptotic_crossover(load, size).unwrap(),
    ];
    for (ensemble, asymptotic) in ENSEMBLES.into_iter().zip(asymptotics) {
        for load in [0.05, 0.2, 0.4] {
            let limit = named(ensemble).typical_inverse_temperature(load).unwrap();
            for size in [1e5, 1e6] {
                let map = CollinearMap::new(
                    AxisNoise::of(named(ensemble).as_ref(), size).unwrap(),
                    patterns(load, size),
                );
                let expected = asymptotic(load, size);
                assert!((expected.limit / limit - 1.0).abs() < 1e-13);
                let found = map.crossover().unwrap().unwrap().inverse_temperature;
                let tolerance = 10.0 * size.powf(-1.5);
                assert!(
                    (found - expected.crossover).abs() < tolerance,
                    "{ensemble} {load} {size} {found} {expected:?}"
                );
                let one_step = map.one_step_crossover().unwrap().unwrap();
                assert!((one_step - expected.one_step).abs() < tolerance);
                assert!(found > one_step && (found - limit) < 60.0 / size * size.ln());
            }
        }
    }
    assert!(gaussian_asymptotic_crossover(0.3, 1e3, 0.6).is_err());
    let heavy = gaussian_asymptotic_crossover(0.3, 1e6, 1.2).unwrap();
    let found = gaussian_crossover_given_norm(0.3, 1e6, 1.2)
        .unwrap()
        .unwrap();
    assert!((found.inverse_temperature - heavy.crossover).abs() < 1e-8);
}

#[test]
fn few_patterns_cross_one_half_without_a_saddle_node() {
    for ensemble in ENSEMBLES {
        let map = CollinearMap::new(
            AxisNoise::of(named(ensemble).as_ref(), 8.0).unwrap(),
            PatternCount::from_count(5.0).unwrap(),
        );
        let found = map.crossover().unwrap().unwrap();
        assert_eq!(found.kind, CrossoverKind::WeightCrossing, "{ensemble}");
        for (factor, retrieved) in [(1.001, true), (0.999, false)] {
            let rest = map
                .run(factor * found.inverse_temperature, 1e-14, 100_000)
                .unwrap();
            assert_eq!(rest.is_retrieved(), retrieved, "{ensemble}");
            // the fixed point moves by no more than λ does: nothing was lost
            assert!((rest.weight - 0.5).abs() < 0.01, "{ensemble} {rest:?}");
        }
    }
    let pair = PatternCount::from_count(2.0).unwrap();
    let map = CollinearMap::new(SphericalNoise::new(10.0).unwrap(), pair);
    assert_eq!(map.crossover().unwrap().unwrap().inverse_temperature, 0.0);
}

#[test]
fn simulated_crossovers_of_the_sphere_are_met() {
    // mean and standard error of the bisected crossover of gradient descent on stored patterns
    // (THEORY §4); the map replaces the noise sum by its mean and is good to about 1e-3 at these
    // sizes
    for (load, size, simulated, error) in [
        (0.2, 40.0, 0.3166, 1e-4),
        (0.2, 50.0, 0.3039, 1e-4),
        (0.2, 60.0, 0.2937, 5e-4),
        (0.3, 26.0, 0.5070, 3e-4),
        (0.3, 32.0, 0.4902, 2e-4),
        (0.3, 40.0, 0.4730, 1e-3),
    ] {
        let found = lambda("spherical", load, size);
        assert!(
            (found - simulated).abs() < 3.0 * error + 3e-4,
            "{load} {size} {found}"
        );
    }
}

#[test]
fn crossovers_do_not_exist_where_the_target_never_wins() {
    // Gaussian: ln(P − 1) ≥ rN/2; Rademacher: P − 1 ≥ 2^N
    for (name, load, exists) in [
        ("gaussian", 0.5, false),
        ("gaussian", 0.499, true),
        ("rademacher", 0.7, false),
        ("rademacher", 0.69, true),
        ("spherical", 12.0, true),
    ] {
        let found = crossover(named(name).as_ref(), load, 100.0).unwrap();
        assert_eq!(found.is_some(), exists, "{name} {load}");
    }
    let light = gaussian_crossover_given_norm(0.31, 100.0, 0.6).unwrap();
    assert_eq!(light, None);
}

#[test]
fn bad_inputs_are_refused_by_name() {
    let refused = |text: String, name: &str| assert!(text.contains(name), "{text}");
    refused(
        dam_theory::ensemble("cubic").unwrap_err().to_string(),
        "cubic",
    );
    refused(
        AxisNoise::of(named("uniform").as_ref(), 40.0)
            .unwrap_err()
            .to_string(),
        "uniform",
    );
    refused(
        crossover(named("spherical").as_ref(), -0.2, 40.0)
            .unwrap_err()
            .to_string(),
        "load",
    );
    refused(
        crossover(named("spherical").as_ref(), 2.0, 2.0)
            .unwrap_err()
            .to_string(),
        "size",
    );
    refused(
        crossover(named("spherical").as_ref(), f64::NAN, 40.0)
            .unwrap_err()
            .to_string(),
        "load",
    );
    refused(
        crossover(named("spherical").as_ref(), 0.001, 10.0)
            .unwrap_err()
            .to_string(),
        "pattern count P",
    );
    refused(
        crossover(named("spherical").as_ref(), 40.0, 10.0)
            .unwrap_err()
            .to_string(),
        "ln(P − 1)",
    );
    refused(
        GaussianNoise::new(10.0, 0.0).unwrap_err().to_string(),
        "norm",
    );
    let law = SphericalOverlapLaw::new(10.0).unwrap();
    refused(law.log_tail(1.1).unwrap_err().to_string(), "cosine");
    refused(
        law.quantile_of_log_tail(0.1).unwrap_err().to_string(),
        "log-tail",
    );
    let map =
        ComponentMap::new(&GaussianComponents, &[1.0, 2.0], patterns(0.2, 40.0), 0.5).unwrap();
    refused(
        map.run(&mut [1.0], 1e-9, 10).unwrap_err().to_string(),
        "length of the state",
    );
    assert!(map.run(&mut [1.0, 2.0], 0.0, 1).is_err());
}

#[test]
fn the_plane_map_on_its_axis_is_the_collinear_map() {
    let noise = SphericalNoise::new(50.0).unwrap();
    let plane = PlaneMap::new(noise, patterns(0.2, 50.0), 0.33).unwrap();
    let line = CollinearMap::new(noise, patterns(0.2, 50.0));
    let mut state = PlaneState::at_angle(0.0);
    let mut amplitude = 1.0;
    for _ in 0..50 {
        state = plane.step(state).0;
        amplitude = line.step(0.33, amplitude).0;
        assert!((state.along - amplitude).abs() < 1e-13);
        assert_eq!(state.across, 0.0);
    }
}

#[test]
fn the_component_map_along_a_target_is_the_collinear_map() {
    let size = 40;
    let signs: Vec<f64> = (0..size)
        .map(|i| if i % 3 == 0 { -1.0 } else { 1.0 })
        .collect();
    let count = patterns(0.2, 40.0);
    let compare = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12);
    for inverse_temperature in [0.25, 0.4] {
        let map =
            ComponentMap::new(&RademacherComponents, &signs, count, inverse_temperature).unwrap();
        let rest = map.run(&mut signs.clone(), 1e-14, 100_000).unwrap();
        let line = CollinearMap::new(RademacherNoise::new(40.0).unwrap(), count);
        compare(
            rest.weight,
            line.run(inverse_temperature, 1e-14, 100_000)
                .unwrap()
                .weight,
        );

        let target: Vec<f64> = (0..size)
            .map(|i| (1.7 * f64::from(i)).sin() * 1.5)
            .collect();
        let norm = target.iter().map(|x| x * x).sum::<f64>() / 40.0;
        let law = ComponentClosures {
            log_moment_generating_function: |h: f64| 0.5 * h * h,
            tilted_mean: |h: f64| h,
        };
        let map = ComponentMap::new(&law, &target, count, inverse_temperature).unwrap();
        let rest = map.run(&mut target.clone(), 1e-14, 100_000).unwrap();
        let line = CollinearMap::new(GaussianNoise::new(40.0, norm).unwrap(), count);
        compare(
            rest.weight,
            line.run(inverse_temperature, 1e-14, 100_000)
                .unwrap()
                .weight,
        );
    }
}

#[test]
fn component_crossovers_agree_with_the_collinear_ones() {
    let signs: Vec<f64> = (0..40)
        .map(|i| if i % 3 == 0 { -1.0 } else { 1.0 })
        .collect();
    let target: Vec<f64> = (0..40).map(|i| (1.7 * f64::from(i)).sin() * 1.5).collect();
    let norm = target.iter().map(|x| x * x).sum::<f64>() / 40.0;
    for log_count in [1.3, 4.0, 8.0, 13.0] {
        let count = PatternCount::from_log_noise_patterns(log_count).unwrap();
        let line = CollinearMap::new(RademacherNoise::new(40.0).unwrap(), count);
        let pairs = [
            (
                line.crossover(),
                component_crossover(&RademacherComponents, &signs, count),
            ),
            (
                CollinearMap::new(GaussianNoise::new(40.0, norm).unwrap(), count).crossover(),
                component_crossover(&GaussianComponents, &target, count),
            ),
        ];
        for (expected, found) in pairs {
            let (expected, found) = (expected.unwrap().unwrap(), found.unwrap().unwrap());
            assert_eq!(found.kind, expected.kind);
            let error = found.inverse_temperature / expected.inverse_temperature - 1.0;
            assert!(error.abs() < 1e-11, "{log_count} {found:?} {expected:?}");
            assert!(
                (found.weight - expected.weight).abs() < 1e-5,
                "{found:?} {expected:?}"
            );
            assert!((found.amplitude - expected.amplitude).abs() < 1e-5);
        }
    }
    // nothing to find above the supremum of the advantage
    let count = PatternCount::from_log_noise_patterns(0.51 * norm * 40.0).unwrap();
    assert_eq!(
        component_crossover(&GaussianComponents, &target, count).unwrap(),
        None
    );
    let count = PatternCount::from_log_noise_patterns(28.0).unwrap();
    assert_eq!(
        component_crossover(&RademacherComponents, &signs, count).unwrap(),
        None
    );
}

#[test]
fn the_uniform_crossover_is_that_of_its_map_and_tends_to_its_limit() {
    let size = 400;
    let count = patterns(0.2, 400.0);
    let typical = crossover(named("uniform").as_ref(), 0.2, 400.0)
        .unwrap()
        .unwrap()
        .inverse_temperature;
    // a target of equidistant components has the typical sums to O(1/N²)
    let target: Vec<f64> = (0..size)
        .map(|i| 3_f64.sqrt() * (2.0 * f64::from(i) + 1.0 - f64::from(size)) / f64::from(size))
        .collect();
    let found = component_crossover(&UniformLaw, &target, count)
        .unwrap()
        .unwrap();
    assert!((found.inverse_temperature / typical - 1.0).abs() < 1e-4);
    assert_eq!(found.kind, CrossoverKind::SaddleNode);
    for (factor, retrieved) in [(1.002, true), (0.998, false)] {
        let lambda = factor * found.inverse_temperature;
        let map = ComponentMap::new(&UniformLaw, &target, count, lambda).unwrap();
        let rest = map.run(&mut target.clone(), 1e-12, 100_000).unwrap();
        assert_eq!(rest.is_retrieved(), retrieved, "{rest:?}");
    }
    let limit = named("uniform").typical_inverse_temperature(0.2).unwrap();
    let far = lambda("uniform", 0.2, 1e6);
    assert!(far > limit && far < limit + 3e-5, "{far} {limit}");
}

#[test]
fn the_basin_tends_to_its_closed_form() {
    // cos θ_c = (α + ζ(λ))/λ below λ_*(α); the distance falls about as 1/N
    for (load, inverse_temperature) in [(0.2, 0.3), (0.2, 0.5), (0.3, 0.5), (0.5, 1.0)] {
        let limit = ((load + spherical_cgf(inverse_temperature)) / inverse_temperature).acos();
        let mut last = f64::INFINITY;
        for size in [1e3, 1e4, 1e5, 1e6] {
            let noise = SphericalNoise::new(size).unwrap();
            let found = spherical_basin_angle(noise, patterns(load, size), inverse_temperature)
                .unwrap()
                .unwrap();
            assert!(!found.is_condensed);
            let distance = (found.angle - limit).abs();
            assert!(
                distance < 0.5 * last,
                "{load} {inverse_temperature} {size} {distance}"
            );
            last = distance;
        }
        assert!(last < 2e-5, "{load} {inverse_temperature} {last}");
    }
}

#[test]
fn the_basin_has_one_edge() {
    let noise = SphericalNoise::new(60.0).unwrap();
    let count = patterns(0.2, 60.0);
    for inverse_temperature in [0.3, 0.35, 0.5, 0.7] {
        let edge = spherical_basin_angle(noise, count, inverse_temperature)
            .unwrap()
            .unwrap();
        let map = PlaneMap::new(noise, count, inverse_temperature).unwrap();
        for step in 0..60 {
            let angle = 0.05 * f64::from(step);
            if (angle - edge.angle).abs() > 1e-3 {
                let rest = map
                    .run(PlaneState::at_angle(angle), 1e-13, 1_000_000)
                    .unwrap();
                assert_eq!(
                    rest.is_retrieved(),
                    angle < edge.angle,
                    "{inverse_temperature} {angle} {edge:?}"
                );
            }
        }
    }
    let below = lambda("spherical", 0.2, 60.0) * 0.9999;
    assert_eq!(spherical_basin_angle(noise, count, below).unwrap(), None);
    let just_above = lambda("spherical", 0.2, 60.0) * 1.0001;
    assert!(
        spherical_basin_angle(noise, count, just_above)
            .unwrap()
            .unwrap()
            .angle
            > 0.0
    );
    assert!(
        spherical_basin_angle(noise, count, 0.9)
            .unwrap()
            .unwrap()
            .is_condensed
    );
}

#[test]
fn the_mean_over_gaussian_norms_is_the_mean_of_its_quantiles() {
    for (load, size) in [(0.2, 40.0), (0.3, 30.0), (0.1, 500.0)] {
        let count = patterns(load, size);
        let found = gaussian_crossover_distribution(count, size).unwrap();
        let quantiles: Vec<f64> = (0..4000)
            .filter_map(|i| {
                let probability = (f64::from(i) + 0.5) / 4000.0;
                gaussian_crossover_quantile(count, size, probability).unwrap()
            })
            .collect();
        let share = quantiles.len() as f64 / 4000.0;
        assert!(
            (1.0 - share - found.censored).abs() < 3e-4,
            "{load} {size} {found:?}"
        );
        let mean = quantiles.iter().sum::<f64>() / quantiles.len() as f64;
        assert!(
            (mean - found.mean).abs() < 3e-4,
            "{load} {size} {mean} {found:?}"
        );
        let variance =
            quantiles.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / quantiles.len() as f64;
        assert!((variance.sqrt() - found.standard_deviation).abs() < 2e-3);
        assert_eq!(
            found.median,
            gaussian_crossover_quantile(count, size, 0.5).unwrap()
        );
    }
    // half the targets and more never win
    let count = patterns(0.55, 40.0);
    assert_eq!(
        gaussian_crossover_distribution(count, 40.0).unwrap().median,
        None
    );
    assert!(gaussian_crossover_distribution(patterns(5.0, 40.0), 40.0).is_err());
}

#[test]
fn the_laws_are_normalised_and_symmetric() {
    for size in [3.0, 4.0, 7.5, 50.0, 1e4] {
        let law = SphericalOverlapLaw::new(size).unwrap();
        // the slope of the tail is the density
        for cosine in [-0.3, -0.02, 0.01, 0.2, 0.8_f64] {
            let h = 1e-4 * cosine.abs() / size.sqrt();
            let tail = |c: f64| law.log_tail(c).unwrap();
            let numeric = (tail(cosine + h) - tail(cosine - h)) / (2.0 * h);
            let density = -(law.log_density(cosine).unwrap() - tail(cosine)).exp();
            assert!(
                (numeric - density).abs() < 2e-6 * (1.0 + density.abs()),
                "{size} {cosine}"
            );
            let sum = tail(cosine).exp() + tail(-cosine).exp();
            assert!((sum - 1.0).abs() < 1e-13);
        }
        assert_eq!(law.log_tail(-1.0).unwrap(), 0.0);
        assert_eq!(law.log_tail(1.0).unwrap(), f64::NEG_INFINITY);
        let whole = law.truncated_average(0.7, 0.9, 1.0).unwrap();
        let nearly = law.truncated_average(0.7, 0.9, 1.0 - 1e-9).unwrap();
        let scale = whole.log_moment_generating_function;
        assert!((nearly.log_moment_generating_function / scale - 1.0).abs() < 1e-7);
        assert!((nearly.mean_cosine / whole.mean_cosine - 1.0).abs() < 1e-7);
        // untilted, the cut average is the lower tail
        let cut = law.truncated_average(0.0, 1.0, -0.1).unwrap();
        let lower = law.log_tail(0.1).unwrap();
        assert!((cut.log_moment_generating_function / lower - 1.0).abs() < 1e-12);
    }
}

#[test]
fn the_nearest_of_many_patterns_is_where_the_random_energy_model_says() {
    for (load, size) in [(0.1, 1e4), (0.3, 1e5), (1.0_f64, 1e6)] {
        let law = SphericalOverlapLaw::new(size).unwrap();
        let expected = (1.0 - (-2.0 * load).exp()).sqrt();
        let found = law.mean_maximum(load * size).unwrap();
        assert!(
            (found - expected).abs() < 40.0 / size,
            "{load} {size} {found} {expected}"
        );
    }
    // one pattern: the mean vanishes; two: E max = E|t − t'|/2, on the sphere in three dimensions
    // 1/3
    let law = SphericalOverlapLaw::new(3.0).unwrap();
    assert!(law.mean_maximum(0.0).unwrap().abs() < 1e-12);
    assert!((law.mean_maximum(2_f64.ln()).unwrap() - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn deep_tails_neither_overflow_nor_vanish() {
    let law = SphericalOverlapLaw::new(1e6).unwrap();
    let cosine = law.quantile_of_log_tail(-1e5).unwrap();
    assert!((law.log_tail(cosine).unwrap() / -1e5 - 1.0).abs() < 1e-12);
    let tail = gaussian_overlap_log_tail(1e6, 1.0, 0.5).unwrap();
    assert!(
        (tail / -(0.125e6 + 500_f64.ln() + 0.5 * std::f64::consts::TAU.ln()) - 1.0).abs() < 1e-9
    );
    let norms = GaussianNormLaw::new(1e6).unwrap();
    assert!(
        (norms.log_lower_tail(0.5).unwrap() / (-0.5e6 * (2_f64.ln() - 0.5)) - 1.0).abs() < 1e-4
    );
}

proptest! {
    #[test]
    fn more_patterns_need_a_larger_inverse_temperature(
        size in 3.0..1e5_f64, load in 0.02..0.4_f64, factor in 1.001..1.5_f64,
    ) {
        for ensemble in ENSEMBLES {
            let at = |log: f64| {
                let count = PatternCount::from_log_noise_patterns(log).unwrap();
                let map = CollinearMap::new(AxisNoise::of(named(ensemble).as_ref(), size).unwrap(), count);
                map.crossover().unwrap().map_or(f64::INFINITY, |found| found.inverse_temperature)
            };
            prop_assert!(at(load * size) < at(factor * load * size) || at(load * size).is_infinite());
        }
    }

    #[test]
    fn targets_of_larger_norm_are_retrieved_earlier(
        size in 10.0..1e4_f64, load in 0.05..0.4_f64, norm in 0.3..2.0_f64, factor in 1.001..1.5_f64,
    ) {
        let log = load * size;
        let at = |norm: f64| {
            let count = PatternCount::from_log_noise_patterns(log).unwrap();
            let map = CollinearMap::new(GaussianNoise::new(size, norm).unwrap(), count);
            map.crossover().unwrap().map_or(f64::INFINITY, |found| found.inverse_temperature)
        };
        prop_assert!(at(norm * factor) < at(norm) || at(norm).is_infinite());
    }

    #[test]
    fn the_one_step_crossover_lies_below(size in 3.0..1e5_f64, load in 0.02..0.45_f64) {
        for ensemble in ENSEMBLES {
            let count = PatternCount::from_log_noise_patterns(load * size).unwrap();
            let map = CollinearMap::new(AxisNoise::of(named(ensemble).as_ref(), size).unwrap(), count);
            let one_step = map.one_step_crossover().unwrap().unwrap();
            prop_assert!(map.log_odds(one_step).abs() < 1e-9 * (1.0 + load * size));
            prop_assert!(one_step < map.crossover().unwrap().unwrap().inverse_temperature);
        }
    }

    #[test]
    fn quantiles_invert_the_tail(size in 3.0..1e6_f64, depth in 1e-3..1.0_f64) {
        let law = SphericalOverlapLaw::new(size).unwrap();
        for log_tail in [-depth, -depth * 30.0, -depth * size] {
            let cosine = law.quantile_of_log_tail(log_tail).unwrap();
            if cosine.abs() < 0.999 {
                let back = law.log_tail(cosine).unwrap();
                prop_assert!((back - log_tail).abs() < 1e-11 * (1.0 + log_tail.abs()), "{back} {log_tail}");
            }
        }
        let norms = GaussianNormLaw::new(size).unwrap();
        let norm = norms.quantile(depth.min(0.999)).unwrap();
        prop_assert!((norms.log_lower_tail(norm).unwrap() / depth.min(0.999).ln() - 1.0).abs() < 1e-8);
    }

    #[test]
    fn lowering_the_cut_off_lowers_the_average(
        size in 3.0..1e5_f64, inverse_temperature in 0.0..3.0_f64, cut in -0.5..0.9_f64, step in 0.01..0.1_f64,
    ) {
        let law = SphericalOverlapLaw::new(size).unwrap();
        let lower = law.truncated_average(inverse_temperature, 1.0, cut).unwrap();
        let upper = law.truncated_average(inverse_temperature, 1.0, cut + step).unwrap();
        let whole = law.truncated_average(inverse_temperature, 1.0, 1.0).unwrap();
        let slack = 1e-12 * (1.0 + inverse_temperature * size);
        prop_assert!(lower.log_moment_generating_function <= upper.log_moment_generating_function + slack);
        prop_assert!(upper.log_moment_generating_function <= whole.log_moment_generating_function + slack);
        prop_assert!(lower.mean_cosine < cut && lower.mean_cosine <= upper.mean_cosine + 1e-12);
    }

    #[test]
    fn the_advantage_obeys_its_slope(size in 3.0..1e4_f64, field in 0.01..0.9_f64) {
        for ensemble in ENSEMBLES {
            let noise = AxisNoise::of(named(ensemble).as_ref(), size).unwrap();
            let h = 1e-5 * field;
            let [low, here, high] = [field - h, field, field + h].map(|u| noise.average(u));
            let scale = noise.squared_norm();
            let slope = (high.advantage - low.advantage) / (2.0 * h * scale);
            prop_assert!((slope - (1.0 - here.mean)).abs() < 1e-7);
            prop_assert!(((high.mean - low.mean) / (2.0 * h) - here.slope).abs() < 1e-6);
            // concave: A ≥ uA'
            prop_assert!(here.mean >= field * here.slope * (1.0 - 1e-12));
            let sum = here.advantage + here.log_moment_generating_function;
            prop_assert!((sum / (field * scale) - 1.0).abs() < 1e-12);
        }
    }
}
