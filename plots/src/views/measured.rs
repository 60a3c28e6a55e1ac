//! What of the measurements a panel shows.

use dam_runs::view::{Data, Filter, Floor, PanelView, Part, Pass, Row, short_number};

use super::axes::extent;
use super::rows::Rows;
use crate::figure::{Axis, DataPoint, Scale, Ticks};

/// What a focused axis shows on either side, as a part of what happens.
const FOCUS_MARGIN: f64 = 0.2;

/// A row of one of the panel's data.
pub(super) struct Measured<'r> {
    pub(super) row: Row<'r>,
    /// Which of the data.
    pub(super) data: usize,
    /// Whether it has a value, be it too small to be shown.
    pub(super) has_value: bool,
    pub(super) point: Option<DataPoint>,
}

/// The part of the horizontal axis where something happens: where points lie in the view's focus, and a margin.
pub(super) fn focus(
    view: &PanelView<'_>,
    (first, last): (f64, f64),
    points: impl Iterator<Item = DataPoint>,
) -> (f64, f64) {
    let Some((least, most)) = view.focus else {
        return (first, last);
    };
    let inside = points.filter(|point| least < point.y && point.y < most);
    let Some((low, high)) = extent(inside.map(|point| point.x)) else {
        return (first, last);
    };
    let margin = FOCUS_MARGIN * (high - low).max(FOCUS_MARGIN * (last - first));
    (first.max(low - margin), last.min(high + margin))
}

/// The rows of one of the panel's data.
pub(super) fn measure<'r>(
    view: &PanelView<'_>,
    data: usize,
    described: &Data<'_>,
    rows: &Rows<'r>,
) -> Vec<Measured<'r>> {
    let is_meant = |row: &&Row<'r>| {
        row.quantity.name == described.quantity
            && is_of(view.filter.as_ref(), row)
            && is_of(described.filter.as_ref(), row)
    };
    let mut found: Vec<Measured<'r>> = rows
        .rows
        .iter()
        .filter(is_meant)
        .map(|row| {
            let bars = described.shown(row);
            let point = bars.and_then(|(y, interval)| {
                let x = view.along.at(&row.place())?;
                let interval = interval.map(|ends| on_scale(view, y, ends));
                let point = shown(view.floor, x, y, interval)?;
                let is_open = !row.quantity.caveats.is_empty();
                Some(DataPoint { is_open, ..point })
            });
            Measured {
                row: *row,
                data,
                has_value: bars.is_some(),
                point,
            }
        })
        .collect();
    if is_joined(view) {
        // points without value last: they are not drawn
        let x = |measured: &Measured<'_>| measured.point.map_or(f64::INFINITY, |point| point.x);
        found.sort_by(|a, b| x(a).total_cmp(&x(b)));
    }
    found
}

/// Whether a line joins points.
fn is_joined(view: &PanelView<'_>) -> bool {
    let mut parts = view.passes.iter().flat_map(|pass| &pass.parts);
    parts.any(|part| match part {
        Part::Guide(_) => true,
        Part::Curve(curve) => curve.or_guide,
        _ => false,
    })
}

/// On a logarithmic axis a bar is as long downwards as upwards: the value times and over one factor.
fn on_scale(view: &PanelView<'_>, y: f64, (low, high): (f64, f64)) -> (f64, f64) {
    if view.y.is_logarithmic && y > 0.0 {
        (y * y / high, high)
    } else {
        (low, high)
    }
}

fn shown(floor: Floor, x: f64, y: f64, interval: Option<(f64, f64)>) -> Option<DataPoint> {
    let least = match floor {
        Floor::Hide(least) if y <= least => return None,
        Floor::Hide(least) => least,
        Floor::Raise(least) => {
            return Some(DataPoint {
                y_interval: interval.map(|(low, high)| (low.max(least), high.max(least))),
                ..DataPoint::new(x, y.max(least))
            });
        }
        Floor::None => f64::NEG_INFINITY,
    };
    Some(DataPoint {
        y_interval: interval.map(|(low, high)| (low.max(least), high)),
        ..DataPoint::new(x, y)
    })
}

/// Whether a row is shown by a panel of this filter.
pub(super) fn is_of(filter: Option<&Filter<'_>>, row: &Row<'_>) -> bool {
    filter.is_none_or(|filter| filter(row))
}

/// The keys of a row in a pass; `None` where it has not all of them.
pub(super) fn texts(pass: &Pass<'_>, row: &Row<'_>) -> Option<Vec<String>> {
    pass.by.iter().map(|key| key(row)).collect()
}

/// Moves the points at `place`, the only one, apart by their series; the axis that still marks it.
pub(super) fn side_by_side(
    view: &PanelView<'_>,
    axis: Axis,
    measured: &mut [Measured<'_>],
    place: f64,
) -> Axis {
    let series = |measured: &Measured<'_>| {
        view.passes
            .first()
            .and_then(|pass| texts(pass, &measured.row))
    };
    let mut known: Vec<Vec<String>> = Vec::new();
    for texts in measured.iter().filter_map(series) {
        if !known.contains(&texts) {
            known.push(texts);
        }
    }
    let half = 0.5 * known.len() as f64;
    for measured in measured {
        let index =
            series(measured).and_then(|texts| known.iter().position(|other| *other == texts));
        if let (Some(index), Some(point)) = (index, &mut measured.point) {
            point.x = place + index as f64 + 0.5 - half;
        }
    }
    Axis {
        scale: Scale::Linear,
        ..axis
    }
    .with_range(place - half, place + half)
    .with_ticks(Ticks::At(vec![(place, short_number(place))]))
}
