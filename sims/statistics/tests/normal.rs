use dam_statistics::{StatisticsError, normal_quantile};

use crate::reference::{assert_close, table};

#[test]
fn quantiles_agree_with_scipy() {
    for row in table("normal_quantile") {
        let z = normal_quantile(row.number("probability")).unwrap();
        assert_close(z, row.number("quantile"), 1e-14);
    }
}

#[test]
fn the_quantile_is_odd_about_one_half() {
    assert_eq!(normal_quantile(0.5).unwrap(), 0.0);
    for p in [0.4375, 0.25, 0.125, 2.0_f64.powi(-30)] {
        assert_eq!(
            normal_quantile(p).unwrap(),
            -normal_quantile(1.0 - p).unwrap()
        );
    }
}

#[test]
fn probabilities_without_a_finite_quantile_are_refused() {
    for p in [0.0, 1.0, -0.1, 1.1, f64::NAN, 1e-310] {
        assert!(matches!(
            normal_quantile(p),
            Err(StatisticsError::Probability { .. })
        ));
    }
}
