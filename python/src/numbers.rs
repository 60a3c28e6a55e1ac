//! Real numbers from Python: a number, or anything that NumPy makes an array of; never silently something else.

use numpy::{
    PyArrayDescrMethods, PyArrayDyn, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyFloat, PyInt};

/// Real numbers of some shape, row-major; a scalar has the shape ().
#[derive(Clone, Debug)]
pub struct Numbers {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

impl Numbers {
    /// Reads an argument of this name.
    pub fn read(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let is_number = given.is_instance_of::<PyFloat>()
            || (given.is_instance_of::<PyInt>() && !given.is_instance_of::<PyBool>());
        if is_number {
            return Ok(Self {
                shape: Vec::new(),
                values: vec![given.extract()?],
            });
        }
        let array = real_array(name, given)?;
        Ok(Self {
            shape: array.shape().to_vec(),
            values: doubles(&array)?
                .readonly()
                .as_array()
                .iter()
                .copied()
                .collect(),
        })
    }

    /// The values repeated to a shape of which theirs is a part, as NumPy broadcasts.
    pub fn broadcast(self, shape: &[usize]) -> Option<Vec<f64>> {
        if self.shape == shape {
            return Some(self.values);
        }
        let view = numpy::ndarray::ArrayViewD::from_shape(self.shape, &self.values).ok()?;
        Some(view.broadcast(shape)?.iter().copied().collect())
    }
}

/// The array that NumPy makes of it, if its numbers are real. Masked arrays are refused: their mask would be lost.
pub fn real_array<'py>(
    name: &str,
    given: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    static AS_ARRAY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static MASKED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = given.py();
    let masked = MASKED.import(py, "numpy.ma", "MaskedArray")?;
    if given.is_instance(masked)? {
        let text = format!(
            "{name}: a masked array, whose mask would be lost; give .compressed() or .filled(...)"
        );
        return Err(PyTypeError::new_err(text));
    }
    let array = AS_ARRAY.import(py, "numpy", "asarray")?.call1((given,))?;
    let array = array.cast_into::<PyUntypedArray>()?;
    let kind = array.dtype().kind();
    if b"fiu".contains(&kind) {
        return Ok(array);
    }
    let text = format!(
        "{name}: numbers are real, not of dtype {}; give an array of float or int",
        array.dtype()
    );
    Err(PyTypeError::new_err(text))
}

/// The same numbers in double precision: the same array where it holds them so already.
pub fn doubles<'py>(array: &Bound<'py, PyUntypedArray>) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
    if let Ok(array) = array.cast::<PyArrayDyn<f64>>() {
        return Ok(array.clone());
    }
    let array = array.call_method1("astype", ("float64",))?;
    Ok(array.cast_into::<PyArrayDyn<f64>>()?)
}

/// What is given, or this number.
pub fn number_or<'py>(
    py: Python<'py>,
    given: Option<&Bound<'py, PyAny>>,
    otherwise: f64,
) -> PyResult<Bound<'py, PyAny>> {
    match given {
        Some(given) => Ok(given.clone()),
        None => Ok(otherwise.into_pyobject(py)?.into_any()),
    }
}
