//! Mean and spread of λ_× over disorder samples.

use dam_theory::finite_size::{AxisNoise, CollinearMap, CrossoverLaw, crossover_deviation};

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

fn law(ensemble: &str, load: f64, size: f64) -> CrossoverLaw {
    let noise = AxisNoise::of(named(ensemble).as_ref(), size).unwrap();
    CrossoverLaw::new(noise, patterns(load, size))
        .unwrap()
        .unwrap()
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
            distance <= law.error + 3.0 * deviation,
            "{ensemble} {load} {size}: {law:?} for {mean}"
        );
        off += distance / mean;
        said += law.error / mean;
    }
    assert!(said < 4.0 * off, "errors of {said} in all, off by {off}");
}

/// The deviation is that of first order; at many patterns the mean tends to the averaged noise.
#[test]
fn the_law_meets_its_limits() {
    for ensemble in ["spherical", "rademacher"] {
        for (load, size) in [(0.2, 40.0), (0.137, 37.0), (0.1, 200.0)] {
            let noise = AxisNoise::of(named(ensemble).as_ref(), size).unwrap();
            let map = CollinearMap::new(noise, patterns(load, size));
            let expected = crossover_deviation(&map).unwrap().unwrap();
            assert_relative(
                law(ensemble, load, size).deviation,
                expected,
                1e-10,
                (load, size),
            );
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
