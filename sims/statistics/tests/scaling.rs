use dam_statistics::{StatisticsError, autoscale, mean, quality, scaledata, standard_error};

use crate::reference::{assert_close, gaussians, table};

const RHO_C: f64 = 0.5;
const NU: f64 = 1.3;
const ZETA: f64 = -0.4;
const SIZES: [f64; 4] = [16.0, 32.0, 64.0, 128.0];

/// Noisy data of a known transition on a grid fine enough for straight lines.
fn synthetic(seed: u64, relative_error: f64) -> (Vec<f64>, Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let rho: Vec<f64> = (0..41).map(|k| 0.4 + 0.005 * f64::from(k)).collect();
    let noise = gaussians(rho.len() * SIZES.len(), seed);
    let (mut a, mut da) = (Vec::new(), Vec::new());
    for (size, noise) in SIZES.iter().zip(noise.chunks(rho.len())) {
        let amplitude = size.powf(ZETA / NU);
        let error = relative_error * amplitude;
        let curve = rho.iter().zip(noise).map(|(rho, noise)| {
            let x = size.powf(1.0 / NU) * (rho - RHO_C);
            amplitude * (1.5 + (0.5 * x).tanh()) + error * noise
        });
        a.push(curve.collect());
        da.push(vec![error; rho.len()]);
    }
    (rho, a, da)
}

#[test]
fn qualities_agree_with_weighted_lines_of_numpy() {
    for row in table("quality") {
        let (x, y, dy) = (row.rows("x"), row.rows("y"), row.rows("dy"));
        assert_close(quality(&x, &y, &dy).unwrap(), row.number("quality"), 1e-11);
    }
}

#[test]
fn scaled_data_agree_with_their_formula_in_numpy() {
    for row in table("scaledata") {
        let scaled = scaledata(
            &row.numbers("l"),
            &row.numbers("rho"),
            &row.rows("a"),
            &row.rows("da"),
            row.number("rho_c"),
            row.number("nu"),
            row.number("zeta"),
        )
        .unwrap();
        for (found, key) in [(scaled.x, "x"), (scaled.y, "y"), (scaled.dy, "dy")] {
            let expected = row.rows(key);
            for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
                assert_close(*found, *expected, 1e-13);
            }
        }
    }
}

#[test]
fn the_right_exponents_have_a_quality_near_one() {
    let qualities: Vec<f64> = (0..60)
        .map(|seed| {
            let (rho, a, da) = synthetic(seed, 0.01);
            let scaled = scaledata(&SIZES, &rho, &a, &da, RHO_C, NU, ZETA).unwrap();
            quality(&scaled.x, &scaled.y, &scaled.dy).unwrap()
        })
        .collect();
    let average = mean(&qualities).unwrap().unwrap();
    let z = (average - 1.0) / standard_error(&qualities).unwrap().unwrap();
    assert!(z.abs() < 4.0, "S = {average}, z = {z}");
}

#[test]
fn wrong_exponents_or_errors_show_in_the_quality() {
    let (rho, a, mut da) = synthetic(1, 0.01);
    let at = |da: &[Vec<f64>], rho_c, nu, zeta| {
        let scaled = scaledata(&SIZES, &rho, &a, da, rho_c, nu, zeta).unwrap();
        quality(&scaled.x, &scaled.y, &scaled.dy).unwrap()
    };
    let right = at(&da, RHO_C, NU, ZETA);
    assert!(at(&da, RHO_C + 0.02, NU, ZETA) > 2.0 * right);
    assert!(at(&da, RHO_C, 1.4 * NU, ZETA) > 2.0 * right);
    assert!(at(&da, RHO_C, NU, ZETA + 0.1) > 2.0 * right);
    da.iter_mut().flatten().for_each(|error| *error *= 0.5);
    assert_close(at(&da, RHO_C, NU, ZETA), 4.0 * right, 1e-12);
}

#[test]
fn known_exponents_are_recovered_within_their_errors() {
    let mut deviations = [const { Vec::new() }; 3];
    let mut ratios = Vec::new();
    for seed in 100..106 {
        let (rho, a, da) = synthetic(seed, 0.01);
        let fit = autoscale(&SIZES, &rho, &a, &da, 0.51, 1.1, -0.3).unwrap();
        assert!((0.5..1.5).contains(&fit.quality), "{fit:?}");
        for (deviations, (found, exact, error, limit)) in deviations.iter_mut().zip([
            (fit.rho_c, RHO_C, fit.rho_c_error, 0.003),
            (fit.nu, NU, fit.nu_error, 0.04),
            (fit.zeta, ZETA, fit.zeta_error, 0.02),
        ]) {
            assert!(
                (found - exact).abs() < 4.0 * error && error < limit,
                "{fit:?}"
            );
            deviations.push(found - exact);
            ratios.push(((found - exact) / error).powi(2));
        }
    }
    let square = mean(&ratios).unwrap().unwrap();
    assert!((0.3..2.5).contains(&square), "{square}");
    // The mean over the sets shows a bias far below the errors.
    for deviations in deviations {
        let z = mean(&deviations).unwrap().unwrap() / standard_error(&deviations).unwrap().unwrap();
        assert!(z.abs() < 4.0, "z = {z}");
    }
}

#[test]
fn data_that_leave_a_parameter_open_are_refused() {
    // A single master curve without size dependence at ζ = 0 is flat in y for any ν.
    let rho: Vec<f64> = (0..11).map(f64::from).collect();
    let a = vec![vec![1.0; 11]; 3];
    let da = vec![vec![0.1; 11]; 3];
    let result = autoscale(&SIZES[..3], &rho, &a, &da, 5.0, 1.0, 0.0);
    assert!(
        matches!(result, Err(StatisticsError::Undetermined { .. })),
        "{result:?}"
    );
}

#[test]
fn bad_input_is_refused() {
    let (rho, a, da) = synthetic(0, 0.01);
    let refused = |l: &[f64], rho: &[f64], da: &[Vec<f64>], nu| {
        scaledata(l, rho, &a, da, RHO_C, nu, ZETA).unwrap_err()
    };
    assert!(matches!(
        refused(&SIZES[..3], &rho, &da, NU),
        StatisticsError::Shape { quantity: "a", .. }
    ));
    assert!(matches!(
        refused(&[1.0, 2.0, 0.0, 4.0], &rho, &da, NU),
        StatisticsError::InvalidEntry {
            quantity: "l",
            column: 2,
            ..
        }
    ));
    assert!(matches!(
        refused(
            &SIZES,
            &rho,
            &a.iter().map(|row| vec![0.0; row.len()]).collect::<Vec<_>>(),
            NU
        ),
        StatisticsError::InvalidEntry { quantity: "da", .. }
    ));
    assert!(matches!(
        refused(&SIZES, &rho, &da, 0.0),
        StatisticsError::ScalingParameter { quantity: "nu", .. }
    ));
    let reversed: Vec<f64> = rho.iter().rev().copied().collect();
    assert!(matches!(
        refused(&SIZES, &reversed, &da, NU),
        StatisticsError::InvalidEntry {
            quantity: "rho",
            ..
        }
    ));
    let apart = [vec![0.0, 1.0], vec![2.0, 3.0]];
    assert_eq!(
        quality(&apart, &apart, &[vec![1.0; 2], vec![1.0; 2]]),
        Err(StatisticsError::NoOverlap)
    );
    assert_eq!(quality(&[], &[], &[]), Err(StatisticsError::NoOverlap));
    assert!(autoscale(&[], &[], &[], &[], 0.5, 1.0, 0.0).is_err());
}
