//! The Nelder–Mead simplex search for a minimum of a function without derivatives.

use crate::StatisticsError;

/// Function evaluations after which the search is given up.
const MAX_EVALUATIONS: usize = 20_000;

/// Where a function is smallest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Minimum<const D: usize> {
    pub point: [f64; D],
    pub value: f64,
    pub evaluations: usize,
}

/// Minimises `function` from the simplex of `start` and `start + steps[i] eᵢ`.
///
/// Reflection 1, expansion 2, contraction and shrinkage 1/2
/// (J. A. Nelder and R. Mead, Comput. J. 7, 308 (1965)). The function may return +∞ outside its
/// domain; NaN counts as +∞. The search ends when every coordinate of the simplex spans less than
/// `tolerance` times its initial step; it is then repeated once around the minimum found, since a
/// simplex can collapse onto a point that is none. A value of `enough` or less ends it at once.
///
/// # Errors
/// No finite value at the start, or no convergence in [`MAX_EVALUATIONS`].
pub(super) fn minimise<const D: usize>(
    function: impl Fn(&[f64; D]) -> f64,
    start: [f64; D],
    steps: [f64; D],
    tolerance: f64,
    enough: f64,
) -> Result<Minimum<D>, StatisticsError> {
    let mut search = Search {
        function,
        evaluations: 0,
        enough,
    };
    let first = search.run(start, steps, tolerance)?;
    let second = search.run(first.point, steps.map(|step| 0.1 * step), 10.0 * tolerance)?;
    let best = if second.value <= first.value {
        second
    } else {
        first
    };
    Ok(Minimum {
        point: best.point,
        value: best.value,
        evaluations: search.evaluations,
    })
}

#[derive(Clone, Copy)]
struct Vertex<const D: usize> {
    point: [f64; D],
    value: f64,
}

struct Search<F> {
    function: F,
    evaluations: usize,
    enough: f64,
}

impl<F> Search<F> {
    fn vertex<const D: usize>(&mut self, point: [f64; D]) -> Vertex<D>
    where
        F: Fn(&[f64; D]) -> f64,
    {
        self.evaluations += 1;
        let value = (self.function)(&point);
        Vertex {
            point,
            value: if value.is_nan() { f64::INFINITY } else { value },
        }
    }

    fn run<const D: usize>(
        &mut self,
        start: [f64; D],
        steps: [f64; D],
        tolerance: f64,
    ) -> Result<Vertex<D>, StatisticsError>
    where
        F: Fn(&[f64; D]) -> f64,
    {
        let mut simplex = vec![self.vertex(start)];
        if simplex[0].value == f64::INFINITY {
            return Err(self.not_converged());
        }
        for axis in 0..D {
            let mut point = start;
            point[axis] += steps[axis];
            simplex.push(self.vertex(point));
        }
        loop {
            simplex.sort_by(|a, b| a.value.total_cmp(&b.value));
            let best = simplex[0];
            // A function without lower bound is followed to infinity.
            if !best.value.is_finite() || best.point.iter().any(|x| !x.is_finite()) {
                return Err(self.not_converged());
            }
            if best.value <= self.enough || is_small(&simplex, &steps, tolerance) {
                return Ok(best);
            }
            if self.evaluations >= MAX_EVALUATIONS {
                return Err(self.not_converged());
            }
            let worst = simplex[D];
            let mut center = [0.0; D];
            for vertex in &simplex[..D] {
                for (sum, x) in center.iter_mut().zip(vertex.point) {
                    *sum += x / D as f64;
                }
            }
            let reflected = self.vertex(between(&center, &worst.point, -1.0));
            let accepted = if reflected.value < best.value {
                let expanded = self.vertex(between(&center, &worst.point, -2.0));
                Some(if expanded.value < reflected.value {
                    expanded
                } else {
                    reflected
                })
            } else if reflected.value < simplex[D - 1].value {
                Some(reflected)
            } else {
                // Outside where the reflection improved on the worst vertex, inside otherwise.
                let (toward, limit) = if reflected.value < worst.value {
                    (-0.5, reflected.value)
                } else {
                    (0.5, worst.value)
                };
                let contracted = self.vertex(between(&center, &worst.point, toward));
                (contracted.value < limit).then_some(contracted)
            };
            match accepted {
                Some(vertex) => simplex[D] = vertex,
                None => {
                    for vertex in &mut simplex[1..] {
                        *vertex = self.vertex(between(&best.point, &vertex.point, 0.5));
                    }
                }
            }
        }
    }

    fn not_converged(&self) -> StatisticsError {
        StatisticsError::NotConverged {
            method: "Nelder-Mead search",
            steps: self.evaluations,
        }
    }
}

/// `center + factor (point − center)`.
fn between<const D: usize>(center: &[f64; D], point: &[f64; D], factor: f64) -> [f64; D] {
    std::array::from_fn(|axis| center[axis] + factor * (point[axis] - center[axis]))
}

fn is_small<const D: usize>(simplex: &[Vertex<D>], steps: &[f64; D], tolerance: f64) -> bool {
    (0..D).all(|axis| {
        let best = simplex[0].point[axis];
        let spans = simplex
            .iter()
            .map(|vertex| (vertex.point[axis] - best).abs());
        spans.fold(0.0, f64::max) <= tolerance * steps[axis].abs()
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_valley_of_rosenbrock_is_followed() {
        let valley = |&[x, y]: &[f64; 2]| 100.0 * (y - x * x).powi(2) + (1.0 - x).powi(2);
        let minimum = minimise(valley, [-1.2, 1.0], [0.1, 0.1], 1e-9, f64::NEG_INFINITY).unwrap();
        assert!((minimum.point[0] - 1.0).abs() < 1e-7, "{minimum:?}");
        assert!((minimum.point[1] - 1.0).abs() < 1e-7, "{minimum:?}");
        assert!(minimum.value < 1e-14 && minimum.evaluations < 1000);
    }

    #[test]
    fn a_forbidden_region_is_left() {
        // Powell's singular function in four dimensions, allowed for positive sums only.
        let powell = |&[a, b, c, d]: &[f64; 4]| {
            if a + b + c + d < -1e-3 {
                return f64::NAN;
            }
            (a + 10.0 * b).powi(2)
                + 5.0 * (c - d).powi(2)
                + (b - 2.0 * c).powi(4)
                + 10.0 * (a - d).powi(4)
        };
        let minimum = minimise(powell, [3.0, -1.0, 0.0, 1.0], [0.5; 4], 1e-8, 0.0).unwrap();
        assert!(minimum.value < 1e-10, "{minimum:?}");
    }

    #[test]
    fn a_start_outside_the_domain_and_a_function_without_minimum_are_errors() {
        assert!(minimise(|_: &[f64; 2]| f64::INFINITY, [0.0; 2], [1.0; 2], 1e-8, 0.0).is_err());
        assert!(minimise(|&[x]: &[f64; 1]| x, [0.0], [1.0], 1e-8, f64::NEG_INFINITY).is_err());
    }
}
