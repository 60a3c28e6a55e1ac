//! Who measures samples, and where: a schedule takes ranges of samples of several subjects and measures each
//! sample once. Threads of this process are the first kind; other kinds may spread the ranges over machines.

mod threads;

use std::ops::Range;

use dam_memory::kernel::Parallelism;

use crate::results::StoreError;

pub use threads::{NoThreads, Threads};

/// The unit of work: a range of samples of one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Position of the subject among those that are run.
    pub subject: usize,
    /// Its samples.
    pub samples: Range<usize>,
    /// What may be parallel: the samples with each other, or the patterns within one sample.
    pub parallelism: Parallelism,
}

/// Measures one sample of a piece of work, and keeps what it gives.
pub type Measure<'a> = &'a (dyn Fn(&Work, usize) -> Result<(), StoreError> + Sync);

/// Distributes work.
pub trait Schedule {
    /// Calls `one` once for every sample of every piece of work; samples of one subject stand together in `work`.
    /// The numbers do not depend on the order, which is free.
    ///
    /// # Errors
    /// The first error of `one`, after which no further sample need be begun.
    fn run(&self, work: &[Work], one: Measure<'_>) -> Result<(), StoreError>;
}

/// Samples in ascending order as ranges.
pub(crate) fn ranges(samples: &[usize]) -> Vec<Range<usize>> {
    samples
        .chunk_by(|&before, &after| before + 1 == after)
        .map(|run| run[0]..run[run.len() - 1] + 1)
        .collect()
}
