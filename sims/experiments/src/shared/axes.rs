//! Axes and curves that the figures of several experiments share.

use dam_runs::view::{
    Along, AxisView, CurveView, Grid, Key, LineView, Look, Part, Pass, Stroke, Theory, points,
};

/// Part of the longest 1/N, or of the smallest N, left free at the end of an axis.
const MARGIN: f64 = 1.06;
/// Where axes of N end: theory has all but reached its limit.
const LARGEST_SIZE: f64 = 1e4;

/// 1/N, from the limit on.
pub(crate) fn inverse_size() -> (AxisView, Along) {
    let axis = AxisView::new("1/N").over(|_, longest| (0.0, MARGIN * longest));
    (axis, Along::InverseSize)
}

/// N on a logarithmic axis to 10⁴.
pub(crate) fn size_to_limit() -> (AxisView, Along) {
    let axis = AxisView::new("number of components N").logarithmic();
    (
        axis.over(|smallest, _| (smallest / MARGIN, LARGEST_SIZE)),
        Along::Size,
    )
}

/// N on a logarithmic axis.
pub(crate) fn size() -> (AxisView, Along) {
    let axis = AxisView::new("number of neurons N").logarithmic();
    (axis, Along::Size)
}

/// λ.
pub(crate) fn inverse_temperature() -> (AxisView, Along) {
    let axis = AxisView::new("inverse temperature λ");
    (axis, Along::Coordinate("lambda", 0.0))
}

/// Measurements over the finite-N theory (solid) and its limit (dashed, `limit` in the legend), lines first, so that the points lie
/// above them.
pub(crate) fn towards_limit<'a>(
    key: fn() -> Key<'a>,
    curve: CurveView<'a>,
    limit: Theory<'a>,
    limit_name: &str,
) -> Vec<Pass<'a>> {
    let limit = LineView::new("N = ∞", Look::new(Stroke::Dashed, 1.6), limit, limit_name);
    vec![
        Pass::new(vec![key()], vec![Part::Level(limit), curve.part()]),
        Pass::new(vec![key()], vec![points()]),
    ]
}

/// The finite-N theory as a solid line.
pub(crate) fn finite_size_theory(grid: Grid, theory: Theory<'_>) -> CurveView<'_> {
    CurveView::new(
        "finite-N theory",
        Look::new(Stroke::Solid, 2.0),
        grid,
        theory,
    )
}
