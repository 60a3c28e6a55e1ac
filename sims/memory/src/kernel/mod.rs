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
//! * Up to [`SMALL_BATCH`] states, or half as many as a vector of 32 bytes holds stored numbers (two
//!   doubles): components on the vector lanes, each state by itself.
//! * More: states on the lanes, of half a vector of AVX-512 where they fill no more.
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

mod batch;
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
mod compiled;
#[cfg(target_arch = "x86_64")]
mod flush;
#[cfg(target_arch = "x86_64")]
mod large;
#[cfg(target_arch = "x86_64")]
mod product_block;
#[cfg(target_arch = "x86_64")]
mod small;
#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(target_arch = "x86_64")]
use compiled as vector;
#[cfg(not(target_arch = "x86_64"))]
mod vector {
    //! No vector instructions that the kernel knows.

    use super::{InstructionSet, spans::Paths};

    pub(super) fn available() -> &'static [InstructionSet] {
        &[]
    }

    pub(super) fn single(_: InstructionSet) -> Option<Paths<f32, f32>> {
        None
    }

    pub(super) fn double(_: InstructionSet) -> Option<Paths<f64, f64>> {
        None
    }

    pub(super) fn mixed(_: InstructionSet) -> Option<Paths<f64, f32>> {
        None
    }
}

use crate::patterns::real::Real;
#[doc(hidden)]
pub use batch::InstructionSet;
pub use batch::{Batch, Parallelism, Pass, PatternSource, SMALL_BATCH, SOURCE_TILE, StateSummary};
#[doc(hidden)]
pub use scratch::Layout;
pub use simd::Number;

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
    single: spans::Buffers<f32, f32>,
    double: spans::Buffers<f64, f64>,
    mixed: spans::Buffers<f64, f32>,
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
            mixed: spans::Buffers::default(),
        }
    }
}

/// The vector text for a workspace's instruction set, where there is one, and its buffers.
type Compiled<'a, T, U> = Option<(spans::Paths<T, U>, &'a mut spans::Buffers<T, U>)>;

/// A type of stored numbers that passes are compiled for which compute in T.
pub trait ComputedIn<T: Number>: Real {
    /// The vector text for the workspace's instruction set, where there is one, and the workspace's
    /// buffers.
    #[doc(hidden)]
    fn compiled(workspace: &mut Workspace) -> Compiled<'_, T, Self>;
}

/// A type of numbers that are stored and computed with.
pub trait Element: Number + ComputedIn<Self> {}

impl<T: Number + ComputedIn<T>> Element for T {}

impl ComputedIn<f32> for f32 {
    fn compiled(workspace: &mut Workspace) -> Compiled<'_, f32, Self> {
        vector::single(workspace.set).map(|paths| (paths, &mut workspace.single))
    }
}

impl ComputedIn<f64> for f64 {
    fn compiled(workspace: &mut Workspace) -> Compiled<'_, f64, Self> {
        vector::double(workspace.set).map(|paths| (paths, &mut workspace.double))
    }
}

impl ComputedIn<f64> for f32 {
    fn compiled(workspace: &mut Workspace) -> Compiled<'_, f64, Self> {
        vector::mixed(workspace.set).map(|paths| (paths, &mut workspace.mixed))
    }
}

impl<U: Real> Pass<'_, U> {
    /// Computes x' = softmax(λ x Ξᵀ) Ξ and the [`StateSummary`] of every state of the batch in the
    /// precision of the patterns, with storage kept from the last pass.
    ///
    /// `means` receives the B×N averages x', row-major. The same bits come out for either
    /// [`Parallelism`] and any number of threads.
    ///
    /// # Panics
    /// If the lengths of the batch, `means` and `summaries` do not fit together, or a target or
    /// seed is not a pattern.
    pub fn run(self, workspace: &mut Workspace, means: &mut [f64], summaries: &mut [StateSummary])
    where
        U: Element,
    {
        self.run_in::<U>(workspace, means, summaries);
    }

    /// As [`run`](Self::run) in the precision T, of which the patterns are as if they had been widened before.
    ///
    /// # Panics
    /// As [`run`](Self::run).
    pub fn run_in<T: Number>(
        self,
        workspace: &mut Workspace,
        means: &mut [f64],
        summaries: &mut [StateSummary],
    ) where
        U: ComputedIn<T>,
    {
        self.check(means, summaries);
        let forced = workspace.layout;
        if let Some((paths, buffers)) = U::compiled(workspace) {
            let (layout, paths) = match forced {
                Some(layout) => (layout, paths),
                None => paths.for_batch(summaries.len()),
            };
            spans::update(self, (layout, &paths), buffers, means, summaries);
        } else {
            plain::update::<T, U>(self, means, summaries);
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
