//! The update of large batches: states on the lanes, patterns broadcast from their rows.
//!
//! A tile of patterns stays in the first-level cache between the pass that forms its
//! scalar products with a group of states and the pass that sums its weighted rows. Each
//! state has its own lane and every sum runs in the order of the patterns, so a state's
//! result depends neither on its neighbours nor on the width of the vectors.

#![expect(
    clippy::inline_always,
    reason = "vector code must land in a function that enables its instructions"
)]

use crate::kernel::product_block::{ALL, HALF, NONE, ProductBlock};
use crate::kernel::scratch::{EXTRAS, Group, Plan, Scratch};
use crate::kernel::simd::{Simd, exp2_all, load_all, store_all};
use crate::patterns::real::Real;

/// Patterns per tile for patterns of `size` components.
fn tile_rows<T>(size: usize) -> usize {
    // About 20 KiB of patterns leave room for weights and sums beside them.
    match size * size_of::<T>() {
        0..=160 => 128,
        161..=640 => 64,
        _ => 96,
    }
}

/// Adds the contributions of `rows`, whose first is pattern `first`, to `scratch`.
///
/// R₂ and C₂ patterns and components form a register tile for groups of two vectors,
/// R₁ and C₁ for one.
///
/// # Safety
/// The instruction set of `S` must be available.
#[inline(always)]
pub(super) unsafe fn add_rows<
    S: Simd,
    const R2: usize,
    const C2: usize,
    const R1: usize,
    const C1: usize,
>(
    plan: &Plan<S::Element>,
    scratch: &mut Scratch<S::Element>,
    rows: &[S::Element],
    first: usize,
) {
    let size = plan.size;
    let tile = tile_rows::<S::Element>(size) * size;
    scratch.exponents.resize(tile / size * 2 * S::LANES);
    scratch.kept.resize(tile / size, 0);
    for (index, rows) in rows.chunks(tile).enumerate() {
        let first = first + index * tile / size;
        for group in &plan.groups {
            // SAFETY: the instruction set is available as the caller promises.
            unsafe {
                match (group.width > S::LANES, group.skips) {
                    (true, false) => {
                        add_tile::<S, 2, R2, C2, false>(plan, group, scratch, rows, first);
                    }
                    (true, true) => {
                        add_tile::<S, 2, R2, C2, true>(plan, group, scratch, rows, first);
                    }
                    (false, false) => {
                        add_tile::<S, 1, R1, C1, false>(plan, group, scratch, rows, first);
                    }
                    (false, true) => {
                        add_tile::<S, 1, R1, C1, true>(plan, group, scratch, rows, first);
                    }
                }
            }
        }
    }
}

/// Adds one tile of patterns to the sums of one group of V vectors of states.
#[inline(always)]
unsafe fn add_tile<S: Simd, const V: usize, const R: usize, const C: usize, const SKIP: bool>(
    plan: &Plan<S::Element>,
    group: &Group,
    scratch: &mut Scratch<S::Element>,
    rows: &[S::Element],
    first: usize,
) {
    let size = plan.size;
    let count = rows.len() / size;
    let width = V * S::LANES;
    let lanes = &mut scratch.lanes[group.lanes * 3..][..width * 3];
    let slot = &mut scratch.slot[group.slot..][..(size + EXTRAS) * width];
    let mut tile = Tile::<S, V> {
        size,
        count,
        states: plan.states[group.values..][..size * width].as_ptr(),
        rows: rows.as_ptr(),
        exponents: scratch.exponents[..count * width].as_mut_ptr(),
        list: scratch.kept[..count].as_mut_ptr(),
        sums: scratch.sums[group.values..][..size * width].as_mut_ptr(),
        // SAFETY: `lanes` starts with V vectors.
        maximum: unsafe { load_all(lanes.as_ptr()) },
    };
    let before = tile.maximum;
    // The tile is fetched once, by its first group. Where rows are left out, sums are too short to
    // fetch by.
    let fetches = group.values == 0;
    let halves = fetches && !SKIP;
    let ahead = tile_rows::<S::Element>(size) * size;
    // SAFETY: the pointers of the tile were taken from slices of the lengths that its
    // methods walk, and the instruction set is available as the caller promises.
    unsafe {
        let raised = match (fetches, halves) {
            (false, _) => tile.multiply::<R, NONE>(ahead),
            (true, false) => tile.multiply::<R, ALL>(ahead),
            (true, true) => tile.multiply::<R, HALF>(ahead),
        };
        store_all(tile.maximum, lanes.as_mut_ptr());
        let (targets, best) = slot[(size + 3) * width..].split_at_mut(width);
        tile.record_best(raised, first, &lanes[..width], best);
        for (column, target) in plan.targets[group.lanes..][..width].iter().enumerate() {
            let row = target.wrapping_sub(first);
            if row < count {
                targets[column] = scratch.exponents[row * width + column].to_f64();
            }
        }

        let thresholds = load_all(plan.thresholds[group.lanes..][..width].as_ptr());
        let kept = if SKIP { tile.keep(thresholds) } else { count };
        let (weight, square) = tile.weigh::<SKIP>(kept, thresholds);
        let mut factor = weight;
        for v in 0..V {
            factor[v] = before[v].sub(tile.maximum[v]).exp2();
            let total = lanes[width + v * S::LANES..].as_mut_ptr();
            S::load(total).mul_add(factor[v], weight[v]).store(total);
            let total = lanes[2 * width + v * S::LANES..].as_mut_ptr();
            S::load(total)
                .mul_add(factor[v].mul(factor[v]), square[v])
                .store(total);
        }
        if halves {
            let other = tile.rows.wrapping_add(ahead + count * size / 2);
            tile.sum_all::<C, SKIP, true>(kept, factor, other);
        } else {
            tile.sum_all::<C, SKIP, false>(kept, factor, tile.rows);
        }
    }
}

/// A tile of patterns and a group of states.
struct Tile<S: Simd, const V: usize> {
    size: usize,
    /// Patterns of the tile.
    count: usize,
    states: *const S::Element,
    rows: *const S::Element,
    /// Exponents λ log₂e x·ξ, which their weights replace.
    exponents: *mut S::Element,
    /// The rows whose weights were kept.
    list: *mut u32,
    sums: *mut S::Element,
    /// The largest exponents so far.
    maximum: [S; V],
}

impl<S: Simd, const V: usize> Tile<S, V> {
    /// Forms all exponents and raises the maximum; returns the first row of the block that
    /// raised it last, or −1, by lanes. Patterns `ahead` elements on are fetched meanwhile.
    #[inline(always)]
    unsafe fn multiply<const R: usize, const FETCH: usize>(&mut self, ahead: usize) -> [S; V] {
        // SAFETY: the blocks cover the rows of the tile.
        unsafe {
            let mut raised = [S::splat(S::Element::from_f64(-1.0)); V];
            let mut row = 0;
            while row + R <= self.count {
                self.multiply_block::<R, FETCH>(row, ahead, &mut raised);
                row += R;
            }
            while row + 4 <= self.count {
                self.multiply_block::<4, FETCH>(row, ahead, &mut raised);
                row += 4;
            }
            while row < self.count {
                self.multiply_block::<1, NONE>(row, ahead, &mut raised);
                row += 1;
            }
            raised
        }
    }

    /// Forms the exponents of rows `row`..`row` + R.
    #[inline(always)]
    unsafe fn multiply_block<const R: usize, const FETCH: usize>(
        &mut self,
        row: usize,
        ahead: usize,
        raised: &mut [S; V],
    ) {
        // SAFETY: the rows and the exponents reach to row + R as the caller promises.
        unsafe {
            let done = row * self.size;
            let products = ProductBlock::<S, V, R>::form::<FETCH>(
                self.size,
                self.rows.add(done),
                self.states,
                self.rows.wrapping_add(ahead + done / FETCH.max(1)),
            );
            let index = S::splat(S::Element::from_f64(row as f64));
            for v in 0..V {
                let mut largest = products[0][v];
                for (r, product) in products.iter().enumerate() {
                    largest = largest.max(product[v]);
                    product[v].store(self.exponents.add(((row + r) * V + v) * S::LANES));
                }
                let higher = largest.greater(self.maximum[v]);
                raised[v] = S::select(higher, index, raised[v]);
                self.maximum[v] = S::select(higher, largest, self.maximum[v]);
            }
        }
    }

    /// Writes the first pattern that attains the maximum, where the tile raised it.
    #[inline(always)]
    unsafe fn record_best(
        &self,
        raised: [S; V],
        first: usize,
        maxima: &[S::Element],
        best: &mut [f64],
    ) {
        let width = V * S::LANES;
        for (v, raised) in raised.into_iter().enumerate() {
            let mut starts = [S::Element::default(); 16];
            // SAFETY: a vector has at most 16 lanes.
            let mut lanes = unsafe {
                raised.store(starts.as_mut_ptr());
                S::bits(raised.greater(S::splat(S::Element::from_f64(-0.5))))
            };
            while lanes != 0 {
                let lane = lanes.trailing_zeros() as usize;
                lanes &= lanes - 1;
                let column = v * S::LANES + lane;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a row of the tile"
                )]
                let mut row = starts[lane].to_f64() as usize;
                // SAFETY: the row stays below the number of rows.
                while row + 1 < self.count
                    && unsafe { *self.exponents.add(row * width + column) } != maxima[column]
                {
                    row += 1;
                }
                best[column] = (first + row) as f64;
            }
        }
    }

    /// Moves the exponents of rows where a lane exceeds its threshold to the front; returns how many there are.
    #[inline(always)]
    unsafe fn keep(&mut self, thresholds: [S; V]) -> usize {
        let mut kept = 0;
        for row in 0..self.count {
            // SAFETY: at most as many exponents are written as read, each after its reading.
            unsafe {
                let exponents: [S; V] = load_all(self.exponents.add(row * V * S::LANES));
                let mut any = 0;
                for v in 0..V {
                    let relative = exponents[v].sub(self.maximum[v]);
                    any |= S::bits(relative.greater(thresholds[v]));
                }
                if any != 0 {
                    #[expect(clippy::cast_possible_truncation, reason = "a row of the tile")]
                    self.list.add(kept).write(row as u32);
                    store_all(exponents, self.exponents.add(kept * V * S::LANES));
                    kept += 1;
                }
            }
        }
        kept
    }

    /// Turns the first `kept` exponents into weights, with SKIP zero where they do not exceed their
    /// thresholds. Returns Σw and Σw².
    #[inline(always)]
    unsafe fn weigh<const SKIP: bool>(
        &mut self,
        kept: usize,
        thresholds: [S; V],
    ) -> ([S; V], [S; V]) {
        // SAFETY: the tile has the kept exponents.
        unsafe {
            let mut totals = [[S::splat(S::Element::default()); V]; 2];
            let mut row = 0;
            // Four vectors hide most of what a step waits, and leave registers for the constants.
            while row + 4 / V <= kept {
                if V == 1 {
                    self.weigh_rows::<SKIP, 4>(row, thresholds, &mut totals);
                } else {
                    self.weigh_rows::<SKIP, 2>(row, thresholds, &mut totals);
                }
                row += 4 / V;
            }
            while row < kept {
                self.weigh_rows::<SKIP, 1>(row, thresholds, &mut totals);
                row += 1;
            }
            let [weight, square] = totals;
            (weight, square)
        }
    }

    /// The weights of R rows from `row` on.
    #[inline(always)]
    unsafe fn weigh_rows<const SKIP: bool, const R: usize>(
        &mut self,
        row: usize,
        thresholds: [S; V],
        totals: &mut [[S; V]; 2],
    ) {
        // SAFETY: the tile has these rows.
        unsafe {
            let zero = S::splat(S::Element::default());
            let mut relative = [[zero; V]; R];
            for (r, exponents) in relative.iter_mut().enumerate() {
                *exponents = load_all(self.exponents.add((row + r) * V * S::LANES));
                for (exponent, maximum) in exponents.iter_mut().zip(self.maximum) {
                    *exponent = exponent.sub(maximum);
                }
            }
            let mut powers = relative;
            exp2_all(&mut powers);
            for (r, mut weights) in powers.into_iter().enumerate() {
                for v in 0..V {
                    if SKIP {
                        let counts = relative[r][v].greater(thresholds[v]);
                        weights[v] = S::select(counts, weights[v], zero);
                    }
                    totals[0][v] = totals[0][v].add(weights[v]);
                    // A sum of products has a shorter chain than multiply-adds.
                    totals[1][v] = weights[v].mul(weights[v]).add(totals[1][v]);
                }
                store_all(weights, self.exponents.add((row + r) * V * S::LANES));
            }
        }
    }

    /// Multiplies the sums by `factor` and adds the `kept` weighted rows. With FETCH, half a tile
    /// from `other` on is fetched meanwhile.
    #[inline(always)]
    unsafe fn sum_all<const C: usize, const SKIP: bool, const FETCH: bool>(
        &self,
        kept: usize,
        factor: [S; V],
        other: *const S::Element,
    ) {
        let blocks = self.size.div_ceil(C);
        let (base, longer) = (self.size / blocks, self.size % blocks);
        let mut component = 0;
        for block in 0..blocks {
            let length = base + usize::from(block < longer);
            macro_rules! sum_block {
                ($($length:literal)*) => {
                    match length {
                        // SAFETY: the blocks cover the components of the rows.
                        $($length if $length <= C => unsafe {
                            let next = other.wrapping_add(component * kept / HALF);
                            self.sum_block::<$length, SKIP, FETCH>(component, kept, factor, next);
                        },)*
                        _ => unreachable!("blocks have at most {C} components"),
                    }
                };
            }
            sum_block!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20);
            component += length;
        }
    }

    /// The sums of components `component`..`component` + C.
    #[inline(always)]
    unsafe fn sum_block<const C: usize, const SKIP: bool, const FETCH: bool>(
        &self,
        component: usize,
        kept: usize,
        factor: [S; V],
        mut next: *const S::Element,
    ) {
        // SAFETY: the kept rows lie in the tile, the components in the rows and sums.
        unsafe {
            let mut block = [[S::splat(S::Element::default()); V]; C];
            let start = self.rows.add(component);
            if SKIP || V == 1 {
                for k in 0..kept {
                    let row = if SKIP { *self.list.add(k) as usize } else { k };
                    let values = start.add(row * self.size);
                    self.add_row(&mut block, k, values);
                    if FETCH {
                        S::prefetch(next.cast());
                        next = next.wrapping_add(C.div_ceil(HALF));
                    }
                }
            } else {
                let mut values = start;
                for pair in 0..kept / 2 {
                    self.add_row(&mut block, 2 * pair, values);
                    self.add_row(&mut block, 2 * pair + 1, values.add(self.size));
                    values = values.wrapping_add(2 * self.size);
                    if FETCH {
                        S::prefetch(next.cast());
                        next = next.wrapping_add(2 * C / HALF);
                    }
                }
                if kept % 2 == 1 {
                    self.add_row(&mut block, kept - 1, values);
                }
            }
            for (c, sum) in block.into_iter().enumerate() {
                for v in 0..V {
                    let total = self.sums.add(((component + c) * V + v) * S::LANES);
                    S::load(total).mul_add(factor[v], sum[v]).store(total);
                }
            }
        }
    }

    /// Adds C components of a row with the k-th weights.
    #[inline(always)]
    unsafe fn add_row<const C: usize>(
        &self,
        block: &mut [[S; V]; C],
        k: usize,
        values: *const S::Element,
    ) {
        // SAFETY: the row has these components, the tile these weights.
        unsafe {
            let weights: [S; V] = load_all(self.exponents.add(k * V * S::LANES));
            for (c, sum) in block.iter_mut().enumerate() {
                let value = S::splat(*values.add(c));
                for v in 0..V {
                    sum[v] = value.mul_add(weights[v], sum[v]);
                }
            }
        }
    }
}
