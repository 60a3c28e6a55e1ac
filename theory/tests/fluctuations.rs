//! What the fluctuations of the noise add to the averaged theory, against simulation.
use std::path::Path;

use dam_theory::finite_size::{
    Estimate, PatternCount, crossover_shift, expected_median_crossover, loss_error, lost_patterns,
    median_crossover, retrieval_probability,
};
use dam_theory::{Ensemble, Parameters, ensemble_with};

use crate::support::{named, patterns};

/// Standard errors of a measurement that theory may be off beyond its own error.
const STANDARD_ERRORS: f64 = 3.0;

#[track_caller]
fn assert_holds(theory: Estimate, (value, error): (f64, f64), what: &str) {
    let distance = (theory.value - value).abs();
    let allowed = theory.error + STANDARD_ERRORS * error;
    assert!(
        distance <= allowed,
        "{what}: {theory:?}, measured {value} ± {error}"
    );
}

/// `key = value` of a job file, or nothing.
fn parameters(text: &str) -> Parameters {
    let mut parameters = Parameters::new();
    if let Some((key, value)) = text.split_once(" = ") {
        let number = |text: &str| -> f64 { text.trim().parse().unwrap() };
        let value = match value.strip_prefix('[') {
            Some(list) => {
                let list = list.trim_end_matches(']').split(' ');
                list.map(number).collect::<Vec<_>>().into()
            }
            None => number(value).into(),
        };
        parameters.insert(key.to_owned(), value);
    }
    parameters
}

/// 6000 samples each of `scripts/measured_medians.py`: every ensemble, at odd loads and sizes.
#[test]
fn medians_lie_within_their_errors_of_simulation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("references/measured_medians.csv");
    let table = std::fs::read_to_string(path).unwrap();
    let mut count = 0;
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let ensemble = ensemble_with(fields[0], &parameters(fields[1])).unwrap();
        let numbers: Vec<Option<f64>> = fields[2..].iter().map(|text| text.parse().ok()).collect();
        let (load, size) = (numbers[0].unwrap(), numbers[1].unwrap());
        let count_of = patterns(load, size);
        let median = expected_median_crossover(ensemble.as_ref(), count_of, size).unwrap();
        let measured = (numbers[2].unwrap(), numbers[3].unwrap());
        assert_holds(median.unwrap(), measured, line);
        if let (Some(difference), Some(error)) = (numbers[4], numbers[5]) {
            let shift = crossover_shift(ensemble.as_ref(), count_of, size).unwrap();
            assert_holds(shift.unwrap(), (difference, error), line);
        }
        count += 1;
    }
    assert_eq!(count, 45);
}

/// Where it matters the error says something: below a fifth of λ at P = 100 and N = 20, below .1 % at P of
/// thousands.
#[test]
fn errors_of_medians_fall_with_the_number_of_patterns() {
    for name in [
        "gaussian",
        "uniform",
        "gaussian-mixture",
        "spherical",
        "rademacher",
    ] {
        let ensemble = named(name);
        let relative = |load: f64, size: f64| {
            let found = expected_median_crossover(ensemble.as_ref(), patterns(load, size), size);
            let found = found.unwrap().unwrap();
            found.error / found.value
        };
        let errors = [(0.1, 40.0), (0.1, 60.0), (0.1, 80.0), (0.1, 120.0)];
        let errors = errors.map(|(load, size)| relative(load, size));
        assert!(errors.is_sorted_by(|one, other| one > other), "{errors:?}");
        assert!(errors[0] < 0.02 && errors[3] < 1e-4, "{name}: {errors:?}");
    }
}

/// Fine walks in the load, over the border of the law (few patterns) too.
#[test]
fn medians_are_continuous() {
    for (name, sizes) in [
        ("spherical", &[9.0, 14.0, 17.0, 41.0][..]),
        ("gaussian", &[13.0, 19.0, 33.0, 71.0]),
        ("uniform", &[17.0]),
    ] {
        let ensemble = named(name);
        for &size in sizes {
            let at = |load: f64| -> Estimate {
                let count = PatternCount::from_log_noise_patterns(load * size).unwrap();
                let found = expected_median_crossover(ensemble.as_ref(), count, size);
                found.unwrap().unwrap()
            };
            let step = 1e-3;
            let least = (3.0 / size).max(0.08);
            let values: Vec<Estimate> = (0..40).map(|i| at(least + step * f64::from(i))).collect();
            for window in values.windows(3) {
                let bend = |part: fn(&Estimate) -> f64| {
                    (part(&window[0]) - 2.0 * part(&window[1]) + part(&window[2])).abs()
                };
                let value = window[1].value;
                let what = format!("{name} {size} {window:?}");
                assert!(bend(|at| at.value) < 2e-3 * value, "{what}");
                assert!(
                    bend(|at| at.error) < 2e-3 * value + 0.05 * window[1].error,
                    "{what}"
                );
            }
        }
    }
}

/// λ_× = 0 with one other pattern, in every sample.
#[test]
fn one_other_pattern_leaves_no_error() {
    for name in ["spherical", "rademacher", "gaussian", "uniform"] {
        let two = PatternCount::from_count(2.0).unwrap();
        let found = expected_median_crossover(named(name).as_ref(), two, 21.0).unwrap();
        assert_eq!(found, Some(Estimate::exact(0.0)), "{name}");
    }
}

/// Shares of 6000 samples (`dam run`, crossovers of Gaussian patterns) that retrieve at λ.
#[test]
fn gaussian_retrieval_probabilities_lie_within_their_errors_of_simulation() {
    let measured = [
        (0.05, 90.0, 0.0693, 0.1),
        (0.05, 90.0, 0.0935, 0.75),
        (0.12, 47.0, 0.1512, 0.1),
        (0.12, 47.0, 0.2693, 0.9),
        (0.15, 33.0, 0.2168, 0.25),
        (0.15, 33.0, 0.5779, 0.97),
        (0.15, 33.0, 1.3, 0.9968),
        (0.19, 43.0, 0.2240, 0.1),
        (0.19, 43.0, 0.5497, 0.97),
        (0.2, 20.0, 0.2482, 0.1),
        (0.2, 20.0, 1.0049, 0.9),
        (0.22, 31.0, 0.4724, 0.75),
        (0.25, 24.0, 0.3043, 0.1),
        (0.25, 24.0, 5.0, 0.9740),
    ];
    for (load, size, lambda, share) in measured {
        let found = retrieval_probability(
            named("gaussian").as_ref(),
            patterns(load, size),
            size,
            lambda,
        );
        let error = (share * (1.0 - share) / 6000.0_f64).sqrt();
        let what = format!("{load} {size} {lambda}");
        assert_holds(found.unwrap().unwrap(), (share, error), &what);
    }
}

/// It rises with λ, up to the samples without a close pair, and is exact without noise.
#[test]
fn gaussian_retrieval_probabilities_rise_to_the_samples_without_a_close_pair() {
    let gaussian = named("gaussian");
    for (load, size) in [(0.11, 17.0), (0.2, 40.0), (0.3, 71.0)] {
        let at = |lambda: f64| {
            let found =
                retrieval_probability(gaussian.as_ref(), patterns(load, size), size, lambda);
            found.unwrap().unwrap().value
        };
        let values: Vec<f64> = (1..80).map(|i| at(0.03 * f64::from(i))).collect();
        assert!(values.is_sorted(), "{values:?}");
        let count = patterns(load, size);
        let lost = lost_patterns(gaussian.as_ref(), count, size, 0.5).unwrap();
        let most = 1.0 - lost.lost_to_close_pair() / (count.log_noise_patterns().exp() + 1.0);
        assert!(at(60.0) <= most && at(60.0) > most - 0.02, "{load} {size}");
    }
    let two = PatternCount::from_count(2.0).unwrap();
    let found = retrieval_probability(gaussian.as_ref(), two, 21.0, 0.1).unwrap();
    assert_eq!(found, Some(Estimate::exact(1.0)));
}

/// Mean numbers of lost patterns in 400 samples, the farthest from theory among 252 of `all-patterns` jobs (α =
/// .09 to .33, N = 13 to 33, λ = .37, .5 and 1.1).
#[test]
fn losses_lie_within_their_errors_of_simulation() {
    let measured = [
        ("gaussian", 0.12, 13.0, 0.37, (2.163, 0.048)),
        ("gaussian", 0.09, 33.0, 0.5, (0.195, 0.022)),
        ("gaussian", 0.15, 18.0, 0.5, (3.625, 0.073)),
        ("gaussian", 0.18, 33.0, 0.5, (34.555, 0.276)),
        ("spherical", 0.09, 13.0, 0.5, (0.007, 0.004)),
        ("spherical", 0.15, 18.0, 0.37, (0.257, 0.034)),
        ("spherical", 0.18, 18.0, 0.37, (2.558, 0.140)),
        ("spherical", 0.21, 24.0, 0.37, (51.65, 0.523)),
        ("spherical", 0.24, 13.0, 0.5, (7.12, 0.194)),
        ("spherical", 0.27, 18.0, 0.5, (27.852, 0.531)),
        ("spherical", 0.21, 18.0, 0.37, (41.84, 0.072)),
        ("rademacher", 0.33, 13.0, 1.1, (1.41, 0.085)),
        ("rademacher", 0.3, 13.0, 1.1, (0.627, 0.055)),
        ("rademacher", 0.33, 18.0, 1.1, (0.874, 0.068)),
        ("rademacher", 0.15, 13.0, 0.37, (1.5, 0.083)),
    ];
    for (name, load, size, lambda, (value, error)) in measured {
        let ensemble: &dyn Ensemble = &*named(name);
        let count = patterns(load, size);
        let expected = lost_patterns(ensemble, count, size, lambda).unwrap();
        let [fewest, most] = loss_error(ensemble, count, size, lambda)
            .unwrap()
            .range(&expected);
        let slack = STANDARD_ERRORS * error;
        let what = format!("{name} {load} {size} {lambda}: {value} of {expected:?}");
        assert!(
            fewest.lost() - slack <= value && value <= most.lost() + slack,
            "{what}"
        );
        assert!(fewest.lost() <= expected.lost() && expected.lost() <= most.lost());
        // close pairs are known
        let pairs = expected.lost_to_close_pair();
        assert!((most.lost_to_close_pair() - pairs).abs() <= 1e-9 * pairs);
    }
}

/// Where Var Z diverges, before the noise condenses, rare patterns that no sample has do not count.
#[test]
fn errors_are_finite_where_the_variance_of_the_noise_diverges() {
    let pairs = Parameters::from([("variance_ratio".to_owned(), 1.7.into())]);
    let pairs = ensemble_with("correlated-gaussian", &pairs).unwrap();
    for (ensemble, load, size) in [
        (named("gaussian"), 0.47, 2000.0),
        (named("gaussian"), 0.49, 1e6),
        (pairs.clone(), 0.46, 2000.7),
        (pairs, 0.42, 1_000_000.3),
    ] {
        let found = expected_median_crossover(ensemble.as_ref(), patterns(load, size), size);
        let found = found.unwrap().unwrap();
        assert!(found.error < 1e-6 * found.value, "{load} {size}: {found:?}");
    }
}

/// At large N the shift is a part of λ that vanishes with 1/P, and theory says so.
#[test]
fn the_shift_vanishes_at_large_sizes() {
    for name in ["gaussian", "uniform", "gaussian-mixture"] {
        for size in [300.0, 3000.0] {
            let count = patterns(0.15, size);
            let averaged = median_crossover(named(name).as_ref(), count, size)
                .unwrap()
                .unwrap();
            let shift = crossover_shift(named(name).as_ref(), count, size)
                .unwrap()
                .unwrap();
            assert!(shift.value.abs() < 1e-9 * averaged && shift.error < 1e-9 * averaged);
        }
    }
}
