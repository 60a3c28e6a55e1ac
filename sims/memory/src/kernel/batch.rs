//! What a pass over the patterns takes and gives.

use crate::patterns::Patterns;
use crate::patterns::real::Real;

/// The largest batch whose states are updated one by one, unless half a vector of 32 bytes holds fewer numbers.
pub const SMALL_BATCH: usize = 4;

/// Patterns that a [`PatternSource`] hands out at most at a time.
pub const SOURCE_TILE: usize = 256;

/// Stored patterns, or a rule that makes them when they are asked for.
pub trait PatternSource<T>: Sync {
    /// P patterns of N components: P and N.
    fn shape(&self) -> (usize, usize);

    /// N.
    fn size(&self) -> usize {
        self.shape().1
    }

    /// P.
    fn count(&self) -> usize {
        self.shape().0
    }

    /// Whether patterns are drawn again whenever they are asked for, so that threads had better not ask for the same ones.
    fn is_made(&self) -> bool {
        false
    }

    /// The `count` patterns from `first` on, row-major, wherever they lie: in the source, or
    /// in `buffer`, which the caller only keeps for its allocation.
    ///
    /// The kernel asks for patterns of one tile μ / [`SOURCE_TILE`] at a time, and must get
    /// the same values whenever it asks.
    fn rows<'a>(&'a self, first: usize, count: usize, buffer: &'a mut Vec<T>) -> &'a [T];
}

impl<T: Real> PatternSource<T> for Patterns<T> {
    fn shape(&self) -> (usize, usize) {
        (Patterns::count(self), Patterns::size(self))
    }

    fn rows<'a>(&'a self, first: usize, count: usize, _: &'a mut Vec<T>) -> &'a [T] {
        let size = Patterns::size(self);
        &self.as_slice()[first * size..(first + count) * size]
    }
}

/// The pattern asked for last: neighbouring states often ask for the same one, which
/// a source may have to make.
#[derive(Clone, Debug, Default)]
pub(super) struct LastRow<T> {
    pattern: Option<usize>,
    row: Vec<T>,
    made: Vec<T>,
}

impl<T: Real> LastRow<T> {
    /// Forgets the pattern, for the next source.
    pub(super) fn clear(&mut self) {
        self.pattern = None;
    }

    pub(super) fn get(&mut self, source: &dyn PatternSource<T>, pattern: usize) -> &[T] {
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
    /// For each of the B states a pattern that is expected near it, such as the best of its last
    /// step.
    ///
    /// Its product bounds the largest from below, and in batches that are not [small](SMALL_BATCH) a
    /// state whose bound stands out leaves out patterns of weight below 2^−(46 + log₂P) of the
    /// largest, all together less than 2^−46 of the rest. That changes a component of x' by at most
    /// 2^−45 maxᵤ|ξₙ|, and the weights and ln Σ by at most 2^−46 relative; it halves the time near
    /// retrieval where λN exceeds about 65, for P = 10^4 to 10^5. A poor seed costs nothing but its
    /// own product. The results depend on the seeds in these digits.
    pub seeds: Option<&'a [usize]>,
}

impl Batch<'_> {
    /// λ log₂e of a state: what its components are multiplied by for exponents of 2, limited so
    /// that no product with a pattern overflows.
    pub(super) fn factor<T: Real>(&self, state: usize) -> f64 {
        let size = self.states.len() / self.inverse_temperatures.len();
        let components = &self.states[state * size..(state + 1) * size];
        let factor = (self.inverse_temperatures[state] * std::f64::consts::LOG2_E).min(f64::MAX);
        let largest = components
            .iter()
            .fold(0.0_f64, |largest, x| largest.max(x.abs()));
        if factor * largest > T::LARGEST_SCORE {
            T::LARGEST_SCORE / largest
        } else {
            factor
        }
    }
}

/// What one pass over the patterns tells of a state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StateSummary {
    /// ln Σ_μ exp(λ x·ξ^μ), infinite beyond the range of f64.
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
