//! Comparison of numbers.

/// |value − expected| ≤ tolerance |expected|.
#[track_caller]
pub fn assert_relative(value: f64, expected: f64, tolerance: f64, what: impl std::fmt::Display) {
    assert!(
        (value - expected).abs() <= tolerance * expected.abs(),
        "{what}: {value} instead of {expected}"
    );
}
