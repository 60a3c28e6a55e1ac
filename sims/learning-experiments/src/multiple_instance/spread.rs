//! Settings between two ends.

/// The middles of `count` equal parts of the stretch from `least` to `greatest`, in the scale of the logarithm: a single
/// one stands in the middle.
pub(super) fn spread([least, greatest]: [f64; 2], count: usize) -> Vec<f64> {
    let part = |place: usize| (place as f64 + 0.5) / count as f64;
    (0..count)
        .map(|place| least * (greatest / least).powf(part(place)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn settings_stand_apart_by_one_factor() {
        assert_eq!(spread([1.0, 100.0], 1), [10.0]);
        let found = spread([1e-4, 1e2], 3);
        for (value, expected) in found.iter().zip([1e-3, 1e-1, 1e1]) {
            assert!((value / expected - 1.0).abs() < 1e-12);
        }
    }
}
