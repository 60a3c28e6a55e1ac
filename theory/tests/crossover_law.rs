//! The law of λ_× over disorder samples.

use dam_theory::finite_size::{
    AxisNoise, CollinearMap, CrossoverLaw, PatternCount, crossover_deviation,
};

use crate::support::{assert_relative, named, patterns};

/// (ensemble, α, N, mean of λ_×, its standard error): `dam run`, experiment `crossover`; 6000 samples
/// of seeds 911 and 912, bisected to 2e-5, then 3000 of seed 31, to 1e-4, at P = 12 to 76.
const SIMULATED: &[(&str, f64, f64, f64, f64)] = &[
    ("spherical", 0.137, 37.0, 0.230_929, 4.3e-5),
    ("spherical", 0.2, 24.0, 0.352_179, 9.9e-5),
    ("spherical", 0.17, 31.0, 0.288_598, 5.8e-5),
    ("spherical", 0.23, 26.0, 0.392_233, 7.2e-5),
    ("spherical", 0.31, 21.0, 0.543_807, 1.02e-4),
    ("spherical", 0.09, 51.0, 0.151_802, 2.7e-5),
    ("spherical", 0.11, 29.0, 0.205_582, 8.9e-5),
    ("spherical", 0.2, 20.0, 0.368_087, 1.68e-4),
    ("spherical", 0.27, 19.0, 0.485_221, 1.74e-4),
    ("spherical", 0.052, 95.0, 0.084_700_4, 8.8e-6),
    ("rademacher", 0.2, 24.0, 0.353_019, 1.44e-4),
    ("rademacher", 0.2, 32.0, 0.331_559, 5.6e-5),
    ("rademacher", 0.15, 30.0, 0.261_813, 7.2e-5),
    ("spherical", 0.0531, 46.0, 0.106_67, 6e-5),
    ("spherical", 0.0531, 75.0, 0.091_57, 2e-5),
    ("spherical", 0.137, 21.0, 0.268_91, 2.6e-4),
    ("spherical", 0.271, 16.0, 0.506_20, 4.6e-4),
    ("spherical", 0.1185, 33.0, 0.211_25, 9e-5),
    ("spherical", 0.0815, 48.0, 0.142_86, 5e-5),
    ("rademacher", 0.137, 21.0, 0.269_40, 3.1e-4),
    ("rademacher", 0.137, 27.0, 0.249_27, 1.5e-4),
    ("rademacher", 0.173, 19.0, 0.333_32, 4.3e-4),
    ("rademacher", 0.1185, 33.0, 0.211_26, 9e-5),
];

/// (ensemble, N, P, median of λ_×, its standard error, half of its central 68.3 % width): the least λ of
/// the fixed points of each of 4000 to 40 000 samples, by a program of its own.
const SIMULATED_LAWS: &[(&str, f64, f64, f64, f64, f64)] = &[
    ("spherical", 18.0, 90.0, 0.456_421, 1.04e-4, 0.013_721),
    ("spherical", 20.0, 55.0, 0.367_295, 7.1e-5, 0.011_789),
    ("spherical", 20.0, 211.0, 0.475_571, 9.7e-5, 0.009_818),
    ("spherical", 22.0, 41.0, 0.310_851, 6.8e-5, 0.010_209),
    ("spherical", 24.0, 122.0, 0.352_009, 4.5e-5, 0.007_531),
    ("spherical", 26.0, 509.0, 0.407_451, 7.1e-5, 0.005_298),
    ("spherical", 30.0, 66.0, 0.246_512, 4.3e-5, 0.005_593),
    ("spherical", 31.0, 53.0, 0.228_083, 3.6e-5, 0.005_447),
    ("spherical", 35.0, 211.0, 0.256_492, 4.0e-5, 0.003_503),
    ("spherical", 45.0, 37.0, 0.143_569, 2.4e-5, 0.003_096),
    ("spherical", 60.0, 30.0, 0.102_128, 1.9e-5, 0.002_014),
    ("spherical", 100.0, 60.0, 0.069_644, 9e-6, 0.000_767),
    ("rademacher", 20.0, 55.0, 0.367_382, 8.7e-5, 0.012_459),
    ("rademacher", 24.0, 122.0, 0.352_252, 6.8e-5, 0.007_834),
    ("rademacher", 28.0, 270.0, 0.340_560, 7.2e-5, 0.005_302),
    ("rademacher", 31.0, 70.0, 0.240_951, 5.0e-5, 0.005_320),
    ("rademacher", 45.0, 37.0, 0.143_532, 2.5e-5, 0.003_086),
];

fn law(ensemble: &str, load: f64, size: f64) -> CrossoverLaw {
    law_of_count(ensemble, patterns(load, size), size)
}

fn law_of_count(ensemble: &str, count: PatternCount, size: f64) -> CrossoverLaw {
    let noise = AxisNoise::of(named(ensemble).as_ref(), size).unwrap();
    CrossoverLaw::new(noise, count).unwrap().unwrap()
}

/// The mean lies within its error of simulation, far nearer than the averaged noise, and the error
/// is not much larger than need be.
#[test]
fn simulated_means_are_met_within_the_error() {
    let mut off = 0.0;
    let mut said = 0.0;
    for &(ensemble, load, size, mean, deviation) in SIMULATED {
        let law = law(ensemble, load, size);
        let distance = (law.mean - mean).abs();
        assert!(
            distance <= law.mean_error + 3.0 * deviation,
            "{ensemble} {load} {size}: {law:?} for {mean}"
        );
        off += distance / mean;
        said += law.mean_error / mean;
    }
    assert!(said < 4.0 * off, "errors of {said} in all, off by {off}");
}

/// From P = 50 and N = 20 on the median is met to a thousandth; median and width lie within their
/// errors everywhere.
#[test]
fn simulated_medians_and_widths_are_met() {
    for &(ensemble, size, count, median, median_error, width) in SIMULATED_LAWS {
        let law = law_of_count(ensemble, PatternCount::from_count(count).unwrap(), size);
        let distance = (law.median - median).abs();
        assert!(
            distance <= law.median_error + 3.0 * median_error,
            "{ensemble} {size} {count}: median {} ± {} for {median}",
            law.median,
            law.median_error
        );
        if size >= 20.0 && count >= 50.0 {
            assert!(
                distance <= 1e-3 * median + 3.0 * median_error,
                "{ensemble} {size} {count}: median {} for {median}",
                law.median
            );
        }
        // the standard error of the width is about that of the median
        assert!(
            (law.deviation - width).abs() <= law.deviation_error + 3.0 * median_error,
            "{ensemble} {size} {count}: deviation {} ± {} for {width}",
            law.deviation,
            law.deviation_error
        );
    }
}

/// Quantiles of 40 000 samples of (N, P) = (20, 55) and of 16 000 of (35, 211), from 1 to 90 %.
#[test]
fn the_whole_law_is_that_of_simulation() {
    for (size, count, samples, quantiles) in [
        (
            20.0,
            55.0,
            40_000.0,
            [
                0.342_340, 0.346_825, 0.353_068, 0.361_315, 0.367_295, 0.373_552, 0.383_506,
            ],
        ),
        (
            35.0,
            211.0,
            16_000.0,
            [
                0.248_752, 0.250_104, 0.252_124, 0.254_644, 0.256_492, 0.258_332, 0.261_109,
            ],
        ),
    ] {
        let law = law_of_count("spherical", PatternCount::from_count(count).unwrap(), size);
        let shares: [f64; 7] = [0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9];
        for (share, lambda) in shares.into_iter().zip(quantiles) {
            let found = law.probability(lambda);
            let scatter = (share * (1.0 - share) / samples).sqrt();
            assert!(
                (found - share).abs() <= law.probability_error(lambda) + 3.0 * scatter,
                "{size} {count} λ = {lambda}: {found} ± {} for {share}",
                law.probability_error(lambda)
            );
        }
    }
}

/// At many patterns the law is normal with the deviation of first order and the mean of the averaged
/// noise.
#[test]
fn the_law_meets_its_limits() {
    for ensemble in ["spherical", "rademacher"] {
        for (load, size) in [(0.2, 60.0), (0.1, 200.0)] {
            let noise = AxisNoise::of(named(ensemble).as_ref(), size).unwrap();
            let map = CollinearMap::new(noise, patterns(load, size));
            let expected = crossover_deviation(&map).unwrap().unwrap();
            let law = law(ensemble, load, size);
            assert_relative(law.deviation, expected, 1e-10, (load, size));
            assert_eq!(law.mean, law.median);
            let above = law.probability(law.mean + law.deviation);
            assert_relative(above, 0.841_344_746_068_543, 1e-10, (load, size));
        }
        let mut last = f64::INFINITY;
        for size in [40.0, 60.0, 80.0, 120.0] {
            let noise = AxisNoise::of(named(ensemble).as_ref(), size).unwrap();
            let averaged = CollinearMap::new(noise, patterns(0.2, size)).crossover();
            let averaged = averaged.unwrap().unwrap().inverse_temperature;
            let shift = law(ensemble, 0.2, size).mean / averaged - 1.0;
            assert!(
                shift > 0.0 && shift < 0.3 * last,
                "{ensemble} {size}: {shift}"
            );
            last = shift;
        }
        assert!(last < 1e-8);
    }
}

/// Where the cavity gives way to the expansion, and along P = 40 to 100, nothing jumps.
#[test]
fn the_law_is_continuous_along_fine_scans() {
    let scan = |ensemble: &str, size: f64, logs: (f64, f64), points: u32| {
        let mut last: Option<CrossoverLaw> = None;
        for i in 0..=points {
            let log = logs.0 + (logs.1 - logs.0) * f64::from(i) / f64::from(points);
            let count = PatternCount::from_log_noise_patterns(log).unwrap();
            let law = law_of_count(ensemble, count, size);
            if let Some(last) = last {
                let what = format!("{ensemble} {size} ln(P − 1) = {log}");
                // λ_× goes about as ln P, and the deviation as P^{−1/2}
                let step = (logs.1 - logs.0) / f64::from(points);
                let rise = law.median / last.median - 1.0;
                assert!(rise > 0.0 && rise < 1.3 * step / log, "{what}: {rise}");
                let rise = law.mean / last.mean - 1.0;
                assert!(rise > 0.0 && rise < 1.3 * step / log, "{what}: {rise}");
                let fall = 1.0 - law.deviation / last.deviation;
                assert!(fall.abs() < 2.0 * step, "{what}: {fall}");
            }
            last = Some(law);
        }
    };
    scan("spherical", 40.0, (7.0, 8.4), 25);
    scan("rademacher", 40.0, (7.0, 8.4), 15);
    scan("spherical", 26.0, (3.7, 4.6), 25);
    scan("rademacher", 33.0, (3.7, 4.6), 15);
}
