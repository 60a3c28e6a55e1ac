//! The Nelder–Mead simplex search for a minimum of a function without derivatives.

use crate::StatisticsError;

/// Function evaluations after which the search is given up.
const MAX_EVALUATIONS: usize = 20_000;

/// Where a function is smallest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Minimum {
    pub point: Vec<f64>,
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
///
/// # Panics
/// If there is not one step for each coordinate.
pub(super) fn minimise(
    function: impl Fn(&[f64]) -> f64,
    start: &[f64],
    steps: &[f64],
    tolerance: f64,
    enough: f64,
) -> Result<Minimum, StatisticsError> {
    assert_eq!(start.len(), steps.len(), "a step for each coordinate");
    let mut search = Search {
        function,
        evaluations: 0,
        enough,
    };
    let first = search.run(start, steps, tolerance)?;
    let smaller: Vec<f64> = steps.iter().map(|step| 0.1 * step).collect();
    let second = search.run(&first.point, &smaller, 10.0 * tolerance)?;
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

#[derive(Clone)]
struct Vertex {
    point: Vec<f64>,
    value: f64,
}

struct Search<F> {
    function: F,
    evaluations: usize,
    enough: f64,
}

impl<F: Fn(&[f64]) -> f64> Search<F> {
    fn vertex(&mut self, point: Vec<f64>) -> Vertex {
        self.evaluations += 1;
        let value = (self.function)(&point);
        Vertex {
            point,
            value: if value.is_nan() { f64::INFINITY } else { value },
        }
    }

    fn run(
        &mut self,
        start: &[f64],
        steps: &[f64],
        tolerance: f64,
    ) -> Result<Vertex, StatisticsError> {
        let dimension = start.len();
        let mut simplex = vec![self.vertex(start.to_vec())];
        if simplex[0].value == f64::INFINITY {
            return Err(self.not_converged());
        }
        for axis in 0..dimension {
            let mut point = start.to_vec();
            point[axis] += steps[axis];
            simplex.push(self.vertex(point));
        }
        loop {
            simplex.sort_by(|a, b| a.value.total_cmp(&b.value));
            let best = simplex[0].clone();
            // A function without lower bound is followed to infinity.
            if !best.value.is_finite() || best.point.iter().any(|x| !x.is_finite()) {
                return Err(self.not_converged());
            }
            if best.value <= self.enough || is_small(&simplex, steps, tolerance) {
                return Ok(best);
            }
            if self.evaluations >= MAX_EVALUATIONS {
                return Err(self.not_converged());
            }
            let worst = simplex[dimension].clone();
            let mut center = vec![0.0; dimension];
            for vertex in &simplex[..dimension] {
                for (sum, x) in center.iter_mut().zip(&vertex.point) {
                    *sum += x / dimension as f64;
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
            } else if reflected.value < simplex[dimension - 1].value {
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
                Some(vertex) => simplex[dimension] = vertex,
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
fn between(center: &[f64], point: &[f64], factor: f64) -> Vec<f64> {
    let pairs = center.iter().zip(point);
    pairs
        .map(|(center, point)| center + factor * (point - center))
        .collect()
}

fn is_small(simplex: &[Vertex], steps: &[f64], tolerance: f64) -> bool {
    (0..steps.len()).all(|axis| {
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
        let valley = |p: &[f64]| 100.0 * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2);
        let minimum = minimise(valley, &[-1.2, 1.0], &[0.1, 0.1], 1e-9, f64::NEG_INFINITY).unwrap();
        assert!((minimum.point[0] - 1.0).abs() < 1e-7, "{minimum:?}");
        assert!((minimum.point[1] - 1.0).abs() < 1e-7, "{minimum:?}");
        assert!(minimum.value < 1e-14 && minimum.evaluations < 1000);
    }

    #[test]
    fn a_forbidden_region_is_left() {
        // Powell's singular function in four dimensions, allowed for positive sums only.
        let powell = |p: &[f64]| {
            let (a, b, c, d) = (p[0], p[1], p[2], p[3]);
            if a + b + c + d < -1e-3 {
                return f64::NAN;
            }
            (a + 10.0 * b).powi(2)
                + 5.0 * (c - d).powi(2)
                + (b - 2.0 * c).powi(4)
                + 10.0 * (a - d).powi(4)
        };
        let minimum = minimise(powell, &[3.0, -1.0, 0.0, 1.0], &[0.5; 4], 1e-8, 0.0).unwrap();
        assert!(minimum.value < 1e-10, "{minimum:?}");
    }

    #[test]
    fn a_start_outside_the_domain_and_a_function_without_minimum_are_errors() {
        assert!(minimise(|_: &[f64]| f64::INFINITY, &[0.0; 2], &[1.0; 2], 1e-8, 0.0).is_err());
        assert!(minimise(|p: &[f64]| p[0], &[0.0], &[1.0], 1e-8, f64::NEG_INFINITY).is_err());
    }
}
