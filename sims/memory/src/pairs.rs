//! Pairs of stored patterns.

use crate::attention::AttentionMemory;
use crate::products::dot_in_lanes;

/// The largest cosine between two stored patterns: P²N/2 multiply–adds, and PN numbers held.
pub fn largest_cosine(memory: &AttentionMemory) -> f64 {
    let patterns = memory.map_patterns(|row| {
        let norm = dot_in_lanes::<4>(row, row).sqrt();
        row.iter().map(|value| value / norm).collect::<Vec<f64>>()
    });
    (1..patterns.len())
        .flat_map(|second| (0..second).map(move |first| (first, second)))
        .map(|(first, second)| dot_in_lanes::<4>(&patterns[first], &patterns[second]))
        .fold(-1.0, f64::max)
        // rounding of equal patterns
        .min(1.0)
}
