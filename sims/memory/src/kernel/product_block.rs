//! Scalar products of a few patterns with one or two vectors of states, in registers.

#![expect(
    clippy::inline_always,
    reason = "vector code must land in a function that enables its instructions"
)]

use crate::kernel::simd::{Simd, load_all};

/// Fetches of later patterns by the loop of products: of none, of all, or of every other half tile,
/// whose other half is fetched while rows are summed, so that reading does not pause then.
pub(super) const NONE: usize = 0;
pub(super) const ALL: usize = 1;
pub(super) const HALF: usize = 2;

/// Components of a turn of the loop.
const UNROLLED: usize = 4;
/// Rows whose addresses are sums of one pointer and the stride once and twice, so that none takes an instruction of its own.
const ROWS_OF_POINTER: usize = 3;

/// The products of R rows with V vectors of states, component by component.
pub(super) struct ProductBlock<S: Simd, const V: usize, const R: usize> {
    products: [[S; V]; R],
    /// N, the distance of the rows.
    size: usize,
    /// The components of the first row and of the states that come next.
    rows: *const S::Element,
    states: *const S::Element,
    /// What is fetched next.
    next: *const S::Element,
}

impl<S: Simd, const V: usize, const R: usize> ProductBlock<S, V, R> {
    /// The products of R rows of `size` components; patterns from `next` on are fetched meanwhile.
    ///
    /// # Safety
    /// The instruction set of `S` must be available, the rows and as many vectors of states must lie in memory.
    #[inline(always)]
    pub(super) unsafe fn form<const FETCH: usize>(
        size: usize,
        rows: *const S::Element,
        states: *const S::Element,
        next: *const S::Element,
    ) -> [[S; V]; R] {
        // SAFETY: as the caller promises.
        unsafe {
            let mut block = Self {
                products: [[S::splat(S::Element::default()); V]; R],
                size,
                rows,
                states,
                next,
            };
            let turns = size / UNROLLED;
            for _ in 0..turns {
                block.add::<UNROLLED, FETCH>();
            }
            for _ in turns * UNROLLED..size {
                block.add::<1, FETCH>();
            }
            block.products
        }
    }

    /// Adds U components.
    #[inline(always)]
    unsafe fn add<const U: usize, const FETCH: usize>(&mut self) {
        // SAFETY: the caller has so many components left.
        unsafe {
            if FETCH != NONE {
                // Spread evenly, so that the misses do not queue up.
                let fetched = (R * U).div_ceil(FETCH);
                for line in (0..fetched).step_by(64 / size_of::<S::Element>()) {
                    S::prefetch(self.next.wrapping_add(line).cast());
                }
                self.next = self.next.wrapping_add(fetched);
            }
            for u in 0..U {
                let states: [S; V] = load_all(self.states.add(u * V * S::LANES));
                let mut base = self.rows;
                for (r, product) in self.products.iter_mut().enumerate() {
                    let value = S::splat(*base.add(r % ROWS_OF_POINTER * self.size + u));
                    if r % ROWS_OF_POINTER == ROWS_OF_POINTER - 1 {
                        base = base.wrapping_add(ROWS_OF_POINTER * self.size);
                    }
                    for v in 0..V {
                        product[v] = value.mul_add(states[v], product[v]);
                    }
                }
            }
            self.rows = self.rows.wrapping_add(U);
            self.states = self.states.wrapping_add(U * V * S::LANES);
        }
    }
}
