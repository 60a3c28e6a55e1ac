//! Spherical codes against the proven and the best known least angles.

use dam_sims::codes::{CodeSearch, OptimumStatus, known_optimum, optimise_code};

/// Finds the code and compares its least angle with the known one to 1e-6 degrees.
fn reproduces(dimension: usize, count: usize, restarts: usize) {
    let search = CodeSearch {
        dimension,
        count,
        restarts,
        seed: 1,
    };
    let started = std::time::Instant::now();
    let found = optimise_code(&search).least_angle().to_degrees();
    let known = known_optimum(dimension, count).expect("the code is known");
    let excess = found - known.angle.to_degrees();
    println!(
        "{dimension} {count}: {found:.9}, {excess:.1e} above the known, {:.1} s",
        started.elapsed().as_secs_f64()
    );
    assert!(excess > -1e-6, "({dimension}, {count}): {found} degrees");
    if known.status == OptimumStatus::Proven {
        assert!(excess < 1e-6, "({dimension}, {count}): {found} degrees");
    }
}

#[test]
fn up_to_fourteen_points_on_the_sphere_reach_the_proven_angles() {
    for count in 4..=14 {
        reproduces(3, count, 12);
    }
}

#[test]
fn small_sharp_codes_reach_the_proven_angles() {
    for (dimension, count) in [(4, 10), (5, 16), (6, 27)] {
        reproduces(dimension, count, 12);
    }
}

#[test]
fn polygons_simplices_and_cross_polytopes_are_found() {
    for (dimension, count) in [
        (2, 2),
        (2, 3),
        (2, 5),
        (2, 12),
        (3, 2),
        (5, 2),
        (5, 6),
        (8, 9),
    ] {
        reproduces(dimension, count, 4);
    }
    for (dimension, count) in [(4, 6), (4, 8), (6, 9), (6, 12), (10, 20)] {
        reproduces(dimension, count, 4);
    }
}

#[test]
#[ignore = "minutes"]
fn larger_codes_reach_the_known_angles() {
    for (dimension, count, restarts) in [
        (3, 15, 400),
        (3, 16, 400),
        (3, 20, 400),
        (3, 24, 400),
        (3, 30, 1000),
        (4, 24, 24),
        (7, 56, 12),
        (8, 240, 8),
        (4, 120, 32),
    ] {
        reproduces(dimension, count, restarts);
    }
}
