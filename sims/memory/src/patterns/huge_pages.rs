//! Large memory pages for large arrays: fewer addresses to translate and fewer page faults; and
//! where in them a cache line starts.

use crate::patterns::real::Real;

/// Bytes of a cache line.
pub const LINE: usize = 64;

/// Arrays of fewer bytes are left alone.
#[cfg(target_os = "linux")]
const SMALLEST: usize = 4 << 20;

/// An empty vector with room for `length` values and [`LINE`] bytes more, on large pages where the
/// system has them (Linux, transparent huge pages set to `madvise` or `always`).
pub fn with_capacity<T>(length: usize) -> Vec<T> {
    let mut vector = Vec::with_capacity(length + LINE / size_of::<T>());
    advise(vector.spare_capacity_mut());
    vector
}

/// `length` zeros on large pages, and where in the vector they begin, on a cache line. The system
/// clears the pages when they are first written to.
pub(crate) fn zeros<T: Real>(length: usize) -> (Vec<T>, usize) {
    let room = LINE / size_of::<T>();
    let mut values = vec![T::default(); length + room];
    advise(&mut values);
    let start = values.as_ptr().align_offset(LINE).min(room);
    values.truncate(start + length);
    (values, start)
}

/// Asks for large pages under memory that nothing was written to.
#[cfg_attr(
    not(target_os = "linux"),
    expect(unused_variables, reason = "elsewhere nothing can be asked for")
)]
fn advise<T>(memory: &mut [T]) {
    #[cfg(target_os = "linux")]
    {
        const PAGE: usize = 4096;
        let bytes = size_of_val(memory);
        if bytes >= SMALLEST {
            let start = memory.as_mut_ptr().cast::<libc::c_void>();
            let skipped = start.align_offset(PAGE);
            // SAFETY: whole pages of memory that is borrowed here; the advice changes no value, and
            // whether it is taken does not matter.
            unsafe {
                libc::madvise(
                    start.wrapping_byte_add(skipped),
                    (bytes - skipped) / PAGE * PAGE,
                    libc::MADV_HUGEPAGE,
                );
            }
        }
    }
}

/// How many values must precede the first one of `values` for it to start on a cache line; 0 where
/// there is no room.
pub(crate) fn start_on_line<T>(values: &Vec<T>) -> usize {
    let start = values.as_ptr().align_offset(LINE);
    if values.capacity() - values.len() >= start {
        start
    } else {
        0
    }
}
