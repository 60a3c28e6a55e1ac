//! Curves that the figures of several experiments share.

use dam_runs::view::{CurveView, Key, LineView, Look, Part, Pass, Stroke, Theory, exact, points};

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

/// A thin line at 0.
pub(crate) fn zero<'a>() -> LineView<'a> {
    let thin = Look::grey(Stroke::Solid, 0.9);
    LineView::new("0", thin, exact(|_| Some(0.0)), "")
}
