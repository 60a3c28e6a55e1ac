//! Data collapse near a transition: scaling variables and the quality of the collapse.
//!
//! Near a continuous transition at `ρ_c`, `a(ρ, L) = L^{ζ/ν} f(L^{1/ν} (ρ − ρ_c))` with one master
//! curve `f` for all sizes L. Names and argument order follow the Python package pyfssa.

use serde::{Deserialize, Serialize};

use crate::StatisticsError;

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
pub(super) fn scale(
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
    check_rows(["x", "y", "dy"], x, y, dy)?;
    collapse_quality(x, y, dy)
        .map(|(quality, _)| quality)
        .ok_or(StatisticsError::NoOverlap)
}

/// [`quality`] of checked input, and of how many terms it is the mean; `None` without overlap.
pub(super) fn collapse_quality(
    x: &[Vec<f64>],
    y: &[Vec<f64>],
    dy: &[Vec<f64>],
) -> Option<(f64, usize)> {
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
    (terms > 0).then(|| (sum / terms as f64, terms))
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

pub(super) const POSITIVE: &str = "positive and finite";

pub(super) fn is_positive(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}

/// Rows of increasing abscissas with finite values and positive errors, under these names.
pub(super) fn check_rows(
    names: [&'static str; 3],
    x: &[Vec<f64>],
    y: &[Vec<f64>],
    dy: &[Vec<f64>],
) -> Result<(), StatisticsError> {
    check_shape(names[1], x, y)?;
    check_shape(names[2], x, dy)?;
    check_values(names[0], x, "finite", f64::is_finite)?;
    check_values(names[1], y, "finite", f64::is_finite)?;
    check_values(names[2], dy, POSITIVE, is_positive)?;
    let mut rows = x.iter().enumerate();
    rows.try_for_each(|(row, values)| check_increasing(names[0], row, values))
}

pub(super) fn check_data(
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

pub(super) fn check_values(
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
