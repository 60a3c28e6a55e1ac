//! Maps over the plane of λ and α.

use dam_runs::place::Place;
use dam_runs::results::{Results, TaskResult};
use dam_runs::view::{Along, Course, MapLine, MapView, axes};
use rayon::prelude::*;

use super::panel::Said;
use super::style::Numbers;
use crate::drawing::contour::contour_lines;
use crate::drawing::geometry::polygon_contains;
use crate::drawing::smooth_curve;
use crate::error::PlotError;
use crate::figure::{
    Annotation, Axis, Color, Curve, DataPoint, HeatMap, Layer, LegendEntry, LegendPlacement,
    MapColors, Marker, Panel, Placement, Points, Stroke,
};
use crate::special::Thresholds;

/// What bars mean.
const BARS: &str = "one standard error";
/// Diameter of the markers of contours.
const MARKER: f64 = 6.0;
/// How far the white seam of a line reaches beyond it on either side, in pixels, so that it stands out from any colour.
const SEAM: f64 = 1.2;

/// A panel for each N with at least two loads, from the smallest on, and what must be said below them.
pub(super) fn draw_map(
    view: &MapView<'_>,
    results: &Results,
) -> Result<(Vec<Panel>, Vec<Said>), PlotError> {
    let mut sizes: Vec<usize> = results.tasks.iter().map(|found| found.task.size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut drawn = (Vec::new(), Vec::new());
    for size in sizes {
        let of_size = results.tasks.iter().filter(|found| found.task.size == size);
        let mut rows: Vec<(f64, &TaskResult)> = of_size
            .filter_map(|found| Some((Along::Load.at(&Place::of_task(&found.task))?, found)))
            .collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        rows.dedup_by(|a, b| a.0 == b.0);
        if rows.len() > 1 {
            let map = Map::new(view, rows);
            drawn.0.push(map.panel(size)?);
            drawn.1.push(map.said());
        }
    }
    Ok(drawn)
}

/// The rows of one N.
struct Map<'m> {
    view: &'m MapView<'m>,
    rows: Vec<(f64, &'m TaskResult)>,
    values: Vec<Option<f64>>,
    x_edges: Vec<f64>,
    y_edges: Vec<f64>,
}

impl<'m> Map<'m> {
    fn new(view: &'m MapView<'m>, rows: Vec<(f64, &'m TaskResult)>) -> Self {
        let cell = |result: &TaskResult| {
            let columns = view.columns.iter();
            let values = columns.map(|&lambda| (view.value)(result, lambda));
            values.collect::<Vec<_>>()
        };
        let loads: Vec<f64> = rows.iter().map(|&(load, _)| load).collect();
        Self {
            view,
            values: rows.iter().flat_map(|&(_, result)| cell(result)).collect(),
            x_edges: edges(&view.columns),
            y_edges: edges(&loads),
            rows,
        }
    }

    fn said(&self) -> Said {
        let counts = self.rows.iter().map(|(_, found)| found.samples.len());
        let has_bars = |line: &MapLine<'_>| matches!(line.course, Course::Measured(_, true));
        let has_open = |line: &MapLine<'_>| match line.course {
            Course::Measured(quantity, true) => {
                self.measured(quantity).iter().any(|point| point.is_open)
            }
            _ => false,
        };
        Said {
            bars: if self.view.lines.iter().any(has_bars) {
                vec![BARS]
            } else {
                Vec::new()
            },
            has_open: self.view.lines.iter().any(has_open),
            samples: counts.clone().min().zip(counts.max()),
            ..Said::default()
        }
    }

    fn panel(&self, size: usize) -> Result<Panel, PlotError> {
        let ends = |edges: &[f64]| (edges[0], edges[edges.len() - 1]);
        let (lambda, load) = (ends(&self.x_edges), ends(&self.y_edges));
        let mut panel = Panel::new(
            Axis::new(axes::INVERSE_TEMPERATURE).with_range(lambda.0, lambda.1),
            Axis::new(axes::LOAD).with_range(load.0, load.1),
        )
        .with_title(format!("N = {size}"));
        panel.legend = LegendPlacement::OutsideRight;
        panel.add(HeatMap {
            name: "map".to_owned(),
            value_label: self.view.label.to_owned(),
            x_edges: self.x_edges.clone(),
            y_edges: self.y_edges.clone(),
            values: self.values.clone(),
            value_range: Some(self.view.range),
            colors: MapColors::Viridis,
        });
        if let Some(ensemble) = &self.view.phases {
            let thresholds = Thresholds::new(ensemble.as_ref(), lambda)?;
            for phase in thresholds.phases(load) {
                let corners = phase.corners();
                let color = self.ink(&corners);
                let name = Annotation::new(phase.name, Placement::Within(corners));
                panel.add(Annotation { color, ..name });
            }
            for line in thresholds.lines() {
                let name = format!("{}, N = ∞", line.name);
                add_curve(&mut panel, Curve { name, ..line });
            }
        }
        for line in &self.view.lines {
            self.add(&mut panel, line, lambda);
        }
        Ok(panel)
    }

    /// White on dark cells, black on light ones and on paper: what most cells of the polygon call for.
    fn ink(&self, corners: &[(f64, f64)]) -> Color {
        let middle = f64::midpoint(self.view.range.0, self.view.range.1);
        let (mut dark, mut light) = (0, 0);
        for ((load, _), row) in self.rows.iter().zip(self.values.chunks(self.columns())) {
            for (&lambda, value) in self.view.columns.iter().zip(row) {
                if polygon_contains(corners, (lambda, *load)) {
                    let is_dark = value.is_some_and(|value| value < middle);
                    *(if is_dark { &mut dark } else { &mut light }) += 1;
                }
            }
        }
        if dark > light {
            Color::WHITE
        } else {
            Color::BLACK
        }
    }

    fn columns(&self) -> usize {
        self.view.columns.len()
    }

    fn add(&self, panel: &mut Panel, line: &MapLine<'_>, (first, last): (f64, f64)) {
        let numbers = Numbers { first: 0, last: 0 };
        let stroke = numbers.stroke(line.look);
        let loads = (self.rows[0].0, self.rows[self.rows.len() - 1].0);
        let between = |(low, high): (f64, f64), count: usize| -> Vec<f64> {
            let step = (high - low) / (count.max(2) - 1) as f64;
            (0..count.max(2))
                .map(|index| low + step * index as f64)
                .collect()
        };
        let place = || Place::of_task(&self.rows[0].1.task);
        let courses: Vec<Vec<(f64, f64)>> = match &line.course {
            Course::Measured(quantity, has_bars) => {
                let points = self.measured(quantity);
                let course: Vec<(f64, f64)> =
                    points.iter().map(|point| (point.x, point.y)).collect();
                if *has_bars {
                    // above the theory that it is compared with, which a seam would hide
                    add_points(panel, line, course, points);
                    return;
                }
                vec![course]
            }
            Course::AtLoads(theory, count) => {
                let at = |load: f64| {
                    let place = place();
                    let place = place.clone().at_count((load * place.size).exp());
                    Some((theory(&place)?.0, load))
                };
                let loads = between(loads, *count).into_par_iter();
                vec![loads.filter_map(at).collect()]
            }
            Course::AtLambdas(theory, count) => {
                let at = |lambda: f64| Some((lambda, theory(&place().at("lambda", lambda))?.0));
                let lambdas = between((first, last), *count).into_par_iter();
                let knots: Vec<(f64, f64)> = lambdas.filter_map(at).collect();
                vec![smooth_curve(&knots)]
            }
            Course::Height(height) => self.contours(&self.values, *height),
            Course::TheoryHeight(height, theory) => {
                let cells: Vec<(&TaskResult, f64)> = self
                    .rows
                    .iter()
                    .flat_map(|&(_, result)| self.view.columns.iter().map(move |&at| (result, at)))
                    .collect();
                let value = |(result, lambda): (&TaskResult, f64)| {
                    theory(&Place::of_task(&result.task).at("lambda", lambda)).map(|found| found.0)
                };
                let values: Vec<Option<f64>> = cells.into_par_iter().map(value).collect();
                self.contours(&values, *height)
            }
        };
        for course in courses.into_iter().filter(|course| course.len() > 1) {
            add_named(panel, &line.name, course, stroke);
        }
    }

    /// The value of a quantity in each row that has one, with one standard error.
    fn measured(&self, quantity: &str) -> Vec<DataPoint> {
        let of_row = |&(load, result): &(f64, &TaskResult)| {
            let mut quantities = result.quantities.iter();
            let found = quantities.find(|found| found.name == quantity)?;
            let value = found.value()?;
            let interval = found
                .standard_error
                .map(|error| (value - error, value + error));
            Some(DataPoint {
                x_interval: interval,
                is_open: !found.caveats.is_empty(),
                ..DataPoint::new(value, load)
            })
        };
        self.rows.iter().filter_map(of_row).collect()
    }

    /// The lines of this height among the cells that have a value.
    fn contours(&self, values: &[Option<f64>], height: f64) -> Vec<Vec<(f64, f64)>> {
        let loads: Vec<f64> = self.rows.iter().map(|&(load, _)| load).collect();
        // what lies next to a cell without value is no number
        let values: Vec<f64> = values
            .iter()
            .map(|value| value.unwrap_or(f64::NAN))
            .collect();
        let lines = contour_lines(&self.view.columns, &loads, &values, height);
        let is_gap = |&(lambda, load): &(f64, f64)| !(lambda.is_finite() && load.is_finite());
        let pieces = lines.iter().flat_map(|line| line.split(is_gap));
        pieces.map(<[(f64, f64)]>::to_vec).collect()
    }
}

/// Adds points with error bars, joined by a line.
fn add_points(
    panel: &mut Panel,
    line: &MapLine<'_>,
    course: Vec<(f64, f64)>,
    points: Vec<DataPoint>,
) {
    if points.is_empty() {
        return;
    }
    let stroke = Numbers { first: 0, last: 0 }.stroke(line.look);
    panel.add(Curve::new(line.name.clone(), course, stroke).without_legend());
    let mut markers = Points::new(line.name.clone(), points, Marker::ALL[0], stroke.color);
    markers.size = MARKER;
    markers.line = Some(stroke);
    panel.add(markers);
}

/// Adds a line of a name that others may have too; the legend explains the first.
fn add_named(panel: &mut Panel, name: &str, course: Vec<(f64, f64)>, stroke: Stroke) {
    let is_of_name = |layer: &&Layer| match layer {
        Layer::Curve(curve) => {
            let number = curve.name.strip_prefix(name);
            number.is_some_and(|number| number.starts_with(", ") && !number.ends_with("seam"))
        }
        _ => false,
    };
    let number = panel.layers.iter().filter(is_of_name).count();
    if number == 0 {
        panel.add(LegendEntry::new(name, stroke));
    }
    let name = format!("{name}, {}", number + 1);
    add_curve(panel, Curve::new(name, course, stroke).without_legend());
}

/// Adds a line with a white seam.
fn add_curve(panel: &mut Panel, curve: Curve) {
    let seam = Stroke::solid(Color::WHITE).with_width(curve.stroke.width + 2.0 * SEAM);
    let below = Curve::new(format!("{}, seam", curve.name), curve.points.clone(), seam);
    panel.add(below.without_legend());
    panel.add(curve);
}

/// The edges of cells around these middles: halfway between neighbours, and as far beyond the ends.
fn edges(middles: &[f64]) -> Vec<f64> {
    let last = middles.len() - 1;
    let inner = middles
        .windows(2)
        .map(|pair| f64::midpoint(pair[0], pair[1]));
    let first = 1.5 * middles[0] - 0.5 * middles[1];
    let beyond = 1.5 * middles[last] - 0.5 * middles[last - 1];
    std::iter::once(first)
        .chain(inner)
        .chain([beyond])
        .collect()
}
