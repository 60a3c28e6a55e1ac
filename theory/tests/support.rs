//! What several tests need.

use std::sync::Arc;

use dam_theory::ensembles::UniformLaw;
use dam_theory::families::IndependentComponents;
use dam_theory::finite_size::PatternCount;
use dam_theory::{ENSEMBLES, Ensemble, Parameter, Parameters};

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

/// Ensembles whose maps leave the axis of the target, with spectra narrow and broad.
pub fn off_axis() -> Vec<Arc<dyn Ensemble>> {
    let with = |name: &str, key: &str, value: Parameter| {
        let parameters = Parameters::from([(key.to_owned(), value)]);
        dam_theory::ensemble_with(name, &parameters).unwrap()
    };
    let spectra = [
        &[0.2, 0.2, 0.2, 0.2, 4.2][..],
        &[0.5, 0.5, 1.0, 2.0],
        &[0.0, 0.25, 1.0, 1.5, 2.25],
        &[0.01, 0.09, 0.9, 3.0],
    ];
    let spectra = spectra.map(|c| with("correlated-gaussian", "spectrum", c.to_vec().into()));
    let ratios = [1.7, 9.0].map(|b| with("correlated-gaussian", "variance_ratio", b.into()));
    let manifolds =
        [0.31, 0.71, 1.0, 4.0].map(|d| with("hidden-manifold", "manifold_ratio", d.into()));
    let laws = [named("uniform"), named("gaussian-mixture")];
    laws.into_iter()
        .chain(spectra)
        .chain(ratios)
        .chain(manifolds)
        .collect()
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

/// ζ, the saddle overlap, α_*, α₁ and the bound of all patterns at λ.
pub fn at_lambda(ensemble: &dyn Ensemble, lambda: f64) -> [f64; 5] {
    [
        ensemble.cumulant_generating_function(lambda, 1.0),
        ensemble.saddle_overlap(lambda, 1.0),
        ensemble.condensation_load(lambda, 1.0),
        ensemble.typical_threshold(lambda),
        ensemble.all_patterns_lower_bound(lambda),
    ]
    .map(Result::unwrap)
}

/// ε_*, λ_* and λ₁ at load α.
pub fn at_load(ensemble: &dyn Ensemble, load: f64) -> [f64; 3] {
    [
        ensemble.extreme_overlap(load, 1.0),
        ensemble.condensation_inverse_temperature(load, 1.0),
        ensemble.typical_inverse_temperature(load),
    ]
    .map(Result::unwrap)
}

/// Every value agrees with its expectation as [`assert_relative`] has it.
#[track_caller]
pub fn assert_all_relative(values: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(values.len(), expected.len());
    for (index, (&value, &expected)) in values.iter().zip(expected).enumerate() {
        assert_relative(value, expected, tolerance, (what, index));
    }
}

/// A number of a table; NaN where its cell is empty.
pub fn number(cell: &str) -> f64 {
    if cell.is_empty() {
        f64::NAN
    } else {
        cell.parse().unwrap()
    }
}

/// A row of a table of named quantities: the name and the numbers after it.
pub type Named = (String, Vec<f64>);

/// The rows of a table of the folder `references`, without its header.
pub fn named_rows(file: &str) -> Vec<Named> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("references");
    let text = std::fs::read_to_string(path.join(file)).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let (name, cells) = line.split_once(',').unwrap();
        (name.to_owned(), cells.split(',').map(number).collect())
    });
    rows.collect()
}
