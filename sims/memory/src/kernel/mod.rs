//! The softmax update of a batch of states in one pass over the patterns.
//!
//! For B states x with inverse temperatures λ it computes, state by state,
//!
//! ```text
//! w_μ = exp(λ x·ξ^μ) / Σ_ν exp(λ x·ξ^ν)        x' = Σ_μ w_μ ξ^μ
//! ```
//!
//! together with ln Σ_μ exp(λ x·ξ^μ), the weight of each state's target, the most
//! similar pattern and Σ_μ w_μ². The patterns are read once, in fixed spans whose
//! partial sums are merged in order in double precision: the result has the same bits
//! for any number of threads, and no P×B matrix is ever held.
//!
//! # Paths
//!
//! * Up to [`SMALL_BATCH`] states: components on the vector lanes, each state by itself.
//! * More: states on the lanes.
//! * Machines without AVX2 and FMA: the portable text, state by state.
//!
//! Within one path the bits of a state's result depend neither on the other states of
//! the batch nor on its place in it. Between the paths they differ in rounding. The path
//! for large batches gives the same bits with AVX2 and with AVX-512, that for small ones
//! does not, since the width of the vectors sets the order of its sums.
//!
//! # Accuracy
//!
//! With ε the spacing of the patterns' numbers at 1 and E = λ maxᵤ Σₙ|xₙ ξₙ|, the means are
//! right to a few (E + log₂P)·ε of the largest component: patterns in single precision
//! keep 1e-5 while E stays below 30. Weights below 2^−60 (f32) or 2^−500 (f64) of
//! the largest count as that much, which P patterns must not make felt: P ≪ 2^36 in f32.

mod plain;
#[cfg_attr(
    not(target_arch = "x86_64"),
    allow(dead_code, reason = "for vector instructions only")
)]
mod scratch;
#[cfg_attr(
    not(target_arch = "x86_64"),
    allow(dead_code, reason = "for vector instructions only")
)]
mod simd;
#[cfg_attr(
    not(target_arch = "x86_64"),
    allow(dead_code, reason = "for vector instructions only")
)]
mod spans;

#[cfg(target_arch = "x86_64")]
mod flush;
#[cfg(target_arch = "x86_64")]
mod large;
#[cfg(target_arch = "x86_64")]
mod small;
#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(target_arch = "x86_64")]
use x86 as vector;
#[cfg(not(target_arch = "x86_64"))]
mod vector {
    //! No vector instructions that the kernel knows.

    use super::{InstructionSet, Layout, spans::Paths};

    pub(super) fn available() -> &'static [InstructionSet] {
        &[]
    }

    pub(super) fn single(_: InstructionSet, _: Layout) -> Option<Paths<f32>> {
        None
    }

    pub(super) fn double(_: InstructionSet, _: Layout) -> Option<Paths<f64>> {
        None
    }
}

use crate::patterns::Patterns;
use crate::patterns::real::Real;

#[doc(hidden)]
pub use scratch::Layout;
pub use simd::Element;

/// The largest batch whose states are updated one by one.
pub const SMALL_BATCH: usize = 4;

/// Patterns that a [`PatternSource`] hands out at most at a time.
pub const SOURCE_TILE: usize = 256;

/// Stored patterns, or a rule that makes them when they are asked for.
pub trait PatternSource<T>: Sync {
    /// N, the number of components of a pattern.
    fn size(&self) -> usize;

    /// P, the number of patterns.
    fn count(&self) -> usize;

    /// The `count` patterns from `first` on, row-major, wherever they lie: in the source, or
    /// in `buffer`, which the caller only keeps for its allocation.
    ///
    /// The kernel asks for patterns of one tile μ / [`SOURCE_TILE`] at a time, and must get
    /// the same values whenever it asks.
    fn rows<'a>(&'a self, first: usize, count: usize, buffer: &'a mut Vec<T>) -> &'a [T];
}

impl<T: Real> PatternSource<T> for Patterns<T> {
    fn size(&self) -> usize {
        Patterns::size(self)
    }

    fn count(&self) -> usize {
        Patterns::count(self)
    }

    fn rows<'a>(&'a self, first: usize, count: usize, _: &'a mut Vec<T>) -> &'a [T] {
        let size = Patterns::size(self);
        &self.as_slice()[first * size..(first + count) * size]
    }
}

/// The pattern asked for last: neighbouring states often ask for the same one, which
/// a source may have to make.
#[derive(Clone, Debug, Default)]
struct LastRow<T> {
    pattern: Option<usize>,
    row: Vec<T>,
    made: Vec<T>,
}

impl<T: Real> LastRow<T> {
    /// Forgets the pattern, for the next source.
    fn clear(&mut self) {
        self.pattern = None;
    }

    fn get(&mut self, source: &dyn PatternSource<T>, pattern: usize) -> &[T] {
        if self.pattern != Some(pattern) {
            self.pattern = Some(pattern);
            self.row.clear();
            self.row
                .extend_from_slice(source.rows(pattern, 1, &mut self.made));
        }
        &self.row
    }
}

/// The batch of states that one pass over the patterns updates.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// B×N states, row-major.
    pub states: &'a [f64],
    /// λ ≥ 0 of each of the B states.
    pub inverse_temperatures: &'a [f64],
    /// The pattern (counted from 0) whose weight is reported, for each of the B states.
    pub targets: &'a [usize],
    /// For each of the B states a pattern that is expected near it, such as the best of its last step.
    ///
    /// Its product bounds the largest from below, and in batches larger than
    /// [`SMALL_BATCH`] a state whose bound stands out leaves out patterns of weight below
    /// 2^−(46 + log₂P) of the largest, all together less than 2^−46 of the rest. That changes a
    /// component of x' by at most 2^−45 maxᵤ|ξₙ|, and the weights and ln Σ by at most 2^−46 relative; it
    /// halves the time near retrieval where λN exceeds about 65, for P = 10^4 to 10^5. A poor seed
    /// costs nothing but its own product. The results depend on the seeds in these digits.
    pub seeds: Option<&'a [usize]>,
}

/// What one pass over the patterns tells of a state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StateSummary {
    /// ln Σ_μ exp(λ x·ξ^μ).
    pub log_sum_exp: f64,
    /// Softmax weight of the target.
    pub target_weight: f64,
    /// The pattern of largest λ x·ξ (the first of equals), counted from 0.
    pub best_pattern: usize,
    /// Its scalar product x·ξ (not divided by N).
    pub best_product: f64,
    /// Participation ratio Σ_μ w_μ²: 1 when one pattern holds all the weight.
    pub participation: f64,
}

/// Whether one pass uses the threads of the current rayon pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parallelism {
    /// One thread: for samples that run in parallel with each other.
    Sequential,
    /// Spans of patterns in parallel: for one large sample.
    Chunks,
}

/// An instruction set that the kernel is compiled for.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionSet {
    Portable,
    Avx2,
    Avx512,
}

impl InstructionSet {
    /// Those of this machine, best first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let sets = vector::available().iter().copied();
        sets.chain([Self::Portable]).collect()
    }
}

/// The storage of an update, for the next one to use again.
#[derive(Clone, Debug)]
pub struct Workspace {
    set: InstructionSet,
    layout: Option<Layout>,
    single: spans::Buffers<f32>,
    double: spans::Buffers<f64>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self::forced(InstructionSet::available()[0], None)
    }
}

impl Workspace {
    /// A workspace whose updates take the given path, for tests and measurements.
    ///
    /// # Panics
    /// If this machine lacks the instruction set.
    #[doc(hidden)]
    #[must_use]
    pub fn forced(set: InstructionSet, layout: Option<Layout>) -> Self {
        assert!(
            InstructionSet::available().contains(&set),
            "this machine has no {set:?}"
        );
        Self {
            set,
            layout,
            single: spans::Buffers::default(),
            double: spans::Buffers::default(),
        }
    }

    fn layout(&self, states: usize) -> Layout {
        self.layout.unwrap_or(if states <= SMALL_BATCH {
            Layout::Components
        } else {
            Layout::States
        })
    }
}

/// One pass over the patterns of a source for a batch of states.
#[derive(Clone, Copy)]
pub struct Pass<'a, T> {
    /// The patterns.
    pub source: &'a dyn PatternSource<T>,
    /// The states.
    pub batch: Batch<'a>,
    /// Whether it uses the threads of the current rayon pool.
    pub parallelism: Parallelism,
}

impl<T: Element> Pass<'_, T> {
    /// Computes x' = softmax(λ x Ξᵀ) Ξ and the [`StateSummary`] of every state of the batch, with storage kept from the
    /// last pass.
    ///
    /// `means` receives the B×N averages x', row-major. The same bits come out for either
    /// [`Parallelism`] and any number of threads.
    ///
    /// # Panics
    /// If the lengths of the batch, `means` and `summaries` do not fit together, or a target or seed
    /// is not a pattern.
    pub fn run(self, workspace: &mut Workspace, means: &mut [f64], summaries: &mut [StateSummary]) {
        self.check(means, summaries);
        let layout = workspace.layout(self.batch.targets.len());
        if let Some((paths, buffers)) = T::compiled(workspace, layout) {
            spans::update(self, (layout, &paths), buffers, means, summaries);
        } else {
            plain::update(self, means, summaries);
        }
    }

    fn check(&self, means: &[f64], summaries: &[StateSummary]) {
        let batch = self.batch;
        let states = batch.inverse_temperatures.len();
        let (size, count) = (self.source.size(), self.source.count());
        assert!(
            batch.states.len() == states * size
                && batch.targets.len() == states
                && means.len() == batch.states.len()
                && summaries.len() == states
                && batch.seeds.is_none_or(|seeds| seeds.len() == states),
            "a batch of {states} states needs {states}×{size} states and means, {states} targets, summaries and seeds",
        );
        assert!(
            batch
                .targets
                .iter()
                .chain(batch.seeds.unwrap_or_default())
                .all(|&pattern| pattern < count),
            "every target and seed must be one of the {count} patterns",
        );
    }
}
