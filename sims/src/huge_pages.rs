//! Large memory pages for large arrays: fewer addresses to translate and fewer page faults; and where in them
//! a cache line starts.

/// Bytes of a cache line.
pub const LINE: usize = 64;

/// Arrays of fewer bytes are left alone.
#[cfg(target_os = "linux")]
const SMALLEST: usize = 4 << 20;

/// An empty vector with room for `length` values and [`LINE`] bytes more, on large pages where the system has them
/// (Linux, transparent huge pages set to `madvise` or `always`).
pub fn with_capacity<T>(length: usize) -> Vec<T> {
    let vector: Vec<T> = Vec::with_capacity(length + LINE / size_of::<T>());
    #[cfg(target_os = "linux")]
    {
        const PAGE: usize = 4096;
        let bytes = vector.capacity() * size_of::<T>();
        if bytes >= SMALLEST {
            let start = vector.as_ptr().cast::<libc::c_void>();
            let skipped = start.align_offset(PAGE);
            // SAFETY: whole pages of the vector's own memory; the advice changes no value, and
            // whether it is taken does not matter.
            unsafe {
                libc::madvise(
                    start.wrapping_byte_add(skipped).cast_mut(),
                    (bytes - skipped) / PAGE * PAGE,
                    libc::MADV_HUGEPAGE,
                );
            }
        }
    }
    vector
}

/// How many values must precede the first one of `values` for it to start on a cache line; 0 where there is no room.
pub(crate) fn start_on_line<T>(values: &Vec<T>) -> usize {
    let start = values.as_ptr().align_offset(LINE);
    if values.capacity() - values.len() >= start {
        start
    } else {
        0
    }
}
