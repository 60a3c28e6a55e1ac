//! How the states of a batch lie in memory during an update, and its working storage.

use std::ops::{Deref, DerefMut};

use crate::kernel::batch::{Batch, LastRow, PatternSource};
use crate::kernel::simd::Number;
use crate::patterns::real::Real;

/// Values that start on a cache line, so that no vector of them crosses two.
#[derive(Clone, Debug, Default)]
pub(super) struct Aligned<T> {
    values: Vec<T>,
    start: usize,
    length: usize,
}

impl<T: Copy + Default> Aligned<T> {
    /// Makes room for `length` values; what they are is not said.
    pub(super) fn resize(&mut self, length: usize) {
        let room = length + 64 / size_of::<T>();
        if self.values.len() < room {
            self.values = vec![T::default(); room];
        }
        self.start = self.values.as_ptr().align_offset(64);
        self.length = length;
    }
}

impl<T> Deref for Aligned<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values[self.start..self.start + self.length]
    }
}

impl<T> DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.values[self.start..self.start + self.length]
    }
}

/// How the states lie on the vector registers.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A state per lane.
    States,
    /// A component per lane.
    Components,
}

/// Patterns below 2^−(this + log₂P) of the largest weight may be left out.
const NEGLIGIBLE_BITS: f64 = 46.0;

/// Columns after the N sums of a slot.
pub(super) const EXTRAS: usize = 5;

/// States that the kernel takes together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// Lanes of the group's vectors; the first states of them are real.
    pub(super) width: usize,
    pub(super) first_state: usize,
    pub(super) states: usize,
    /// Where the group's components start in `Plan::states` and `Scratch::sums`.
    pub(super) values: usize,
    /// Where its lanes start in `Plan::targets`.
    pub(super) lanes: usize,
    /// Where its partial sums start in a slot, and how many states they are for.
    pub(super) slot: usize,
    pub(super) slot_width: usize,
    /// Whether any of its states leaves out negligible patterns.
    pub(super) skips: bool,
}

/// A batch laid out for the kernel.
///
/// The partial sums of a group lie in a slot of doubles: N rows of sums of weighted
/// patterns, then Σw, Σw², the exponent they are relative to, the target's exponent and
/// the best pattern (−1 before any exceeds the bound), each of `slot_width` columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan<T> {
    pub(super) size: usize,
    pub(super) groups: Vec<Group>,
    /// λ log₂e x, components by lanes.
    pub(super) states: Aligned<T>,
    pub(super) targets: Vec<usize>,
    /// Lower bounds on the largest exponents.
    pub(super) bounds: Vec<T>,
    /// Exponents relative to the largest below which a lane leaves a pattern out.
    pub(super) thresholds: Vec<T>,
    pub(super) values_length: usize,
    pub(super) slot_length: usize,
}

impl<T: Number> Plan<T> {
    /// Lays the batch out for vectors of `vector` lanes.
    pub(super) fn lay_out<U: Real>(
        &mut self,
        source: &dyn PatternSource<U>,
        batch: Batch<'_>,
        row: &mut LastRow<U>,
        layout: Layout,
        vector: usize,
    ) {
        let size = source.size();
        self.size = size;
        let (values, lanes) = self.group(batch.targets.len(), layout, vector);
        self.states.resize(values);
        self.states.fill(T::default());
        // Lanes without a state never exceed their bound nor their threshold.
        self.targets.clear();
        self.targets.resize(lanes, usize::MAX);
        self.bounds.clear();
        self.bounds.resize(lanes, T::LOWEST * T::from_f64(-1.0));
        self.thresholds.clear();
        self.thresholds.resize(lanes, T::default());

        for index in 0..self.groups.len() {
            for lane in 0..self.groups[index].states {
                self.lay_lane(source, batch, row, (layout, index, lane));
            }
        }
        if layout == Layout::Components {
            // Here a state has all lanes of its vectors to itself.
            let groups = &self.groups;
            for group in groups {
                let bound = self.bounds[group.lanes];
                self.bounds[group.lanes..][..group.width].fill(bound);
            }
            self.targets = groups
                .iter()
                .map(|group| self.targets[group.lanes])
                .collect();
        }
    }

    /// Divides the states among groups; returns how many values and lanes these have together.
    fn group(&mut self, count: usize, layout: Layout, vector: usize) -> (usize, usize) {
        let size = self.size;
        self.groups.clear();
        let (mut state, mut values, mut lanes, mut slot) = (0, 0, 0, 0);
        while state < count {
            let left = count - state;
            let (width, states, slot_width) = match layout {
                Layout::Components => (vector, 1, 1),
                Layout::States if left > vector => (2 * vector, left.min(2 * vector), 2 * vector),
                Layout::States => (vector, left, vector),
            };
            self.groups.push(Group {
                width,
                first_state: state,
                states,
                values,
                lanes,
                slot,
                slot_width,
                skips: false,
            });
            values += match layout {
                Layout::Components => size.next_multiple_of(vector),
                Layout::States => size * width,
            };
            slot += (size + EXTRAS) * slot_width;
            lanes += width;
            state += states;
        }
        self.values_length = values;
        self.slot_length = slot;
        (values, lanes)
    }

    /// Fills one lane of a group with its state, and bounds its largest exponent by the seed.
    fn lay_lane<U: Real>(
        &mut self,
        source: &dyn PatternSource<U>,
        batch: Batch<'_>,
        row: &mut LastRow<U>,
        (layout, index, lane): (Layout, usize, usize),
    ) {
        let (size, group) = (self.size, self.groups[index]);
        let state = group.first_state + lane;
        let at = group.lanes + lane;
        let factor = batch.factor::<T>(state);
        let components = &batch.states[state * size..(state + 1) * size];
        let stride = match layout {
            Layout::Components => 1,
            Layout::States => group.width,
        };
        for (component, value) in components.iter().enumerate() {
            self.states[group.values + component * stride + lane] = T::from_f64(value * factor);
        }
        self.targets[at] = batch.targets[state];
        self.bounds[at] = T::LOWEST;
        self.thresholds[at] = T::LOWEST;
        if let Some(seeds) = batch.seeds {
            let seed = row.get(source, seeds[state]);
            let scaled = (0..size).map(|n| self.states[group.values + n * stride + lane]);
            let bound = Bound::new(scaled, seed);
            self.bounds[at] = T::from_f64(bound.exponent);
            let bits = NEGLIGIBLE_BITS + (source.count() as f64).log2();
            if layout == Layout::States && bound.leaves_out(bits) {
                self.thresholds[at] = T::from_f64(-bits);
                self.groups[index].skips = true;
            }
        }
    }

    /// Fills the slots and `scratch` with empty sums.
    pub(super) fn clear(&self, scratch: &mut Scratch<T>) {
        scratch.slot.clear();
        scratch.slot.resize(self.slot_length, 0.0);
        scratch.sums.resize(self.values_length);
        scratch.sums.fill(T::default());
        scratch.lanes.resize(self.bounds.len() * 3);
        scratch.lanes.fill(T::default());
        for group in &self.groups {
            let bounds = &self.bounds[group.lanes..][..group.width];
            scratch.lanes[group.lanes * 3..][..group.width].copy_from_slice(bounds);
            let extras = &mut scratch.slot[group.slot + self.size * group.slot_width..];
            for column in 0..group.slot_width {
                extras[2 * group.slot_width + column] = bounds[column].to_f64();
                extras[3 * group.slot_width + column] = f64::NEG_INFINITY;
                extras[4 * group.slot_width + column] = -1.0;
            }
        }
    }
}

/// A lower bound on a state's largest exponent, from one pattern that is near it.
struct Bound {
    exponent: f64,
    /// Standard deviation of the exponents of patterns in random directions.
    spread: f64,
}

impl Bound {
    fn new<T: Number, U: Real>(state: impl Iterator<Item = T>, pattern: &[U]) -> Self {
        let (mut product, mut absolute, mut state_norm, mut norm) = (0.0, 0.0, 0.0, 0.0);
        for (x, xi) in state.zip(pattern) {
            let (x, xi) = (x.to_f64(), xi.to_f64());
            product += x * xi;
            absolute += (x * xi).abs();
            state_norm += x * x;
            norm += xi * xi;
        }
        let size = pattern.len() as f64;
        // The margin exceeds what rounding in the kernel can lower the product by.
        let margin = 1.0 + 2.0 * (size + 8.0) * T::EPSILON * absolute;
        Self {
            exponent: product - margin,
            spread: (state_norm * norm / size).sqrt(),
        }
    }

    /// Whether patterns `bits` below the maximum are so common that finding them pays.
    fn leaves_out(&self, bits: f64) -> bool {
        self.exponent - bits > 2.0 * self.spread
    }
}

/// The working storage of one thread.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch<T> {
    /// Sums of weighted patterns since the last flush.
    pub(super) sums: Aligned<T>,
    /// Per group: largest exponent so far, Σw and Σw² since the last flush, by lanes.
    pub(super) lanes: Aligned<T>,
    /// Exponents, then weights, of a tile of patterns.
    pub(super) exponents: Aligned<T>,
    pub(super) kept: Vec<u32>,
    /// Patterns of lower precision in that of the sums.
    pub(super) widened: Vec<T>,
    /// Partial sums, see [`Plan`].
    pub(super) slot: Vec<f64>,
}
