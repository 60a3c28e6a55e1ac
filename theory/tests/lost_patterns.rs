//! The expected numbers of lost patterns at finite N, and the spread of crossovers.
use dam_theory::finite_size::{
    AxisNoise, CollinearMap, CrossoverLaw, GaussianNormLaw, PatternCount, RademacherNoise,
    SphericalNoise, crossover_deviation, expected_median_crossover, half_load, half_load_estimate,
    lost_patterns, retrieval_probability,
};

use crate::support::{named, patterns};

/// Measured means and standard errors over 200 samples (`dam run`, seed 5): the number of lost
/// Gaussian patterns.
#[test]
fn lost_gaussian_patterns_are_as_many_as_in_simulations() {
    for (inverse_temperature, size, load, measured, error) in [
        (0.5, 20.0, 0.08, 0.395, 0.039),
        (0.5, 20.0, 0.16, 5.335, 0.133),
        (0.5, 32.0, 0.12, 1.06, 0.078),
        (0.5, 32.0, 0.14, 3.595, 0.139),
        (1.0, 20.0, 0.2, 5.925, 0.154),
        (1.0, 32.0, 0.14, 0.545, 0.053),
        (1.0, 32.0, 0.2, 16.23, 0.266),
    ] {
        let count = patterns(load, size);
        let lost =
            lost_patterns(named("gaussian").as_ref(), count, size, inverse_temperature).unwrap();
        let z = (lost.lost() - measured) / error;
        assert!(
            z.abs() < 4.0,
            "{inverse_temperature} {size} {load}: {lost:?}, z = {z}"
        );
        assert!(lost.lost_to_close_pair() < lost.lost());
        assert!((lost.all_retrieved() - (-lost.lost()).exp()).abs() < 1e-12);
    }
}

/// P E_r{1 − [1 − Pr(y > √(rN))]^{P−1}} against the union of pairs, whose probability is Student's,
/// and a fine sum over r.
#[test]
fn close_pairs_are_counted_exactly() {
    let (size, load) = (24.0, 0.2);
    let lost = lost_patterns(named("gaussian").as_ref(), patterns(load, size), size, 0.5).unwrap();
    let count: f64 = (load * size).exp().round();
    let student = dam_theory::finite_size::gaussian_pair_log_probability(size).unwrap();
    let pairs = count * (count - 1.0) * student.exp();
    let found = lost.lost_to_close_pair();
    // Bonferroni: the patterns with a partner are at most the pairs, and nearly as many
    assert!(found < pairs && found > 0.9 * pairs, "{found} {pairs}");
    let law = GaussianNormLaw::new(size).unwrap();
    let step = 1e-3;
    let sum: f64 = (1..4000)
        .map(|index| {
            let norm = step * f64::from(index);
            let tail = 0.5 * libm::erfc((0.5 * norm * size).sqrt());
            let any = 1.0 - (1.0 - tail).powf(count - 1.0);
            step * law.log_density(norm).unwrap().exp() * any
        })
        .sum();
    assert!((found / (count * sum) - 1.0).abs() < 1e-4);
    // equal signs: P(P − 1)/2^N, two at a time
    let signs =
        lost_patterns(named("rademacher").as_ref(), patterns(0.3, 20.0), 20.0, 3.0).unwrap();
    let count: f64 = (0.3_f64 * 20.0).exp().round();
    let expected = count * (count - 1.0) / 2.0_f64.powi(20);
    assert!((signs.lost_to_close_pair() / expected - 1.0).abs() < 1e-3);
    assert!((signs.losses() - signs.lost() + 0.5 * signs.lost_to_close_pair()).abs() < 1e-12);
}

/// α_{1/2} rises to α_c^lb: α₁ on the sphere, min(α_B, ¼ ln 2), and min(α₁, ½ ln 2), which the
/// second moment of duplicates approaches from above.
#[test]
fn half_loads_tend_to_the_bound_for_all_patterns() {
    for name in ["spherical", "gaussian", "rademacher"] {
        for inverse_temperature in [0.3, 0.5, 1.0] {
            let limit = named(name)
                .all_patterns_lower_bound(inverse_temperature)
                .unwrap();
            let mut last = f64::INFINITY;
            for size in [100.0, 1e3, 1e4] {
                let found = half_load(named(name).as_ref(), size, inverse_temperature)
                    .unwrap()
                    .unwrap();
                let distance = (found - limit).abs();
                assert!(
                    distance < 0.6 * last,
                    "{name} {inverse_temperature} {size}: {found}"
                );
                last = distance;
            }
            assert!(
                last < 1.5e-3,
                "{name} {inverse_temperature}: {last} of {limit}"
            );
        }
    }
    let half = half_load(named("gaussian").as_ref(), 32.0, 0.5)
        .unwrap()
        .unwrap();
    let at_half = PatternCount::from_count((half * 32.0).exp()).unwrap();
    let lost = lost_patterns(named("gaussian").as_ref(), at_half, 32.0, 0.5).unwrap();
    assert!((lost.all_retrieved() - 0.5).abs() < 1e-2);
    // at λ = 0.02 even three patterns are lost
    assert_eq!(
        half_load(named("spherical").as_ref(), 20.0, 0.02).unwrap(),
        None
    );
    assert!(lost_patterns(named("uniform").as_ref(), at_half, 32.0, 0.5).is_err());
    assert!(lost_patterns(named("gaussian").as_ref(), at_half, 32.0, 0.0).is_err());
}

/// Half-loads of spherical patterns, 2000 samples a load (docs/extrapolation.md), lie within the error
/// of theory, which is gone at large N.
#[test]
fn half_loads_are_worth_their_error() {
    let spherical = named("spherical");
    let at = |size: f64, lambda: f64| {
        let half = half_load_estimate(spherical.as_ref(), size, lambda);
        let half = half.unwrap().unwrap();
        (half.value, half.error)
    };
    for (lambda, size, measured) in [
        (0.5, 16.0, 0.2299),
        (0.5, 20.0, 0.2613),
        (0.5, 24.0, 0.2802),
        (0.6, 16.0, 0.2752),
        (0.6, 20.0, 0.3121),
    ] {
        let (half, error) = at(size, lambda);
        assert!(
            (half - measured).abs() < error && error < 0.075 * half,
            "{lambda} {size}: {half} ± {error} for {measured}"
        );
    }
    assert!(at(100.0, 0.5).1 < 1e-4);
    // where it is gone, the accuracy of the search is left
    for (size, lambda) in [(300.0, 0.21), (300.0, 1.7), (1011.0, 0.5)] {
        assert!((1e-6..1e-4).contains(&at(size, lambda).1));
    }
    // 400 samples a load
    let gaussian = named("gaussian");
    for (lambda, size, measured, standard_error) in [
        (0.5, 33.0, 0.1122, 0.00096),
        (1.1, 24.0, 0.1439, 0.001),
        (1.1, 33.0, 0.1495, 0.0009),
    ] {
        let half = half_load_estimate(gaussian.as_ref(), size, lambda);
        let half = half.unwrap().unwrap();
        let distance = (half.value - measured).abs();
        assert!(
            distance < half.error + 3.0 * standard_error && half.error < 0.05 * half.value,
            "{half:?}"
        );
    }
}

/// Standard deviations of λ_× over 300 samples, each good to 4 %.
#[test]
fn crossovers_scatter_as_simulated() {
    for (size, load, measured) in [
        (40.0, 0.2, 0.00157),
        (44.0, 0.2, 0.00112),
        (50.0, 0.2, 0.00063),
        (32.0, 0.3, 0.00207),
    ] {
        let map = CollinearMap::new(SphericalNoise::new(size).unwrap(), patterns(load, size));
        let deviation = crossover_deviation(&map).unwrap().unwrap();
        let ratio = measured / deviation;
        assert!(
            (ratio - 1.0).abs() < 4.0 * 0.041,
            "{size} {load}: {deviation}"
        );
    }
    // many patterns average perfectly, few have no saddle-node
    let map = |count| CollinearMap::new(RademacherNoise::new(200.0).unwrap(), count);
    assert!(
        crossover_deviation(&map(patterns(0.2, 200.0)))
            .unwrap()
            .unwrap()
            < 1e-8
    );
    let two = PatternCount::from_count(2.0).unwrap();
    assert_eq!(crossover_deviation(&map(two)).unwrap(), None);
}

#[test]
fn retrieval_probabilities_pass_one_half_at_the_crossover() {
    let (size, load) = (40.0, 0.2);
    let count = patterns(load, size);
    let at = |name: &str, lambda: f64| {
        let found = retrieval_probability(named(name).as_ref(), count, size, lambda);
        found.unwrap().unwrap()
    };
    for name in ["spherical", "rademacher"] {
        let noise = AxisNoise::of(named(name).as_ref(), size).unwrap();
        let law = CrossoverLaw::new(noise, count).unwrap().unwrap();
        assert!((at(name, law.median).value - 0.5).abs() < 1e-12);
        let (below, above) = (law.median - law.deviation, law.median + law.deviation);
        let within = at(name, above).value - at(name, below).value;
        assert!((within - 0.682_689_492_137_086).abs() < 1e-3);
    }
    let gaussian = named("gaussian");
    let median = expected_median_crossover(gaussian.as_ref(), count, size);
    assert!((at("gaussian", median.unwrap().unwrap().value).value - 0.5).abs() < 2e-3);
    let uniform = retrieval_probability(named("uniform").as_ref(), count, size, 0.3);
    assert_eq!(uniform, Ok(None));
    // above λ = 1 the averaged noise loses the targets below 2 ln(P − 1)/N
    let norm = 2.0 * count.log_noise_patterns() / size;
    let law = GaussianNormLaw::new(size).unwrap();
    let kept = law.log_upper_tail(norm).unwrap().exp();
    let found = at("gaussian", 5.0);
    assert!((found.value - kept).abs() < found.error && found.error < 0.01);
}
