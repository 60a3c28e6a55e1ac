//! A root finder that brackets: it cannot leave the interval or fail to converge.

use crate::error::TheoryError;

/// Steps after which bisection alone would have exhausted any f64 interval several times over, also
/// one that reaches from 1 to the smallest normal number (1074 halvings).
const MOST_STEPS: usize = 5000;

/// The root of a continuous `function` between `low` and `high`, at which it has opposite signs
/// (or is zero), to the last bits of f64.
///
/// Inverse quadratic interpolation where it is safe, bisection elsewhere (T. R. Chandrupatla,
/// Adv. Eng. Software 28, 145 (1997)).
///
/// ```
/// let root = dam_theory::numbers::find_root(|x| x * x - 2.0, 0.0, 2.0)?;
/// assert_eq!(root, 2.0_f64.sqrt());
/// # Ok::<(), dam_theory::TheoryError>(())
/// ```
///
/// # Errors
/// [`TheoryError::Unsettled`] when the signs at the ends are equal or a value is NaN.
pub fn find_root(
    mut function: impl FnMut(f64) -> f64,
    low: f64,
    high: f64,
) -> Result<f64, TheoryError> {
    // `newest` and `opposite` enclose the root; `previous` is the third point.
    let (mut newest, mut opposite) = (low, high);
    let (mut at_newest, mut at_opposite) = (function(low), function(high));
    if at_newest == 0.0 {
        return Ok(low);
    }
    if at_opposite == 0.0 {
        return Ok(high);
    }
    let unsettled = TheoryError::Unsettled {
        what: "a root whose signs differ at both ends",
    };
    if at_newest.is_nan() || at_opposite.is_nan() || (at_newest > 0.0) == (at_opposite > 0.0) {
        return Err(unsettled);
    }
    let mut fraction = 0.5;
    for _ in 0..MOST_STEPS {
        let probe = newest + fraction * (opposite - newest);
        let at_probe = function(probe);
        if at_probe.is_nan() {
            return Err(unsettled);
        }
        let (previous, at_previous);
        if (at_probe > 0.0) == (at_newest > 0.0) {
            (previous, at_previous) = (newest, at_newest);
        } else {
            (previous, at_previous) = (opposite, at_opposite);
            (opposite, at_opposite) = (newest, at_newest);
        }
        (newest, at_newest) = (probe, at_probe);
        let (best, at_best) = if at_newest.abs() < at_opposite.abs() {
            (newest, at_newest)
        } else {
            (opposite, at_opposite)
        };
        let width = (opposite - newest).abs();
        let resolution = f64::EPSILON * best.abs() + f64::MIN_POSITIVE;
        if at_best == 0.0 || width <= 2.0 * resolution {
            return Ok(best);
        }
        let position = (newest - opposite) / (previous - opposite);
        let value = (at_newest - at_opposite) / (at_previous - at_opposite);
        let is_monotone =
            value * value < position && (1.0 - value) * (1.0 - value) < 1.0 - position;
        fraction = if is_monotone {
            at_newest / (at_opposite - at_newest) * at_previous / (at_opposite - at_previous)
                + (previous - newest) / (opposite - newest) * at_newest / (at_previous - at_newest)
                    * at_opposite
                    / (at_previous - at_opposite)
        } else {
            0.5
        };
        let least = resolution / width;
        fraction = fraction.clamp(least, 1.0 - least);
    }
    Err(TheoryError::Unsettled {
        what: "a bracketed root",
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn steep_flat_and_kinked_functions_are_solved_to_the_last_bits() {
        type Case<'a> = (&'a dyn Fn(f64) -> f64, f64, f64, f64);
        let cases: [Case; 6] = [
            (
                &|x| x.exp() - 1e200,
                0.0,
                1e3,
                200.0 * std::f64::consts::LN_10,
            ),
            (&|x| (x - 0.3).powi(9), 0.0, 1.0, 0.3),
            (&|x| if x < 0.7 { -1.0 } else { 1.0 }, 0.0, 1.0, 0.7),
            (&|x| (x - 1e-9) * 1e-200, 0.0, 1.0, 1e-9),
            (&|x| x.tanh() - 0.5, -50.0, 50.0, 0.5_f64.atanh()),
            (&|x| x * x - 1e-300, 0.0, 1.0, 1e-150),
        ];
        for (function, low, high, root) in cases {
            let found = find_root(function, low, high).unwrap();
            assert!(
                (found - root).abs() <= 4.0 * f64::EPSILON * root,
                "{found} for {root}"
            );
        }
    }

    #[test]
    fn equal_signs_and_nan_are_refused() {
        assert!(find_root(|x| x + 1.0, 0.0, 1.0).is_err());
        assert!(find_root(|x| (x - 2.0).sqrt(), 0.0, 3.0).is_err());
    }
}
