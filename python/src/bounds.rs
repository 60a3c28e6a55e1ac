//! Rigorous bounds on the number of patterns.

use dam::theory::TheoryError;
use dam::theory::bounds::{
    CodeBound, KernelizedChain, KernelizedMemory, Margin, RamsauerMemory, code_log_size,
    code_separation_bounds, kernelized_capacity, log_retrieval_error, optimal_capacity,
    ramsauer_capacity, required_dimension, required_separation,
};
use pyo3::prelude::*;

use crate::broadcast::{Points, map, named};
use crate::errors;
use crate::numbers::number_or;

const BETA: &str = "inverse_temperature";
const RADIUS: &str = "retrieval_radius";

/// What stands for a word among those that are known.
fn chosen<T: Copy>(name: &str, word: &str, known: &[(&str, T)]) -> PyResult<T> {
    let found = known.iter().find(|(known, _)| *known == word);
    found.map(|&(_, value)| value).ok_or_else(|| {
        let words: Vec<String> = known.iter().map(|(word, _)| format!("{word:?}")).collect();
        let text = format!("{name} = {word:?}: it is {}", words.join(" or "));
        errors::out_of_domain(text)
    })
}

const CODE_BOUNDS: [(&str, CodeBound); 3] = [
    ("covering", CodeBound::Covering),
    ("caps", CodeBound::Caps),
    ("caps-closed-form", CodeBound::CapsClosedForm),
];
const CHAINS: [(&str, KernelizedChain); 3] = [
    ("lemma", KernelizedChain::Lemma),
    ("exact", KernelizedChain::Exact),
    ("cap-measure", KernelizedChain::CapMeasure),
];

fn margin(without_radius: bool) -> Margin {
    if without_radius {
        Margin::WithoutRadius
    } else {
        Margin::Full
    }
}

/// R, or 1/β.
fn radius<'py>(
    py: Python<'py>,
    given: Option<&Bound<'py, PyAny>>,
    inverse_temperature: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    match given {
        Some(given) => Ok(given.clone()),
        None => map(py, [(BETA, inverse_temperature)], |[beta]| Ok(beta.recip())),
    }
}

/// ln M of at least two patterns.
fn log_count(count: f64) -> Result<f64, TheoryError> {
    if count >= 2.0 {
        return Ok(count.ln());
    }
    Err(TheoryError::Domain {
        quantity: "the number of patterns M",
        value: count,
        domain: "at least 2",
    })
}

/// ln M of random patterns on a sphere of radius K√(d − 1) by Theorem 3 of Ramsauer et al. (2021),
/// M = √p c^{(d−1)/4}; below ln 2 the bound says nothing.
///
/// Parameters
/// ----------
/// inverse_temperature, dimension : float or array
///     β > 0, d > 1.
/// radius_factor, failure_probability : float or array
///     K, and the probability p that random patterns violate the bound.
///
/// Returns
/// -------
/// float or array of the broadcast shape
///
/// Raises
/// ------
/// DomainError
///     Arguments out of their domain.
#[pyfunction]
#[pyo3(signature = (inverse_temperature, dimension, *, radius_factor = None, failure_probability = None))]
pub fn ramsauer_log_capacity<'py>(
    py: Python<'py>,
    inverse_temperature: &Bound<'py, PyAny>,
    dimension: &Bound<'py, PyAny>,
    radius_factor: Option<&Bound<'py, PyAny>>,
    failure_probability: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let factor = &number_or(py, radius_factor, 1.0)?;
    let failure = &number_or(py, failure_probability, 0.01)?;
    let arguments = [
        (BETA, inverse_temperature),
        ("dimension", dimension),
        ("radius_factor", factor),
        ("failure_probability", failure),
    ];
    map(py, arguments, |[beta, dimension, factor, failure]| {
        let memory = RamsauerMemory {
            inverse_temperature: beta,
            radius_factor: factor,
            failure_probability: failure,
        };
        Ok(ramsauer_capacity(&memory, dimension)?.capacity.log_count)
    })
}

/// ln M of random features of norm m in D dimensions that are well separated with probability 1 − p;
/// below ln 2 the bound says nothing.
///
/// Parameters
/// ----------
/// inverse_temperature, dimension : float or array
///     β > 0, D.
/// norm, failure_probability : float or array
///     m (1 by default), p (0.01 by default).
/// retrieval_radius : float or array, optional
///     R; 1/β by default.
/// chain : {"lemma", "exact", "cap-measure"}
///     That of kernelized Hopfield models (arXiv:2404.03827), and tighter ones.
///
/// Returns
/// -------
/// float or array of the broadcast shape
///
/// Raises
/// ------
/// DomainError
///     Arguments out of their domain; another chain.
#[pyfunction]
#[pyo3(signature = (inverse_temperature, dimension, *, norm = None, retrieval_radius = None, failure_probability = None, chain = "lemma"))]
pub fn kernelized_log_capacity<'py>(
    py: Python<'py>,
    inverse_temperature: &Bound<'py, PyAny>,
    dimension: &Bound<'py, PyAny>,
    norm: Option<&Bound<'py, PyAny>>,
    retrieval_radius: Option<&Bound<'py, PyAny>>,
    failure_probability: Option<&Bound<'py, PyAny>>,
    chain: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let chain = chosen("chain", chain, &CHAINS)?;
    let norm = &number_or(py, norm, 1.0)?;
    let failure = &number_or(py, failure_probability, 0.01)?;
    let radius = &radius(py, retrieval_radius, inverse_temperature)?;
    let arguments = [
        (BETA, inverse_temperature),
        ("dimension", dimension),
        ("norm", norm),
        (RADIUS, radius),
        ("failure_probability", failure),
    ];
    map(
        py,
        arguments,
        |[
            inverse_temperature,
            dimension,
            norm,
            retrieval_radius,
            failure_probability,
        ]| {
            let memory = KernelizedMemory {
                inverse_temperature,
                norm,
                retrieval_radius,
                failure_probability,
            };
            let bound = kernelized_capacity(&memory, dimension, chain)?;
            Ok(bound.capacity.log_count)
        },
    )
}

/// The separation Δ that M patterns of norm m need to be retrieved to within R, and ln of the error that
/// is left with it.
///
/// Parameters
/// ----------
/// inverse_temperature, count : float or array
///     β > 0, M ≥ 2.
/// norm : float or array
///     m, 1 by default.
/// retrieval_radius : float or array, optional
///     R; 1/β by default.
///
/// Returns
/// -------
/// WellSeparation
///     `separation` and `log_error`.
///
/// Raises
/// ------
/// DomainError
///     Arguments out of their domain.
#[pyfunction]
#[pyo3(signature = (inverse_temperature, count, *, norm = None, retrieval_radius = None))]
pub fn well_separation<'py>(
    py: Python<'py>,
    inverse_temperature: &Bound<'py, PyAny>,
    count: &Bound<'py, PyAny>,
    norm: Option<&Bound<'py, PyAny>>,
    retrieval_radius: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let norm = &number_or(py, norm, 1.0)?;
    let radius = &radius(py, retrieval_radius, inverse_temperature)?;
    let points = Points::read([
        (BETA, inverse_temperature),
        ("count", count),
        ("norm", norm),
        (RADIUS, radius),
    ])?;
    let fields = points.map(py, |[beta, count, norm, radius]| {
        log_count(count)?;
        let others = (count - 1.0).ln();
        let separation = required_separation(beta, others, norm, radius)?;
        let (log_error, _) = log_retrieval_error(beta, others, norm, radius, separation)?;
        Ok([separation, log_error])
    })?;
    named(py, "WellSeparation", fields)
}

/// ln of the largest number of points in D dimensions that keep an angle: a bound on it.
///
/// Parameters
/// ----------
/// dimension, angle : float or array
///     D ≥ 2; radians, above 0 and at most π.
/// bound : {"covering", "caps", "caps-closed-form"}
///     From below; from above; from above and less tight.
///
/// Returns
/// -------
/// float or array of the broadcast shape
///
/// Raises
/// ------
/// DomainError
///     Arguments out of their domain; another bound.
#[pyfunction]
#[pyo3(signature = (dimension, angle, *, bound = "covering"))]
pub fn spherical_code_log_size<'py>(
    py: Python<'py>,
    dimension: &Bound<'py, PyAny>,
    angle: &Bound<'py, PyAny>,
    bound: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let bound = chosen("bound", bound, &CODE_BOUNDS)?;
    let arguments = [("dimension", dimension), ("angle", angle)];
    map(py, arguments, |[dimension, angle]| {
        code_log_size(dimension, angle, bound)
    })
}

/// Bounds on 1 − cos θ, θ the least angle among M points in D dimensions at its largest.
///
/// Parameters
/// ----------
/// dimension, count : float or array
///     D ≥ 2, M ≥ 2.
///
/// Returns
/// -------
/// Interval
///     `lower` is reached by some code, `upper` exceeded by none.
///
/// Raises
/// ------
/// DomainError
///     Arguments out of their domain.
#[pyfunction]
pub fn spherical_code_separation<'py>(
    py: Python<'py>,
    dimension: &Bound<'py, PyAny>,
    count: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let points = Points::read([("dimension", dimension), ("count", count)])?;
    let fields = points.map(py, |[dimension, count]| {
        let found = code_separation_bounds(dimension, log_count(count)?)?;
        Ok([found.lower, found.upper])
    })?;
    named(py, "Interval", fields)
}

/// ln of the largest number M* of unit features in D dimensions that are well separated, by a bound on
/// spherical codes (Hu, Wu and Liu, arXiv:2410.23126); below ln 2 it says nothing.
///
/// Parameters
/// ----------
/// inverse_temperature, dimension : float or array
///     β > 0, D ≥ 2.
/// retrieval_radius : float or array, optional
///     R; 1/β by default.
/// without_radius : bool
///     Leave the term 2R out of the separation, as they do.
/// bound : {"covering", "caps", "caps-closed-form"}
///     As of `spherical_code_log_size`.
///
/// Returns
/// -------
/// float or array of the broadcast shape
///
/// Raises
/// ------
/// DomainError
///     Arguments out of their domain; another bound.
#[pyfunction]
#[pyo3(signature = (inverse_temperature, dimension, *, retrieval_radius = None, without_radius = false, bound = "covering"))]
pub fn optimal_log_capacity<'py>(
    py: Python<'py>,
    inverse_temperature: &Bound<'py, PyAny>,
    dimension: &Bound<'py, PyAny>,
    retrieval_radius: Option<&Bound<'py, PyAny>>,
    without_radius: bool,
    bound: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let bound = chosen("bound", bound, &CODE_BOUNDS)?;
    let radius = &radius(py, retrieval_radius, inverse_temperature)?;
    let arguments = [
        (BETA, inverse_temperature),
        ("dimension", dimension),
        (RADIUS, radius),
    ];
    map(py, arguments, |[beta, dimension, radius]| {
        let found = optimal_capacity(dimension, beta, radius, margin(without_radius), bound)?;
        Ok(found.log_count)
    })
}

/// The dimension D that M well-separated features need: enough by "covering", necessary by "caps".
///
/// Parameters
/// ----------
/// inverse_temperature, count : float or array
///     β > 0, M ≥ 2.
/// retrieval_radius, without_radius, bound
///     As of `optimal_log_capacity`.
///
/// Returns
/// -------
/// float or array of the broadcast shape
///     nan where no dimension does.
///
/// Raises
/// ------
/// DomainError
///     Arguments out of their domain; another bound.
#[pyfunction]
#[pyo3(signature = (inverse_temperature, count, *, retrieval_radius = None, without_radius = false, bound = "covering"))]
pub fn optimal_dimension<'py>(
    py: Python<'py>,
    inverse_temperature: &Bound<'py, PyAny>,
    count: &Bound<'py, PyAny>,
    retrieval_radius: Option<&Bound<'py, PyAny>>,
    without_radius: bool,
    bound: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let bound = chosen("bound", bound, &CODE_BOUNDS)?;
    let radius = &radius(py, retrieval_radius, inverse_temperature)?;
    let arguments = [
        (BETA, inverse_temperature),
        ("count", count),
        (RADIUS, radius),
    ];
    map(py, arguments, |[beta, count, radius]| {
        let margin = margin(without_radius);
        let found = required_dimension(log_count(count)?, beta, radius, margin, bound)?;
        Ok(found.unwrap_or(f64::NAN))
    })
}
