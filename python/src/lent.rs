//! Rows that lie in an array of Python's.

use std::sync::Arc;

use dam::memory::attention::{AttentionMemory, LentPatterns};
use dam::memory::kernel::PatternSource;
use numpy::{Element, PyArray2, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::errors;

/// The array of a memory, where it lay when it was lent.
pub struct Owner {
    array: Py<PyAny>,
    place: Place,
}

impl Owner {
    /// The array.
    pub fn array<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.array.bind(py).clone()
    }

    /// Refuses to read where the array no longer lies, as after `resize(refcheck=False)`.
    pub fn check(&self, py: Python<'_>) -> PyResult<()> {
        if Place::of(self.array.bind(py)) == Some(self.place) {
            return Ok(());
        }
        let text = "the array of the patterns was resized or given another shape after the memory was made; make a new Memory of it";
        Err(errors::out_of_domain(text))
    }
}

/// Where the numbers of a matrix lie, and its shape.
#[derive(Clone, Copy, PartialEq)]
struct Place(usize, usize, usize);

impl Place {
    fn at<T: Element>(array: &Bound<'_, PyArray2<T>>) -> Self {
        Self(array.data() as usize, array.shape()[0], array.shape()[1])
    }

    fn of(array: &Bound<'_, PyAny>) -> Option<Self> {
        if let Ok(doubles) = array.cast::<PyArray2<f64>>() {
            return Some(Self::at(doubles));
        }
        let singles = array.cast::<PyArray2<f32>>().ok()?;
        Some(Self::at(singles))
    }
}

/// The rows of an array.
#[derive(Debug)]
struct Rows<T> {
    start: *const T,
    shape: (usize, usize),
    /// Keeps the memory that `start` points to.
    _array: Py<PyAny>,
}

// SAFETY: rows are only read, whatever the thread; the array is kept, and the caller's to leave alone
// during a call.
unsafe impl<T: Sync> Send for Rows<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Rows<T> {}

impl<T: Sync> PatternSource<T> for Rows<T> {
    fn shape(&self) -> (usize, usize) {
        self.shape
    }

    fn rows<'a>(&'a self, first: usize, count: usize, _: &'a mut Vec<T>) -> &'a [T] {
        let (patterns, size) = self.shape;
        assert!(first + count <= patterns, "rows of the array");
        // SAFETY: within the array, by the line above; aligned and contiguous, as `rows` has checked.
        unsafe { std::slice::from_raw_parts(self.start.add(first * size), count * size) }
    }
}

/// A memory over the rows of an array of either precision, and the array.
pub fn lend(patterns: &Bound<'_, PyAny>) -> PyResult<(AttentionMemory, Owner)> {
    let Ok(array) = patterns.cast::<PyUntypedArray>() else {
        return Err(PyTypeError::new_err(format!(
            "patterns: a {}, not a NumPy array; the memory reads the array itself: give numpy.asarray(patterns, dtype=float)",
            patterns.get_type().name()?
        )));
    };
    if patterns.hasattr("mask")? {
        let text = "patterns: a masked array, whose mask would be lost; give .filled(...)";
        return Err(PyTypeError::new_err(text));
    }
    if array.ndim() != 2 || array.shape().contains(&0) {
        return Err(errors::out_of_domain(format!(
            "patterns of shape {:?}: it is (P, N), with at least one pattern and one component",
            array.shape()
        )));
    }
    let memory: AttentionMemory = if let Ok(doubles) = patterns.cast::<PyArray2<f64>>() {
        rows(doubles)?.into()
    } else if let Ok(singles) = patterns.cast::<PyArray2<f32>>() {
        rows(singles)?.into()
    } else {
        return Err(PyTypeError::new_err(format!(
            "patterns of dtype {}: float64 or float32 in native byte order; give patterns.astype(float)",
            array.dtype()
        )));
    };
    let place = Place::of(patterns).ok_or_else(|| errors::out_of_domain("patterns moved"))?;
    let array = patterns.clone().unbind();
    Ok((memory, Owner { array, place }))
}

fn rows<T: Element + Sync + std::fmt::Debug + 'static>(
    array: &Bound<'_, PyArray2<T>>,
) -> PyResult<Arc<dyn LentPatterns<T>>> {
    let is_aligned: bool = array.getattr("flags")?.getattr("aligned")?.extract()?;
    // columns first, which NumPy calls contiguous too, would be read as other rows
    if !array.is_c_contiguous() || !is_aligned {
        let text = "patterns are not C-contiguous (transposed, sliced or columns first): each row must be a pattern; where it is, give numpy.ascontiguousarray(patterns)";
        return Err(errors::out_of_domain(text));
    }
    Ok(Arc::new(Rows {
        start: array.data().cast_const(),
        shape: (array.shape()[0], array.shape()[1]),
        _array: array.clone().into_any().unbind(),
    }))
}
