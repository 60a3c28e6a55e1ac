//! The minimum of a function that falls and then rises: golden sections, and parabolas where they
//! close in faster.

use crate::error::TheoryError;

/// (3 − √5)/2.
const SECTION: f64 = 0.381_966_011_250_105_1;

/// Where a search ends.
pub(crate) struct Minimum {
    /// The best point.
    pub(crate) place: f64,
    /// The value there.
    pub(crate) value: f64,
}

/// A point and the value there.
type Point = (f64, f64);

/// The minimum of a unimodal function, to `accuracy` in its argument. Infinite values are taken to
/// lie to the right of it.
///
/// Parabolas through the three best points where they stay inside the bracket and shrink from step
/// to step, golden sections elsewhere (R. P. Brent, Algorithms for Minimization without
/// Derivatives, ch. 5).
pub(crate) fn minimize(
    function: impl Fn(f64) -> Result<f64, TheoryError>,
    mut low: f64,
    mut high: f64,
    accuracy: f64,
) -> Result<Minimum, TheoryError> {
    let mut best = golden(&function, low, high)?;
    while best.1 == f64::INFINITY && high - low > accuracy {
        high = best.0;
        best = golden(&function, low, high)?;
    }
    let (mut second, mut third) = (best, best);
    // this step and the one before
    let (mut step, mut last) = (0.0_f64, 0.0_f64);
    let least = 0.25 * accuracy;
    while high - low > accuracy && (best.0 - low).max(high - best.0) > 0.5 * accuracy {
        let (middle, step_before) = (0.5 * (low + high), step);
        let parabolic = vertex(best, second, third);
        let target = best.0 + parabolic;
        let is_inside = target > low && target < high;
        (last, step) = if is_inside && parabolic.abs() < 0.5 * last.abs() {
            let is_next_to_an_end = (target - low).min(high - target) < 2.0 * least;
            let step = if is_next_to_an_end {
                least.copysign(middle - best.0)
            } else {
                parabolic
            };
            (step_before, step)
        } else {
            let side = if best.0 < middle { high } else { low } - best.0;
            (side, SECTION * side)
        };
        // no closer than the accuracy allows: the bracket shrinks from both sides
        let place = best.0 + step.abs().max(least).copysign(step);
        let probe = (place, function(place)?);
        if probe.1 <= best.1 {
            *(if probe.0 < best.0 {
                &mut high
            } else {
                &mut low
            }) = best.0;
            (third, second, best) = (second, best, probe);
        } else {
            *(if probe.0 < best.0 {
                &mut low
            } else {
                &mut high
            }) = probe.0;
            if probe.1 <= second.1 || second.0 == best.0 {
                (third, second) = (second, probe);
            } else if probe.1 <= third.1 || third.0 == best.0 || third.0 == second.0 {
                third = probe;
            }
        }
    }
    Ok(Minimum {
        place: best.0,
        value: best.1,
    })
}

fn golden(
    function: impl Fn(f64) -> Result<f64, TheoryError>,
    low: f64,
    high: f64,
) -> Result<Point, TheoryError> {
    let place = low + SECTION * (high - low);
    Ok((place, function(place)?))
}

/// From the best of three points to the vertex of the parabola through them; NaN or infinite where
/// there is none.
fn vertex(best: Point, second: Point, third: Point) -> f64 {
    let (to_second, to_third) = (second.0 - best.0, third.0 - best.0);
    let (above_second, above_third) = (second.1 - best.1, third.1 - best.1);
    let slope = to_third * to_third * above_second - to_second * to_second * above_third;
    let bend = to_third * above_second - to_second * above_third;
    0.5 * slope / bend
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::cell::Cell;

    #[test]
    fn minima_inside_at_the_ends_and_beside_infinite_values_are_found() {
        type Case<'a> = (&'a dyn Fn(f64) -> f64, f64, f64, f64);
        let cases: [Case; 6] = [
            (&|x: f64| (x - 0.7).cosh(), -3.0, 9.0, 0.7),
            (&|x: f64| (x - 0.3).abs(), 0.0, 1.0, 0.3),
            (&|x| x, 2.0, 5.0, 2.0),
            (&|x| -x, 2.0, 5.0, 5.0),
            (&|x: f64| (x - 0.2).powi(4), 0.0, 14.0, 0.2),
            (
                &|x: f64| {
                    if x > 0.5 {
                        f64::INFINITY
                    } else {
                        x.exp() - 2.0 * x
                    }
                },
                -4.0,
                60.0,
                0.5,
            ),
        ];
        for (function, low, high, place) in cases {
            let count = Cell::new(0);
            let counted = |x| {
                count.set(count.get() + 1);
                Ok(function(x))
            };
            let found = minimize(counted, low, high, 1e-3).unwrap();
            assert!(
                (found.place - place).abs() < 1e-3,
                "{} for {place}",
                found.place
            );
            assert_eq!(found.value, function(found.place));
            assert!(count.get() < 50, "{} evaluations for {place}", count.get());
        }
    }

    #[test]
    fn smooth_minima_take_a_dozen_evaluations() {
        let count = Cell::new(0);
        let function = |x: f64| {
            count.set(count.get() + 1);
            Ok((x - 1.3).exp() - x)
        };
        let found = minimize(function, 0.0, 8.0, 1e-5).unwrap();
        assert!((found.place - 1.3).abs() < 1e-5);
        assert!(count.get() <= 16, "{}", count.get());
    }
}
