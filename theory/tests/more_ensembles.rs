//! Gaussian mixture, correlated Gaussian and hidden-manifold patterns: limits, definitions, finite
//! size.
use std::path::Path;

use dam_theory::ensembles::{Gaussian, GaussianMixtureLaw};
use dam_theory::families::{GaussianCovariance, IndependentComponents};
use dam_theory::finite_size::{
    GaussianComponents, PatternCount, component_crossover, covariance_crossover, crossover,
    gaussian_crossover_given_norm, median_crossover,
};
use dam_theory::laws::{CorrelatedPairs, CovarianceLaw, GaussianSpectrum, HiddenManifold};
use dam_theory::{Ensemble, Parameters, TheoryError, ensemble, ensemble_with};

use crate::support::{assert_relative as assert_close, named};

fn covariance(law: CovarianceLaw) -> GaussianCovariance {
    GaussianCovariance::new("covariance", Parameters::new(), law)
}

fn pairs(ratio: f64) -> GaussianCovariance {
    covariance(CovarianceLaw::Pairs(CorrelatedPairs::new(ratio).unwrap()))
}

fn eigenvalues(spectrum: &[f64]) -> GaussianCovariance {
    covariance(CovarianceLaw::Spectrum(
        GaussianSpectrum::new(spectrum).unwrap(),
    ))
}

fn manifold(ratio: f64) -> GaussianCovariance {
    covariance(CovarianceLaw::Manifold(HiddenManifold::new(ratio).unwrap()))
}

fn parameter(key: &str, value: f64) -> Parameters {
    Parameters::from([(key.to_owned(), value.into())])
}

fn spectrum(eigenvalues: &[f64]) -> Parameters {
    Parameters::from([("spectrum".to_owned(), eigenvalues.to_vec().into())])
}

fn covariances() -> Vec<GaussianCovariance> {
    let given = [&[0.5, 0.5, 1.0, 2.0][..], &[0.0, 0.25, 1.0, 1.5, 2.25]];
    let correlated = [1.0, 3.0, 10.0].map(pairs).into_iter();
    let manifolds = [0.5, 1.0, 4.0].map(manifold);
    correlated
        .chain(manifolds)
        .chain(given.map(eigenvalues))
        .collect()
}

/// Written by references/more_ensembles.py with 30 digits.
#[test]
fn closed_forms_agree_with_the_reference_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("references/more_ensembles.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("ensemble,parameter,quantity,argument,value")
    );
    let mut rows = 0;
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [name, key, quantity, argument, value] = cells[..] else {
            panic!("{line}");
        };
        let numbers = |text: &str| -> Vec<f64> {
            text.split(' ').map(|part| part.parse().unwrap()).collect()
        };
        let value: f64 = value.parse().unwrap();
        let parameters = match name {
            "correlated-gaussian" if key.contains(' ') => spectrum(&numbers(key)),
            "correlated-gaussian" => parameter("variance_ratio", key.parse().unwrap()),
            "hidden-manifold" => parameter("manifold_ratio", key.parse().unwrap()),
            _ => Parameters::new(),
        };
        let arguments = numbers(argument);
        rows += 1;
        if let [load, size] = arguments[..] {
            assert_eq!(quantity, "lambda_crossover");
            let found = crossover(
                ensemble_with(name, &parameters).unwrap().as_ref(),
                load,
                size,
            )
            .unwrap();
            // the minimum over w is found to 1e-5 in ln w/(1 − w)
            assert_close(found.unwrap().inverse_temperature, value, 1e-10, line);
            continue;
        }
        let argument = arguments[0];
        let ensemble = ensemble_with(name, &parameters).unwrap();
        let found = match quantity {
            "cgf" => ensemble.cumulant_generating_function(argument, 1.0),
            "saddle_overlap" => ensemble.saddle_overlap(argument, 1.0),
            "alpha_star" => ensemble.condensation_load(argument, 1.0),
            "alpha_1" => ensemble.typical_threshold(argument),
            "lambda_1" => ensemble.typical_inverse_temperature(argument),
            "epsilon_star" => ensemble.extreme_overlap(argument, 1.0),
            "alpha_c_lower_bound" => ensemble.all_patterns_lower_bound(argument),
            _ => panic!("{quantity}"),
        };
        assert_close(found.unwrap(), value, 1e-12, line);
    }
    assert!(rows > 80);
}

#[test]
fn without_correlation_the_covariance_is_that_of_gaussian_patterns() {
    let near = [
        (pairs(1.0), 1e-13),
        (eigenvalues(&[1.0; 7]), 1e-13),
        // v − 1 = 10⁻⁶
        (manifold(1e6), 1e-5),
    ];
    for (covariance, tolerance) in near {
        for lambda in [0.01, 0.3, 0.8, 0.999, 2.0] {
            let pairs = [
                (
                    covariance.typical_threshold(lambda),
                    Gaussian.typical_threshold(lambda),
                ),
                (
                    covariance.cumulant_generating_function(lambda, 1.0),
                    Gaussian.cumulant_generating_function(lambda, 1.0),
                ),
                (
                    covariance.all_patterns_lower_bound(lambda),
                    Gaussian.all_patterns_lower_bound(lambda),
                ),
            ];
            for (found, expected) in pairs {
                let what = format!("{covariance:.0?} {lambda}");
                assert_close(found.unwrap(), expected.unwrap(), tolerance, &what[..60]);
            }
        }
        for load in [0.05, 0.2, 0.4] {
            assert_close(
                covariance.typical_inverse_temperature(load).unwrap(),
                Gaussian.typical_inverse_temperature(load).unwrap(),
                tolerance,
                "λ₁",
            );
        }
    }
}

#[test]
fn the_spectrum_gives_the_second_moment() {
    for (b, v) in [(1.0, 1.0), (3.0, 1.25), (9.0, 1.64)] {
        let law = CorrelatedPairs::new(b).unwrap();
        assert_close(pairs(b).second_moment(), v, 1e-15, "v");
        for size in [20.0, 21.0] {
            let spectrum = law.spectrum(size);
            let total: f64 = spectrum.iter().map(|(c, count)| c * count).sum();
            assert_close(total, size, 1e-15, "tr C");
        }
    }
    for ratio in [0.1, 0.5, 0.99, 1.0, 1.01, 3.0, 1e3] {
        let manifold = manifold(ratio);
        assert_close(manifold.second_moment(), 1.0 + 1.0 / ratio, 1e-12, "v");
    }
}

#[test]
fn bounds_lie_in_order_and_thresholds_invert() {
    let mut all: Vec<Box<dyn Ensemble>> =
        vec![Box::new(IndependentComponents::new(GaussianMixtureLaw))];
    for covariance in covariances() {
        all.push(Box::new(covariance));
    }
    for ensemble in &all {
        let mut last = 0.0;
        for step in 1..60 {
            let lambda = 0.05 * f64::from(step);
            let typical = ensemble.typical_threshold(lambda).unwrap();
            let every = ensemble.all_patterns_lower_bound(lambda).unwrap();
            assert!(
                every > 0.0 && every <= typical * (1.0 + 1e-12),
                "{} {lambda}",
                ensemble.name()
            );
            assert!(
                typical >= last * (1.0 - 1e-12),
                "{} {lambda}",
                ensemble.name()
            );
            if typical > last * (1.0 + 1e-9) && ensemble.saddle_overlap(lambda, 1.0).unwrap() < 0.99
            {
                let back = ensemble.typical_inverse_temperature(typical).unwrap();
                assert_close(back, lambda, 1e-9, ensemble.name());
            }
            last = typical;
        }
    }
}

/// α_c^lb from its definition: no law of targets N(0, c q_c) that fails at a lower load, over a
/// grid.
#[test]
fn no_two_level_targets_fail_below_the_lower_bound() {
    let ensemble = pairs(3.0);
    let [high, low] = [1.5, 0.5];
    for lambda in [0.2, 0.5, 0.7, 0.9, 1.3] {
        let bound = ensemble.all_patterns_lower_bound(lambda).unwrap();
        let mut least = f64::INFINITY;
        for first in 1..150 {
            for second in 1..150 {
                let (p, q) = (0.01 * f64::from(first), 0.01 * f64::from(second));
                let average = |f: &dyn Fn(f64, f64) -> f64| 0.5 * (f(high, p) + f(low, q));
                let divergence = average(&|_, q| 0.5 * (q - 1.0 - q.ln()));
                let norm = average(&|c, q| c * q);
                let square = average(&|c, q| c * c * q);
                // many levels at the saddle, or one extreme level (s_y(ε) = ε²/(2 E c²q)) at ε = r
                let extreme = 0.5 * norm * norm / square;
                let saddle = lambda * norm - 0.5 * lambda * lambda * square;
                let uncondensed = divergence.max(saddle).max(0.5 * lambda * lambda * square);
                let rare = divergence.max(0.5 * (divergence + extreme));
                least = least.min(uncondensed).min(rare);
            }
        }
        assert!(
            least > bound - 1e-12 && least < bound + 2e-3,
            "{lambda}: {least} {bound}"
        );
    }
}

#[test]
fn parameters_are_checked_by_key() {
    let missing = ensemble("correlated-gaussian").unwrap_err();
    assert!(missing.to_string().contains("variance_ratio"), "{missing}");
    let unknown = ensemble_with("gaussian", &parameter("variance_ratio", 2.0)).unwrap_err();
    assert!(
        matches!(unknown, TheoryError::UnknownParameter { ref key, .. } if key == "variance_ratio")
    );
    for value in [0.5, 0.0, f64::NAN, f64::INFINITY] {
        assert!(ensemble_with("correlated-gaussian", &parameter("variance_ratio", value)).is_err());
    }
    for value in [-1.0, 0.0, f64::NAN] {
        assert!(ensemble_with("hidden-manifold", &parameter("manifold_ratio", value)).is_err());
    }
    let mut both = spectrum(&[1.0]);
    both.extend(parameter("variance_ratio", 2.0));
    for (parameters, words) in [
        (spectrum(&[]), "is empty"),
        (spectrum(&[0.5, -0.5, 3.0]), "-0.5 as its eigenvalue 2"),
        (spectrum(&[f64::NAN, 1.0]), "NaN as its eigenvalue 1"),
        (spectrum(&[1.0, f64::INFINITY]), "inf as its eigenvalue 2"),
        (spectrum(&[0.0, 0.0]), "no eigenvalue above 0"),
        (spectrum(&[1.0, 1.5]), "divide every eigenvalue by 1.25"),
        (parameter("spectrum", 1.0), "spectrum is a list of numbers"),
        (
            Parameters::from([("variance_ratio".to_owned(), vec![2.0].into())]),
            "variance_ratio is a number",
        ),
        (both, "variance_ratio or spectrum; delete"),
    ] {
        let refused = ensemble_with("correlated-gaussian", &parameters).unwrap_err();
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let law = GaussianSpectrum::new(&[0.5, 0.5, 1.0, 2.0]).unwrap();
    law.check_size(40.0).unwrap();
    let refused = law.check_size(42.0).unwrap_err();
    assert!(
        refused.to_string().contains("take N = 40 or 44"),
        "{refused}"
    );
    for covariance in covariances() {
        assert!(covariance.cumulant_generating_function(0.5, 0.9).is_err());
    }
}

#[test]
fn equal_eigenvalues_give_the_gaussian_crossover() {
    let target: Vec<f64> = (0..40).map(|i| 0.4 + 0.03 * f64::from(i)).collect();
    let norm = target.iter().map(|x| x * x).sum::<f64>() / 40.0;
    let patterns = PatternCount::from_load(0.2, 40.0).unwrap();
    let exact = gaussian_crossover_given_norm(0.2, 40.0, norm)
        .unwrap()
        .unwrap();
    let found = covariance_crossover(&target, &[1.0; 40], patterns)
        .unwrap()
        .unwrap();
    let same = component_crossover(&GaussianComponents, &target, patterns)
        .unwrap()
        .unwrap();
    assert_close(
        found.inverse_temperature,
        exact.inverse_temperature,
        1e-9,
        "λ_×",
    );
    assert_close(
        same.inverse_temperature,
        found.inverse_temperature,
        1e-12,
        "λ_×",
    );
}

/// x' = w ξ + (1 − w) λ C x with C itself, not its eigenvalues.
#[test]
fn the_map_in_all_components_turns_at_the_crossover() {
    let law = CorrelatedPairs::new(3.0).unwrap();
    let (size, correlation) = (40_usize, law.correlation());
    let patterns = PatternCount::from_load(0.2, 40.0).unwrap();
    let target: Vec<f64> = (0..size)
        .map(|i| (1.7 * i as f64).sin() + 0.6 * (0.3 * i as f64).cos())
        .collect();
    let times =
        |x: &[f64]| -> Vec<f64> { (0..size).map(|i| x[i] + correlation * x[i ^ 1]).collect() };
    let retrieves = |lambda: f64| {
        let mut x = target.clone();
        let mut weight = 1.0;
        for _ in 0..100_000 {
            let noise = times(&x);
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let log_odds = lambda * dot(&x, &target)
                - 0.5 * lambda * lambda * dot(&x, &noise)
                - patterns.log_noise_patterns();
            weight = 1.0 / (1.0 + (-log_odds).exp());
            for i in 0..size {
                x[i] = weight * target[i] + (1.0 - weight) * lambda * noise[i];
            }
        }
        weight > 0.5
    };
    let (mut projections, mut eigenvalues) = (Vec::new(), Vec::new());
    for pair in target.chunks(2) {
        for sign in [1.0, -1.0] {
            projections.push((pair[0] + sign * pair[1]) * 0.5_f64.sqrt());
            eigenvalues.push(1.0 + sign * correlation);
        }
    }
    let found = covariance_crossover(&projections, &eigenvalues, patterns)
        .unwrap()
        .unwrap();
    assert!(retrieves(1.0005 * found.inverse_temperature));
    assert!(!retrieves(0.9995 * found.inverse_temperature));
}

#[test]
fn crossovers_fall_to_their_limits() {
    let cases = [
        ("gaussian-mixture", Parameters::new()),
        ("correlated-gaussian", parameter("variance_ratio", 3.0)),
        ("correlated-gaussian", spectrum(&[0.25, 0.75, 2.0])),
        ("hidden-manifold", parameter("manifold_ratio", 4.0)),
        ("hidden-manifold", parameter("manifold_ratio", 1.5)),
    ];
    for (name, parameters) in cases {
        let limit = ensemble_with(name, &parameters)
            .unwrap()
            .typical_inverse_temperature(0.2)
            .unwrap();
        let mut last = f64::INFINITY;
        for size in [40.0, 400.0, 4e3, 1e6] {
            let found = crossover(
                ensemble_with(name, &parameters).unwrap().as_ref(),
                0.2,
                size,
            )
            .unwrap()
            .unwrap();
            let distance = found.inverse_temperature - limit;
            assert!(
                distance > 0.0 && distance < 0.5 * last,
                "{name} {size} {distance}"
            );
            last = distance;
        }
        assert!(last < 1e-4, "{name} {last}");
    }
}

/// For b → 1 the first-order median is that of Gaussian patterns, which is exact.
#[test]
fn the_median_to_first_order_is_close_to_the_exact_gaussian_one() {
    let patterns = PatternCount::from_load(0.2, 40.0).unwrap();
    let exact = median_crossover(named("gaussian").as_ref(), patterns, 40.0)
        .unwrap()
        .unwrap();
    let typical = crossover(named("gaussian").as_ref(), 0.2, 40.0)
        .unwrap()
        .unwrap()
        .inverse_temperature;
    let one = parameter("variance_ratio", 1.0);
    let found = median_crossover(
        ensemble_with("correlated-gaussian", &one).unwrap().as_ref(),
        patterns,
        40.0,
    )
    .unwrap()
    .unwrap();
    assert!(
        (found - exact).abs() < 0.05 * (exact - typical),
        "{found} {exact} {typical}"
    );
}

/// Equal eigenvalues are Gaussian patterns, two equally frequent ones correlated pairs, in any
/// order and however often repeated.
#[test]
fn spectra_reach_the_gaussian_and_the_two_level_limit() {
    let crossovers = |parameters: &Parameters| -> [f64; 2] {
        let patterns = PatternCount::from_load(0.15, 60.0).unwrap();
        let typical = crossover(
            ensemble_with("correlated-gaussian", parameters)
                .unwrap()
                .as_ref(),
            0.15,
            60.0,
        )
        .unwrap();
        let median = median_crossover(
            ensemble_with("correlated-gaussian", parameters)
                .unwrap()
                .as_ref(),
            patterns,
            60.0,
        )
        .unwrap();
        [typical.unwrap().inverse_temperature, median.unwrap()]
    };
    let flat = crossovers(&spectrum(&[1.0; 6]));
    let gaussian = crossover(named("gaussian").as_ref(), 0.15, 60.0)
        .unwrap()
        .unwrap();
    assert_close(flat[0], gaussian.inverse_temperature, 1e-9, "flat");
    let pairs = parameter("variance_ratio", 3.0);
    for levels in [&[0.5, 1.5][..], &[1.5, 0.5], &[0.5, 1.5, 1.5, 0.5]] {
        let found = crossovers(&spectrum(levels));
        for (found, expected) in found.into_iter().zip(crossovers(&pairs)) {
            assert_close(found, expected, 1e-13, "λ_×");
        }
        let [found, expected] = [&spectrum(levels), &pairs]
            .map(|parameters| ensemble_with("correlated-gaussian", parameters).unwrap());
        for lambda in [0.1, 0.5, 0.9, 2.0] {
            assert_close(
                found.all_patterns_lower_bound(lambda).unwrap(),
                expected.all_patterns_lower_bound(lambda).unwrap(),
                1e-13,
                "α_c^lb",
            );
        }
    }
}

/// tr C, tr C² and tr C³ of C = FFᵀ/D have the means N, N(1 + (N + 1)/D) and N(D² + 3D(N + 1) + N²
/// + 3N + 4)/D².
#[test]
fn the_mean_spectrum_of_manifolds_has_the_moments_of_wishart_matrices() {
    for (ratio, size) in [(4.0, 48.0), (1.0, 30.0), (0.5, 40.0)] {
        let manifold = HiddenManifold::new(ratio).unwrap();
        let dimension = manifold.dimension(size).unwrap();
        let spectrum = manifold.mean_spectrum(size).unwrap();
        let trace = |power| -> f64 {
            spectrum
                .iter()
                .map(|(c, count)| count * c.powi(power))
                .sum()
        };
        assert_close(trace(1), size, 1e-12, "tr C");
        let second = size * (1.0 + (size + 1.0) / dimension);
        assert_close(trace(2), second, 1e-12, "tr C²");
        let third = size
            * (dimension * dimension
                + 3.0 * dimension * (size + 1.0)
                + size * size
                + 3.0 * size
                + 4.0)
            / (dimension * dimension);
        // of relative order 1/N²
        assert_close(trace(3), third, 5.0 / (size * size), "tr C³");
    }
}
