//! Random patterns, drawn straight into memory of NumPy.

use std::sync::Arc;

use dam::memory::ensembles::{Drawn, PatternEnsemble, Sampler, pattern_law};
use dam::memory::kernel::{PatternSource, SOURCE_TILE};
use dam::memory::patterns::drawn::RandomPatterns;
use dam::runs::schedule::Threads;
use numpy::{Element, PyArray2, PyArrayMethods};
use pyo3::prelude::*;
use rayon::prelude::*;

use crate::ensemble::Ensemble;
use crate::errors;
use crate::threads;

/// Patterns (P, N) of a seed of 32 bytes; `dtype` is float32 or float64.
#[pyfunction]
pub fn draw_patterns<'py>(
    py: Python<'py>,
    ensemble: &Ensemble,
    shape: (usize, usize),
    seed: [u8; 32],
    dtype: &str,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (count, size) = shape;
    if size == 0 || count == 0 {
        let text = format!("{count} patterns of {size} components: both numbers are at least 1");
        return Err(errors::out_of_domain(text));
    }
    let sampler = Sampler(Arc::clone(&ensemble.law));
    let fits = sampler.check_size(size);
    fits.map_err(|error| errors::theory(&error))?;
    let pool = threads::pool(threads)?;
    // NumPy says itself when there is not so much memory
    let empty = py.import("numpy")?.getattr("empty")?;
    let array = empty.call1(((count, size), dtype))?;
    let patterns = py.detach(|| {
        let law = pattern_law(&sampler, size, &seed);
        RandomPatterns::new(law, size, count, seed)
    });
    if let Ok(doubles) = array.cast::<PyArray2<f64>>() {
        fill(py, doubles, &patterns, &pool)?;
    } else {
        let singles = array
            .cast::<PyArray2<f32>>()
            .map_err(|_| errors::out_of_domain(format!("dtype = {dtype}: float64 or float32")))?;
        fill(py, singles, &patterns, &pool)?;
    }
    Ok(array)
}

fn fill<T: Drawn + Element>(
    py: Python<'_>,
    array: &Bound<'_, PyArray2<T>>,
    patterns: &RandomPatterns,
    pool: &Threads,
) -> PyResult<()> {
    let mut array = array.readwrite();
    let rows = array.as_slice_mut()?;
    py.detach(|| {
        let source: &dyn PatternSource<T> = patterns;
        let size = source.size();
        pool.install(|| {
            let tiles = rows.par_chunks_mut(SOURCE_TILE * size).enumerate();
            tiles.for_each_init(Vec::new, |buffer, (tile, rows)| {
                let drawn = source.rows(tile * SOURCE_TILE, rows.len() / size, buffer);
                rows.copy_from_slice(drawn);
            });
        });
    });
    Ok(())
}
