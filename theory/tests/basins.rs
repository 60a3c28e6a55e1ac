//! Basins of the averaged maps: against each other, their limits at N = ∞, and slow averages.
use dam_theory::finite_size::{
    AveragedBasin, AxisNoise, CollinearMap, ComponentMap, FlippedMap, FlippedState,
    GaussianComponents, GaussianNoise, GaussianNormLaw, GaussianStarts, PatternCount, PlaneMap,
    PlaneState, RademacherComponents, RademacherNoise, SphericalNoise, StartDirection,
    basin_angle_towards, gaussian_basin_angle, gaussian_crossover_distribution,
    gaussian_least_norm, rademacher_basin_angle, spherical_basin_angle,
};

use crate::support::{named, patterns};

/// Two classes of components are all components, one by one.
#[test]
fn the_flipped_map_is_the_component_map_from_flipped_signs() {
    let size = 40;
    let target: Vec<f64> = (0..size)
        .map(|i| if i % 3 == 0 { -1.0 } else { 1.0 })
        .collect();
    let count = patterns(0.2, 40.0);
    let noise = RademacherNoise::new(40.0).unwrap();
    for (flipped, inverse_temperature) in [(3_u8, 0.4), (7, 0.5), (12, 0.5), (20, 0.7)] {
        let classes =
            FlippedMap::new(noise, count, inverse_temperature, f64::from(flipped) / 40.0).unwrap();
        let all =
            ComponentMap::new(&RademacherComponents, &target, count, inverse_temperature).unwrap();
        let mut state: Vec<f64> = target.clone();
        for component in &mut state[..usize::from(flipped)] {
            *component = -*component;
        }
        let mut pair = FlippedState::START;
        for _ in 0..30 {
            let (next, weight) = classes.step(pair);
            let (component_weight, _) = all.step(&mut state);
            assert!((weight - component_weight).abs() < 1e-12);
            pair = next;
            assert!((pair.flipped - state[0] * target[0]).abs() < 1e-12);
            assert!((pair.kept - state[39] * target[39]).abs() < 1e-12);
        }
    }
}

/// The N-dimensional map from a start at an angle, with a law whose plane map is known.
#[test]
fn the_component_map_from_an_angle_is_the_plane_map() {
    let size = 30;
    let target: Vec<f64> = (0..size)
        .map(|i| (f64::from(i) + 0.3).sin() * 1.4)
        .collect();
    let drawn: Vec<f64> = (0..size).map(|i| (2.3 * f64::from(i)).cos()).collect();
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let squared_norm = dot(&target, &target);
    let along = dot(&drawn, &target) / squared_norm;
    let across: Vec<f64> = drawn
        .iter()
        .zip(&target)
        .map(|(y, xi)| y - along * xi)
        .collect();
    let scale = (squared_norm / dot(&across, &across)).sqrt();
    let noise = GaussianNoise::new(30.0, squared_norm / 30.0).unwrap();
    let count = patterns(0.15, 30.0);
    let all = ComponentMap::new(&GaussianComponents, &target, count, 0.4).unwrap();
    let plane = PlaneMap::new(noise, count, 0.4).unwrap();
    for degrees in [20.0_f64, 50.0] {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let mut state: Vec<f64> = target
            .iter()
            .zip(&across)
            .map(|(xi, y)| cosine * xi + sine * scale * y)
            .collect();
        let mut pair = PlaneState::at_angle(degrees.to_radians());
        for _ in 0..30 {
            let (next, weight) = plane.step(pair);
            let (component_weight, _) = all.step(&mut state);
            pair = next;
            assert!((weight - component_weight).abs() < 1e-11);
            assert!((pair.along - dot(&state, &target) / squared_norm).abs() < 1e-11);
            assert!(
                (pair.across.powi(2) + pair.along.powi(2) - dot(&state, &state) / squared_norm)
                    .abs()
                    < 1e-11
            );
        }
    }
}

#[test]
fn basins_of_gaussian_and_rademacher_patterns_tend_to_their_closed_forms() {
    for (name, load, inverse_temperature) in [
        ("gaussian", 0.2, 0.4),
        ("gaussian", 0.3, 0.6),
        ("rademacher", 0.2, 0.4),
        ("rademacher", 0.3, 0.6),
    ] {
        let limit = named(name)
            .pattern_basin_angle(load, inverse_temperature)
            .unwrap()
            .unwrap();
        let mut last = f64::INFINITY;
        for size in [1e3, 1e4, 1e5, 1e6] {
            let count = patterns(load, size);
            let found = match name {
                "gaussian" => gaussian_basin_angle(
                    GaussianNoise::new(size, 1.0).unwrap(),
                    count,
                    inverse_temperature,
                ),
                _ => rademacher_basin_angle(
                    RademacherNoise::new(size).unwrap(),
                    count,
                    inverse_temperature,
                ),
            };
            let distance = (found.unwrap().unwrap() - limit).abs();
            assert!(distance < 0.5 * last, "{name} {load} {size}: {distance}");
            last = distance;
        }
        assert!(last < 2e-5, "{name} {load}: {last}");
    }
}

#[test]
fn rademacher_basins_have_one_edge_and_vanish_below_the_crossover() {
    let noise = RademacherNoise::new(40.0).unwrap();
    let count = patterns(0.2, 40.0);
    let crossover = CollinearMap::new(noise, count)
        .crossover()
        .unwrap()
        .unwrap();
    let below = 0.9999 * crossover.inverse_temperature;
    assert_eq!(rademacher_basin_angle(noise, count, below).unwrap(), None);
    let inverse_temperature = 0.4;
    let edge = rademacher_basin_angle(noise, count, inverse_temperature)
        .unwrap()
        .unwrap();
    for step in 0..=50 {
        let share = 0.02 * f64::from(step);
        let map = FlippedMap::new(noise, count, inverse_temperature, share).unwrap();
        let (mut state, mut weight) = (FlippedState::START, 0.0);
        for _ in 0..10_000 {
            (state, weight) = map.step(state);
        }
        assert_eq!(
            weight > 0.5,
            1.0 - 2.0 * share > edge.cos(),
            "{share} {edge}"
        );
    }
    assert!(FlippedMap::new(noise, count, 0.4, 1.1).is_err());
    assert!(rademacher_basin_angle(noise, count, -1.0).is_err());
}

/// A start of the target's length and right angle to it is the great circle; a longer one is not.
#[test]
fn starts_towards_a_direction_contain_the_great_circle() {
    let noise = SphericalNoise::new(50.0).unwrap();
    let count = patterns(0.2, 50.0);
    let towards = |along, across| {
        let direction = StartDirection { along, across };
        basin_angle_towards(noise, count, 0.4, direction)
            .unwrap()
            .unwrap()
    };
    let circle = spherical_basin_angle(noise, count, 0.4)
        .unwrap()
        .unwrap()
        .angle;
    assert_eq!(towards(0.0, 1.0), circle);
    assert!(towards(0.1, 1.0) > circle && towards(-0.1, 1.0) < circle);
    assert!(towards(0.0, 1.1) < circle && towards(0.0, 0.9) > circle);
    // the averaged Gaussian noise overtakes every target at λ = 1
    let gaussian = GaussianNoise::new(50.0, 1.0).unwrap();
    let error = gaussian_basin_angle(gaussian, count, 1.0)
        .unwrap_err()
        .to_string();
    assert!(error.contains('λ'), "{error}");
}

/// The law of θ_c over Gaussian starts against basins towards a grid of directions of equal
/// probability.
#[test]
fn the_law_over_gaussian_starts_is_the_average_over_directions() {
    let (size, load, inverse_temperature) = (40.0, 0.2, 0.36);
    let noise = SphericalNoise::new(size).unwrap();
    let count = patterns(load, size);
    let starts = GaussianStarts::new(noise, size, count, inverse_temperature)
        .unwrap()
        .unwrap();
    let across_law = GaussianNormLaw::new(size - 1.0).unwrap();
    // ±√(χ²_1) quantiles are normal quantiles
    let normal_law = GaussianNormLaw::new(1.0).unwrap();
    let (columns, rows) = (60, 8);
    let mut angles = Vec::new();
    for column in 0..columns {
        let probability = (f64::from(column) + 0.5) / f64::from(columns);
        let size_of = normal_law
            .quantile((2.0 * probability - 1.0).abs())
            .unwrap()
            .sqrt();
        let along = (probability - 0.5).signum() * size_of / size.sqrt();
        for row in 0..rows {
            let probability = (f64::from(row) + 0.5) / f64::from(rows);
            let across = (across_law.quantile(probability).unwrap() * (size - 1.0) / size).sqrt();
            let direction = StartDirection { along, across };
            let found = basin_angle_towards(noise, count, inverse_temperature, direction);
            angles.push(found.unwrap().unwrap());
        }
    }
    angles.sort_by(f64::total_cmp);
    let average = |value: &dyn Fn(f64) -> f64| {
        angles.iter().map(|&angle| value(angle)).sum::<f64>() / angles.len() as f64
    };
    let (mean, cosine) = starts.means().unwrap();
    let spread = (average(&|angle| angle * angle) - average(&|angle| angle).powi(2)).sqrt();
    assert!(spread > 0.05, "{spread}");
    assert!(
        (mean - average(&|angle| angle)).abs() < 0.01 * spread,
        "{mean}"
    );
    assert!(
        (cosine - average(&f64::cos)).abs() < 0.01 * spread,
        "{cosine}"
    );
    let median = starts.median_angle().unwrap();
    let middle = angles[angles.len() / 2];
    assert!((median - middle).abs() < 0.03 * spread, "{median} {middle}");
    for angle in [0.5, 0.7, 0.9] {
        let probability = starts.retrieval_probability(angle).unwrap();
        let share = average(&|edge| f64::from(u8::from(edge >= angle)));
        assert!(
            (probability - share).abs() < 0.02,
            "{angle}: {probability} {share}"
        );
    }
}

#[test]
fn the_median_over_gaussian_starts_tends_to_the_closed_form() {
    for size in [1e4, 1e6] {
        let noise = SphericalNoise::new(size).unwrap();
        let starts = GaussianStarts::new(noise, size, patterns(0.2, size), 0.4).unwrap();
        let median = starts.unwrap().median_angle().unwrap();
        let limit = named("spherical").basin_angle(0.2, 0.4).unwrap().unwrap();
        assert!((median - limit).abs() < 20.0 / size, "{median} {limit}");
    }
    let noise = SphericalNoise::new(40.0).unwrap();
    assert!(
        GaussianStarts::new(noise, 40.0, patterns(0.2, 40.0), 0.3)
            .unwrap()
            .is_none()
    );
}

#[test]
fn the_least_norm_is_where_the_crossover_is() {
    for (load, size) in [(0.1, 20.0), (0.2, 40.0), (0.3, 1000.0)] {
        let count = patterns(load, size);
        for norm in [0.8, 1.0, 1.3] {
            let noise = GaussianNoise::new(size, norm).unwrap();
            let found = CollinearMap::new(noise, count)
                .crossover()
                .unwrap()
                .unwrap();
            let least = gaussian_least_norm(count, size, found.inverse_temperature).unwrap();
            assert!((least - norm).abs() < 1e-9, "{load} {size} {norm} {least}");
        }
        let lowest = 2.0 * count.log_noise_patterns() / size;
        assert_eq!(gaussian_least_norm(count, size, 1.0).unwrap(), lowest);
        let near = gaussian_least_norm(count, size, 0.999_999).unwrap();
        assert!(near > lowest && near < lowest + 1e-2);
        // half of the targets are lost at the median of λ_×
        let median = gaussian_crossover_distribution(count, size)
            .unwrap()
            .median
            .unwrap();
        let least = gaussian_least_norm(count, size, median).unwrap();
        let lost = GaussianNormLaw::new(size)
            .unwrap()
            .log_lower_tail(least)
            .unwrap();
        assert!((lost.exp() - 0.5).abs() < 1e-9);
    }
    let two = PatternCount::from_count(2.0).unwrap();
    assert_eq!(gaussian_least_norm(two, 20.0, 0.3).unwrap(), 0.0);
    assert!(gaussian_least_norm(two, 20.0, 0.0).is_err());
}

/// (α, N, λ, mean of θ_c in degrees, its standard error): simulated with all patterns stored, 600 to
/// 2000 samples (seed 77, starts on great circles); the last two by an independent program.
const SIMULATED: [(f64, f64, f64, f64, f64); 23] = [
    (0.3, 25.0, 0.5302, 34.3246, 0.0290),
    (0.3, 25.0, 0.6344, 46.3601, 0.0327),
    (0.263, 27.0, 0.465, 36.8262, 0.0275),
    (0.263, 27.0, 0.5596, 48.5046, 0.0314),
    (0.2, 28.0, 0.414, 51.4024, 0.0357),
    (0.3, 32.0, 0.5214, 33.9368, 0.0191),
    (0.3, 32.0, 0.604, 43.1426, 0.0230),
    (0.3, 32.0, 0.6877, 47.6098, 0.0482),
    (0.2, 34.0, 0.3751, 45.3952, 0.0196),
    (0.2, 34.0, 0.45, 53.6434, 0.0281),
    (0.137, 37.0, 0.3084, 58.275, 0.0355),
    (0.2, 40.0, 0.3459, 39.82, 0.0123),
    (0.2, 40.0, 0.4115, 49.7113, 0.0139),
    (0.2, 40.0, 0.4751, 54.3523, 0.0227),
    (0.1, 60.0, 0.1692, 42.4687, 0.0203),
    (0.1, 60.0, 0.2259, 59.4592, 0.0158),
    (0.1, 60.0, 0.2748, 64.7696, 0.0256),
    (0.15, 60.0, 0.2651, 44.8639, 0.0104),
    (0.15, 60.0, 0.3133, 52.6794, 0.0122),
    (0.15, 60.0, 0.3582, 56.7452, 0.0179),
    (0.15, 60.0, 0.4012, 59.1504, 0.0339),
    (0.137, 37.0, 0.300, 57.147, 0.051),
    (0.137, 37.0, 0.310, 58.403, 0.055),
];

/// The averaged map is off by no more than it says, and does not say much more than it is off by.
#[test]
fn errors_of_averaged_basins_are_honest() {
    let mut shares = Vec::new();
    for (load, size, lambda, mean, deviation) in SIMULATED {
        let noise = AxisNoise::of(named("spherical").as_ref(), size).unwrap();
        let found = noise.averaged_basin(patterns(load, size), lambda).unwrap();
        // near the crossover, where some samples have no basin, the average says that it cannot tell
        let AveragedBasin::Found { angle, error } = found else {
            assert_eq!(found, AveragedBasin::Open);
            continue;
        };
        let (angle, error) = (angle.to_degrees(), error.to_degrees());
        let off = (angle - mean).abs();
        assert!(
            off <= error + 3.0 * deviation,
            "{load} {size} {lambda}: {angle} ± {error} for {mean}"
        );
        shares.push(off / error);
    }
    assert!(shares.len() >= 15, "{} points are told", shares.len());
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    assert!(
        mean > 0.15,
        "errors are said {:.1} times too large",
        1.0 / mean
    );
}
