//! One pass over the patterns in spans that depend on their number alone.
//!
//! Each span is summed by one thread; the spans are merged in order, so that the bits of
//! the result do not depend on which thread took which.

use rayon::prelude::*;

use crate::kernel::batch::{
    Batch, LastRow, Parallelism, Pass, PatternSource, SOURCE_TILE, StateSummary,
};
use crate::kernel::plain::product;
use crate::kernel::scratch::{EXTRAS, Layout, Plan, Scratch};
use crate::kernel::simd::Number;

/// Spans of one pass, where there are patterns enough.
const SPANS: usize = 64;
/// Patterns summed in their own precision before they go into doubles.
const FLUSH: usize = 8 * SOURCE_TILE;

/// The parts of a pass that are compiled for one instruction set.
pub struct Paths<T> {
    /// Lanes of a vector.
    pub(super) lanes: usize,
    pub(super) add_rows: unsafe fn(&Plan<T>, &mut Scratch<T>, &[T], usize),
    pub(super) flush: unsafe fn(&Plan<T>, &mut Scratch<T>),
    pub(super) merge: unsafe fn(&Plan<T>, &mut [f64], &[f64]),
}

/// What one update leaves for the next: allocations, no values.
#[derive(Clone, Debug, Default)]
pub struct Buffers<T> {
    plan: Plan<T>,
    scratch: Scratch<T>,
    total: Vec<f64>,
    row: LastRow<T>,
}

/// The update by `paths`, whose instruction set must be available.
pub(super) fn update<T: Number>(
    pass: Pass<'_, T>,
    (layout, paths): (Layout, &Paths<T>),
    buffers: &mut Buffers<T>,
    means: &mut [f64],
    summaries: &mut [StateSummary],
) {
    let Pass {
        source,
        batch,
        parallelism,
    } = pass;
    let Buffers {
        plan,
        scratch,
        total,
        row,
    } = buffers;
    row.clear();
    plan.lay_out(source, batch, row, layout, paths.lanes);
    let plan = &*plan;
    let length = source.count().div_ceil(SPANS).next_multiple_of(SOURCE_TILE);
    let spans = source.count().div_ceil(length);

    plan.clear(scratch);
    total.clone_from(&scratch.slot);
    match parallelism {
        Parallelism::Chunks if spans > 1 => {
            let slots: Vec<Vec<f64>> = (0..spans)
                .into_par_iter()
                .map_init(Scratch::default, |scratch, span| {
                    sum_span(source, plan, paths, scratch, span * length, length);
                    std::mem::take(&mut scratch.slot)
                })
                .collect();
            for slot in &slots {
                // SAFETY: the caller's paths are available.
                unsafe { (paths.merge)(plan, total, slot) }
            }
        }
        _ => {
            for span in 0..spans {
                sum_span(source, plan, paths, scratch, span * length, length);
                // SAFETY: the caller's paths are available.
                unsafe { (paths.merge)(plan, total, &scratch.slot) }
            }
        }
    }
    write(source, batch, plan, total, row, means, summaries);
}

/// Sums `length` patterns from `first` on, or those there are, into the slot of `scratch`.
fn sum_span<T: Number>(
    source: &dyn PatternSource<T>,
    plan: &Plan<T>,
    paths: &Paths<T>,
    scratch: &mut Scratch<T>,
    first: usize,
    length: usize,
) {
    plan.clear(scratch);
    let mut made = std::mem::take(&mut scratch.rows);
    let end = (first + length).min(source.count());
    for start in (first..end).step_by(SOURCE_TILE) {
        let rows = source.rows(start, SOURCE_TILE.min(end - start), &mut made);
        let next = start + SOURCE_TILE;
        // SAFETY: the paths are available, as the caller of `update` promises.
        unsafe {
            (paths.add_rows)(plan, scratch, rows, start);
            if next >= end || (next - first).is_multiple_of(FLUSH) {
                (paths.flush)(plan, scratch);
            }
        }
    }
    scratch.rows = made;
}

/// Writes the means and summaries from the merged sums.
fn write<T: Number>(
    source: &dyn PatternSource<T>,
    batch: Batch<'_>,
    plan: &Plan<T>,
    total: &[f64],
    row: &mut LastRow<T>,
    means: &mut [f64],
    summaries: &mut [StateSummary],
) {
    let size = plan.size;
    for group in &plan.groups {
        let columns = group.slot_width;
        let slot = &total[group.slot..][..(size + EXTRAS) * columns];
        let (sums, extras) = slot.split_at(size * columns);
        for column in 0..group.states {
            let state = group.first_state + column;
            let [weight, square, maximum, target, best] =
                std::array::from_fn(|extra| extras[extra * columns + column]);
            let mean = &mut means[state * size..(state + 1) * size];
            for (component, mean) in mean.iter_mut().enumerate() {
                *mean = sums[component * columns + column] / weight;
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an index, or −1 where no product is a number, which becomes 0"
            )]
            let best_pattern = best as usize;
            let components = &batch.states[state * size..(state + 1) * size];
            let best_product = product(components, row.get(source, best_pattern));
            summaries[state] = StateSummary {
                // The maximum is the best pattern's exponent, but for its rounding.
                log_sum_exp: batch.inverse_temperatures[state] * best_product + weight.ln(),
                target_weight: (target - maximum).exp2() / weight,
                best_pattern,
                best_product,
                participation: square / (weight * weight),
            };
        }
    }
}
