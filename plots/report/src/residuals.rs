//! What measurements are off theory by, in standard errors, as a figure.

use std::collections::{BTreeMap, BTreeSet};

use dam_plots::figure::{
    Across, Axis, Color, CrossLine, Dash, DataPoint, Figure, LegendPlacement, Panel, Points,
    Stroke, literal, series_style,
};
use dam_runs::results::Comparison;
use dam_runs::view::{axes, short_number};

/// Most series that a panel tells apart.
const MOST_SERIES: usize = 10;
/// Least reach of the vertical axis.
const REACH: f64 = 4.0;
const PANELS_IN_A_ROW: usize = 2;
const LABEL: &str = "(measured − theory)/standard error";

/// A coordinate of the comparisons: how columns call it, its symbol, what axes call it.
type Named = (&'static str, &'static str, &'static str);

/// Those that axes have names for.
const NAMED: [Named; 4] = [
    ("size", "N", axes::SIZE),
    ("alpha", "α", axes::LOAD),
    ("pattern_count", "P", "number of patterns P"),
    ("lambda", "λ", axes::INVERSE_TEMPERATURE),
];

/// Deviations against the coordinate that takes the most values, a panel for each quantity; none where theory judges nothing.
pub fn residuals(comparisons: &[Comparison]) -> Option<Figure> {
    let rows: Vec<Row<'_>> = comparisons.iter().filter_map(Row::of).collect();
    if rows.is_empty() {
        return None;
    }
    let mut panels: Vec<(String, Vec<&Row<'_>>)> = Vec::new();
    for row in &rows {
        match panels.iter_mut().find(|(title, _)| *title == row.title) {
            Some((_, of_panel)) => of_panel.push(row),
            None => panels.push((row.title.clone(), vec![row])),
        }
    }
    let farthest = rows.iter().map(|row| row.deviation.abs());
    let reach = farthest.fold(REACH, |reach, value| reach.max(1.1 * (value + 1.0)));
    let panels: Vec<Panel> = panels
        .into_iter()
        .map(|(title, rows)| panel(&title, &rows, reach))
        .collect();
    let mut figure = match panels.len() {
        1 => Figure::stacked(panels),
        _ => Figure::grid(panels, PANELS_IN_A_ROW),
    };
    figure.panel_size = (720.0, 420.0);
    figure.note = Some("Bars: one standard error. Dashed: three.".to_owned());
    Some(figure)
}

/// A deviation and where it was measured.
struct Row<'a> {
    title: String,
    deviation: f64,
    coordinates: BTreeMap<&'a str, f64>,
}

impl<'a> Row<'a> {
    fn of(row: &'a Comparison) -> Option<Self> {
        let deviation = row.deviation?;
        let task = &row.task;
        let quantity = &row.quantity;
        let mut coordinates: BTreeMap<&str, f64> = BTreeMap::from([("size", task.size as f64)]);
        match (task.alpha, task.pattern_count) {
            (_, Some(count)) if task.is_counted => {
                coordinates.insert("pattern_count", count as f64);
            }
            (Some(alpha), _) => {
                coordinates.insert("alpha", alpha);
            }
            _ => {}
        }
        let swept = quantity.coordinates.iter();
        coordinates.extend(swept.map(|(name, &value)| (name.as_str(), value)));
        let labels = quantity.labels.values().map(String::as_str);
        let title: Vec<&str> = std::iter::once(quantity.name.as_str())
            .chain(labels)
            .collect();
        Some(Self {
            title: title.join(", "),
            deviation,
            coordinates,
        })
    }
}

/// The different values of a coordinate.
fn values<'a>(rows: impl IntoIterator<Item = &'a Row<'a>>, name: &str) -> BTreeSet<u64> {
    let bits = |row: &Row<'_>| row.coordinates.get(name).copied().map(f64::to_bits);
    rows.into_iter().filter_map(bits).collect()
}

/// The coordinate that all have and that takes the most values; N before others, which all have.
fn along<'a>(rows: &[&Row<'a>]) -> &'a str {
    let mut best = ("size", values(rows.iter().copied(), "size").len());
    for name in rows[0].coordinates.keys() {
        let is_everywhere = rows.iter().all(|row| row.coordinates.contains_key(name));
        let count = values(rows.iter().copied(), name).len();
        if is_everywhere && count > best.1 {
            best = (name, count);
        }
    }
    best.0
}

fn panel(title: &str, rows: &[&Row<'_>], reach: f64) -> Panel {
    let along = along(rows);
    let named = |name: &str| NAMED.iter().find(|named| named.0 == name);
    let axis = named(along).map_or_else(|| literal(along), |named| named.2.to_owned());
    let mut panel = Panel::new(Axis::new(axis), Axis::new(LABEL).with_range(-reach, reach))
        .with_title(literal(title));
    panel.legend = LegendPlacement::OutsideRight;
    for (level, dash) in [
        (0.0, Dash::Solid),
        (3.0, Dash::Dashed),
        (-3.0, Dash::Dashed),
    ] {
        let stroke = Stroke::new(Color::GREY, dash).with_width(1.2);
        let across = Across::Horizontal(level);
        panel.add(CrossLine::new(level.to_string(), across, stroke));
    }
    let of_panel = || rows.iter().copied();
    let mut keys: Vec<&str> = of_panel()
        .flat_map(|row| row.coordinates.keys().copied())
        .collect::<BTreeSet<&str>>()
        .into_iter()
        .filter(|&name| name != along && values(of_panel(), name).len() > 1)
        .collect();
    keys.sort_by_key(|name| values(of_panel(), name).len());
    while !keys.is_empty() && series(rows, &keys, along).len() > MOST_SERIES {
        keys.pop();
    }
    for (place, (name, points)) in series(rows, &keys, along).into_iter().enumerate() {
        let (color, _, marker) = series_style(place);
        let mut points = Points::new(name, points, marker, color);
        points.in_legend = !keys.is_empty();
        panel.add(points);
    }
    panel
}

/// The points by what tells their series apart.
fn series(rows: &[&Row<'_>], keys: &[&str], along: &str) -> Vec<(String, Vec<DataPoint>)> {
    let mut found: Vec<(String, Vec<DataPoint>)> = Vec::new();
    for row in rows {
        let name = |key: &&str| {
            let symbol = NAMED.iter().find(|named| named.0 == *key);
            let symbol = symbol.map_or_else(|| literal(key), |named| named.1.to_owned());
            let value = row.coordinates.get(key)?;
            Some(format!("{symbol} = {}", short_number(*value)))
        };
        let parts: Vec<String> = keys.iter().filter_map(name).collect();
        let name = if parts.is_empty() {
            "all".to_owned()
        } else {
            parts.join(", ")
        };
        let (x, y) = (row.coordinates[along], row.deviation);
        let point = DataPoint::with_y_interval(x, y, y - 1.0, y + 1.0);
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, points)) => points.push(point),
            None => found.push((name, vec![point])),
        }
    }
    found
}
