//! Fixed points of contractions of one variable.

/// Relative change at which the search ends: the rounding of an update.
const ROUNDING: f64 = 16.0 * f64::EPSILON;
/// Steffensen steps; a few suffice.
const MOST_STEPS: usize = 1000;

/// The fixed point of a contraction near `start`, by Steffensen's method; `None` where it runs
/// away.
pub(crate) fn fixed_point(update: impl Fn(f64) -> f64, start: f64) -> Option<f64> {
    let mut field = start;
    for _ in 0..MOST_STEPS {
        let once = update(field);
        let change = once - field;
        if change.abs() <= ROUNDING * once.abs() {
            return Some(once);
        }
        if !once.is_finite() {
            return None;
        }
        let curvature = (update(once) - once) - change;
        // a contraction has 0 < −curvature/change < 2; elsewhere one plain update is safe
        let step = -change * change / curvature;
        field = if step / change > 0.5 && step.is_finite() {
            field + step
        } else {
            once
        };
    }
    None
}
