use dam_statistics::{LogisticFit, RetrievalCount, StatisticsError};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::reference::{assert_close, table};

fn counts(points: &[(f64, u64, u64)]) -> Vec<RetrievalCount> {
    points
        .iter()
        .map(|&(at, successes, trials)| RetrievalCount {
            at,
            successes,
            trials,
        })
        .collect()
}

#[test]
fn fits_agree_with_high_precision() {
    for row in table("logistic") {
        let points: Vec<RetrievalCount> = row
            .numbers("lambda")
            .into_iter()
            .zip(row.counts("successes"))
            .zip(row.counts("trials"))
            .map(|((at, successes), trials)| RetrievalCount {
                at,
                successes,
                trials,
            })
            .collect();
        let fit = LogisticFit::new(&points).unwrap();
        assert_close(fit.midpoint, row.number("midpoint"), 1e-12);
        assert_close(fit.width, row.number("width"), 1e-12);
        let expected = row.numbers("covariance");
        for (found, expected) in fit.covariance.as_flattened().iter().zip(expected) {
            assert_close(*found, expected, 1e-11);
        }
        assert_close(fit.deviance, row.number("deviance"), 1e-11);
        assert_eq!(fit.degrees_of_freedom, points.len() - 2);
    }
}

#[test]
fn separated_outcomes_report_their_bracket() {
    let separated = |points: &[(f64, u64, u64)]| LogisticFit::new(&counts(points)).unwrap_err();
    assert_eq!(
        separated(&[(1.0, 0, 9), (2.0, 0, 9), (3.0, 9, 9), (4.0, 9, 9)]),
        StatisticsError::CompleteSeparation {
            low: 2.0,
            high: 3.0
        }
    );
    // One mixed point is not enough: the step at it fits it and all others perfectly.
    assert_eq!(
        separated(&[(1.0, 0, 9), (2.0, 4, 9), (3.0, 9, 9)]),
        StatisticsError::CompleteSeparation {
            low: 2.0,
            high: 2.0
        }
    );
    assert_eq!(
        separated(&[(1.0, 9, 9), (2.0, 0, 9)]),
        StatisticsError::CompleteSeparation {
            low: 1.0,
            high: 2.0
        }
    );
    assert!(LogisticFit::new(&counts(&[(1.0, 0, 9), (2.0, 4, 9), (3.0, 8, 9)])).is_ok());
}

#[test]
fn penalised_fits_agree_with_a_direct_search() {
    // maxima of ln L + ½ ln det I that a simplex search (SciPy) found to eight digits or so
    for (points, midpoint, width) in [
        (
            [(0.25, 0, 40), (0.3, 31, 40), (0.35, 40, 40), (0.4, 40, 40)].as_slice(),
            0.2894193194354141,
            0.008842614155289781,
        ),
        (
            &[(0.25, 2, 40), (0.3, 31, 40), (0.35, 38, 40), (0.4, 40, 40)],
            0.28636889471719557,
            0.016025663323390997,
        ),
        (
            &[(1.0, 0, 9), (2.0, 0, 9), (3.0, 9, 9)],
            2.499605973632095,
            0.17055182376165845,
        ),
    ] {
        let fit = LogisticFit::penalised(&counts(points)).unwrap();
        assert_close(fit.midpoint, midpoint, 1e-7);
        assert_close(fit.width, width, 1e-6);
    }
    let single = LogisticFit::penalised(&counts(&[(1.0, 9, 9), (2.0, 9, 9)]));
    assert!(matches!(single, Err(StatisticsError::SingleOutcome { .. })));
}

#[test]
fn senseless_counts_are_refused() {
    let refused = |points: &[(f64, u64, u64)]| LogisticFit::new(&counts(points)).unwrap_err();
    assert!(matches!(
        refused(&[(1.0, 3, 3), (2.0, 3, 3)]),
        StatisticsError::SingleOutcome {
            outcome: "succeeded"
        }
    ));
    assert!(matches!(
        refused(&[(1.0, 0, 3), (2.0, 0, 3)]),
        StatisticsError::SingleOutcome { outcome: "failed" }
    ));
    assert!(matches!(
        refused(&[(1.0, 1, 3), (1.0, 2, 3)]),
        StatisticsError::TooFewPoints { .. }
    ));
    assert!(matches!(refused(&[]), StatisticsError::TooFewPoints { .. }));
    assert_eq!(
        refused(&[(1.0, 1, 3), (2.0, 0, 0)]),
        StatisticsError::NoTrials
    );
    assert!(matches!(
        refused(&[(f64::NAN, 1, 3)]),
        StatisticsError::InvalidPoint { index: 0, .. }
    ));
    assert_eq!(
        refused(&[(1.0, 2, 4), (2.0, 2, 4), (3.0, 2, 4)]),
        StatisticsError::FlatCurve
    );
}

#[test]
fn a_steep_and_a_falling_curve_are_found() {
    // Overlap of a single failure above a single success: very steep, yet finite.
    let steep = counts(&[
        (1.0, 0, 1000),
        (1.001, 1, 1000),
        (1.002, 999, 1000),
        (3.0, 1000, 1000),
    ]);
    let fit = LogisticFit::new(&steep).unwrap();
    assert!((fit.midpoint - 1.0015).abs() < 1e-6 && fit.width < 1e-3);
    let rising = counts(&[(1.0, 2, 30), (2.0, 11, 30), (3.0, 25, 30)]);
    let falling: Vec<RetrievalCount> = rising
        .iter()
        .map(|count| RetrievalCount {
            successes: count.trials - count.successes,
            ..*count
        })
        .collect();
    let (up, down) = (
        LogisticFit::new(&rising).unwrap(),
        LogisticFit::new(&falling).unwrap(),
    );
    assert_close(down.midpoint, up.midpoint, 1e-13);
    assert_close(down.width, -up.width, 1e-13);
    assert_eq!(down.probability(down.midpoint), 0.5);
}

#[test]
fn pulls_of_the_midpoint_have_unit_variance() {
    let sets = 1000;
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(8);
    let (mut squares, mut deviance) = (0.0, 0.0);
    for _ in 0..sets {
        let points: Vec<RetrievalCount> = (0..9)
            .map(|index| {
                let at = 1.0 + 0.25 * f64::from(index);
                let p = 1.0 / (1.0 + (-(at - 2.1) / 0.4_f64).exp());
                let successes = (0..400).filter(|_| generator.random::<f64>() < p).count();
                RetrievalCount {
                    at,
                    successes: successes as u64,
                    trials: 400,
                }
            })
            .collect();
        let fit = LogisticFit::new(&points).unwrap();
        squares += ((fit.midpoint - 2.1) / fit.midpoint_error()).powi(2);
        deviance += fit.deviance;
    }
    let sets = f64::from(sets);
    let z = (squares - sets) / (2.0 * sets).sqrt();
    assert!(z.abs() < 4.0, "z = {z}");
    let z = (deviance - 7.0 * sets) / (2.0 * 7.0 * sets).sqrt();
    assert!(z.abs() < 4.0, "deviance: z = {z}");
}
