//! How many threads work, and the pools that they wait in.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use dam::runs::schedule::Threads;
use pyo3::PyResult;

use crate::errors;

/// Pools by process and number of threads: a process that was forked has none of the threads of its parent, and would
/// wait for them forever.
static POOLS: Mutex<BTreeMap<(u32, usize), Arc<Threads>>> = Mutex::new(BTreeMap::new());

/// The pool of so many threads, by default one on every core.
pub fn pool(requested: Option<usize>) -> PyResult<Arc<Threads>> {
    let count = count(requested)?;
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (std::process::id(), count);
    if let Some(pool) = pools.get(&key) {
        return Ok(Arc::clone(pool));
    }
    let pool = Arc::new(Threads::new(count).map_err(|error| errors::failed(&error))?);
    pools.insert(key, Arc::clone(&pool));
    Ok(pool)
}

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
