use dam_statistics::{StatisticsError, wilson_interval};

use crate::reference::{assert_close, table};

#[test]
fn ends_agree_with_statsmodels() {
    for row in table("wilson") {
        let interval = wilson_interval(
            row.count("successes"),
            row.count("trials"),
            row.number("confidence"),
        )
        .unwrap();
        assert_close(interval.low, row.number("low"), 1e-12);
        assert_close(interval.high, row.number("high"), 1e-12);
    }
}

#[test]
fn ends_are_exact_at_zero_and_one_and_mirror_each_other() {
    for trials in [1, 7, 100, 1_000_000_007] {
        assert_eq!(wilson_interval(0, trials, 0.95).unwrap().low, 0.0);
        assert_eq!(wilson_interval(trials, trials, 0.95).unwrap().high, 1.0);
    }
    let few = wilson_interval(3, 40, 0.9).unwrap();
    let many = wilson_interval(37, 40, 0.9).unwrap();
    assert_eq!(many.high, 1.0 - few.low);
    assert_eq!(many.low, 1.0 - few.high);
}

/// Sums the binomial law over the outcomes whose interval covers p: no randomness.
#[test]
fn exact_coverage_is_near_nominal() {
    let trials = 200_u64;
    for p in [0.1_f64, 0.3, 0.5, 0.8] {
        let mut log_weight = trials as f64 * (-p).ln_1p();
        let mut covered = 0.0;
        for successes in 0..=trials {
            if wilson_interval(successes, trials, 0.95)
                .unwrap()
                .contains(p)
            {
                covered += log_weight.exp();
            }
            log_weight +=
                ((trials - successes) as f64 / (successes + 1) as f64).ln() + (p / (1.0 - p)).ln();
        }
        assert!((covered - 0.95).abs() < 0.015, "coverage {covered} at {p}");
    }
}

#[test]
fn senseless_counts_are_refused() {
    assert_eq!(wilson_interval(0, 0, 0.95), Err(StatisticsError::NoTrials));
    assert!(matches!(
        wilson_interval(3, 2, 0.95),
        Err(StatisticsError::TooManySuccesses { .. })
    ));
    assert!(wilson_interval(1, 2, 1.0).is_err());
}
