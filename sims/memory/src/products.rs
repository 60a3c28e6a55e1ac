//! Scalar products, and products of row-major matrices in fixed panels of rows: the same bits for
//! any number of threads.

use rayon::prelude::*;

use crate::kernel::Parallelism;

/// Most rows of a panel. Packing a panel's factors costs little from this size on, and eight
/// threads find work at 784 rows.
const PANEL: usize = 96;
/// Below this many multiplications a product is not worth waking threads for.
const WORTH_THREADS: usize = 1 << 20;

/// x·y, summed from the first component to the last.
pub fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// x·y in as many independent sums, which vectorise.
pub fn dot_in_lanes<const LANES: usize>(left: &[f64], right: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let (left_blocks, left_rest) = left.as_chunks::<LANES>();
    let (right_blocks, right_rest) = right.as_chunks::<LANES>();
    for (left, right) in left_blocks.iter().zip(right_blocks) {
        for lane in 0..LANES {
            sums[lane] += left[lane] * right[lane];
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

/// x ← x + a y.
pub fn add_scaled(numbers: &mut [f64], factor: f64, others: &[f64]) {
    for (number, other) in numbers.iter_mut().zip(others) {
        *number += factor * other;
    }
}

/// A row-major matrix, or its transpose, as a factor of a product.
#[derive(Clone, Copy, Debug)]
pub struct Factor<'a> {
    values: &'a [f64],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Factor<'a> {
    /// Rows of `columns` values each.
    pub fn new(columns: usize, values: &'a [f64]) -> Self {
        Self {
            values,
            rows: values.len() / columns,
            columns,
            row_stride: columns,
            column_stride: 1,
        }
    }

    /// The transpose of rows of `columns` values each.
    pub fn transposed(columns: usize, values: &'a [f64]) -> Self {
        Self {
            values,
            rows: columns,
            columns: values.len() / columns,
            row_stride: 1,
            column_stride: columns,
        }
    }

    /// Rows `first..first + count`.
    fn panel(self, first: usize, count: usize) -> Self {
        assert!(first + count <= self.rows);
        Self {
            values: &self.values[first * self.row_stride..],
            rows: count,
            ..self
        }
    }

    /// The first `count` columns.
    fn leading_columns(self, count: usize) -> Self {
        assert!(count <= self.columns);
        Self {
            columns: count,
            ..self
        }
    }

    /// Values from the first to the last entry, both included.
    fn extent(self) -> usize {
        if self.rows == 0 || self.columns == 0 {
            return 0;
        }
        (self.rows - 1) * self.row_stride + (self.columns - 1) * self.column_stride + 1
    }
}

/// Writes `left`·`right` + `kept`·product into the leading columns of the rows of `row_length` values.
fn multiply_into(
    left: Factor<'_>,
    right: Factor<'_>,
    kept: f64,
    row_length: usize,
    product: &mut [f64],
) {
    assert!(
        left.columns == right.rows
            && right.columns <= row_length
            && left.rows * row_length <= product.len()
            && left.extent() <= left.values.len()
            && right.extent() <= right.values.len(),
        "the factors fit together and into the product"
    );
    let stride = |stride: usize| isize::try_from(stride).expect("slices are shorter than isize");
    // SAFETY: the shapes and strides stay within the three slices, as asserted.
    unsafe {
        matrixmultiply::dgemm(
            left.rows,
            left.columns,
            right.columns,
            1.0,
            left.values.as_ptr(),
            stride(left.row_stride),
            stride(left.column_stride),
            right.values.as_ptr(),
            stride(right.row_stride),
            stride(right.column_stride),
            kept,
            product.as_mut_ptr(),
            stride(row_length),
            1,
        );
    }
}

/// Rows of each panel: two panels at least, and equal ones.
fn panel_height(rows: usize) -> usize {
    rows.div_ceil(rows.div_ceil(PANEL).max(2))
}

/// `product` = `left`·`right`, row-major.
///
/// # Panics
/// If the shapes do not fit together.
pub fn multiply(
    left: Factor<'_>,
    right: Factor<'_>,
    product: &mut [f64],
    parallelism: Parallelism,
) {
    let length = right.columns;
    let height = panel_height(left.rows);
    assert_eq!(product.len(), left.rows * length);
    let multiplications = left.rows * left.columns * length;
    let panel = |(index, product): (usize, &mut [f64])| {
        let rows = product.len() / length;
        multiply_into(
            left.panel(index * height, rows),
            right,
            0.0,
            length,
            product,
        );
    };
    if parallelism == Parallelism::Chunks && multiplications >= WORTH_THREADS {
        product
            .par_chunks_mut(height * length)
            .enumerate()
            .for_each(panel);
    } else {
        product
            .chunks_mut(height * length)
            .enumerate()
            .for_each(panel);
    }
}

/// `product` += `left`·`right`, row-major, on one thread: a row has the same bits whatever other rows
/// there are.
///
/// # Panics
/// If the shapes do not fit together.
pub fn add_product(left: Factor<'_>, right: Factor<'_>, product: &mut [f64]) {
    assert_eq!(product.len(), left.rows * right.columns);
    multiply_into(left, right, 1.0, right.columns, product);
}

/// `gram` = V·Vᵀ for rows of `size` values: the lower triangle is multiplied, the upper mirrored.
///
/// # Panics
/// If `gram` is not count×count.
pub fn multiply_by_own_transpose(
    size: usize,
    rows: &[f64],
    gram: &mut [f64],
    parallelism: Parallelism,
) {
    let count = rows.len() / size;
    assert_eq!(gram.len(), count * count);
    let (left, right) = (Factor::new(size, rows), Factor::transposed(size, rows));
    let panel_height = panel_height(count);
    let panel = |(index, gram): (usize, &mut [f64])| {
        let (first, height) = (index * panel_height, gram.len() / count);
        let right = right.leading_columns(first + height);
        multiply_into(left.panel(first, height), right, 0.0, count, gram);
    };
    if parallelism == Parallelism::Chunks && count * count * size / 2 >= WORTH_THREADS {
        // the last panels are the widest: they go first
        gram.par_chunks_mut(panel_height * count)
            .enumerate()
            .rev()
            .with_max_len(1)
            .for_each(panel);
    } else {
        gram.chunks_mut(panel_height * count)
            .enumerate()
            .for_each(panel);
    }
    mirror(count, gram);
}

/// Copies the lower triangle onto the upper, in blocks that stay in the cache.
pub fn mirror(count: usize, matrix: &mut [f64]) {
    const BLOCK: usize = 32;
    for row_block in (0..count).step_by(BLOCK) {
        for column_block in (row_block..count).step_by(BLOCK) {
            for row in row_block..(row_block + BLOCK).min(count) {
                for column in column_block.max(row + 1)..(column_block + BLOCK).min(count) {
                    matrix[row * count + column] = matrix[column * count + row];
                }
            }
        }
    }
}
