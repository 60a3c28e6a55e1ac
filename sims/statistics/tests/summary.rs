use dam_statistics::{StatisticsError, Summary, mean};

use crate::reference::{assert_close, table};

#[test]
fn moments_agree_with_exact_arithmetic() {
    for row in table("summary") {
        let summary = Summary::new(&row.numbers("values")).unwrap();
        assert_close(summary.mean.unwrap(), row.number("mean"), 1e-15);
        assert_eq!(summary.median.unwrap(), row.number("median"));
        assert_close(
            summary.standard_deviation.unwrap(),
            row.number("standard_deviation"),
            1e-12,
        );
        assert_close(
            summary.standard_error.unwrap(),
            row.number("standard_error"),
            1e-12,
        );
    }
}

#[test]
fn none_one_and_equal_values_are_explicit() {
    let none = Summary::new(&[]).unwrap();
    assert_eq!((none.count, none.mean, none.median), (0, None, None));
    let one = Summary::new(&[4.0]).unwrap();
    assert_eq!((one.mean, one.median), (Some(4.0), Some(4.0)));
    assert_eq!((one.standard_deviation, one.standard_error), (None, None));
    let equal = Summary::new(&[0.1; 7]).unwrap();
    assert_close(equal.mean.unwrap(), 0.1, 1e-15);
    assert!(equal.standard_deviation.unwrap() < 1e-16);
}

#[test]
fn not_a_number_is_refused_with_its_place() {
    for value in [f64::NAN, f64::NEG_INFINITY] {
        let error = Summary::new(&[1.0, value]).unwrap_err();
        assert!(matches!(
            error,
            StatisticsError::InvalidValue { index: 1, .. }
        ));
        assert!(error.to_string().starts_with("value 1 is"));
    }
    assert_eq!(
        mean(&[f64::MAX, f64::MAX]),
        Err(StatisticsError::Overflow { quantity: "mean" })
    );
}

#[test]
fn the_median_is_known_while_fewer_than_half_are_censored() {
    let censored = |finite: usize, infinite: usize| {
        let mut values: Vec<f64> = (0..finite).map(|i| i as f64).collect();
        values.extend(std::iter::repeat_n(f64::INFINITY, infinite));
        values.reverse();
        Summary::new(&values).unwrap()
    };
    assert_eq!(censored(3, 2).median, Some(2.0));
    assert_eq!(censored(3, 2).censored, 2);
    assert_eq!(censored(3, 2).standard_error, None);
    assert_eq!(censored(4, 2).median, Some(2.5));
    assert_eq!(censored(3, 3).median, None);
    assert_eq!(censored(2, 3).median, None);
}

#[test]
fn json_round_trip() {
    let summary = Summary::new(&[1.0, 2.5, f64::INFINITY]).unwrap();
    let text = serde_json::to_string(&summary).unwrap();
    assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary);
}
