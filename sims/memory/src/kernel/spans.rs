//! One pass over the patterns in spans that depend on their number alone.
//!
//! Each span is summed by one thread; the spans are merged in order, so that the bits of
//! the result do not depend on which thread took which. Where few spans leave threads
//! idle, each thread takes some of the states over all patterns: the bits of a state do
//! not depend on the others.

use rayon::prelude::*;

use crate::kernel::batch::{
    Batch, LastRow, Parallelism, Pass, PatternSource, SMALL_BATCH, SOURCE_TILE, StateSummary,
};
use crate::kernel::plain::product;
use crate::kernel::scratch::{EXTRAS, Layout, Plan, Scratch};
use crate::kernel::simd::Number;
use crate::patterns::real::Real;

/// Spans of one pass, where there are patterns enough.
const SPANS: usize = 64;
/// Patterns of a span, where there are so many: to open and merge one costs as much as a hundred of them.
const LEAST_SPAN: usize = 4 * SOURCE_TILE;
/// Patterns summed in their own precision before they go into doubles.
const FLUSH: usize = 8 * SOURCE_TILE;
/// Spans for each thread from which on they divide the work evenly.
const SPANS_PER_THREAD: usize = 8;
/// Products of components in the work of a thread, at least: starting one takes as long as a tenth of them. A lone state
/// waits for its patterns, each of which many states share.
fn least_work(layout: Layout) -> usize {
    match layout {
        Layout::States => 1 << 20,
        Layout::Components => 1 << 17,
    }
}

/// The parts of a pass that are compiled for one instruction set: patterns of U, computed with in T.
pub struct Paths<T, U> {
    /// Lanes of a vector.
    pub(super) lanes: usize,
    /// The sums of more rows, by [`Layout`].
    pub(super) add_states: unsafe fn(&Plan<T>, &mut Scratch<T>, &[U], usize),
    pub(super) add_components: unsafe fn(&Plan<T>, &mut Scratch<T>, &[U], usize),
    pub(super) flush: unsafe fn(&Plan<T>, &mut Scratch<T>),
    pub(super) merge: unsafe fn(&Plan<T>, &mut [f64], &[f64]),
    /// Those of vectors half as long, where there are any.
    pub(super) narrow: Option<fn() -> Self>,
}

impl<T, U> Paths<T, U> {
    /// How so many states are best laid out, and on which vectors: on the lanes where they fill more than half of a vector, on
    /// half as long ones where these suffice.
    pub(super) fn for_batch(self, states: usize) -> (Layout, Self) {
        let narrow = self.narrow.map(|narrow| narrow().for_batch(states));
        match narrow {
            Some((Layout::States, narrow)) if states <= self.lanes / 2 => (Layout::States, narrow),
            _ => {
                let numbers = self.lanes * size_of::<T>() / size_of::<U>();
                let layout = if states <= SMALL_BATCH.min(numbers / 2) {
                    Layout::Components
                } else {
                    Layout::States
                };
                (layout, self)
            }
        }
    }
}

/// What one update leaves for the next: allocations, no values.
#[derive(Clone, Debug, Default)]
pub struct Buffers<T, U> {
    plan: Plan<T>,
    scratch: Scratch<T>,
    total: Vec<f64>,
    row: LastRow<U>,
    /// Patterns that the source had to make.
    made: Vec<U>,
    /// Those of the other threads, where these divide the states.
    others: Vec<Buffers<T, U>>,
}

/// Patterns of a span, of so many patterns.
fn span_length(count: usize) -> usize {
    let length = count.div_ceil(SPANS).max(LEAST_SPAN);
    length.next_multiple_of(SOURCE_TILE)
}

/// The update by `paths`, whose instruction set must be available.
pub(super) fn update<T: Number, U: Real>(
    pass: Pass<'_, U>,
    (layout, paths): (Layout, &Paths<T, U>),
    buffers: &mut Buffers<T, U>,
    means: &mut [f64],
    summaries: &mut [StateSummary],
) {
    let (size, count) = (pass.source.size(), pass.source.count());
    let states = summaries.len();
    let threads = match pass.parallelism {
        Parallelism::Chunks => rayon::current_num_threads(),
        Parallelism::Sequential => 1,
    };
    let spans = count.div_ceil(span_length(count));
    // each thread takes whole groups of states
    let group = match layout {
        Layout::States => 2 * paths.lanes,
        Layout::Components => 1,
    };
    let groups = states.div_ceil(group);
    let worth = (count * size * states / least_work(layout)).max(1);
    let parts = groups.min(threads).min(worth);
    // the part of the work that the busiest thread does
    let busiest = |pieces: usize, threads: usize| pieces.div_ceil(threads) as f64 / pieces as f64;
    let divides_states = parts > 1
        && spans < SPANS_PER_THREAD * threads
        && busiest(groups, parts) <= busiest(spans, threads)
        && !pass.source.is_made();
    if !divides_states {
        let parallelism = if worth < 2 {
            Parallelism::Sequential
        } else {
            pass.parallelism
        };
        let pass = Pass {
            parallelism,
            ..pass
        };
        return update_together(pass, (layout, paths), buffers, means, summaries);
    }
    let length = groups.div_ceil(parts) * group;
    let batch = pass.batch;
    buffers.others.resize_with(parts, Buffers::default);
    buffers
        .others
        .par_iter_mut()
        .zip(means.par_chunks_mut(length * size))
        .zip(summaries.par_chunks_mut(length))
        .enumerate()
        .for_each(|(part, ((buffers, means), summaries))| {
            let own = part * length..part * length + summaries.len();
            let batch = Batch {
                states: &batch.states[own.start * size..own.end * size],
                inverse_temperatures: &batch.inverse_temperatures[own.clone()],
                targets: &batch.targets[own.clone()],
                seeds: batch.seeds.map(|seeds| &seeds[own]),
            };
            let parallelism = Parallelism::Sequential;
            let pass = Pass {
                batch,
                parallelism,
                ..pass
            };
            update_together(pass, (layout, paths), buffers, means, summaries);
        });
}

/// The update of all states, whose spans the threads divide.
fn update_together<T: Number, U: Real>(
    pass: Pass<'_, U>,
    (layout, paths): (Layout, &Paths<T, U>),
    buffers: &mut Buffers<T, U>,
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
        made,
        ..
    } = buffers;
    row.clear();
    plan.lay_out(source, batch, row, layout, paths.lanes);
    let plan = &*plan;
    let length = span_length(source.count());
    let spans = source.count().div_ceil(length);
    let sum = |room: (&mut Scratch<T>, &mut Vec<U>), span: usize| {
        sum_span(source, plan, (layout, paths), room, span * length, length);
    };

    match parallelism {
        Parallelism::Chunks if spans > 1 => {
            let slots: Vec<Vec<f64>> = (0..spans)
                .into_par_iter()
                .map_init(Default::default, |room: &mut (Scratch<T>, Vec<U>), span| {
                    let (scratch, made) = room;
                    sum((scratch, made), span);
                    std::mem::take(&mut scratch.slot)
                })
                .collect();
            let mut slots = slots.into_iter();
            *total = slots.next().unwrap_or_default();
            for slot in slots {
                // SAFETY: the caller's paths are available.
                unsafe { (paths.merge)(plan, total, &slot) }
            }
        }
        _ => {
            sum((scratch, made), 0);
            std::mem::swap(total, &mut scratch.slot);
            for span in 1..spans {
                sum((scratch, made), span);
                // SAFETY: the caller's paths are available.
                unsafe { (paths.merge)(plan, total, &scratch.slot) }
            }
        }
    }
    write(source, batch, plan, total, row, means, summaries);
}

/// Sums `length` patterns from `first` on, or those there are, into the slot of `scratch`.
fn sum_span<T: Number, U: Real>(
    source: &dyn PatternSource<U>,
    plan: &Plan<T>,
    (layout, paths): (Layout, &Paths<T, U>),
    (scratch, made): (&mut Scratch<T>, &mut Vec<U>),
    first: usize,
    length: usize,
) {
    plan.clear(scratch);
    let add_rows = match layout {
        Layout::States => paths.add_states,
        Layout::Components => paths.add_components,
    };
    let end = (first + length).min(source.count());
    for start in (first..end).step_by(SOURCE_TILE) {
        let rows = source.rows(start, SOURCE_TILE.min(end - start), made);
        let next = start + SOURCE_TILE;
        // SAFETY: the paths are available, as the caller of `update` promises.
        unsafe {
            add_rows(plan, scratch, rows, start);
            if next >= end || (next - first).is_multiple_of(FLUSH) {
                (paths.flush)(plan, scratch);
            }
        }
    }
}

/// Writes the means and summaries from the merged sums.
fn write<T: Number, U: Real>(
    source: &dyn PatternSource<U>,
    batch: Batch<'_>,
    plan: &Plan<T>,
    total: &mut [f64],
    row: &mut LastRow<U>,
    means: &mut [f64],
    summaries: &mut [StateSummary],
) {
    let size = plan.size;
    for group in &plan.groups {
        let columns = group.slot_width;
        let slot = &mut total[group.slot..][..(size + EXTRAS) * columns];
        let (sums, extras) = slot.split_at_mut(size * columns);
        // Side by side, several are divided at once.
        for sums in sums.chunks_exact_mut(columns) {
            for (sum, weight) in sums.iter_mut().zip(&extras[..columns]) {
                *sum /= weight;
            }
        }
        for column in 0..group.states {
            let state = group.first_state + column;
            let [weight, square, maximum, target, best] =
                std::array::from_fn(|extra| extras[extra * columns + column]);
            let mean = &mut means[state * size..(state + 1) * size];
            for (component, mean) in mean.iter_mut().enumerate() {
                *mean = sums[component * columns + column];
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
