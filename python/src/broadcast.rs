//! Formulas of numbers as functions of arrays, broadcast as NumPy does, without the interpreter's lock.

use numpy::IntoPyArray;
use numpy::ndarray::ArrayD;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use rayon::prelude::*;

use crate::attended::{Stop, attended};
use crate::errors;
use crate::numbers::Numbers;
use crate::threads;
use dam::theory::TheoryError;

/// Elements below which no thread is started.
const ALONE: usize = 64;

/// An argument of a formula and its name.
pub type Argument<'a, 'py> = (&'static str, &'a Bound<'py, PyAny>);

/// Arguments of one shape.
pub struct Points<const A: usize> {
    names: [&'static str; A],
    /// The common shape; () where all are scalars.
    pub shape: Vec<usize>,
    values: [Vec<f64>; A],
}

impl<const A: usize> Points<A> {
    /// Reads arguments and broadcasts them.
    pub fn read(arguments: [Argument<'_, '_>; A]) -> PyResult<Self> {
        let names = arguments.map(|(name, _)| name);
        let mut numbers = Vec::with_capacity(A);
        for (name, given) in arguments {
            numbers.push(Numbers::read(name, given)?);
        }
        let refuse = |numbers: &[Numbers]| {
            let shapes = names.iter().zip(numbers);
            let shapes: Vec<String> = shapes
                .map(|(name, numbers)| format!("{name} {:?}", numbers.shape))
                .collect();
            let text = format!("shapes do not broadcast together: {}", shapes.join(", "));
            PyValueError::new_err(text)
        };
        let Some(shape) = common_shape(&numbers) else {
            return Err(refuse(&numbers));
        };
        let values = std::array::from_fn(|place| {
            let repeated = numbers[place].clone().broadcast(&shape);
            repeated.unwrap_or_default()
        });
        Ok(Self {
            names,
            shape,
            values,
        })
    }

    /// The number of points.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// The arguments of a point.
    pub fn at(&self, point: usize) -> [f64; A] {
        std::array::from_fn(|place| self.values[place][point])
    }

    /// The message of an error at a point of an array, which says which one.
    fn refuse(&self, point: usize, error: &TheoryError) -> PyErr {
        let raised = errors::theory(error);
        if self.shape.is_empty() {
            return raised;
        }
        let named = self.names.iter().zip(self.at(point));
        let named: Vec<String> = named
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        Python::attach(|py| {
            let text = format!("at {}: {}", named.join(", "), raised.value(py));
            PyErr::from_type(raised.get_type(py), text)
        })
    }

    /// K arrays of what the formula gives at each point; floats where the arguments are.
    pub fn map<'py, const K: usize>(
        &self,
        py: Python<'py>,
        formula: impl Fn([f64; A]) -> Result<[f64; K], TheoryError> + Sync,
    ) -> PyResult<[Bound<'py, PyAny>; K]> {
        let count = self.count();
        let mut found = Vec::with_capacity(count);
        if count < ALONE {
            for point in 0..count {
                let values = py.detach(|| formula(self.at(point)));
                found.push(values.map_err(|error| self.refuse(point, &error))?);
                py.check_signals()?;
            }
        } else {
            let pool = threads::pool(None)?;
            let all = |stop: &Stop| {
                let one = |point| {
                    // what is not computed any more is not seen either
                    if stop.is_set() {
                        return Ok([f64::NAN; K]);
                    }
                    formula(self.at(point)).map_err(|error| (point, error))
                };
                pool.install(|| (0..count).into_par_iter().map(one).collect())
            };
            let values: Result<Vec<[f64; K]>, _> = attended(py, all)?;
            found = values.map_err(|(point, error)| self.refuse(point, &error))?;
        }
        self.columns(py, &found)
    }

    /// What was found at each point as K arrays; floats where the arguments are.
    pub fn columns<'py, const K: usize>(
        &self,
        py: Python<'py>,
        found: &[[f64; K]],
    ) -> PyResult<[Bound<'py, PyAny>; K]> {
        let mut columns = Vec::with_capacity(K);
        for place in 0..K {
            let column: Vec<f64> = found.iter().map(|values| values[place]).collect();
            columns.push(shaped(py, &self.shape, column)?);
        }
        columns
            .try_into()
            .map_err(|_| PyValueError::new_err("a column for each value"))
    }
}

/// Values of this shape, a float where it is ().
pub fn shaped<'py>(
    py: Python<'py>,
    shape: &[usize],
    values: Vec<f64>,
) -> PyResult<Bound<'py, PyAny>> {
    if let ([], [value]) = (shape, values.as_slice()) {
        return Ok(value.into_pyobject(py)?.into_any());
    }
    let array = ArrayD::from_shape_vec(shape, values);
    let array = array.map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(array.into_pyarray(py).into_any())
}

/// A formula of one number for each point.
pub fn map<'py, const A: usize>(
    py: Python<'py>,
    arguments: [Argument<'_, 'py>; A],
    formula: impl Fn([f64; A]) -> Result<f64, TheoryError> + Sync,
) -> PyResult<Bound<'py, PyAny>> {
    let found = Points::read(arguments)?.map(py, |point| formula(point).map(|value| [value]));
    found.map(|[value]| value)
}

/// A named tuple of the package, of these fields.
pub fn named<'py, const K: usize>(
    py: Python<'py>,
    name: &str,
    fields: [Bound<'py, PyAny>; K],
) -> PyResult<Bound<'py, PyAny>> {
    let tuples = py.import("dense_associative_memory._tuples")?;
    tuples.getattr(name)?.call1(PyTuple::new(py, fields)?)
}

fn common_shape(numbers: &[Numbers]) -> Option<Vec<usize>> {
    let shapes = || numbers.iter().map(|numbers| &numbers.shape);
    let rank = shapes().map(Vec::len).max().unwrap_or(0);
    let mut common = vec![1; rank];
    for shape in shapes() {
        for (slot, &length) in common.iter_mut().rev().zip(shape.iter().rev()) {
            match (*slot, length) {
                (1, _) => *slot = length,
                (_, 1) => {}
                (one, other) if one == other => {}
                _ => return None,
            }
        }
    }
    Some(common)
}
