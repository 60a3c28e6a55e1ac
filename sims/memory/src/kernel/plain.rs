//! The portable update: the plain twin of the vectorised paths.

use rayon::prelude::*;

use crate::kernel::batch::{LastRow, Parallelism, Pass, PatternSource, SOURCE_TILE, StateSummary};
use crate::patterns::real::Real;

/// Patterns whose contributions are summed before they are merged in double precision.
const CHUNK: usize = 8 * SOURCE_TILE;
/// Patterns that stay in the first-level cache between their overlaps and their sum.
const TILE: usize = 32;

/// Partial sums of one state over one chunk, relative to exp2(`maximum`).
#[derive(Clone, Debug)]
struct Partial {
    /// Largest λ x·ξ log₂e so far.
    maximum: f64,
    best_pattern: usize,
    /// Σ w and Σ w², each relative to the maximum.
    weight: f64,
    squared_weight: f64,
    /// λ x·ξ log₂e of the target, where it lies in this chunk.
    target: Option<f64>,
}

/// A stored number as it is computed with, exactly; none of them is of a higher precision.
fn widened<T: Real, U: Real>(stored: U) -> T {
    T::from_f64(stored.to_f64())
}

pub(super) fn update<T: Real, U: Real>(
    pass: Pass<'_, U>,
    means: &mut [f64],
    summaries: &mut [StateSummary],
) {
    let (source, batch) = (pass.source, pass.batch);
    let size = source.size();
    let scaled: Vec<T> = batch
        .states
        .chunks_exact(size)
        .enumerate()
        .flat_map(|(index, state)| {
            let factor = batch.factor::<T>(index);
            state.iter().map(move |value| T::from_f64(value * factor))
        })
        .collect();
    let chunks = source.count().div_ceil(CHUNK);
    let one = |chunk| sum_chunk(source, &scaled, batch.targets, chunk);
    let partials: Vec<(Vec<Partial>, Vec<T>)> = match pass.parallelism {
        Parallelism::Sequential => (0..chunks).map(one).collect(),
        Parallelism::Chunks => (0..chunks).into_par_iter().map(one).collect(),
    };
    let mut row = LastRow::default();
    for (state, (mean, summary)) in means.chunks_exact_mut(size).zip(summaries).enumerate() {
        let weight = merge(&partials, state, mean, summary);
        let components = &batch.states[state * size..(state + 1) * size];
        let best = row.get(source, summary.best_pattern);
        summary.best_product = product(components, best);
        // The maximum is the best pattern's exponent, but for its rounding.
        summary.log_sum_exp =
            batch.inverse_temperatures[state] * summary.best_product + weight.ln();
    }
}

fn sum_chunk<T: Real, U: Real>(
    source: &dyn PatternSource<U>,
    scaled: &[T],
    targets: &[usize],
    chunk: usize,
) -> (Vec<Partial>, Vec<T>) {
    let size = source.size();
    let first = chunk * CHUNK;
    let last = (first + CHUNK).min(source.count());
    let mut sums = vec![T::default(); scaled.len()];
    let mut partials = vec![
        Partial {
            maximum: f64::NEG_INFINITY,
            best_pattern: first,
            weight: 0.0,
            squared_weight: 0.0,
            target: None,
        };
        targets.len()
    ];
    let mut made = Vec::new();
    for start in (first..last).step_by(SOURCE_TILE) {
        let rows = source.rows(start, SOURCE_TILE.min(last - start), &mut made);
        for (index, rows) in rows.chunks(TILE * size).enumerate() {
            let tile_start = start + index * TILE;
            for (state, partial) in partials.iter_mut().enumerate() {
                let x = &scaled[state * size..(state + 1) * size];
                let sum = &mut sums[state * size..(state + 1) * size];
                add_tile(partial, x, sum, rows, tile_start, targets[state]);
            }
        }
    }
    (partials, sums)
}

/// Adds the patterns `rows`, whose first is pattern `first`, to the sums of the state `x`.
fn add_tile<T: Real, U: Real>(
    partial: &mut Partial,
    x: &[T],
    sum: &mut [T],
    rows: &[U],
    first: usize,
    target: usize,
) {
    let size = x.len();
    let mut exponents = [T::default(); TILE];
    let previous = partial.maximum;
    for (slot, row) in rows.chunks_exact(size).enumerate() {
        let exponent = dot(x, row);
        exponents[slot] = exponent;
        if exponent.to_f64() > partial.maximum {
            partial.maximum = exponent.to_f64();
            partial.best_pattern = first + slot;
        }
        if first + slot == target {
            partial.target = Some(exponent.to_f64());
        }
    }
    if partial.maximum > previous {
        let factor = (previous - partial.maximum).exp2();
        partial.weight *= factor;
        partial.squared_weight *= factor * factor;
        let factor = T::from_f64(factor);
        for value in sum.iter_mut() {
            *value *= factor;
        }
    }
    let maximum = T::from_f64(partial.maximum);
    for (exponent, row) in exponents.iter().zip(rows.chunks_exact(size)) {
        let weight = (*exponent - maximum).exp2();
        partial.weight += weight.to_f64();
        partial.squared_weight += weight.to_f64().powi(2);
        for (value, component) in sum.iter_mut().zip(row) {
            *value += weight * widened(*component);
        }
    }
}

fn dot<T: Real, U: Real>(left: &[T], right: &[U]) -> T {
    // Eight independent sums let the compiler use vector registers.
    let mut sums = [T::default(); 8];
    let mut left_chunks = left.chunks_exact(8);
    let mut right_chunks = right.chunks_exact(8);
    for (a, b) in left_chunks.by_ref().zip(right_chunks.by_ref()) {
        for lane in 0..8 {
            sums[lane] += a[lane] * widened(b[lane]);
        }
    }
    let mut total = T::default();
    for (a, b) in left_chunks.remainder().iter().zip(right_chunks.remainder()) {
        total += *a * widened(*b);
    }
    for sum in sums {
        total += sum;
    }
    total
}

/// Writes mean and weights of one state; returns Σ w relative to the largest.
fn merge<T: Real>(
    partials: &[(Vec<Partial>, Vec<T>)],
    state: usize,
    mean: &mut [f64],
    summary: &mut StateSummary,
) -> f64 {
    let size = mean.len();
    let mut maximum = f64::NEG_INFINITY;
    summary.best_pattern = 0;
    for (chunk, _) in partials {
        if chunk[state].maximum > maximum {
            maximum = chunk[state].maximum;
            summary.best_pattern = chunk[state].best_pattern;
        }
    }
    let (mut weight, mut squared_weight, mut target) = (0.0, 0.0, f64::NEG_INFINITY);
    mean.fill(0.0);
    for (chunk, sums) in partials {
        let partial = &chunk[state];
        let factor = (partial.maximum - maximum).exp2();
        weight += factor * partial.weight;
        squared_weight += factor * factor * partial.squared_weight;
        target = partial.target.unwrap_or(target);
        for (value, sum) in mean.iter_mut().zip(&sums[state * size..(state + 1) * size]) {
            *value += factor * sum.to_f64();
        }
    }
    for value in mean.iter_mut() {
        *value /= weight;
    }
    summary.target_weight = (target - maximum).exp2() / weight;
    summary.participation = squared_weight / (weight * weight);
    weight
}

/// x·ξ in double precision.
pub(super) fn product<T: Real>(state: &[f64], pattern: &[T]) -> f64 {
    // as in `dot`
    let mut sums = [0.0; 8];
    for (state, pattern) in state.chunks(8).zip(pattern.chunks(8)) {
        for ((sum, x), xi) in sums.iter_mut().zip(state).zip(pattern) {
            *sum += x * xi.to_f64();
        }
    }
    sums.iter().sum()
}
