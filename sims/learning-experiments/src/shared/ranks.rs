//! Spearman's rank correlation: the correlation of ranks.

/// Ranks from 0, the mean rank for equal values.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&first, &second| values[first].total_cmp(&values[second]));
    let mut ranks = vec![0.0; values.len()];
    for equal in order.chunk_by(|&first, &second| values[first] == values[second]) {
        let before = order.partition_point(|&other| values[other] < values[equal[0]]);
        for &index in equal {
            ranks[index] = before as f64 + 0.5 * (equal.len() as f64 - 1.0);
        }
    }
    ranks
}

/// Pearson's correlation; 0 where one side does not vary.
pub(crate) fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - mean_x, y - mean_y);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    if xx == 0.0 || yy == 0.0 {
        return 0.0;
    }
    xy / (xx * yy).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_correlations_are_spearmans() {
        assert_eq!(ranks(&[3.0, 1.0, 2.0, 1.0]), [3.0, 0.5, 2.0, 0.5]);
        let x = ranks(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert!((correlation(&x, &ranks(&[1.0, 4.0, 9.0, 16.0, 25.0])) - 1.0).abs() < 1e-15);
        // 1 − 6 Σ d²/(n(n² − 1)) with d = (0, 2, 1, 1, 0)
        let y = ranks(&[10.0, 40.0, 20.0, 30.0, 50.0]);
        assert!((correlation(&x, &y) - (1.0 - 6.0 * 6.0 / 120.0)).abs() < 1e-15);
        assert_eq!(correlation(&x, &[1.0; 5]), 0.0);
    }
}
