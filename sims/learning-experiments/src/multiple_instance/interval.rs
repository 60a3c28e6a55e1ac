//! Intervals of means over folds.

/// The ends of an interval around a mean that reaches so many errors to each side.
pub(super) type Interval = fn(f64, f64) -> [f64; 2];

/// The mean less and plus the reach.
pub(super) fn symmetric(mean: f64, reach: f64) -> [f64; 2] {
    [mean - reach, mean + reach]
}

/// Wilson's interval of a share among so many independent trials that p (1 − p)/n is the square of its error: it stays between 0
/// and 1, as areas and shares do.
pub(super) fn within_one(mean: f64, reach: f64) -> [f64; 2] {
    let variance = mean * (1.0 - mean);
    if variance <= 0.0 {
        // all folds are at the end
        return [mean; 2];
    }
    // z²/n
    let ratio = reach * reach / variance;
    let middle = (mean + 0.5 * ratio) / (1.0 + ratio);
    let half = reach.hypot(0.5 * ratio) / (1.0 + ratio);
    [(middle - half).max(0.0), (middle + half).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_of_areas_stay_within_one_and_are_symmetric_where_errors_are_small() {
        for tenth in 0..=10 {
            let mean = f64::from(tenth) / 10.0;
            for reach in [0.0, 1e-6, 0.01, 0.3, 40.0] {
                let [lower, upper] = within_one(mean, reach);
                assert!(0.0 <= lower && lower <= mean + 1e-15, "{mean} {reach}");
                assert!(mean - 1e-15 <= upper && upper <= 1.0, "{mean} {reach}");
            }
            let [small, same] = [within_one(mean, 1e-6), symmetric(mean, 1e-6)];
            if tenth % 10 != 0 {
                assert!(small.iter().zip(same).all(|(a, b)| (a - b).abs() < 1e-10));
            }
        }
        // Wilson's interval of 9 of 10
        let [lower, upper] = within_one(0.9, 1.959963984540054 * (0.09_f64 / 10.0).sqrt());
        assert!((lower - 0.5958499732047615).abs() < 1e-12, "{lower}");
        assert!((upper - 0.9821237869049271).abs() < 1e-12, "{upper}");
        // the same whether hits or misses are counted
        let [lower, upper] = within_one(0.93, 0.08);
        let [other_lower, other_upper] = within_one(0.07, 0.08);
        assert!((lower + other_upper - 1.0).abs() < 1e-14);
        assert!((upper + other_lower - 1.0).abs() < 1e-14);
    }
}
