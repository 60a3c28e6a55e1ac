use dam_statistics::{
    Basis, Bootstrap, BootstrappedFit, FitPoint, LinearFit, SampledPoint, StatisticsError, mean,
};

use crate::reference::{assert_close, gaussians, table};

fn mean_of(values: &[f64]) -> f64 {
    mean(values).unwrap().unwrap()
}

fn straight_line() -> Basis {
    Basis::new().with("1", |_| 1.0).with("x", |x| x)
}

#[test]
fn fits_agree_with_exact_arithmetic() {
    for row in table("weighted_least_squares") {
        let basis = match row.text("basis") {
            "inverse_powers" => Basis::inverse_powers(),
            "logarithmic" => Basis::logarithmic(),
            "line" => straight_line(),
            other => panic!("unknown basis {other}"),
        };
        let (x, y, errors) = (row.numbers("x"), row.numbers("y"), row.numbers("errors"));
        let points: Vec<FitPoint> = (0..x.len())
            .map(|i| FitPoint {
                x: x[i],
                value: y[i],
                error: errors[i],
            })
            .collect();
        let fit = LinearFit::new(basis, &points).unwrap();
        // The condition number of the scaled design limits every method, by κ ε at best.
        let tolerance = (row.number("condition_number") * 1e-15).max(1e-12);
        for (found, expected) in fit.coefficients().iter().zip(row.numbers("coefficients")) {
            assert_close(*found, expected, tolerance);
        }
        let covariance = fit.covariance();
        for (found, expected) in covariance.iter().zip(row.numbers("covariance")) {
            assert_close(*found, expected, tolerance);
        }
        assert_close(fit.chi_squared(), row.number("chi_squared"), 1e-12);
        assert_close(
            fit.p_value().unwrap().unwrap(),
            row.number("p_value"),
            1e-11,
        );
        let prediction = fit.predict(row.number("predict_at")).unwrap();
        assert_close(prediction.value, row.number("prediction"), 1e-12);
        assert_close(prediction.error, row.number("prediction_error"), tolerance);
    }
}

#[test]
fn dependent_functions_are_named() {
    let basis = Basis::new()
        .with("1", |_| 1.0)
        .with("x", |x| x)
        .with("x^2", |x| x * x)
        .with("3x", |x| 3.0 * x);
    let points = [1.0, 2.0, 3.0, 4.0, 5.0].map(|x| FitPoint {
        x,
        value: x,
        error: 1.0,
    });
    assert_eq!(
        LinearFit::new(basis, &points).unwrap_err(),
        StatisticsError::RankDeficient {
            names: "x, 3x".into(),
            rank: 3,
            coefficients: 4
        }
    );
    let zero = Basis::new().with("1", |_| 1.0).with("0", |_| 0.0);
    assert!(matches!(
        LinearFit::new(zero, &points),
        Err(StatisticsError::RankDeficient { names, .. }) if names == "0"
    ));
    let same_place = [points[0]; 4];
    assert!(matches!(
        LinearFit::new(Basis::inverse_powers(), &same_place),
        Err(StatisticsError::RankDeficient { rank: 1, .. })
    ));
}

#[test]
fn senseless_points_are_refused() {
    let point = FitPoint {
        x: 1.0,
        value: 1.0,
        error: 0.1,
    };
    let fit = |points: &[FitPoint]| LinearFit::new(straight_line(), points).unwrap_err();
    assert_eq!(
        fit(&[point]),
        StatisticsError::TooFewPoints {
            points: 1,
            coefficients: 2
        }
    );
    assert!(matches!(
        fit(&[
            point,
            FitPoint {
                error: 0.0,
                ..point
            }
        ]),
        StatisticsError::InvalidPoint { index: 1, .. }
    ));
    assert!(matches!(
        fit(&[
            point,
            FitPoint {
                value: f64::NAN,
                ..point
            }
        ]),
        StatisticsError::InvalidPoint { index: 1, .. }
    ));
    let at_zero = [FitPoint { x: 0.0, ..point }; 3];
    assert!(matches!(
        LinearFit::new(Basis::inverse_powers(), &at_zero),
        Err(StatisticsError::BasisNotFinite { .. })
    ));
    assert!(LinearFit::new(Basis::new(), &[]).is_err());
}

#[test]
fn as_many_points_as_coefficients_leave_no_p_value() {
    let points = [1.0, 3.0].map(|x| FitPoint {
        x,
        value: 2.0 * x,
        error: 0.5,
    });
    let fit = LinearFit::new(straight_line(), &points).unwrap();
    assert_eq!(fit.p_value().unwrap(), None);
    assert!((fit.predict(2.0).unwrap().value - 4.0).abs() < 1e-14);
    // The error of the mean of two equal errors, half way between them.
    assert_close(fit.predict(2.0).unwrap().error, 0.5 / 2.0_f64.sqrt(), 1e-14);
}

/// Over many noisy sets, c₀ deviates by its own error and χ² averages its degrees of freedom.
#[test]
fn pulls_and_chi_squared_have_their_laws() {
    let sets = 2000;
    let sizes = [20.0, 24.0, 28.0, 32.0, 36.0, 40.0];
    let (mut pulls, mut chi_squared) = (0.0, 0.0);
    for set in 0..sets {
        let noise = gaussians(sizes.len(), set);
        let points: Vec<FitPoint> = sizes
            .iter()
            .zip(noise)
            .map(|(&n, noise)| FitPoint {
                x: n,
                value: 1.5 - 2.0 * n.ln() / n + 0.7 / n + noise * 0.3 / n,
                error: 0.3 / n,
            })
            .collect();
        let fit = LinearFit::new(Basis::logarithmic(), &points).unwrap();
        pulls += ((fit.coefficients()[0] - 1.5) / fit.standard_errors()[0]).powi(2);
        chi_squared += fit.chi_squared();
    }
    let sets = sets as f64;
    let z_pull = (pulls - sets) / (2.0 * sets).sqrt();
    let z_chi = (chi_squared - 3.0 * sets) / (2.0 * 3.0 * sets).sqrt();
    assert!(z_pull.abs() < 4.0 && z_chi.abs() < 4.0, "{z_pull} {z_chi}");
}

/// For means the bootstrap covariance tends to the one that the errors imply.
#[test]
fn bootstrap_errors_match_the_covariance() {
    let sizes = [10.0, 15.0, 20.0, 30.0, 40.0];
    let samples: Vec<Vec<f64>> = (0..5)
        .map(|group| {
            let noise = gaussians(80, group);
            let n = sizes[usize::try_from(group).unwrap()];
            noise.iter().map(|z| 1.0 + 2.0 / n + 0.2 * z).collect()
        })
        .collect();
    let points: Vec<SampledPoint> = sizes
        .iter()
        .zip(&samples)
        .map(|(&x, samples)| SampledPoint { x, samples })
        .collect();
    let resamples = 5000;
    let bootstrap = Bootstrap::new(resamples, 3).unwrap();
    let basis = Basis::new().with("1", |_| 1.0).with("1/N", |n| 1.0 / n);
    let fit = BootstrappedFit::new(basis, &points, mean_of, &bootstrap).unwrap();
    let implied = fit.fit().standard_errors();
    for (found, expected) in fit.standard_errors().unwrap().iter().zip(&implied) {
        let z = (found / expected - 1.0) * (2.0 * resamples as f64).sqrt();
        assert!(z.abs() < 4.0, "z = {z}");
    }
    let prediction = fit.predict(1e12, 0.95).unwrap();
    let interval = fit.interval(0, 0.95).unwrap();
    assert_close(prediction.value, fit.fit().coefficients()[0], 1e-9);
    assert_close(prediction.interval.high, interval.high, 1e-9);
    assert!(interval.contains(1.0));
    let flat = [0.5; 10];
    let mut degenerate = points;
    degenerate[2].samples = &flat;
    assert_eq!(
        BootstrappedFit::new(straight_line(), &degenerate, mean_of, &bootstrap).unwrap_err(),
        StatisticsError::NoSpread { x: 20.0 }
    );
}
