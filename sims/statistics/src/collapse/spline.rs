//! The smooth quality: the best cubic spline through all curves.

use super::measure::Measure;
use crate::scaling::ScaledData;

/// A cubic spline has four pieces of its basis at each point.
const ORDER: usize = 4;
/// Points for each knot, at least.
const POINTS_PER_KNOT: usize = 5;
/// The most inner knots that are tried.
const MOST_KNOTS: usize = 24;

/// χ² of the cubic spline of least squares through the points of all sizes,
///
/// ```text
/// χ² = Σᵢⱼ (yᵢⱼ − f(xᵢⱼ))²/dyᵢⱼ²,
/// ```
///
/// whose inner knots have equal numbers of points between them. No scaling changes (y − f)/dy, so
/// that this is −2 ln of a likelihood: its contours are confidence regions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spline {
    /// Inner knots.
    pub knots: usize,
}

impl Spline {
    /// As many knots as Akaike's criterion for small samples asks for, χ² + 2 p n/(n − p − 1) with
    /// p coefficients (N. Sugiura, Commun. Stat. A 7, 13 (1978)).
    pub(super) fn of(scaled: &ScaledData) -> Self {
        let points: usize = scaled.x.iter().map(Vec::len).sum();
        let most = (points / POINTS_PER_KNOT).clamp(1, MOST_KNOTS);
        let criterion = |knots: usize| {
            let spline = Self { knots };
            let coefficients = (knots + ORDER) as f64;
            let left = points as f64 - coefficients - 1.0;
            if left <= 0.0 {
                return f64::INFINITY;
            }
            let chi_squared = spline.height(scaled).unwrap_or(f64::INFINITY);
            chi_squared + 2.0 * coefficients * points as f64 / left
        };
        let knots = (1..=most).min_by(|&left, &right| criterion(left).total_cmp(&criterion(right)));
        Self {
            knots: knots.unwrap_or(1),
        }
    }
}

impl Measure for Spline {
    fn height(&self, scaled: &ScaledData) -> Option<f64> {
        let mut points: Vec<[f64; 3]> = Vec::new();
        for ((x, y), dy) in scaled.x.iter().zip(&scaled.y).zip(&scaled.dy) {
            points.extend(x.iter().zip(y).zip(dy).map(|((x, y), dy)| [*x, *y, *dy]));
        }
        points.sort_unstable_by(|left, right| left[0].total_cmp(&right[0]));
        if points.len() < self.knots + ORDER {
            return None;
        }
        Normal::new(&points, &knots(&points, self.knots)).chi_squared(&points)
    }

    fn quality(&self, height: f64, scaled: &ScaledData, free: usize) -> f64 {
        let points: usize = scaled.x.iter().map(Vec::len).sum();
        let spent = self.knots + ORDER + free;
        height / points.saturating_sub(spent).max(1) as f64
    }

    fn terms(&self, scaled: &ScaledData) -> usize {
        scaled.x.iter().map(Vec::len).sum()
    }
}

/// The knots with the ends four times over.
fn knots(points: &[[f64; 3]], inner: usize) -> Vec<f64> {
    let last = points.len() - 1;
    let (low, high) = (points[0][0], points[last][0]);
    let between = |index: usize| {
        let place = (index * last) as f64 / (inner + 1) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place among the points"
        )]
        let left = place.floor() as usize;
        let share = place - left as f64;
        points[left][0] + share * (points[(left + 1).min(last)][0] - points[left][0])
    };
    let mut knots = vec![low; ORDER];
    knots.extend((1..=inner).map(between));
    knots.extend([high; ORDER]);
    knots
}

/// The values at x of the four pieces of the basis that are not zero between the knots `span` and
/// `span + 1` (C. de Boor, J. Approx. Theory 6, 50 (1972)).
fn basis(knots: &[f64], span: usize, x: f64) -> [f64; ORDER] {
    let mut values = [0.0; ORDER];
    values[0] = 1.0;
    for degree in 1..ORDER {
        let mut carried = 0.0;
        for piece in 0..degree {
            let (left, right) = (knots[span + 1 + piece - degree], knots[span + 1 + piece]);
            let share = if right > left {
                values[piece] / (right - left)
            } else {
                0.0
            };
            values[piece] = carried + (right - x) * share;
            carried = (x - left) * share;
        }
        values[degree] = carried;
    }
    values
}

/// The normal equations, whose matrix has a band.
struct Normal {
    /// Of each point the span of its knots and the values of the basis.
    rows: Vec<(usize, [f64; ORDER])>,
    band: Vec<[f64; ORDER]>,
    right: Vec<f64>,
}

impl Normal {
    fn new(points: &[[f64; 3]], knots: &[f64]) -> Self {
        let count = knots.len() - ORDER;
        let mut normal = Self {
            rows: Vec::with_capacity(points.len()),
            band: vec![[0.0; ORDER]; count],
            right: vec![0.0; count],
        };
        let mut span = ORDER - 1;
        for &[x, y, dy] in points {
            while span + 1 < count && x >= knots[span + 1] {
                span += 1;
            }
            let values = basis(knots, span, x);
            let (first, weight) = (span + 1 - ORDER, dy.powi(-2));
            for (row, value) in values.iter().enumerate() {
                normal.right[first + row] += weight * value * y;
                for (column, other) in values[row..].iter().enumerate() {
                    normal.band[first + row][column] += weight * value * other;
                }
            }
            normal.rows.push((first, values));
        }
        normal
    }

    /// χ² at the solution.
    fn chi_squared(mut self, points: &[[f64; 3]]) -> Option<f64> {
        let coefficients = self.solve()?;
        let residual = |(point, (first, values)): (&[f64; 3], &(usize, [f64; ORDER]))| {
            let pieces = values.iter().zip(&coefficients[*first..]);
            let curve: f64 = pieces.map(|(value, coefficient)| value * coefficient).sum();
            ((point[1] - curve) / point[2]).powi(2)
        };
        let sum: f64 = points.iter().zip(&self.rows).map(residual).sum();
        sum.is_finite().then_some(sum)
    }

    /// By the factors of Cholesky; a piece that no point determines is held at 0.
    fn solve(&mut self) -> Option<Vec<f64>> {
        let count = self.band.len();
        let scale = self.band.iter().map(|row| row[0]).fold(0.0, f64::max);
        for row in 0..count {
            let pivot = self.band[row][0];
            if !pivot.is_finite() {
                return None;
            }
            if pivot <= 1e-13 * scale {
                self.band[row] = [1.0, 0.0, 0.0, 0.0];
                self.right[row] = 0.0;
                continue;
            }
            let entries = self.band[row];
            for step in 1..ORDER.min(count - row) {
                let factor = entries[step] / pivot;
                let below = &mut self.band[row + step];
                for (entry, above) in below.iter_mut().zip(&entries[step..]) {
                    *entry -= factor * above;
                }
                self.right[row + step] -= factor * self.right[row];
            }
        }
        let mut solution = self.right.clone();
        for row in (0..count).rev() {
            for step in 1..ORDER.min(count - row) {
                solution[row] -= self.band[row][step] * solution[row + step];
            }
            solution[row] /= self.band[row][0];
        }
        Some(solution)
    }
}
