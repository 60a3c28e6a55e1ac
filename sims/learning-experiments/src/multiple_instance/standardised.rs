//! Features of mean 0 and variance 1 over the instances of the training bags.

use dam_layers::BagSet;

/// Beyond so many standard deviations features are cut off.
const LARGEST: f64 = 10.0;

/// The set with every feature shifted and scaled by mean and deviation over the instances of the bags `training`, cut off
/// at ±10. Features that are constant there are 0.
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
    let scales: Vec<f64> = squares
        .iter()
        .zip(&means)
        // a constant leaves the rounding of its mean
        .map(|(square, mean)| {
            if square.sqrt() > 1e-12 * mean.abs() {
                square.sqrt().recip()
            } else {
                0.0
            }
        })
        .collect();
    let mut scaled = set.clone();
    for row in scaled.rows.chunks_exact_mut(set.size) {
        for ((value, mean), scale) in row.iter_mut().zip(&means).zip(&scales) {
            *value = ((*value - mean) * scale).clamp(-LARGEST, LARGEST);
        }
    }
    scaled
}
