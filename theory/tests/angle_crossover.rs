//! λ_×(θ), the crossover from an angle, against θ_c(λ) and against plain iteration of the maps.
use dam_theory::ensembles::Spherical;
use dam_theory::finite_size::{
    AxisNoise, CollinearMap, FlippedMap, FlippedState, GaussianNoise, PatternCount, PlaneMap,
    PlaneState, RademacherNoise, SphericalNoise, basin_inverse_temperature, crossover_from_angle,
};

use crate::support::{named, patterns, without_parameters};

const ENSEMBLES: [&str; 3] = ["spherical", "gaussian", "rademacher"];

fn basin_angle(name: &str, count: PatternCount, size: f64, lambda: f64) -> Option<f64> {
    let noise = AxisNoise::of(named(name).as_ref(), size).unwrap();
    noise.basin_angle(count, lambda).unwrap()
}

fn target_crossover(name: &str, count: PatternCount, size: f64) -> f64 {
    let map = CollinearMap::new(AxisNoise::of(named(name).as_ref(), size).unwrap(), count);
    map.crossover().unwrap().unwrap().inverse_temperature
}

#[test]
fn the_crossover_from_an_angle_inverts_the_basin_angle_from_small_to_large_sizes() {
    for name in ENSEMBLES {
        for size in [12.0, 40.0, 300.0, 1e4, 1e6] {
            let count = patterns(0.2, size);
            let lowest = target_crossover(name, count, size);
            for ratio in [1.02, 1.1, 1.3, 1.6] {
                let lambda = ratio * lowest;
                let angle = basin_angle(name, count, size, lambda).unwrap();
                let further = basin_angle(name, count, size, lambda + 1e-4).unwrap();
                if further <= angle + 1e-9 {
                    continue; // on the plateau, or beyond the largest angle
                }
                let found = crossover_from_angle(named(name).as_ref(), count, size, angle)
                    .unwrap()
                    .unwrap();
                // θ_c is good to 1e-13
                let error = 1e-11 + 1e-12 * 1e-4 / (further - angle);
                assert!(
                    (found - lambda).abs() < error,
                    "{name} {size} {lambda}: {found}, {angle}"
                );
            }
        }
    }
}

/// Bisection over the public maps, each iterated until nothing moves: slow and independent of what
/// ends a run early.
#[test]
fn plain_iteration_of_the_maps_gives_the_same_crossover() {
    for name in ENSEMBLES {
        for (size, load, degrees) in [
            (30.0, 0.25, 40.0_f64),
            (60.0, 0.2, 45.0),
            (500.0, 0.3, 30.0),
        ] {
            let (count, angle) = (patterns(load, size), degrees.to_radians());
            let is_retrieved = |lambda: f64| {
                let mut weight = 0.0;
                if name == "rademacher" {
                    let noise = RademacherNoise::new(size).unwrap();
                    let share = 0.5 * (1.0 - angle.cos());
                    let map = FlippedMap::new(noise, count, lambda, share).unwrap();
                    let mut state = FlippedState::START;
                    for _ in 0..3000 {
                        (state, weight) = map.step(state);
                    }
                } else {
                    let mut state = PlaneState::at_angle(angle);
                    let sphere = SphericalNoise::new(size).unwrap();
                    let normal = GaussianNoise::new(size, 1.0).unwrap();
                    for _ in 0..3000 {
                        (state, weight) = if name == "spherical" {
                            PlaneMap::new(sphere, count, lambda).unwrap().step(state)
                        } else {
                            PlaneMap::new(normal, count, lambda).unwrap().step(state)
                        };
                    }
                }
                weight > 0.5
            };
            let lowest = target_crossover(name, count, size);
            let (mut low, mut high) = (lowest, 1.02 * lowest);
            while !is_retrieved(high) {
                (low, high) = (high, 1.02 * high);
                assert!(high < 0.99, "{name} {size}");
            }
            while high - low > 1e-11 {
                let middle = 0.5 * (low + high);
                *(if is_retrieved(middle) {
                    &mut high
                } else {
                    &mut low
                }) = middle;
            }
            let found = crossover_from_angle(named(name).as_ref(), count, size, angle)
                .unwrap()
                .unwrap();
            assert!((found - low).abs() < 1e-10, "{name} {size}: {found} {low}");
            assert!(found > lowest + 1e-4, "{name} {size}");
        }
    }
}

#[test]
fn small_angles_are_retrieved_with_the_target_and_the_crossover_rises_with_the_angle() {
    for name in ENSEMBLES {
        let (size, count) = (40.0, patterns(0.2, 40.0));
        let lowest = target_crossover(name, count, size);
        let at =
            |angle: f64| crossover_from_angle(named(name).as_ref(), count, size, angle).unwrap();
        for degrees in [0.0_f64, 1e-7, 5.0, 15.0] {
            assert_eq!(at(degrees.to_radians()), Some(lowest), "{name} {degrees}");
        }
        let mut last = lowest;
        let mut strictly = 0;
        for index in 0..200 {
            let Some(found) = at((20.0 + 0.15 * f64::from(index)).to_radians()) else {
                break;
            };
            assert!(found >= last, "{name} {index}");
            strictly += i32::from(found > last);
            last = found;
        }
        assert!(strictly > 100, "{name}: {strictly}");
        // beyond the nearest pattern; at N = 40 the averaged map comes back from there once the
        // noise is condensed
        for degrees in [75.0_f64, 90.0, 120.0, 180.0] {
            let angle = degrees.to_radians();
            let found =
                crossover_from_angle(named(name).as_ref(), patterns(0.2, 400.0), 400.0, angle)
                    .unwrap();
            assert_eq!(found, None, "{name} {degrees}");
        }
        // up to the largest angle that the map retrieves at some λ
        let lambdas = (1..60).map(|index| lowest + 0.01 * f64::from(index));
        let largest = lambdas
            .filter_map(|lambda| basin_angle(name, count, size, lambda))
            .fold(0.0, f64::max);
        assert!(at(largest - 1e-3).is_some(), "{name}");
    }
}

#[test]
fn large_sizes_approach_the_inverse_of_the_basin_angle_at_infinite_size() {
    for name in ENSEMBLES {
        let theory = named(name);
        for degrees in [20.0_f64, 35.0, 45.0] {
            let angle = degrees.to_radians();
            let limit = basin_inverse_temperature(theory.as_ref(), 0.2, angle)
                .unwrap()
                .unwrap();
            let basin = theory.pattern_basin_angle(0.2, limit).unwrap().unwrap();
            assert!((basin - angle).abs() < 1e-12);
            let distance = |size: f64| {
                let found =
                    crossover_from_angle(named(name).as_ref(), patterns(0.2, size), size, angle);
                (found.unwrap().unwrap() - limit).abs()
            };
            assert!(
                distance(1e6) < 1e-4 && distance(1e6) < 0.1 * distance(1e4),
                "{name} {degrees}"
            );
        }
        let beyond = basin_inverse_temperature(theory.as_ref(), 0.2, 1.4).unwrap();
        assert_eq!(beyond, None);
        let on_axis = basin_inverse_temperature(theory.as_ref(), 0.2, 0.0).unwrap();
        assert_eq!(
            on_axis,
            Some(theory.typical_inverse_temperature(0.2).unwrap())
        );
    }
    assert!(basin_inverse_temperature(&Spherical, 0.2, -0.1).is_err());
    assert!(basin_inverse_temperature(&Spherical, -0.2, 0.1).is_err());
}

#[test]
fn few_patterns_and_bad_arguments() {
    // one noise pattern: the target is retrieved at any λ > 0, from any angle at which the map
    // comes back
    let two = PatternCount::from_count(2.0).unwrap();
    assert_eq!(
        crossover_from_angle(named("spherical").as_ref(), two, 5.0, 0.3).unwrap(),
        Some(0.0)
    );
    for angle in [-0.1, 3.2, f64::NAN] {
        assert!(
            crossover_from_angle(
                named("spherical").as_ref(),
                patterns(0.2, 40.0),
                40.0,
                angle
            )
            .is_err()
        );
    }
    for other in without_parameters() {
        if ENSEMBLES.contains(&other.name()) {
            continue;
        }
        assert!(crossover_from_angle(other.as_ref(), patterns(0.2, 40.0), 40.0, 0.3).is_err());
    }
    assert!(
        crossover_from_angle(named("spherical").as_ref(), patterns(0.2, 40.0), 2.0, 0.3).is_err()
    );
    // Gaussian: ln(P − 1) ≥ N/2
    let many = PatternCount::from_log_noise_patterns(21.0).unwrap();
    assert_eq!(
        crossover_from_angle(named("gaussian").as_ref(), many, 40.0, 0.3).unwrap(),
        None
    );
}
