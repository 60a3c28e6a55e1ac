//! Descents of a memory's energy.

use dam::memory::dynamics::{Arrival, GradientDescent, Start, StopReason};
use numpy::IntoPyArray;
use numpy::ndarray::ArrayD;
use pyo3::prelude::*;
use pyo3::types::PyAnyMethods;

use crate::attended::Stoppable;
use crate::broadcast::{named, shaped};
use crate::errors;
use crate::memory::{Memory, States};
use crate::numbers::Numbers;

#[pymethods]
impl Memory {
    /// Gradient descent x ← (1 − η) x + η softmax(λ x Ξᵀ) Ξ from every state to its fixed point.
    ///
    /// Parameters
    /// ----------
    /// states : array of shape (..., N)
    /// inverse_temperature : float or array that broadcasts to (...)
    ///     λ ≥ 0.
    /// target : int or array that broadcasts to (...), optional
    ///     The pattern, counted from 0, whose weight is reported.
    /// step_size : float
    ///     η in (0, 1]; 1 is the attention update.
    /// tolerance : float
    ///     A state has arrived when |∇E|/√N is at most this. (hflayers: update_steps_eps.)
    /// max_steps : int
    ///     (hflayers: update_steps_max.)
    ///
    /// Returns
    /// -------
    /// Retrieval
    ///     `state` (..., N), and of shape (...): `steps`, `converged`, `best_pattern`, `weight` of the
    ///     target (nan without one), `energy`, `gradient_norm` = |∇E|/√N, `participation` = Σ w².
    ///
    /// Raises
    /// ------
    /// DomainError
    ///     As of `update`; a target that is no pattern; a step size, tolerance or number of steps out of
    ///     its domain.
    #[pyo3(signature = (states, inverse_temperature, *, target = None, step_size = 1.0, tolerance = 1e-8, max_steps = 20_000))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn retrieve<'py>(
        &self,
        py: Python<'py>,
        states: &Bound<'py, PyAny>,
        inverse_temperature: &Bound<'py, PyAny>,
        target: Option<&Bound<'py, PyAny>>,
        step_size: f64,
        tolerance: f64,
        max_steps: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let descent = GradientDescent {
            step_size,
            tolerance,
            max_steps,
        };
        check(&descent)?;
        let states = self.read(states, inverse_temperature)?;
        let targets = match target {
            Some(target) => self.targets(&states, target)?,
            None => vec![0; states.lambdas.len()],
        };
        let each = states.values.chunks_exact(self.attention.size());
        let starts: Vec<Start> = each
            .zip(&states.lambdas)
            .zip(&targets)
            .map(|((state, &inverse_temperature), &target)| Start {
                state: state.to_vec(),
                inverse_temperature,
                target,
            })
            .collect();
        let arrivals = self.run_attended(py, |memory, stop| {
            descent.descend(&Stoppable { memory, stop }, &starts)
        })?;
        told(py, &states, &arrivals, target.is_some())
    }
}

impl Memory {
    /// The number of a pattern for each state.
    fn targets(&self, states: &States, given: &Bound<'_, PyAny>) -> PyResult<Vec<usize>> {
        let target = Numbers::read("target", given)?;
        let shape = target.shape.clone();
        let Some(targets) = target.broadcast(states.lead()) else {
            return Err(errors::out_of_domain(format!(
                "target of shape {shape:?} does not broadcast to the states' {:?}",
                states.lead()
            )));
        };
        let count = self.attention.pattern_count();
        let number = |value: f64| {
            dam::sims::whole_number(value)
                .filter(|&target| target < count)
                .ok_or_else(|| {
                    let text = format!(
                        "target = {value}: it is the number of a pattern, 0 to {}",
                        count - 1
                    );
                    errors::out_of_domain(text)
                })
        };
        targets.into_iter().map(number).collect()
    }
}

fn check(descent: &GradientDescent) -> PyResult<()> {
    GradientDescent::check_step_size(descent.step_size)
        .map_err(|text| errors::out_of_domain(format!("step_size = {text}")))?;
    if !(descent.tolerance > 0.0 && descent.tolerance.is_finite()) {
        let text = format!("tolerance = {}: it is a positive number", descent.tolerance);
        return Err(errors::out_of_domain(text));
    }
    if descent.max_steps == 0 {
        return Err(errors::out_of_domain("max_steps = 0 allows no update"));
    }
    Ok(())
}

/// What became of every state.
fn told<'py>(
    py: Python<'py>,
    states: &States,
    arrivals: &[Arrival],
    has_target: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let lead = states.lead();
    let real =
        |number: &dyn Fn(&Arrival) -> f64| shaped(py, lead, arrivals.iter().map(number).collect());
    let state = arrivals.iter().flat_map(|arrival| arrival.state.iter());
    let weight = |arrival: &Arrival| {
        if has_target {
            arrival.outcome.target_weight
        } else {
            f64::NAN
        }
    };
    let count = |number: &dyn Fn(&Arrival) -> usize| {
        let numbers = arrivals
            .iter()
            .map(|arrival| i64::try_from(number(arrival)));
        let numbers: Result<Vec<i64>, _> = numbers.collect();
        typed(py, lead, numbers.map_err(|error| errors::failed(&error))?)
    };
    let converged = arrivals.iter();
    let converged = converged.map(|arrival| arrival.reason == StopReason::Converged);
    let fields = [
        shaped(py, &states.shape, state.copied().collect())?,
        count(&|arrival| arrival.steps)?,
        typed(py, lead, converged.collect::<Vec<bool>>())?,
        count(&|arrival| arrival.outcome.best_pattern)?,
        real(&weight)?,
        real(&|arrival| arrival.outcome.energy.unwrap_or(f64::NAN))?,
        real(&|arrival| arrival.gradient_norm)?,
        real(&|arrival| arrival.outcome.participation)?,
    ];
    named(py, "Retrieval", fields)
}

/// An array of this shape; a scalar of Python where it is ().
fn typed<'py, T: numpy::Element>(
    py: Python<'py>,
    shape: &[usize],
    values: Vec<T>,
) -> PyResult<Bound<'py, PyAny>> {
    let array = ArrayD::from_shape_vec(shape, values)
        .map_err(|error| errors::failed(&error))?
        .into_pyarray(py)
        .into_any();
    if shape.is_empty() {
        return array.call_method0("item");
    }
    Ok(array)
}
