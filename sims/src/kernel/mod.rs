//! The softmax update of a batch of states in one pass over the patterns.
//!
//! For B states x with inverse temperatures λ it computes, state by state,
//!
//! ```text
//! w_μ = exp(λ x·ξ^μ) / Σ_ν exp(λ x·ξ^ν)        x' = Σ_μ w_μ ξ^μ
//! ```
//!
//! together with ln Σ_μ exp(λ x·ξ^μ), the weight of each state's target, the most
//! similar pattern and Σ_μ w_μ². The patterns are read once, in fixed chunks whose
//! partial sums are merged in order in double precision: the result has the same bits
//! for any number of threads, and no P×B matrix is ever held.

mod plain;

use crate::patterns::Patterns;
use crate::real::Real;

/// The batch of states that one pass over the patterns updates.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// B×N states, row-major.
    pub states: &'a [f64],
    /// λ of each of the B states.
    pub inverse_temperatures: &'a [f64],
    /// The pattern (counted from 0) whose weight is reported, for each of the B states.
    pub targets: &'a [usize],
}

/// What one pass over the patterns tells of a state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StateSummary {
    /// ln Σ_μ exp(λ x·ξ^μ).
    pub log_sum_exp: f64,
    /// Softmax weight of the target.
    pub target_weight: f64,
    /// The pattern of largest overlap (the first of equals), counted from 0.
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
    /// Chunks of patterns in parallel: for one large sample.
    Chunks,
}

/// Computes x' = softmax(λ x Ξᵀ) Ξ and the [`StateSummary`] of every state of the batch.
///
/// `means` receives the B×N averages x', row-major. The same bits come out for either
/// [`Parallelism`] and any number of threads.
///
/// # Panics
/// If the lengths of the batch, `means` and `summaries` do not fit together, or a target
/// is not a pattern.
pub fn update<T: Real>(
    patterns: &Patterns<T>,
    batch: Batch<'_>,
    parallelism: Parallelism,
    means: &mut [f64],
    summaries: &mut [StateSummary],
) {
    let states = batch.inverse_temperatures.len();
    assert!(
        batch.states.len() == states * patterns.size()
            && batch.targets.len() == states
            && means.len() == batch.states.len()
            && summaries.len() == states,
        "a batch of {states} states needs {states}×{} states and means, {states} targets and summaries",
        patterns.size()
    );
    assert!(
        batch
            .targets
            .iter()
            .all(|&target| target < patterns.count()),
        "every target must be one of the {} patterns",
        patterns.count()
    );
    plain::update(patterns, batch, parallelism, means, summaries);
}
