//! The update of small batches: components on the lanes, one row per lane at a time.
//!
//! As many rows as a vector has lanes make a block: their scalar products with a state,
//! summed across the lanes, fill one vector of weights. Several blocks make a tile, whose
//! products, weights and sums are three loops of independent work, and whose second reading
//! finds its rows in the first-level cache. Each state is summed by itself.

#![expect(
    clippy::inline_always,
    reason = "vector code must land in a function that enables its instructions"
)]

use crate::kernel::scratch::{Group, Plan, Scratch};
use crate::kernel::simd::{Load, Number, Simd, load_all};
use crate::patterns::real::Real;

/// How far ahead patterns are fetched, in bytes, into the second-level cache: the first level has room
/// for few lines under way. Even rows are fetched while products are formed and odd ones while rows
/// are summed, so that reading never pauses.
const AHEAD: usize = 32_768;
/// Vectors of a tile of patterns, where a block has no more: two blocks or more, since each step from
/// products to weights waits for the one before it.
const TILE_VECTORS: usize = 128;
/// Blocks of a tile at most.
const BLOCKS: usize = 8;

/// Adds the contributions of `rows`, whose first is pattern `first`, to `scratch`.
///
/// # Safety
/// The instruction set of `S` must be available.
#[inline(always)]
pub(super) unsafe fn add_rows<S: Load<U>, U>(
    plan: &Plan<S::Element>,
    scratch: &mut Scratch<S::Element>,
    rows: &[U],
    first: usize,
) {
    let block = plan.size * S::LANES;
    let tile_bytes = TILE_VECTORS * S::LANES * size_of::<S::Element>();
    let blocks = (tile_bytes / (block * size_of::<U>())).clamp(1, BLOCKS);
    scratch.exponents.resize(BLOCKS * S::LANES);
    for (index, rows) in rows.chunks(blocks * block).enumerate() {
        let first = first + index * blocks * S::LANES;
        for (group, &target) in plan.groups.iter().zip(&plan.targets) {
            // SAFETY: the instruction set is available as the caller promises.
            unsafe {
                if group.values == 0 {
                    add_tile::<S, U, true>(plan, group, target, scratch, rows, first);
                } else {
                    add_tile::<S, U, false>(plan, group, target, scratch, rows, first);
                }
            }
        }
    }
}

/// Adds a tile of rows to the sums of one state, the first of which FETCHes later tiles.
#[inline(always)]
unsafe fn add_tile<S: Load<U>, U, const FETCH: bool>(
    plan: &Plan<S::Element>,
    group: &Group,
    target: usize,
    scratch: &mut Scratch<S::Element>,
    rows: &[U],
    first: usize,
) {
    let size = plan.size;
    let count = rows.len() / size;
    let blocks = count.div_ceil(S::LANES);
    let padded = size.next_multiple_of(S::LANES);
    let state = plan.states[group.values..][..padded].as_ptr();
    let sums = scratch.sums[group.values..][..padded].as_mut_ptr();
    let lanes = scratch.lanes[group.lanes * 3..][..3 * S::LANES].as_mut_ptr();
    let exponents = &mut scratch.exponents[..blocks * S::LANES];

    // SAFETY: `rows` holds `count` rows; states and sums are padded to whole vectors;
    // `exponents` holds `blocks` vectors and `lanes` three.
    unsafe {
        let largest = tile_products::<S, U, FETCH>(size, rows, state, exponents);
        let row = target.wrapping_sub(first);
        if row < count {
            scratch.slot[group.slot + size + 3] = exponents[row].to_f64();
        }

        let mut maximum = S::load(lanes);
        let mut weight = S::load(lanes.add(S::LANES));
        let mut square = S::load(lanes.add(2 * S::LANES));
        if S::bits(largest.greater(maximum)) != 0 {
            let (mut largest, mut best) = (S::Element::LOWEST, 0);
            for (row, &value) in exponents[..count].iter().enumerate() {
                if value > largest {
                    (largest, best) = (value, row);
                }
            }
            let raised = S::splat(largest);
            let factor = maximum.sub(raised).exp2();
            maximum = raised;
            weight = weight.mul(factor);
            square = square.mul(factor).mul(factor);
            for vector in 0..padded / S::LANES {
                let sum = sums.add(vector * S::LANES);
                S::load(sum).mul(factor).store(sum);
            }
            scratch.slot[group.slot + size + 4] = (first + best) as f64;
            maximum.store(lanes);
        }
        for block in 0..blocks {
            let place = exponents.as_mut_ptr().add(block * S::LANES);
            let exponents = S::load(place);
            let mut weights = exponents.sub(maximum).exp2();
            if (block + 1) * S::LANES > count {
                // Lanes after the last row count for nothing.
                let lowest = S::splat(S::Element::LOWEST);
                let zero = S::splat(S::Element::default());
                weights = S::select(exponents.greater(lowest), weights, zero);
            }
            weight = weight.add(weights);
            square = weights.mul_add(weights, square);
            weights.store(place);
        }
        weight.store(lanes.add(S::LANES));
        square.store(lanes.add(2 * S::LANES));

        let sum = Accumulation {
            size,
            rows: rows.as_ptr(),
            count,
            weights: exponents.as_ptr(),
            sums,
        };
        sum.all::<S, FETCH>();
    }
}

/// The scalar products of all rows of a tile with a state, and on the lanes the largest ones.
#[inline(always)]
unsafe fn tile_products<S: Load<U>, U, const FETCH: bool>(
    size: usize,
    rows: &[U],
    state: *const S::Element,
    exponents: &mut [S::Element],
) -> S {
    let count = rows.len() / size;
    // SAFETY: as for the caller, who gives room for whole vectors of products.
    unsafe {
        let mut largest = S::splat(S::Element::LOWEST);
        for block in 0..count / S::LANES {
            let start = block * S::LANES;
            let rows = rows.as_ptr().add(start * size);
            let products = products::<S, U, true, FETCH>(size, rows, S::LANES, state);
            products.store(exponents.as_mut_ptr().add(start));
            largest = products.max(largest);
        }
        let left = count % S::LANES;
        if left > 0 {
            let start = count - left;
            let rows = rows.as_ptr().add(start * size);
            products::<S, U, false, false>(size, rows, left, state)
                .store(exponents.as_mut_ptr().add(start));
            exponents[count..].fill(S::Element::LOWEST);
            largest = S::load(exponents.as_ptr().add(start)).max(largest);
        }
        largest
    }
}

/// The scalar products of `count` rows with a state; the lanes after them are undefined.
#[inline(always)]
unsafe fn products<S: Load<U>, U, const FULL: bool, const FETCH: bool>(
    size: usize,
    rows: *const U,
    count: usize,
    state: *const S::Element,
) -> S {
    // SAFETY: only the first `size` components of the `count` rows are read; the state is
    // padded to whole vectors.
    unsafe {
        let mut products = Products::<S> {
            sums: [S::splat(S::Element::default()); 16],
            size,
            count,
        };
        let mut component = 0;
        while component + 4 * S::LANES < size {
            products.add::<U, 4, FULL, FETCH>(rows.add(component), state.add(component), S::LANES);
            component += 4 * S::LANES;
        }
        let (rows, state) = (rows.add(component), state.add(component));
        let (vectors, last) = last_vectors::<S>(size - component);
        match vectors {
            1 => products.add::<U, 1, FULL, FETCH>(rows, state, last),
            2 => products.add::<U, 2, FULL, FETCH>(rows, state, last),
            3 => products.add::<U, 3, FULL, FETCH>(rows, state, last),
            _ => products.add::<U, 4, FULL, FETCH>(rows, state, last),
        }
        S::sums_of(products.sums.as_ptr())
    }
}

/// The number of vectors that hold `left` > 0 components, and the lanes of the last.
#[inline(always)]
fn last_vectors<S: Simd>(left: usize) -> (usize, usize) {
    (left.div_ceil(S::LANES), (left - 1) % S::LANES + 1)
}

/// Partial scalar products of one row per entry, by lanes.
struct Products<S> {
    sums: [S; 16],
    size: usize,
    count: usize,
}

impl<S: Simd> Products<S> {
    /// Adds C vectors of components, of which the last has `last` lanes.
    #[inline(always)]
    unsafe fn add<U, const C: usize, const FULL: bool, const FETCH: bool>(
        &mut self,
        rows: *const U,
        state: *const S::Element,
        last: usize,
    ) where
        S: Load<U>,
    {
        // SAFETY: the rows have these components, the state is padded to whole vectors.
        unsafe {
            let state: [S; C] = load_all(state);
            let mut values = rows;
            for (lane, sum) in self.sums[..S::LANES].iter_mut().enumerate() {
                for (c, state) in state.iter().enumerate() {
                    let from = values.add(c * S::LANES);
                    *sum = load_part::<S, U>(from, c + 1 == C, last).mul_add(*state, *sum);
                }
                if FETCH && lane % 2 == 0 {
                    fetch_ahead::<S, U, C>(values);
                }
                // Rows that are missing repeat the last one.
                if FULL || lane + 1 < self.count {
                    values = values.wrapping_add(self.size);
                }
            }
        }
    }
}

/// Asks for C vectors of the rows that come [`AHEAD`].
#[inline(always)]
unsafe fn fetch_ahead<S: Simd, U, const C: usize>(row: *const U) {
    let ahead = row.cast::<u8>().wrapping_add(AHEAD);
    for line in (0..C * S::LANES * size_of::<U>()).step_by(64) {
        // SAFETY: any address may be asked for.
        unsafe { S::prefetch_second_level(ahead.wrapping_add(line)) }
    }
}

/// A whole vector, or its first `last` lanes if it is the last of a row.
#[inline(always)]
unsafe fn load_part<S: Load<U>, U>(from: *const U, is_last: bool, last: usize) -> S {
    // SAFETY: the caller has these components.
    unsafe {
        if is_last {
            S::load_first_stored(from, last)
        } else {
            S::load_stored(from)
        }
    }
}

/// The weighted sum of the rows of a block.
struct Accumulation<T, U> {
    size: usize,
    rows: *const U,
    count: usize,
    weights: *const T,
    sums: *mut T,
}

impl<T: Number, U> Accumulation<T, U> {
    /// All components.
    #[inline(always)]
    unsafe fn all<S: Load<U, Element = T>, const FETCH: bool>(&self) {
        // SAFETY: as for the caller.
        unsafe {
            let mut component = 0;
            while component + 4 * S::LANES < self.size {
                self.vectors::<S, 4, FETCH>(component, S::LANES);
                component += 4 * S::LANES;
            }
            let (vectors, last) = last_vectors::<S>(self.size - component);
            match vectors {
                1 => self.vectors::<S, 1, FETCH>(component, last),
                2 => self.vectors::<S, 2, FETCH>(component, last),
                3 => self.vectors::<S, 3, FETCH>(component, last),
                _ => self.vectors::<S, 4, FETCH>(component, last),
            }
        }
    }

    /// C vectors of components from `component` on, of which the last has `last` lanes.
    #[inline(always)]
    unsafe fn vectors<S: Load<U, Element = T>, const C: usize, const FETCH: bool>(
        &self,
        component: usize,
        last: usize,
    ) {
        // SAFETY: the components lie in the rows, whole vectors of them in the sums.
        unsafe {
            // Two sums per component, of the even and the odd rows, hide the latency.
            let mut even = [S::splat(T::default()); C];
            let mut odd = even;
            let mut rows = self.rows.add(component);
            for pair in 0..self.count / 2 {
                let weight = S::splat(*self.weights.add(2 * pair));
                Self::add_row(&mut even, rows, weight, last);
                rows = rows.add(self.size);
                let weight = S::splat(*self.weights.add(2 * pair + 1));
                Self::add_row(&mut odd, rows, weight, last);
                if FETCH {
                    fetch_ahead::<S, U, C>(rows);
                }
                rows = rows.wrapping_add(self.size);
            }
            if self.count % 2 == 1 {
                let weight = S::splat(*self.weights.add(self.count - 1));
                Self::add_row(&mut even, rows, weight, last);
            }
            for c in 0..C {
                let total = self.sums.add(component + c * S::LANES);
                S::load(total).add(even[c].add(odd[c])).store(total);
            }
        }
    }

    #[inline(always)]
    unsafe fn add_row<S: Load<U, Element = T>, const C: usize>(
        sums: &mut [S; C],
        row: *const U,
        weight: S,
        last: usize,
    ) {
        for (c, sum) in sums.iter_mut().enumerate() {
            // SAFETY: the caller's row has these components.
            unsafe {
                let value = load_part::<S, U>(row.add(c * S::LANES), c + 1 == C, last);
                *sum = value.mul_add(weight, *sum);
            }
        }
    }
}
