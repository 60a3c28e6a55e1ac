//! Layers of a panel in the words of pgfplots.

use std::fmt::Write;

use super::text::label;
use super::{name, points};
use crate::drawing::geometry::{polygon_centre, polygon_contains};
use crate::drawing::resolve::ResolvedAxis;
use crate::error::PlotError;
use crate::figure::{
    Across, Annotation, Color, DataPoint, Layer, Marker, Panel, Placement, Points, Steps, Stroke,
};

/// Positions tried along each side of a panel.
const POSITIONS: u32 = 60;
/// How much less a distance across counts: text is some times wider than high.
const FLATNESS: f64 = 0.25;
/// Sides of the corner that a legend takes, as parts of the panel.
const LEGEND: (f64, f64) = (0.45, 0.35);

pub(super) fn color(layer: &Layer) -> Option<Color> {
    Some(match layer {
        Layer::Curve(layer) => layer.stroke.color,
        Layer::Points(layer) => layer.color,
        Layer::CrossLine(layer) => layer.stroke.color,
        Layer::Region(layer) => layer.color,
        Layer::Annotation(layer) => layer.color,
        Layer::Steps(layer) => layer.stroke.color,
        Layer::LegendEntry(layer) => layer.stroke.color,
        Layer::HeatMap(_) => return None,
    })
}

pub(super) fn layer_tex(
    layer: &Layer,
    panel: &Panel,
    axes: [&ResolvedAxis; 2],
    shows_legend: bool,
) -> Result<String, PlotError> {
    let in_legend = shows_legend && layer.in_legend();
    let forget = if in_legend { "" } else { ", forget plot" };
    let [x, y] = axes;
    let mut tex = match layer {
        Layer::Curve(curve) => format!(
            "\\addplot[{}{forget}] coordinates {{{}}};\n",
            stroke(&curve.stroke),
            coordinates(&curve.points)
        ),
        Layer::CrossLine(line) => {
            let ends = match line.across {
                Across::Horizontal(at) => [(x.low, at), (x.high, at)],
                Across::Vertical(at) => [(at, y.low), (at, y.high)],
            };
            format!(
                "\\addplot[{}{forget}] coordinates {{{}}};\n",
                stroke(&line.stroke),
                coordinates(&ends)
            )
        }
        Layer::Region(region) => format!(
            "\\addplot[draw=none, fill={}, fill opacity={}, area legend{forget}] coordinates {{{}}} -- cycle;\n",
            name(region.color),
            region.opacity,
            coordinates(&region.corners)
        ),
        Layer::Steps(steps) => steps_tex(steps, forget),
        Layer::Points(points) => points_tex(points, forget),
        Layer::Annotation(annotation) => annotation_tex(annotation, panel, axes)?,
        Layer::LegendEntry(entry) => format!("\\addlegendimage{{{}}}\n", stroke(&entry.stroke)),
        Layer::HeatMap(_) => String::new(),
    };
    if in_legend {
        let _ = writeln!(tex, "\\addlegendentry{}", label(layer.name())?);
    }
    Ok(tex)
}

fn stroke(stroke: &Stroke) -> String {
    let mut style = format!(
        "color={}, line width={}",
        name(stroke.color),
        points(stroke.width)
    );
    let pattern = stroke.dash.pattern();
    if !pattern.is_empty() {
        style.push_str(", dash pattern=");
        for (index, length) in pattern.iter().enumerate() {
            let word = if index % 2 == 0 { "on" } else { "off" };
            let _ = write!(style, "{word} {} ", points(length * stroke.width));
        }
    }
    format!("{}, mark=none", style.trim_end())
}

fn coordinates(points: &[(f64, f64)]) -> String {
    let pairs: Vec<String> = points.iter().map(|(x, y)| format!("({x},{y})")).collect();
    pairs.join(" ")
}

fn steps_tex(steps: &Steps, forget: &str) -> String {
    let last = steps.heights[steps.heights.len() - 1];
    let heights = steps.heights.iter().copied().chain([last]);
    let corners: Vec<(f64, f64)> = steps.edges.iter().copied().zip(heights).collect();
    let fill = if steps.filled {
        format!(", fill={}, fill opacity=0.22", name(steps.stroke.color))
    } else {
        String::new()
    };
    let close = if steps.filled { " \\closedcycle" } else { "" };
    format!(
        "\\addplot[const plot, {}{fill}{forget}] coordinates {{{}}}{close};\n",
        stroke(&steps.stroke),
        coordinates(&corners)
    )
}

/// Closed markers, then the open ones, which the legend does not list again.
fn points_tex(layer: &Points, forget: &str) -> String {
    let (open, closed): (Vec<&DataPoint>, Vec<&DataPoint>) =
        layer.points.iter().partition(|point| point.is_open);
    let mut tex = String::new();
    let mut forget = forget;
    for (points, is_open) in [(closed, false), (open, true)] {
        if points.is_empty() {
            continue;
        }
        tex.push_str(&marked(layer, &points, is_open, forget));
        forget = ", forget plot";
    }
    tex
}

fn marked(layer: &Points, shown: &[&DataPoint], is_open: bool, forget: &str) -> String {
    let color = name(layer.color);
    let (mark, turn) = mark(layer.marker);
    let fill = if is_open { "white" } else { color.as_str() };
    let half = points(0.5 * layer.size);
    // the line that goes with them is drawn by itself
    let mut tex = format!(
        "\\addplot[only marks{forget}, color={color}, mark={mark}, mark size={half}, mark options={{solid, fill={fill}{turn}}}, error bars/.cd, x dir=both, x explicit, y dir=both, y explicit, error mark=none]"
    );
    tex.push_str(" coordinates {");
    for point in shown {
        let half = |interval: Option<(f64, f64)>, value: f64| {
            interval.map_or((0.0, 0.0), |(low, high)| (high - value, value - low))
        };
        let (right, left) = half(point.x_interval, point.x);
        let (up, down) = half(point.y_interval, point.y);
        let _ = write!(
            tex,
            "\n  ({},{}) += ({right},{up}) -= ({left},{down})",
            point.x, point.y
        );
    }
    tex.push_str("\n};\n");
    tex
}

fn mark(marker: Marker) -> (&'static str, &'static str) {
    match marker {
        Marker::Circle => ("*", ""),
        Marker::Square => ("square*", ""),
        Marker::TriangleUp => ("triangle*", ""),
        Marker::TriangleDown => ("triangle*", ", rotate=180"),
        Marker::Diamond => ("diamond*", ""),
        Marker::Cross => ("x", ""),
        Marker::Plus => ("+", ""),
    }
}

fn annotation_tex(
    annotation: &Annotation,
    panel: &Panel,
    axes: [&ResolvedAxis; 2],
) -> Result<String, PlotError> {
    let (anchor, at, size) = match &annotation.placement {
        Placement::Centre(x, y) => ("center", (*x, *y), "footnotesize"),
        Placement::RightOf(x, y) => ("west", (*x, *y), "footnotesize"),
        Placement::LeftOf(x, y) => ("east", (*x, *y), "footnotesize"),
        Placement::Within(corners) => ("center", spot_within(corners, panel, axes), "scriptsize"),
    };
    Ok(format!(
        "\\node[anchor={anchor}, inner sep=1pt, align=center, color={}, font=\\{size}] at (axis cs:{},{}) {};\n",
        name(annotation.color),
        at.0,
        at.1,
        label(&annotation.text)?
    ))
}

/// A place in the polygon as far from its sides and from the curves as there is one.
fn spot_within(corners: &[(f64, f64)], panel: &Panel, axes: [&ResolvedAxis; 2]) -> (f64, f64) {
    let [x, y] = axes;
    let fractions = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
        let place = |&(a, b): &(f64, f64)| (x.fraction(a), y.fraction(b));
        points.iter().map(place).collect()
    };
    let polygon = fractions(corners);
    let mut obstacles = polygon.clone();
    for layer in &panel.layers {
        if let Layer::Curve(curve) = layer {
            obstacles.extend(fractions(&curve.points));
        }
    }
    let clearance = |(a, b): (f64, f64)| {
        let distance = |&(c, d): &(f64, f64)| (FLATNESS * (a - c)).hypot(b - d);
        let border = [FLATNESS * a, FLATNESS * (1.0 - a), b, 1.0 - b];
        let all = obstacles.iter().map(distance).chain(border);
        all.fold(f64::INFINITY, f64::min)
    };
    let steps = || (1..POSITIONS).map(|step| f64::from(step) / f64::from(POSITIONS));
    let places = steps().flat_map(|a| steps().map(move |b| (a, b)));
    let inside = places.filter(|&place| polygon_contains(&polygon, place));
    let best = inside.max_by(|&one, &other| clearance(one).total_cmp(&clearance(other)));
    let (a, b) = best
        .or_else(|| polygon_centre(&polygon))
        .unwrap_or((0.5, 0.5));
    (x.value_at(a), y.value_at(b))
}

/// Where fewest points lie in the way of a legend.
pub(super) fn freest_corner(panel: &Panel, x: &ResolvedAxis, y: &ResolvedAxis) -> &'static str {
    let corners = [
        ("north west", false, true),
        ("north east", true, true),
        ("south west", false, false),
        ("south east", true, false),
    ];
    let covered = |is_right: bool, is_upper: bool| {
        let in_way = |&(a, b): &(f64, f64)| {
            let (a, b) = (x.fraction(a), y.fraction(b));
            let across = if is_right { 1.0 - a } else { a };
            let up = if is_upper { 1.0 - b } else { b };
            (0.0..LEGEND.0).contains(&across) && (0.0..LEGEND.1).contains(&up)
        };
        let layers = panel.layers.iter().map(|layer| match layer {
            Layer::Curve(curve) => curve.points.iter().filter(|&point| in_way(point)).count(),
            Layer::Points(points) => {
                let places = points.points.iter().map(|point| (point.x, point.y));
                // a point is worth a stretch of a curve
                10 * places.filter(in_way).count()
            }
            _ => 0,
        });
        layers.sum::<usize>()
    };
    let freest = corners
        .into_iter()
        .min_by_key(|&(_, is_right, is_upper)| covered(is_right, is_upper));
    freest.map_or("north west", |(place, ..)| place)
}
