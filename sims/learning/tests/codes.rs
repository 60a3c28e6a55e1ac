//! Spherical codes against the proven and the best known least angles.

use dam_learning::codes::{CodeSearch, OptimumStatus, SphericalCode, known_optimum, optimise_code};
use dam_theory::bounds::code_angle_bounds;

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
    let codes: [(usize, &[usize]); 7] = [
        (2, &[2, 3, 5, 12]),
        (3, &[2]),
        (4, &[6, 8]),
        (5, &[2, 6]),
        (6, &[9, 12]),
        (8, &[9]),
        (10, &[20]),
    ];
    for (dimension, counts) in codes {
        for &count in counts {
            reproduces(dimension, count, 4);
        }
    }
}

#[test]
#[ignore = "8 s on two busy cores"]
fn larger_codes_reach_the_known_angles() {
    for count in [15, 16, 20, 24] {
        reproduces(3, count, 400);
    }
    reproduces(3, 30, 1000);
    for (dimension, count, restarts) in [(4, 24, 24), (7, 56, 12), (8, 240, 8), (4, 120, 32)] {
        reproduces(dimension, count, restarts);
    }
}

#[test]
fn the_same_search_gives_the_same_code_for_any_number_of_threads() {
    let search = CodeSearch {
        dimension: 3,
        count: 17,
        restarts: 7,
        seed: 3,
    };
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.expect("threads can be started");
        pool.install(|| optimise_code(&search))
    };
    let one = with_threads(1);
    assert_eq!(one, with_threads(3));
    let other = CodeSearch { seed: 4, ..search };
    assert_ne!(one, optimise_code(&other));
}

#[test]
fn the_least_angle_and_its_contacts_are_those_of_the_points() {
    let square = vec![2.0, 0.0, 0.0, 1.0, -3.0, 0.0, 0.0, -0.5];
    let square = SphericalCode::from_coordinates(2, square);
    assert_eq!(square.count(), 4);
    assert!((square.least_angle() - std::f64::consts::FRAC_PI_2).abs() < 1e-15);
    assert_eq!(square.contacts(1e-9), [(0, 1), (0, 3), (1, 2), (2, 3)]);
    // the cosine of so small an angle is 1
    let close = SphericalCode::from_coordinates(2, vec![1.0, 0.0, 1.0, 1e-9]);
    assert!((close.least_angle() - 1e-9).abs() < 1e-24);
}

#[test]
fn no_code_found_leaves_its_bounds() {
    for (dimension, count) in [(3, 19), (4, 13), (5, 11), (6, 14)] {
        let search = CodeSearch {
            dimension,
            count,
            restarts: 6,
            seed: 2,
        };
        let angle = optimise_code(&search).least_angle();
        let (lower, upper) = code_angle_bounds(dimension, count).expect("within the domain");
        assert!(
            lower < angle && angle < upper,
            "{dimension} {count}: {angle}"
        );
    }
}

/// Up to 2d points at 90° fall into simplices in orthogonal subspaces, whose contacts bear no force
/// where the simplex is not unique: 2·3 of (3, 5), 2·2 + 2·3 + 2·3 of (4, 7), 2·2 + 2·4 + 2·4 at
/// least of (5, 8).
#[test]
fn contacts_that_bear_no_force_are_closed() {
    for (dimension, count, least) in [(3, 5, 6), (4, 7, 16), (4, 6, 8), (5, 8, 20), (3, 12, 30)] {
        for seed in 1..4 {
            let search = CodeSearch {
                dimension,
                count,
                restarts: 64,
                seed,
            };
            let code = optimise_code(&search);
            let found = code.contacts(1e-7).len();
            assert!(
                found >= least,
                "({dimension}, {count}), seed {seed}: {found} contacts"
            );
            let known = known_optimum(dimension, count).unwrap().angle;
            assert!((code.least_angle() - known).abs() < 1e-8);
        }
    }
}

/// arXiv:2404.18794.
#[test]
fn the_24_cell_is_proven_optimal() {
    assert_eq!(known_optimum(4, 24).unwrap().status, OptimumStatus::Proven);
}
