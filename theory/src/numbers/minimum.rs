//! The minimum of a function that falls and then rises, by golden sections.

use crate::error::TheoryError;

/// (√5 − 1)/2.
const SECTION: f64 = 0.618_033_988_749_894_9;

/// What golden sections end with.
pub(crate) struct Minimum {
    /// The middle of the last bracket.
    pub(crate) middle: f64,
    /// The better of its two inner points.
    pub(crate) place: f64,
    /// The value there.
    pub(crate) value: f64,
}

/// The minimum of a unimodal function, to `accuracy` in its argument. Infinite values are taken to
/// lie to the right of it.
pub(crate) fn golden_section(
    function: impl Fn(f64) -> Result<f64, TheoryError>,
    mut low: f64,
    mut high: f64,
    accuracy: f64,
) -> Result<Minimum, TheoryError> {
    let (mut left, mut right) = (high - SECTION * (high - low), low + SECTION * (high - low));
    let (mut at_left, mut at_right) = (function(left)?, function(right)?);
    while high - low > accuracy {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - SECTION * (high - low);
            at_left = function(left)?;
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + SECTION * (high - low);
            at_right = function(right)?;
        }
    }
    let (place, value) = if at_left < at_right {
        (left, at_left)
    } else {
        (right, at_right)
    };
    Ok(Minimum {
        middle: 0.5 * (low + high),
        place,
        value,
    })
}
