//! Kernel learning and spherical codes.

use dam::learning::codes::{CodeSearch, SphericalCode, optimise_code};
use dam::learning::{Epoch, FeatureMap, KernelLearningError, Learned, Recipe};
use dam::memory::patterns::Patterns;
use dam::memory::streams::StreamKey;
use pyo3::prelude::*;

use crate::broadcast::{named, shaped};
use crate::errors;
use crate::numbers::Numbers;
use crate::threads;

fn refused(error: &KernelLearningError) -> PyErr {
    match error {
        KernelLearningError::Diverged { .. } => errors::failed(error),
        _ => errors::out_of_domain(error.to_string()),
    }
}

/// A matrix of at least one row and column.
fn matrix(name: &str, given: &Bound<'_, PyAny>) -> PyResult<(usize, Vec<f64>)> {
    let Numbers { shape, values } = Numbers::read(name, given)?;
    match shape[..] {
        [rows, columns] if rows > 0 && columns > 0 => {}
        _ => {
            let text =
                format!("{name} of shape {shape:?}: a matrix with at least one row and column");
            return Err(errors::out_of_domain(text));
        }
    }
    if let Some(bad) = values.iter().find(|value| !value.is_finite()) {
        return Err(errors::out_of_domain(format!(
            "{name}: {bad} is not finite"
        )));
    }
    Ok((shape[1], values))
}

/// Learns a feature map Φ(x) = Wx + b that sends stored patterns far apart (U-Hop, arXiv:2404.03827;
/// U-Hop+, arXiv:2410.23126).
///
/// Parameters
/// ----------
/// patterns : array of shape (P, N)
///     At least two.
/// recipe : str
///     One of `recipes()`: start, loss, optimiser and projection as published.
/// feature_size : int, optional
///     D; by default N.
/// epochs : int
///     Most steps.
/// tolerance : float
///     Ends once |∇L| is at most this; 0 never ends early.
/// seed : int
///     Of the start.
/// threads : int, optional
///     By default all cores; results do not depend on it.
///
/// Returns
/// -------
/// LearnedKernel
///     `weights` (D, N), `bias` (D,) (zeros where the map is linear), `loss`, `largest_cosine` and
///     `gradient_norm` of epochs 0, 1, …; `converged`. `.features(x)` are the features of x.
///
/// Raises
/// ------
/// DomainError
///     Fewer than two patterns; an unknown recipe; sizes below 1.
/// DamError
///     Training that diverged.
#[pyfunction]
#[pyo3(signature = (patterns, *, recipe = "u-hop-plus", feature_size = None, epochs = 100, tolerance = 0.0, seed = 1, threads = None))]
#[expect(clippy::too_many_arguments, reason = "keywords of Python")]
pub fn learn_kernel<'py>(
    py: Python<'py>,
    patterns: &Bound<'py, PyAny>,
    recipe: &str,
    feature_size: Option<usize>,
    epochs: usize,
    tolerance: f64,
    seed: u64,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (size, values) = matrix("patterns", patterns)?;
    let recipe = Recipe::from_name(recipe).ok_or_else(|| {
        let text = format!("recipe = {recipe:?}; known: {}", recipes().join(", "));
        errors::out_of_domain(text)
    })?;
    let feature_size = feature_size.unwrap_or(size);
    if feature_size == 0 {
        return Err(errors::out_of_domain("feature_size = 0: at least 1"));
    }
    let pool = threads::pool(threads)?;
    let learned = py.detach(|| {
        let memories = Patterns::from_rows(size, values);
        let start = recipe.start(size, feature_size, &mut StreamKey::new(seed).rng("start"));
        let mut training = recipe.training(epochs);
        training.tolerance = tolerance;
        pool.install(|| training.run(&memories, start))
    });
    told(py, &learned.map_err(|error| refused(&error))?)
}

fn told<'py>(py: Python<'py>, learned: &Learned) -> PyResult<Bound<'py, PyAny>> {
    let map: &FeatureMap = &learned.map;
    let features = map.feature_size();
    let bias = map
        .bias()
        .map_or_else(|| vec![0.0; features], <[f64]>::to_vec);
    let history = |number: fn(&Epoch) -> f64| {
        let numbers = learned.history.iter().map(number);
        shaped(py, &[learned.history.len()], numbers.collect())
    };
    let fields = [
        shaped(py, &[features, map.input_size()], map.weights().to_vec())?,
        shaped(py, &[features], bias)?,
        history(|epoch| epoch.loss)?,
        history(|epoch| epoch.largest_cosine)?,
        history(|epoch| epoch.gradient_norm)?,
        learned
            .is_converged
            .into_pyobject(py)?
            .to_owned()
            .into_any(),
    ];
    named(py, "LearnedKernel", fields)
}

/// The names of the recipes of `learn_kernel`.
///
/// Returns
/// -------
/// list of str
#[pyfunction]
pub fn recipes() -> Vec<&'static str> {
    Recipe::ALL.into_iter().map(Recipe::name).collect()
}

/// The best code found: M points on the unit sphere in d dimensions whose least angle is large.
///
/// Parameters
/// ----------
/// dimension, count : int
///     d and M, at least 2.
/// restarts : int
///     Random starts.
/// seed : int
///     Root of the random streams.
/// threads : int, optional
///     By default all cores; results do not depend on it.
///
/// Returns
/// -------
/// SphericalCode
///     `points` (M, d) and `angle`, the least angle in radians.
///
/// Raises
/// ------
/// DomainError
///     A dimension or count below 2, or no restart.
#[pyfunction]
#[pyo3(signature = (dimension, count, *, restarts = 16, seed = 1, threads = None))]
pub fn spherical_code(
    py: Python<'_>,
    dimension: usize,
    count: usize,
    restarts: usize,
    seed: u64,
    threads: Option<usize>,
) -> PyResult<Bound<'_, PyAny>> {
    for (name, value, least) in [
        ("dimension", dimension, 2),
        ("count", count, 2),
        ("restarts", restarts, 1),
    ] {
        if value < least {
            return Err(errors::out_of_domain(format!(
                "{name} = {value}: at least {least}"
            )));
        }
    }
    let search = CodeSearch {
        dimension,
        count,
        restarts,
        seed,
    };
    let pool = threads::pool(threads)?;
    let code: SphericalCode = py.detach(|| pool.install(|| optimise_code(&search)));
    let fields = [
        shaped(py, &[count, dimension], code.as_slice().to_vec())?,
        code.least_angle().into_pyobject(py)?.into_any(),
    ];
    named(py, "SphericalCode", fields)
}
