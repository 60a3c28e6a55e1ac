//! What several tests need.

use std::sync::Arc;

use dam_theory::ensembles::UniformLaw;
use dam_theory::families::IndependentComponents;
use dam_theory::finite_size::PatternCount;
use dam_theory::{ENSEMBLES, Ensemble, Parameters};

/// The ensemble of a name, without parameters.
#[track_caller]
pub fn named(name: &str) -> Arc<dyn Ensemble> {
    dam_theory::ensemble(name).unwrap()
}

/// All ensembles without parameters; those with a covariance have tests of their own.
pub fn without_parameters() -> Vec<Arc<dyn Ensemble>> {
    let kinds = ENSEMBLES.iter().filter(|kind| kind.keys.is_empty());
    let none = Parameters::new();
    kinds.map(|kind| kind.ensemble(&none).unwrap()).collect()
}

/// The ensemble of uniform components, with what it knows besides.
pub fn uniform() -> IndependentComponents<UniformLaw> {
    IndependentComponents::new(UniformLaw)
}

/// P = round(e^{αN}).
pub fn patterns(load: f64, size: f64) -> PatternCount {
    PatternCount::from_load(load, size).unwrap()
}

/// |value − expected| ≤ tolerance |expected|.
#[track_caller]
pub fn assert_relative(value: f64, expected: f64, tolerance: f64, what: impl std::fmt::Debug) {
    let error = (value - expected).abs();
    assert!(
        error <= tolerance * expected.abs(),
        "{what:?}: {value} against {expected}, off by {error:.1e}"
    );
}
