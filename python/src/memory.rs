//! Memories over the caller's own arrays, without a copy.

use dam::memory::attention::AttentionMemory;
use dam::memory::kernel::{Batch, Parallelism, StateSummary};
use pyo3::prelude::*;

use crate::attended::{Stop, attended};
use crate::broadcast::shaped;
use crate::ensemble::LAMBDA;
use crate::errors;
use crate::lent::{Owner, lend};
use crate::numbers::Numbers;
use crate::threads;

/// P stored patterns of N components with the energy
/// E(x) = −(1/λ) ln Σ_μ exp(λ x·ξ^μ) + ½|x|², whose descent with step 1 is the attention update.
///
/// Parameters
/// ----------
/// patterns : (P, N) array of float32 or float64, C-contiguous
///     Not copied: the memory reads the array at each call, and what is written to it later is what the
///     memory then stores. Do not write to it while a call is running in another thread. (hflayers:
///     stored pattern; HAMUX: synapse; attention: keys and values at once.)
/// threads : int
///     For each call; results do not depend on it.
///
/// States are arrays of shape (..., N), λ a number or an array that broadcasts to (...). Results are double
/// precision; float32 patterns give some 1e-5.
///
/// Raises
/// ------
/// TypeError
///     Patterns that are no array of float32 or float64.
/// DomainError
///     Patterns that are not C-contiguous (a transposed or sliced array), or not (P, N) with P, N ≥ 1.
#[pyclass(frozen, module = "dense_associative_memory", name = "Memory")]
pub struct Memory {
    pub attention: AttentionMemory,
    owner: Owner,
    threads: usize,
}

/// States and their inverse temperatures.
pub struct States {
    /// The shape of the states.
    pub shape: Vec<usize>,
    /// B×N.
    pub values: Vec<f64>,
    /// λ of each.
    pub lambdas: Vec<f64>,
}

impl States {
    /// The shape without the N components.
    pub fn lead(&self) -> &[usize] {
        self.shape.split_last().map_or(&[], |(_, lead)| lead)
    }
}

impl Memory {
    /// Runs without the interpreter's lock, on the threads of the memory.
    pub fn run<T: Send>(
        &self,
        py: Python<'_>,
        task: impl FnOnce(&AttentionMemory) -> T + Send,
    ) -> PyResult<T> {
        self.owner.check(py)?;
        if self.threads == 1 {
            return Ok(py.detach(|| task(&self.attention)));
        }
        let pool = threads::pool(Some(self.threads))?;
        Ok(py.detach(|| pool.install(|| task(&self.attention))))
    }

    /// As [`run`](Self::run), for a task that takes long and looks whether it is to stop.
    pub fn run_attended<T: Send>(
        &self,
        py: Python<'_>,
        task: impl FnOnce(&AttentionMemory, &Stop) -> T + Send,
    ) -> PyResult<T> {
        self.owner.check(py)?;
        let pool = threads::pool(Some(self.threads))?;
        attended(py, |stop| pool.install(|| task(&self.attention, stop)))
    }

    /// Reads states, of N components each.
    fn states(&self, given: &Bound<'_, PyAny>) -> PyResult<Numbers> {
        let states = Numbers::read("states", given)?;
        let size = self.attention.size();
        if states.shape.last() != Some(&size) {
            let text = format!(
                "states of shape {:?}: the last axis must hold the N = {size} components",
                states.shape
            );
            return Err(errors::out_of_domain(text));
        }
        match states.values.iter().position(|value| !value.is_finite()) {
            None => Ok(states),
            Some(place) => Err(errors::out_of_domain(format!(
                "states: component {} of state {} is {}; components are finite",
                place % size,
                place / size,
                states.values[place]
            ))),
        }
    }

    /// Reads states and the λ ≥ 0 of each.
    pub fn read(
        &self,
        states: &Bound<'_, PyAny>,
        inverse_temperature: &Bound<'_, PyAny>,
    ) -> PyResult<States> {
        let Numbers { shape, values } = self.states(states)?;
        let lead = &shape[..shape.len() - 1];
        let lambda = Numbers::read(LAMBDA, inverse_temperature)?;
        let given = lambda.shape.clone();
        let Some(lambdas) = lambda.broadcast(lead) else {
            let text =
                format!("{LAMBDA} of shape {given:?} does not broadcast to the states' {lead:?}");
            return Err(errors::out_of_domain(text));
        };
        let is_good = |lambda: f64| lambda.is_finite() && lambda >= 0.0;
        if let Some(bad) = lambdas.iter().find(|&&lambda| !is_good(lambda)) {
            let text =
                format!("{LAMBDA} = {bad} lies outside its domain: finite numbers of at least 0");
            return Err(errors::out_of_domain(text));
        }
        Ok(States {
            shape,
            values,
            lambdas,
        })
    }

    /// One pass over the patterns.
    fn pass(&self, py: Python<'_>, states: &States) -> PyResult<(Vec<f64>, Vec<StateSummary>)> {
        let targets = vec![0; states.lambdas.len()];
        self.run(py, |memory| {
            memory.update(Batch {
                states: &states.values,
                inverse_temperatures: &states.lambdas,
                targets: &targets,
                seeds: None,
            })
        })
    }

    /// P numbers of each state.
    fn of_each_pattern<'py>(
        &self,
        py: Python<'py>,
        lead: &[usize],
        states: &[f64],
        numbers: impl Fn(&AttentionMemory, usize, &[f64]) -> Vec<f64> + Sync,
    ) -> PyResult<Bound<'py, PyAny>> {
        let found = self.run(py, |memory| {
            let states = states.chunks_exact(memory.size()).enumerate();
            let each = states.flat_map(|(index, state)| numbers(memory, index, state));
            each.collect()
        })?;
        let mut shape = lead.to_vec();
        shape.push(self.attention.pattern_count());
        shaped(py, &shape, found)
    }
}

#[pymethods]
impl Memory {
    #[new]
    #[pyo3(signature = (patterns, *, threads = 1))]
    fn new(patterns: &Bound<'_, PyAny>, threads: usize) -> PyResult<Self> {
        let threads = threads::count(Some(threads))?;
        let (memory, owner) = lend(patterns)?;
        let parallelism = if threads == 1 {
            Parallelism::Sequential
        } else {
            Parallelism::Chunks
        };
        Ok(Self {
            attention: memory.with_parallelism(parallelism),
            owner,
            threads,
        })
    }

    /// The array that holds the patterns: the one given, not a copy.
    #[getter]
    fn patterns<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.owner.array(py)
    }

    /// (P, N).
    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.attention.pattern_count(), self.attention.size())
    }

    fn __repr__(&self) -> String {
        let (count, size) = self.shape();
        format!("Memory(P={count}, N={size})")
    }

    /// The attention update softmax(λ x Ξᵀ) Ξ. (hflayers: one association step; HAMUX: x − ∇E.)
    ///
    /// Parameters
    /// ----------
    /// states : array of shape (..., N)
    /// inverse_temperature : float or array that broadcasts to (...)
    ///     λ ≥ 0.
    ///
    /// Returns
    /// -------
    /// array of shape (..., N)
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     Shapes that do not fit; components that are not finite; λ < 0.
    fn update<'py>(
        &self,
        py: Python<'py>,
        states: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let states = self.read(states, inverse_temperature)?;
        let (updates, _) = self.pass(py, &states)?;
        shaped(py, &states.shape, updates)
    }

    /// ∇E(x) = x − softmax(λ x Ξᵀ) Ξ.
    ///
    /// Arguments, result and errors as of `update`.
    fn gradient<'py>(
        &self,
        py: Python<'py>,
        states: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let states = self.read(states, inverse_temperature)?;
        let (mut gradients, _) = self.pass(py, &states)?;
        for (slot, value) in gradients.iter_mut().zip(&states.values) {
            *slot = value - *slot;
        }
        shaped(py, &states.shape, gradients)
    }

    /// E(x) = −(1/λ) ln Σ_μ exp(λ x·ξ^μ) + ½|x|².
    ///
    /// Arguments and errors as of `update`, but λ > 0.
    ///
    /// Returns
    /// -------
    /// float or array of shape (...)
    fn energy<'py>(
        &self,
        py: Python<'py>,
        states: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let states = self.read(states, inverse_temperature)?;
        if states.lambdas.contains(&0.0) {
            let text = format!("{LAMBDA} = 0 lies outside its domain: the energy has λ > 0");
            return Err(errors::out_of_domain(text));
        }
        let (_, summaries) = self.pass(py, &states)?;
        let each = states.values.chunks_exact(self.attention.size());
        let each = each.zip(&summaries).zip(&states.lambdas);
        let energies = each.map(|((state, summary), &lambda)| summary.energy(state, lambda));
        shaped(py, states.lead(), energies.collect())
    }

    /// ln Σ_μ exp(λ x·ξ^μ). (SciPy: logsumexp.)
    ///
    /// Arguments and errors as of `update`.
    ///
    /// Returns
    /// -------
    /// float or array of shape (...)
    ///     Infinite beyond the range of float64.
    fn log_sum_exp<'py>(
        &self,
        py: Python<'py>,
        states: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let states = self.read(states, inverse_temperature)?;
        let (_, summaries) = self.pass(py, &states)?;
        let sums = summaries.iter().map(|summary| summary.log_sum_exp);
        shaped(py, states.lead(), sums.collect())
    }

    /// The softmax weights exp(λ x·ξ^μ)/Σ_ν exp(λ x·ξ^ν). (hflayers: association matrix.)
    ///
    /// Arguments and errors as of `update`.
    ///
    /// Returns
    /// -------
    /// array of shape (..., P)
    fn weights<'py>(
        &self,
        py: Python<'py>,
        states: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let states = self.read(states, inverse_temperature)?;
        let (lead, lambdas) = (states.lead(), &states.lambdas);
        self.of_each_pattern(py, lead, &states.values, |memory, index, state| {
            memory.weights(state, lambdas[index])
        })
    }

    /// The overlaps x·ξ^μ/N.
    ///
    /// Parameters
    /// ----------
    /// states : array of shape (..., N)
    ///
    /// Returns
    /// -------
    /// array of shape (..., P)
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     States of another N; components that are not finite.
    fn overlaps<'py>(
        &self,
        py: Python<'py>,
        states: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Numbers { shape, values } = self.states(states)?;
        let lead = &shape[..shape.len() - 1];
        self.of_each_pattern(py, lead, &values, |memory, _, state| memory.overlaps(state))
    }
}
