//! λ_× from the fixed points against the descents themselves.

use std::collections::BTreeMap;

use dam_memory::attention::AttentionMemory;
use dam_memory::dynamics::{Retriever, Start, crossover_of_fixed_points};
use dam_memory::ensembles::{pattern_ensemble, sample_patterns};
use dam_memory::patterns::Patterns;
use dam_memory::streams::StreamKey;

/// Half of the distance between a loss and a retrieval, in units of λ_×.
const RESOLUTION: f64 = 1e-4;

/// Descents from ξ¹ are lost right below and retrieve right above, in 560 samples of spherical and Rademacher patterns.
#[test]
fn descents_change_their_fate_at_the_least_fixed_point() {
    for (name, size, count, guess, samples) in [
        ("spherical", 24, 122, 0.35, 200),
        ("spherical", 20, 55, 0.37, 100),
        ("spherical", 37, 159, 0.23, 60),
        ("spherical", 14, 67, 0.57, 100),
        ("rademacher", 24, 122, 0.35, 100),
    ] {
        let ensemble = pattern_ensemble(name, &BTreeMap::new()).unwrap();
        for sample in 0..samples {
            let streams = StreamKey::new(1).with_integer("sample", sample);
            let patterns: Patterns<f64> =
                sample_patterns(ensemble.as_ref(), size, count, &streams.seed("patterns"));
            let crossover = crossover_of_fixed_points(&patterns, guess, 1e3).unwrap();
            let state = patterns.row_f64(0);
            let memory: AttentionMemory = patterns.into();
            let starts = [1.0 - RESOLUTION, 1.0 + RESOLUTION].map(|factor| Start {
                state: state.clone(),
                inverse_temperature: factor * crossover,
                target: 0,
            });
            let found = Retriever::default().verdicts(&memory, &starts, &streams);
            assert!(
                !found[0].0 && found[1].0,
                "{name} {size} {count}, sample {sample}: {crossover}"
            );
        }
    }
}

/// A pattern stored twice never holds half of the weight.
#[test]
fn a_pattern_that_equals_the_target_leaves_no_crossover() {
    let target = [1.0, 1.0, -1.0, 1.0];
    let other = [1.0, -1.0, 1.0, 1.0];
    let rows = [target, target, other].concat();
    let patterns = Patterns::from_rows(4, rows);
    assert_eq!(crossover_of_fixed_points(&patterns, 1.0, 1e3), None);
    let patterns = Patterns::from_rows(4, [target, other].concat());
    // one orthogonal pattern: λ(u) = u/(4 tanh(u/2)) is least at u = 0
    let crossover = crossover_of_fixed_points(&patterns, 1.0, 1e3).unwrap();
    assert!((crossover - 0.5).abs() < 1e-6, "{crossover}");
}
