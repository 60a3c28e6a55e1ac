//! Threads of this process.

use dam_memory::kernel::Parallelism;
use rayon::prelude::*;
use thiserror::Error;

use super::{Measure, Schedule, Work};
use crate::results::StoreError;

/// A pool of threads that takes the subjects one after another, so that the patterns of one are in memory at a time.
#[derive(Debug)]
pub struct Threads {
    pool: rayon::ThreadPool,
}

/// A pool that the system refuses.
#[derive(Debug, Error)]
#[error("cannot start {count} threads: {reason}")]
pub struct NoThreads {
    count: usize,
    reason: String,
}

impl Threads {
    /// A pool of `count` threads.
    ///
    /// # Errors
    /// [`NoThreads`].
    pub fn new(count: usize) -> Result<Self, NoThreads> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build();
        let pool = pool.map_err(|error| NoThreads {
            count,
            reason: error.to_string(),
        })?;
        Ok(Self { pool })
    }

    /// What `task` gives, whose parallel parts run on these threads.
    pub fn install<T: Send>(&self, task: impl FnOnce() -> T + Send) -> T {
        self.pool.install(task)
    }
}

impl Schedule for Threads {
    fn run(&self, work: &[Work], one: Measure<'_>) -> Result<(), StoreError> {
        let is_alike =
            |a: &Work, b: &Work| (a.subject, a.parallelism) == (b.subject, b.parallelism);
        for alike in work.chunk_by(is_alike) {
            let samples: Vec<(&Work, usize)> = alike
                .iter()
                .flat_map(|work| work.samples.clone().map(move |sample| (work, sample)))
                .collect();
            self.pool.install(|| match alike[0].parallelism {
                Parallelism::Sequential => samples
                    .par_iter()
                    .with_max_len(1)
                    .try_for_each(|&(work, sample)| one(work, sample)),
                Parallelism::Chunks => samples
                    .iter()
                    .try_for_each(|&(work, sample)| one(work, sample)),
            })?;
        }
        Ok(())
    }
}
