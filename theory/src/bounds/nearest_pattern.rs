//! The cosine between a pattern on the sphere and the nearest of the others.

use crate::error::{TheoryError, positive, within};

/// √(1 − P^{−2/N}): the cosine below which the Random Energy Model leaves no pattern, for P
/// patterns on the sphere of N dimensions; P = e^{αN} gives √(1 − e^{−2α}).
///
/// # Errors
/// P ≤ 1 or N ≤ 0.
pub fn nearest_pattern_cosine(pattern_count: f64, size: f64) -> Result<f64, TheoryError> {
    positive("the size N", size)?;
    within(
        "the number of patterns P",
        pattern_count,
        pattern_count > 1.0,
        "P > 1",
    )?;
    Ok((-(-2.0 * pattern_count.ln() / size).exp_m1()).sqrt())
}

/// √(2(k ln N + ln α̃)/N): its leading term for a polynomial load P = α̃ N^k (LM24 Fig. 5).
///
/// # Errors
/// N ≤ 0, α̃ ≤ 0, or P ≤ 1.
pub fn polynomial_load_cosine(
    prefactor: f64,
    exponent: f64,
    size: f64,
) -> Result<f64, TheoryError> {
    positive("the size N", size)?;
    positive("the prefactor α̃", prefactor)?;
    let log_count = exponent * size.ln() + prefactor.ln();
    within("ln P", log_count, log_count > 0.0, "P = α̃ N^k above 1")?;
    Ok((2.0 * log_count / size).sqrt())
}
