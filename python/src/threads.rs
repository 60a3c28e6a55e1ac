//! How many threads work.

use pyo3::PyResult;

use crate::errors;

/// Threads for each core beyond which they only wait for each other.
const MOST_PER_CORE: usize = 4;

/// The threads asked for, else one on every core that this process may use.
pub fn count(requested: Option<usize>) -> PyResult<usize> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let Some(threads) = requested else {
        return Ok(cores);
    };
    let most = MOST_PER_CORE * cores;
    if (1..=most).contains(&threads) {
        return Ok(threads);
    }
    Err(errors::out_of_domain(format!(
        "threads = {threads}: this process may use {cores} cores; give 1 to {most}, or None for one on every core"
    )))
}
