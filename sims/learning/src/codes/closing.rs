//! Contacts without force, closed after the search.

use dam_memory::products::dot;

use crate::codes::points::SphericalCode;

/// Cosines this close to the largest belong to contacts that the search left open: at a largest
/// cosine right to 1e-12 a pair that bears no force may lie off by its square root and more.
const NEAR: f64 = 3e-5;
/// Cosines this close to the largest are those of contacts.
const CLOSED: f64 = 1e-9;
/// Most Newton steps.
const STEPS: usize = 40;
/// Residual at which they end.
const RESIDUAL: f64 = 1e-12;
/// By how much the largest cosine may rise.
const RISE: f64 = 1e-11;

/// The code with all pairs of nearly the largest cosine c at c, where there is one; `code` itself
/// where none is left open, or closing them costs angle.
///
/// Newton's method for x_i·x_j = c on these pairs, by the shortest steps in the tangent spaces:
/// δ = Jᵀλ with J Jᵀ λ = −r, solved by conjugate gradients.
pub(super) fn close_contacts(code: SphericalCode) -> SphericalCode {
    let largest = largest_cosine(&code);
    let near: Vec<(usize, usize)> = code
        .pairs()
        .filter(|&pair| largest - cosine(&code, pair) < NEAR)
        .collect();
    let are_closed = |code: &SphericalCode| {
        near.iter()
            .all(|&pair| largest - cosine(code, pair) < CLOSED)
    };
    if are_closed(&code) {
        return code;
    }
    let mut closed = code.clone();
    for _ in 0..STEPS {
        let residuals: Vec<f64> = near
            .iter()
            .map(|&pair| cosine(&closed, pair) - largest)
            .collect();
        if residuals.iter().all(|residual| residual.abs() < RESIDUAL) {
            break;
        }
        let forces = Contacts {
            code: &closed,
            near: &near,
            cosine: largest,
        }
        .forces(&residuals);
        closed = closed.moved(&forces);
    }
    if are_closed(&closed) && largest_cosine(&closed) <= largest + RISE {
        closed
    } else {
        code
    }
}

fn cosine(code: &SphericalCode, (first, second): (usize, usize)) -> f64 {
    dot(code.point(first), code.point(second))
}

fn largest_cosine(code: &SphericalCode) -> f64 {
    let cosines = code.pairs().map(|pair| cosine(code, pair));
    cosines.fold(f64::NEG_INFINITY, f64::max)
}

/// The derivatives of the cosines of some pairs.
struct Contacts<'a> {
    code: &'a SphericalCode,
    near: &'a [(usize, usize)],
    cosine: f64,
}

impl Contacts<'_> {
    /// Jᵀλ with J Jᵀ λ = −`residuals`.
    fn forces(&self, residuals: &[f64]) -> Vec<f64> {
        let mut left: Vec<f64> = residuals.iter().map(|residual| -residual).collect();
        let mut multipliers = vec![0.0; left.len()];
        let mut direction = left.clone();
        let mut squared = dot(&left, &left);
        let enough = 1e-28 * squared;
        for _ in 0..2 * left.len() {
            if squared <= enough {
                break;
            }
            let moved = self.forward(&self.backward(&direction));
            let curvature = dot(&direction, &moved);
            // what is left lies outside the range of J
            if curvature <= 1e-6 * dot(&direction, &direction) {
                break;
            }
            let length = squared / curvature;
            for index in 0..left.len() {
                multipliers[index] += length * direction[index];
                left[index] -= length * moved[index];
            }
            let next = dot(&left, &left);
            for (direction, left) in direction.iter_mut().zip(&left) {
                *direction = left + next / squared * *direction;
            }
            squared = next;
        }
        self.backward(&multipliers)
    }

    /// J δ: the changes of the cosines.
    fn forward(&self, change: &[f64]) -> Vec<f64> {
        let dimension = self.code.dimension();
        let part = |point: usize| &change[point * dimension..(point + 1) * dimension];
        let of = |&(first, second): &(usize, usize)| {
            let (x, y) = (self.code.point(first), self.code.point(second));
            dot(y, part(first)) + dot(x, part(second))
                - self.cosine * (dot(x, part(first)) + dot(y, part(second)))
        };
        self.near.iter().map(of).collect()
    }

    /// Jᵀλ: the forces on the points, tangential to the sphere.
    fn backward(&self, multipliers: &[f64]) -> Vec<f64> {
        let dimension = self.code.dimension();
        let mut forces = vec![0.0; self.code.as_slice().len()];
        for (&(first, second), multiplier) in self.near.iter().zip(multipliers) {
            let (x, y) = (self.code.point(first), self.code.point(second));
            for axis in 0..dimension {
                forces[first * dimension + axis] += multiplier * (y[axis] - self.cosine * x[axis]);
                forces[second * dimension + axis] += multiplier * (x[axis] - self.cosine * y[axis]);
            }
        }
        forces
    }
}
