//! Features of mean 0 and variance 1 over the instances of the training bags.

use dam_layers::BagSet;

/// Beyond so many standard deviations features are cut off.
const LARGEST: f64 = 10.0;

/// The set with every feature shifted and scaled by mean and deviation over the instances of the bags `training`, cut off
/// at ±10. Features that are constant there are left out (if all are, the first one stays, as 0).
///
/// # Panics
/// If a bag of `training` is not in the set.
pub fn standardised(set: &BagSet, training: &[usize]) -> BagSet {
    let count = training
        .iter()
        .map(|&bag| set.bags.rows().of(bag).len())
        .sum::<usize>() as f64;
    let rows = || {
        training
            .iter()
            .flat_map(|&bag| set.bag(bag).chunks_exact(set.size))
    };
    let mut means = vec![0.0; set.size];
    for row in rows() {
        means
            .iter_mut()
            .zip(row)
            .for_each(|(mean, value)| *mean += value / count);
    }
    let mut squares = vec![0.0; set.size];
    for row in rows() {
        let differences = row.iter().zip(&means).map(|(value, mean)| value - mean);
        squares
            .iter_mut()
            .zip(differences)
            .for_each(|(square, by)| *square += by * by / count);
    }
    // a constant leaves the rounding of its mean
    let varies = |column: &usize| squares[*column].sqrt() > 1e-12 * means[*column].abs();
    let mut kept: Vec<usize> = (0..set.size).filter(varies).collect();
    if kept.is_empty() {
        kept.push(0);
    }
    let scale = |column: usize| {
        if varies(&column) {
            squares[column].sqrt().recip()
        } else {
            0.0
        }
    };
    let scales: Vec<f64> = kept.iter().map(|&column| scale(column)).collect();
    let rows = set.rows.chunks_exact(set.size).flat_map(|row| {
        let columns = kept.iter().zip(&scales);
        columns.map(|(&column, scale)| {
            ((row[column] - means[column]) * scale).clamp(-LARGEST, LARGEST)
        })
    });
    BagSet {
        size: kept.len(),
        rows: rows.collect(),
        bags: set.bags.clone(),
        labels: set.labels.clone(),
    }
}
