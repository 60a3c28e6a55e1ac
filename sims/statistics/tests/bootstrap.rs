use dam_statistics::{
    Bootstrap, BootstrapMethod, Interval, StatisticsError, acceleration, bias_correction,
    corrected_interval, mean, median, normal_quantile, percentile_interval, standard_deviation,
};

use crate::reference::{assert_close, gaussians, table};

fn mean_of(values: &[f64]) -> f64 {
    mean(values).unwrap().unwrap()
}

fn median_of(values: &[f64]) -> f64 {
    median(values).unwrap().unwrap()
}

/// The sample variance, whose bootstrap distribution is skewed.
fn variance_of(values: &[f64]) -> f64 {
    standard_deviation(values).unwrap().unwrap().powi(2)
}

#[test]
fn deterministic_parts_agree_with_scipy() {
    for row in table("bootstrap") {
        let values = row.numbers("values");
        let statistic: fn(&[f64]) -> f64 = match row.text("statistic") {
            "mean" => mean_of,
            "variance" => variance_of,
            other => panic!("unknown statistic {other}"),
        };
        let mut replicates = row.numbers("replicates");
        replicates.sort_unstable_by(f64::total_cmp);
        let confidence = row.number("confidence");
        let bias = bias_correction(statistic(&values), &replicates).unwrap();
        assert_close(bias, row.number("bias_correction"), 1e-12);
        let jackknife: Vec<f64> = (0..values.len())
            .map(|index| statistic(&[&values[..index], &values[index + 1..]].concat()))
            .collect();
        let a = acceleration(&jackknife).unwrap();
        assert_close(a, row.number("acceleration"), 1e-11);
        let bca = corrected_interval(&replicates, bias, a, confidence).unwrap();
        assert_close(bca.low, row.number("bca_low"), 1e-12);
        assert_close(bca.high, row.number("bca_high"), 1e-12);
        let percentile = percentile_interval(&replicates, confidence).unwrap();
        assert_close(percentile.low, row.number("percentile_low"), 1e-13);
        assert_close(percentile.high, row.number("percentile_high"), 1e-13);
        assert_close(
            standard_deviation(&replicates).unwrap().unwrap(),
            row.number("standard_error"),
            1e-12,
        );
    }
}

#[test]
fn replicates_equal_to_the_estimate_count_half() {
    assert_eq!(bias_correction(2.0, &[1.0, 2.0, 2.0, 3.0]).unwrap(), 0.0);
    // One below and half of the three ties: 2.5 of 4.
    let tied = bias_correction(3.0, &[1.0, 3.0, 3.0, 3.0]).unwrap();
    assert_eq!(tied, normal_quantile(5.0 / 8.0).unwrap());
}

#[test]
fn the_fast_median_is_the_general_one() {
    let bootstrap = Bootstrap::new(500, 7).unwrap();
    for count in [2, 9, 40] {
        let values = gaussians(count, 3);
        let general = bootstrap
            .estimate(&values, median_of, 0.9, BootstrapMethod::Percentile)
            .unwrap();
        assert_eq!(bootstrap.median(&values, 0.9).unwrap(), general);
    }
}

#[test]
fn the_seed_fixes_every_replicate() {
    let values = gaussians(20, 1);
    let draw = |seed| {
        let bootstrap = Bootstrap::new(50, seed).unwrap();
        bootstrap.replicates(&values, mean_of).unwrap()
    };
    assert_eq!(draw(5), draw(5));
    assert_ne!(draw(5), draw(6));
}

/// The bootstrap variance of the mean is known: Σ (xᵢ − x̄)²/n².
#[test]
fn the_standard_error_of_the_mean_is_the_exact_one() {
    let values = gaussians(30, 2);
    let resamples = 20_000;
    let estimate = Bootstrap::new(resamples, 11)
        .unwrap()
        .estimate(&values, mean_of, 0.95, BootstrapMethod::Percentile)
        .unwrap();
    let exact = (variance_of(&values) * 29.0 / 30.0 / 30.0).sqrt();
    let z = (estimate.standard_error.unwrap() / exact - 1.0) * (2.0 * resamples as f64).sqrt();
    assert!(z.abs() < 4.0, "z = {z}");
}

#[test]
fn intervals_of_gaussian_means_cover_as_often_as_they_say() {
    let (sets, count, confidence) = (1500_u64, 60, 0.9);
    for method in [
        BootstrapMethod::Percentile,
        BootstrapMethod::BiasCorrectedAccelerated,
        BootstrapMethod::Normal,
    ] {
        let covered = (0..sets)
            .filter(|&set| {
                let estimate = Bootstrap::new(400, set)
                    .unwrap()
                    .estimate(
                        &gaussians(count, 1000 + set),
                        plain_mean,
                        confidence,
                        method,
                    )
                    .unwrap();
                estimate.interval.contains(0.0)
            })
            .count() as f64;
        // A bootstrap of n Gaussians is a z interval with the plug-in deviation: it covers
        // with the probability that |t| of n − 1 degrees stays below z √((n − 1)/n).
        let nominal = table("student_coverage")
            .iter()
            .find(|row| row.count("count") == count as u64)
            .map(|row| row.number("coverage"))
            .unwrap();
        let sets = sets as f64;
        let z = (covered - nominal * sets) / (nominal * (1.0 - nominal) * sets).sqrt();
        assert!(z.abs() < 4.0, "{method:?}: {covered} of {sets}, z = {z}");
    }
}

fn plain_mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn samples_without_spread_give_a_zero_width() {
    let bootstrap = Bootstrap::new(100, 0).unwrap();
    for method in [
        BootstrapMethod::Percentile,
        BootstrapMethod::BiasCorrectedAccelerated,
        BootstrapMethod::Normal,
    ] {
        let estimate = bootstrap
            .estimate(&[2.5; 10], median_of, 0.95, method)
            .unwrap();
        assert_eq!(estimate.standard_error, Some(0.0));
        assert_eq!(
            estimate.interval,
            Interval {
                low: 2.5,
                high: 2.5
            }
        );
    }
}

#[test]
fn censored_medians_stay_defined_below_one_half() {
    let bootstrap = Bootstrap::new(1000, 4).unwrap();
    let mut values = gaussians(40, 9);
    values.sort_unstable_by(f64::total_cmp);
    let complete = bootstrap.median(&values, 0.95).unwrap();
    // Censoring far above the median moves nothing.
    values[36..].fill(f64::INFINITY);
    let few = bootstrap.median(&values, 0.95).unwrap();
    assert_eq!(few.value, complete.value);
    assert_eq!(few.interval, complete.interval);
    // Close to one half the upper end is not bounded by the data.
    values[22..].fill(f64::INFINITY);
    let many = bootstrap.median(&values, 0.95).unwrap();
    assert_eq!(many.value, complete.value);
    assert_eq!(many.interval.low, complete.interval.low);
    assert_eq!(many.interval.high, f64::INFINITY);
    assert_eq!(many.standard_error, None);
    values[20..].fill(f64::INFINITY);
    assert_eq!(
        bootstrap.median(&values, 0.95),
        Err(StatisticsError::CensoredMedian {
            censored: 20,
            count: 40
        })
    );
}

#[test]
fn bad_input_is_refused() {
    let bootstrap = Bootstrap::new(10, 0).unwrap();
    assert!(Bootstrap::new(1, 0).is_err());
    assert!(bootstrap.replicates(&[1.0], mean_of).is_err());
    assert!(
        bootstrap
            .replicates(&[1.0, f64::INFINITY], mean_of)
            .is_err()
    );
    assert!(matches!(
        bootstrap.replicates(&[1.0, 2.0], |_| f64::NAN),
        Err(StatisticsError::StatisticNotFinite { .. })
    ));
    assert!(bias_correction(5.0, &[1.0, 2.0]).is_err());
    assert!(corrected_interval(&[1.0, 2.0], 0.0, -3.0, 0.95).is_err());
    assert!(percentile_interval(&[], 0.95).is_err());
}
