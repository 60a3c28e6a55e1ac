//! Data collapse near a transition: scaling variables, quality of the collapse, fitted exponents.
//!
//! Near a continuous transition at `ρ_c`, `a(ρ, L) = L^{ζ/ν} f(L^{1/ν} (ρ − ρ_c))` with one master
//! curve `f` for all sizes L. Names and argument order follow the Python package pyfssa.

use nalgebra::{Matrix3, Vector3};
use serde::{Deserialize, Serialize};

use crate::StatisticsError;
use crate::nelder_mead::minimise;

/// Data in scaling variables, one row per size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScaledData {
    /// `x = L^{1/ν} (ρ − ρ_c)`.
    pub x: Vec<Vec<f64>>,
    /// `y = L^{−ζ/ν} a`.
    pub y: Vec<Vec<f64>>,
    /// `dy = L^{−ζ/ν} da`.
    pub dy: Vec<Vec<f64>>,
}

/// Brings data to scaling variables.
///
/// `l` holds the sizes (n), `rho` the control parameter (k, increasing), `a` and `da` the
/// quantity and its standard error (n rows of k).
///
/// # Errors
/// Shapes that do not match, a size or an exponent `nu` that is not positive, values that are not
/// finite, errors that are not positive.
///
/// ```
/// use dam_statistics::scaledata;
/// let (a, da) = ([vec![8.0, 9.0]], [vec![1.0, 1.0]]);
/// let scaled = scaledata(&[4.0], &[0.5, 1.0], &a, &da, 0.5, 2.0, 2.0)?;
/// assert_eq!(scaled.x, [[0.0, 1.0]]);
/// assert_eq!(scaled.y, [[2.0, 2.25]]);
/// assert_eq!(scaled.dy, [[0.25, 0.25]]);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn scaledata(
    l: &[f64],
    rho: &[f64],
    a: &[Vec<f64>],
    da: &[Vec<f64>],
    rho_c: f64,
    nu: f64,
    zeta: f64,
) -> Result<ScaledData, StatisticsError> {
    check_data(l, rho, a, da)?;
    for (quantity, value) in [("rho_c", rho_c), ("zeta", zeta)] {
        if !value.is_finite() {
            return Err(StatisticsError::ScalingParameter {
                quantity,
                value,
                domain: "finite",
            });
        }
    }
    if !(nu > 0.0 && nu.is_finite()) {
        return Err(StatisticsError::ScalingParameter {
            quantity: "nu",
            value: nu,
            domain: "positive and finite",
        });
    }
    Ok(scale(l, rho, a, da, [rho_c, nu, zeta]))
}

/// [`scaledata`] of checked input.
fn scale(
    l: &[f64],
    rho: &[f64],
    a: &[Vec<f64>],
    da: &[Vec<f64>],
    [rho_c, nu, zeta]: [f64; 3],
) -> ScaledData {
    let x = l.iter().map(|size| {
        let factor = size.powf(nu.recip());
        rho.iter().map(|rho| factor * (rho - rho_c)).collect()
    });
    let rescaled = |values: &[Vec<f64>]| {
        let rows = l.iter().zip(values).map(|(size, row)| {
            let factor = size.powf(-zeta / nu);
            row.iter().map(|value| factor * value).collect()
        });
        rows.collect()
    };
    ScaledData {
        x: x.collect(),
        y: rescaled(a),
        dy: rescaled(da),
    }
}

/// The quality `S` of a data collapse; about 1 for a good collapse with right errors, larger for a
/// bad one.
///
/// `S = (1/𝒩) Σᵢⱼ (yᵢⱼ − Yᵢⱼ)²/(dyᵢⱼ² + dYᵢⱼ²)`, where `Yᵢⱼ ± dYᵢⱼ` estimates the master curve at
/// `xᵢⱼ` from the other sizes: the straight line of weighted least squares through the two points
/// of each other size that enclose `xᵢⱼ`. A size that does not enclose `xᵢⱼ` adds no points, and a
/// point that no other size encloses is left out of the sum and of 𝒩
/// (J. Houdayer and A. K. Hartmann, Phys. Rev. B 70, 014418 (2004)).
///
/// Rows (sizes) may differ in length; `x` increases along each.
///
/// # Errors
/// Shapes that do not match, `x` that does not increase, values that are not finite, errors that
/// are not positive, sizes without overlap.
///
/// ```
/// use dam_statistics::quality;
/// let x = [vec![0.0, 2.0], vec![1.0, 3.0]];
/// let y = [vec![0.0, 2.0], vec![1.5, 3.0]];
/// let dy = [vec![0.1, 0.1], vec![0.1, 0.1]];
/// // At x = 1 the line of the first size gives 1 ± 0.1/√2, at x = 2 that of the second
/// // gives 2.25 ± 0.1/√2.
/// let expected = 0.5 * (0.25 + 0.0625) / (0.01 + 0.005);
/// assert!((quality(&x, &y, &dy)? - expected).abs() < 1e-12);
/// # Ok::<(), dam_statistics::StatisticsError>(())
/// ```
pub fn quality(x: &[Vec<f64>], y: &[Vec<f64>], dy: &[Vec<f64>]) -> Result<f64, StatisticsError> {
    check_shape("y", x, y)?;
    check_shape("dy", x, dy)?;
    check_values("x", x, "finite", f64::is_finite)?;
    check_values("y", y, "finite", f64::is_finite)?;
    check_values("dy", dy, POSITIVE, is_positive)?;
    for (row, values) in x.iter().enumerate() {
        check_increasing("x", row, values)?;
    }
    collapse_quality(x, y, dy).ok_or(StatisticsError::NoOverlap)
}

/// [`quality`] of checked input; `None` without overlap.
fn collapse_quality(x: &[Vec<f64>], y: &[Vec<f64>], dy: &[Vec<f64>]) -> Option<f64> {
    let (mut sum, mut terms) = (0.0, 0_usize);
    let mut neighbours = Vec::with_capacity(2 * x.len());
    for i in 0..x.len() {
        for j in 0..x[i].len() {
            neighbours.clear();
            for other in (0..x.len()).filter(|&other| other != i) {
                if let Some(left) = enclosing(&x[other], x[i][j]) {
                    neighbours.extend(
                        (left..=left + 1).map(|k| [x[other][k], y[other][k], dy[other][k]]),
                    );
                }
            }
            if neighbours.is_empty() {
                continue;
            }
            let (master, variance) = line_at(x[i][j], &neighbours);
            sum += (y[i][j] - master).powi(2) / (dy[i][j].powi(2) + variance);
            terms += 1;
        }
    }
    (terms > 0).then(|| sum / terms as f64)
}

/// The index `k` with `row[k] ≤ x ≤ row[k + 1]`.
fn enclosing(row: &[f64], x: f64) -> Option<usize> {
    let last = row.len().checked_sub(1)?;
    if last == 0 || !(row[0] <= x && x <= row[last]) {
        return None;
    }
    let above = row.partition_point(|&value| value <= x);
    Some((above - 1).min(last - 1))
}

/// Value and variance at `x` of the weighted straight line through points `[x, y, dy]`.
fn line_at(x: f64, points: &[[f64; 3]]) -> (f64, f64) {
    let weighted = || points.iter().map(|&[x, y, dy]| (dy.powi(-2), x, y));
    let weight: f64 = weighted().map(|(w, ..)| w).sum();
    let center = weighted().map(|(w, x, _)| w * x).sum::<f64>() / weight;
    let level = weighted().map(|(w, _, y)| w * y).sum::<f64>() / weight;
    let spread: f64 = weighted().map(|(w, x, _)| w * (x - center).powi(2)).sum();
    let slope = weighted().map(|(w, x, y)| w * (x - center) * (y - level));
    let slope = slope.sum::<f64>() / spread;
    let lever = x - center;
    (
        level + slope * lever,
        weight.recip() + lever * lever / spread,
    )
}

/// The parameters of the best data collapse.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutoScale {
    /// The critical value of the control parameter.
    pub rho_c: f64,
    /// The exponent of the correlation length.
    pub nu: f64,
    /// The exponent of the quantity.
    pub zeta: f64,
    /// Half width of the region `S ≤ S_min + 1` along `rho_c`.
    pub rho_c_error: f64,
    /// Half width of the region `S ≤ S_min + 1` along `nu`.
    pub nu_error: f64,
    /// Half width of the region `S ≤ S_min + 1` along `zeta`.
    pub zeta_error: f64,
    /// `C = 2 H⁻¹` in the order `(rho_c, nu, zeta)`, with the curvature `H` of `S`; the errors are
    /// the roots of its diagonal.
    pub covariance: [[f64; 3]; 3],
    /// The quality `S_min` of the collapse; errors mean little where it is far above 1.
    pub quality: f64,
    /// Number of qualities computed in the search.
    pub evaluations: usize,
}

/// Fits `rho_c`, `nu` and `zeta` by the best [`quality`] of the collapse, searched by Nelder–Mead
/// from the values given, with errors from the surface `S = S_min + 1`.
///
/// Since `S` is a mean and not a sum of squares, these errors (Houdayer's and Hartmann's) are
/// conservative: one standard deviation of independent points would raise `S` by only `1/𝒩`. For
/// four sizes of 41 points they are seven times the scatter of the fit between data sets.
/// The curvature is measured over steps that raise `S` by about one (less where the collapse stops
/// being defined there), far above the jumps of `S` as points gain and lose neighbours.
/// Start close: far from the solution few points overlap, and `S` can have other minima.
///
/// # Errors
/// Those of [`scaledata`] and [`quality`] at the start; no convergence; a surface without positive
/// curvature, where the data leave a parameter undetermined.
pub fn autoscale(
    l: &[f64],
    rho: &[f64],
    a: &[Vec<f64>],
    da: &[Vec<f64>],
    rho_c0: f64,
    nu0: f64,
    zeta0: f64,
) -> Result<AutoScale, StatisticsError> {
    let start = scaledata(l, rho, a, da, rho_c0, nu0, zeta0)?;
    quality(&start.x, &start.y, &start.dy)?;
    let surface = |parameters: &[f64; 3]| {
        if parameters[1] <= 0.0 {
            return f64::INFINITY;
        }
        let scaled = scale(l, rho, a, da, *parameters);
        collapse_quality(&scaled.x, &scaled.y, &scaled.dy).unwrap_or(f64::INFINITY)
    };
    let span = rho[rho.len() - 1] - rho[0];
    let steps = [0.05 * span, 0.1 * nu0, 0.1 * zeta0.abs().max(0.5)];
    let minimum = minimise(surface, [rho_c0, nu0, zeta0], steps, 1e-7)?;
    let covariance = [1.0, 0.1, 0.01]
        .into_iter()
        .find_map(|rise| covariance(surface, &minimum.point, minimum.value, &steps, rise))
        .ok_or(StatisticsError::NoCurvature)?;
    let [rho_c, nu, zeta] = minimum.point;
    let error = |axis: usize| covariance[(axis, axis)].sqrt();
    Ok(AutoScale {
        rho_c,
        nu,
        zeta,
        rho_c_error: error(0),
        nu_error: error(1),
        zeta_error: error(2),
        covariance: covariance.transpose().into(),
        quality: minimum.value,
        evaluations: minimum.evaluations,
    })
}

/// `2 H⁻¹` measured over steps that raise the surface by about `rise`; `None` where no such steps
/// exist or `H` is not positive definite.
///
/// Steps along the parameters come first. Strongly correlated parameters would leave the soft
/// direction between them unprobed, so the steps are then taken along the axes of the covariance
/// found, where each direction rises by the same amount.
fn covariance(
    surface: impl Fn(&[f64; 3]) -> f64,
    point: &[f64; 3],
    value: f64,
    scales: &[f64; 3],
    rise: f64,
) -> Option<Matrix3<f64>> {
    let point = Vector3::from(*point);
    let height = |step: Vector3<f64>| surface(&(point + step).into()) - value;
    let mut axes = Matrix3::from_diagonal(&(Vector3::from(*scales) * 1e-3));
    for _ in 0..4 {
        let covariance = covariance_along(height, &axes, rise)?;
        axes = covariance.cholesky()?.l() * (0.5 * rise).sqrt();
    }
    covariance_along(height, &axes, rise)
}

/// `2 H⁻¹` from central differences along the columns of `axes`, lengthened or shortened until each
/// raises the surface by `rise/2` to `2 rise`.
fn covariance_along(
    height: impl Fn(Vector3<f64>) -> f64,
    axes: &Matrix3<f64>,
    rise: f64,
) -> Option<Matrix3<f64>> {
    let mut steps = *axes;
    let mut curvature = Matrix3::zeros();
    for index in 0..3 {
        let axis: Vector3<f64> = axes.column(index).into();
        let (mut factor, mut below, mut above) = (1.0, 0.0, f64::INFINITY);
        let bend = (0..100).find_map(|_| {
            let bend = 0.5 * (height(axis * factor) + height(axis * -factor));
            if (0.5 * rise..=2.0 * rise).contains(&bend) {
                return Some(bend);
            }
            if bend < rise {
                below = factor;
            } else {
                above = factor;
            }
            factor = if above.is_finite() {
                0.5 * (below + above)
            } else {
                2.0 * factor
            };
            None
        })?;
        steps.set_column(index, &(axis * factor));
        curvature[(index, index)] = 2.0 * bend;
    }
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        let (first, second) = (steps.column(i), steps.column(j));
        let mixed = height(first + second) + height(-first - second)
            - height(first - second)
            - height(second - first);
        curvature[(i, j)] = 0.25 * mixed;
        curvature[(j, i)] = 0.25 * mixed;
    }
    if !curvature.iter().all(|entry| entry.is_finite()) {
        return None;
    }
    Some(steps * (curvature.cholesky()?.inverse() * 2.0) * steps.transpose())
}

const POSITIVE: &str = "positive and finite";

fn is_positive(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}

fn check_data(
    l: &[f64],
    rho: &[f64],
    a: &[Vec<f64>],
    da: &[Vec<f64>],
) -> Result<(), StatisticsError> {
    let grid = vec![rho.to_vec(); l.len()];
    check_shape("a", &grid, a)?;
    check_shape("da", &grid, da)?;
    check_values("l", &[l.to_vec()], POSITIVE, is_positive)?;
    check_values("rho", &[rho.to_vec()], "finite", f64::is_finite)?;
    check_increasing("rho", 0, rho)?;
    check_values("a", a, "finite", f64::is_finite)?;
    check_values("da", da, POSITIVE, is_positive)
}

fn check_shape(
    quantity: &'static str,
    like: &[Vec<f64>],
    values: &[Vec<f64>],
) -> Result<(), StatisticsError> {
    let lengths = |rows: &[Vec<f64>]| rows.iter().map(Vec::len).collect::<Vec<_>>();
    let (expected, found) = (lengths(like), lengths(values));
    if expected == found {
        Ok(())
    } else {
        Err(StatisticsError::Shape {
            quantity,
            found,
            expected,
        })
    }
}

fn check_values(
    quantity: &'static str,
    rows: &[Vec<f64>],
    domain: &'static str,
    allowed: impl Fn(f64) -> bool,
) -> Result<(), StatisticsError> {
    for (row, values) in rows.iter().enumerate() {
        if let Some(column) = values.iter().position(|&value| !allowed(value)) {
            return Err(StatisticsError::InvalidEntry {
                quantity,
                row,
                column,
                value: values[column],
                domain,
            });
        }
    }
    Ok(())
}

fn check_increasing(
    quantity: &'static str,
    row: usize,
    values: &[f64],
) -> Result<(), StatisticsError> {
    match values.windows(2).position(|pair| pair[0] >= pair[1]) {
        Some(left) => Err(StatisticsError::InvalidEntry {
            quantity,
            row,
            column: left + 1,
            value: values[left + 1],
            domain: "larger than the entry before it",
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// On a quadratic surface 2 H⁻¹ is exact: the errors end where the value has risen by one.
    #[test]
    fn errors_end_one_above_the_minimum() {
        let surface = |p: &[f64; 3]| {
            let [u, v, w] = [p[0] - 1.0, p[1] - 2.0, p[2] - 3.0];
            1.0 + 4.0 * u * u + 9.0 * v * v + w * w + 3.0 * u * v
        };
        let covariance = covariance(surface, &[1.0, 2.0, 3.0], 1.0, &[0.1; 3], 1.0).unwrap();
        let close = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-10);
        let determinant = 4.0 * 9.0 - 1.5 * 1.5;
        close(covariance[(0, 0)], 9.0 / determinant);
        close(covariance[(1, 1)], 4.0 / determinant);
        close(covariance[(0, 1)], -1.5 / determinant);
        close(covariance[(2, 2)], 1.0);
    }
}
