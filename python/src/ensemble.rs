//! Ensembles of patterns and their theory as N → ∞.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use dam::theory::{self, ENSEMBLES, Parameter, Parameters, TheoryError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::broadcast::map;
use crate::errors;
use crate::numbers::{Numbers, number_or};

/// A law of random patterns ξ of N components with |ξ|² ≈ N, and its theory.
///
/// P = e^{αN} patterns are stored in a memory with the energy
/// E(x) = −(1/λ) ln Σ_μ exp(λ x·ξ^μ) + ½|x|²; λ is the inverse temperature (elsewhere β, or `scaling`),
/// α the load.
///
/// Parameters
/// ----------
/// name : str
///     One of `ensembles()`: "spherical", "gaussian", "rademacher", "uniform", "gaussian-mixture",
///     "correlated-gaussian" (variance_ratio or spectrum), "hidden-manifold" (manifold_ratio).
/// **parameters : float or sequence of float
///     What this ensemble takes.
///
/// All methods broadcast over arrays as NumPy's functions do, return a float where all arguments are
/// numbers, release the GIL, and share 64 points and more among threads. `nan` stands where there is
/// honestly no value (no basin, no crossover).
///
/// Raises
/// ------
/// DomainError
///     An unknown name or parameter; arguments outside a formula's domain, named with their values.
///
/// Examples
/// --------
/// >>> Ensemble("spherical").typical_inverse_temperature(0.2)
/// 0.2246325191128682
#[pyclass(frozen, module = "dense_associative_memory", name = "Ensemble")]
#[derive(Debug)]
pub struct Ensemble {
    pub law: Arc<dyn theory::Ensemble>,
    pub parameters: Parameters,
}

/// The names of the ensembles.
///
/// Returns
/// -------
/// list of str
#[pyfunction]
pub fn ensembles() -> Vec<&'static str> {
    ENSEMBLES.iter().map(|kind| kind.name).collect()
}

fn parameter(key: &str, given: &Bound<'_, PyAny>) -> PyResult<Parameter> {
    let Numbers { shape, values } = Numbers::read(key, given)?;
    match (shape.len(), values.as_slice()) {
        (0, &[value]) => Ok(Parameter::Number(value)),
        (1, _) => Ok(Parameter::List(values)),
        _ => Err(errors::out_of_domain(format!(
            "{key}: an array of shape {shape:?}; give a number or a list of numbers"
        ))),
    }
}

impl Ensemble {
    /// A function of one more argument and of ρ, 1 where it is not given.
    fn at_norm<'py>(
        &self,
        py: Python<'py>,
        argument: (&'static str, &Bound<'py, PyAny>),
        squared_norm: Option<&Bound<'py, PyAny>>,
        function: impl Fn(&dyn theory::Ensemble, [f64; 2]) -> Result<f64, TheoryError> + Sync,
    ) -> PyResult<Bound<'py, PyAny>> {
        let norm = &number_or(py, squared_norm, 1.0)?;
        map(py, [argument, ("squared_norm", norm)], |point| {
            function(self.law.as_ref(), point)
        })
    }
}

#[pymethods]
impl Ensemble {
    #[new]
    #[pyo3(signature = (name, **parameters))]
    fn new(name: &str, parameters: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut given = Parameters::new();
        for (key, value) in parameters.into_iter().flatten() {
            let key: String = key.extract()?;
            let value = parameter(&key, &value)?;
            given.insert(key, value);
        }
        let law = theory::ensemble_with(name, &given).map_err(|error| errors::theory(&error))?;
        Ok(Self {
            law,
            parameters: given,
        })
    }

    /// The name.
    #[getter]
    fn name(&self) -> &'static str {
        self.law.name()
    }

    /// The parameters, a dict of floats and lists.
    #[getter]
    fn parameters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let all = PyDict::new(py);
        for (key, value) in &self.parameters {
            match value {
                Parameter::Number(value) => all.set_item(key, value)?,
                Parameter::List(values) => all.set_item(key, PyList::new(py, values)?)?,
            }
        }
        Ok(all)
    }

    fn __repr__(&self) -> String {
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|(key, value)| match value {
                Parameter::Number(value) => format!(", {key}={value:?}"),
                Parameter::List(values) => format!(", {key}={values:?}"),
            })
            .collect();
        format!("Ensemble({:?}{})", self.law.name(), parameters.concat())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.law.name() == other.law.name() && self.parameters == other.parameters
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.__repr__().hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, PyRebuilt<'py>)> {
        let py = slf.py();
        let rebuild = py
            .import("dense_associative_memory._rebuild")?
            .getattr("ensemble")?;
        let this = slf.get();
        Ok((rebuild, (this.law.name(), this.parameters(py)?)))
    }

    /// s(ε) = −lim (1/N) ln density of the overlap ε = x·ξ/N at |x|² = ρN.
    ///
    /// Parameters
    /// ----------
    /// overlap : float or array
    ///     ε.
    /// squared_norm : float or array
    ///     ρ; ensembles that rotations change know ρ = 1 only (x = ξ¹).
    ///
    /// Returns
    /// -------
    /// float or array of the broadcast shape
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     ε outside the range of overlaps; a ρ that this ensemble does not know.
    #[pyo3(signature = (overlap, squared_norm = None))]
    fn rate_function<'py>(
        &self,
        py: Python<'py>,
        overlap: &Bound<'py, PyAny>,
        squared_norm: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.at_norm(
            py,
            ("overlap", overlap),
            squared_norm,
            |law, [overlap, norm]| law.rate_function(overlap, norm),
        )
    }

    /// ζ(λ) = lim (1/N) ln E exp(λ x·ξ) = max_ε [λε − s(ε)] at |x|² = ρN.
    ///
    /// Parameters
    /// ----------
    /// inverse_temperature : float or array
    ///     λ > 0.
    /// squared_norm : float or array
    ///     ρ, as in `rate_function`.
    ///
    /// Returns
    /// -------
    /// float or array of the broadcast shape
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     λ ≤ 0; a ρ that this ensemble does not know.
    #[pyo3(signature = (inverse_temperature, squared_norm = None))]
    fn cumulant_generating_function<'py>(
        &self,
        py: Python<'py>,
        inverse_temperature: &Bound<'py, PyAny>,
        squared_norm: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.at_norm(
            py,
            (LAMBDA, inverse_temperature),
            squared_norm,
            |law, [lambda, norm]| law.cumulant_generating_function(lambda, norm),
        )
    }

    /// The overlap ε(λ) = ζ'(λ) that carries E exp(λ x·ξ).
    ///
    /// Arguments, result and errors as of `cumulant_generating_function`.
    #[pyo3(signature = (inverse_temperature, squared_norm = None))]
    fn saddle_overlap<'py>(
        &self,
        py: Python<'py>,
        inverse_temperature: &Bound<'py, PyAny>,
        squared_norm: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.at_norm(
            py,
            (LAMBDA, inverse_temperature),
            squared_norm,
            |law, [lambda, norm]| law.saddle_overlap(lambda, norm),
        )
    }

    /// α_*(λ) = λ ζ'(λ) − ζ(λ): the noise is condensed onto the nearest patterns below this load.
    ///
    /// Arguments, result and errors as of `cumulant_generating_function`.
    #[pyo3(signature = (inverse_temperature, squared_norm = None))]
    fn condensation_load<'py>(
        &self,
        py: Python<'py>,
        inverse_temperature: &Bound<'py, PyAny>,
        squared_norm: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.at_norm(
            py,
            (LAMBDA, inverse_temperature),
            squared_norm,
            |law, [lambda, norm]| law.condensation_load(lambda, norm),
        )
    }

    /// ε_*(α), the largest overlap among e^{αN} patterns: s(ε_*) = α.
    ///
    /// Parameters
    /// ----------
    /// alpha : float or array
    ///     The load ln(P)/N > 0.
    /// squared_norm : float or array
    ///     ρ, as in `rate_function`.
    ///
    /// Returns
    /// -------
    /// float or array of the broadcast shape
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     α ≤ 0; a ρ that this ensemble does not know.
    #[pyo3(signature = (alpha, squared_norm = None))]
    fn extreme_overlap<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        squared_norm: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.at_norm(py, ("alpha", alpha), squared_norm, |law, [alpha, norm]| {
            law.extreme_overlap(alpha, norm)
        })
    }

    /// λ_*(α) = s'(ε_*): the noise condenses onto the nearest patterns above it.
    ///
    /// Arguments and result as of `extreme_overlap`.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     α at which nothing condenses; a ρ that this ensemble does not know.
    #[pyo3(signature = (alpha, squared_norm = None))]
    fn condensation_inverse_temperature<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        squared_norm: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.at_norm(py, ("alpha", alpha), squared_norm, |law, [alpha, norm]| {
            law.condensation_inverse_temperature(alpha, norm)
        })
    }

    /// α₁(λ), the load up to which a typical pattern is retrieved from x₀ = ξ¹.
    ///
    /// Parameters
    /// ----------
    /// inverse_temperature : float or array
    ///     λ > 0.
    ///
    /// Returns
    /// -------
    /// float or array
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     λ ≤ 0.
    fn typical_threshold<'py>(
        &self,
        py: Python<'py>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        map(py, [(LAMBDA, inverse_temperature)], |[lambda]| {
            self.law.typical_threshold(lambda)
        })
    }

    /// λ₁(α), from which on a typical pattern is retrieved: the inverse of α₁ on its increasing branch.
    ///
    /// Parameters
    /// ----------
    /// alpha : float or array
    ///     The load ln(P)/N.
    ///
    /// Returns
    /// -------
    /// float or array
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     α ≤ 0, or at or above the supremum of α₁.
    fn typical_inverse_temperature<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        map(py, [("alpha", alpha)], |[alpha]| {
            self.law.typical_inverse_temperature(alpha)
        })
    }

    /// α_c^lb(λ), a lower bound of the load up to which all patterns are retrieved.
    ///
    /// Arguments, result and errors as of `typical_threshold`.
    fn all_patterns_lower_bound<'py>(
        &self,
        py: Python<'py>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        map(py, [(LAMBDA, inverse_temperature)], |[lambda]| {
            self.law.all_patterns_lower_bound(lambda)
        })
    }

    /// Φ = lim (1/N) ln Σ_μ exp(λ x·ξ^μ) of the noise at |x|² = ρN: α + ζ(λ) while uncondensed
    /// (α ≥ α_*(λ)), λ ε_*(α) while condensed.
    ///
    /// Parameters
    /// ----------
    /// alpha, inverse_temperature : float or array
    ///     α > 0, λ > 0.
    /// squared_norm : float or array
    ///     ρ, as in `rate_function`.
    ///
    /// Returns
    /// -------
    /// float or array of the broadcast shape
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     α ≤ 0 or λ ≤ 0; a ρ that this ensemble does not know.
    #[pyo3(signature = (alpha, inverse_temperature, squared_norm = None))]
    fn free_entropy<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
        squared_norm: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let norm = &number_or(py, squared_norm, 1.0)?;
        let arguments = [
            ("alpha", alpha),
            (LAMBDA, inverse_temperature),
            ("squared_norm", norm),
        ];
        map(py, arguments, |[alpha, lambda, norm]| {
            let found = self.law.free_entropy(alpha, lambda, norm)?;
            Ok(found.value)
        })
    }

    /// θ_c in radians: starts within it are retrieved, λ cos θ_c = Φ(λ).
    ///
    /// Parameters
    /// ----------
    /// alpha, inverse_temperature : float or array
    ///     α > 0, λ > 0.
    /// start : {"sphere", "pattern"}
    ///     Starts on a random great circle through the pattern, or distributed as a pattern (signs
    ///     flipped, components drawn anew); the same for spherical and gaussian patterns.
    ///
    /// Returns
    /// -------
    /// float or array of the broadcast shape
    ///     Radians; nan where there is no basin, λ ≤ λ₁(α).
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     α ≤ 0 or λ ≤ 0; another start.
    #[pyo3(signature = (alpha, inverse_temperature, *, start = "sphere"))]
    fn basin_angle<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
        start: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let law = self.law.as_ref();
        let angle = match start {
            "sphere" => theory::Ensemble::basin_angle,
            "pattern" => theory::Ensemble::pattern_basin_angle,
            _ => {
                let text = format!("start = {start:?}: it is \"sphere\" or \"pattern\"");
                return Err(errors::out_of_domain(text));
            }
        };
        let arguments = [("alpha", alpha), (LAMBDA, inverse_temperature)];
        map(py, arguments, |[alpha, lambda]| {
            Ok(angle(law, alpha, lambda)?.unwrap_or(f64::NAN))
        })
    }

    /// λ from which on a start at the angle θ from the pattern is retrieved as N → ∞: the inverse of
    /// `basin_angle`; λ₁(α) at θ = 0.
    ///
    /// Parameters
    /// ----------
    /// alpha, angle : float or array
    ///     α > 0; θ in radians, within [0, π].
    ///
    /// Returns
    /// -------
    /// float or array of the broadcast shape
    ///     nan where no λ retrieves.
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     α or θ out of their domain.
    fn basin_inverse_temperature<'py>(
        &self,
        py: Python<'py>,
        alpha: &Bound<'py, PyAny>,
        angle: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        map(
            py,
            [("alpha", alpha), ("angle", angle)],
            |[alpha, angle]| {
                let law = self.law.as_ref();
                let found = theory::finite_size::basin_inverse_temperature(law, alpha, angle)?;
                Ok(found.unwrap_or(f64::NAN))
            },
        )
    }
}

/// The arguments from which an ensemble is made again.
type PyRebuilt<'py> = (&'static str, Bound<'py, PyDict>);

/// The name of λ in messages.
pub const LAMBDA: &str = "inverse_temperature";
