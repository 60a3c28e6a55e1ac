//! One panel of a view.

use dam_runs::view::{
    CurveView, Floor, GuideView, Legend, LineValue, LineView, PanelView, Part, Pass, PointsView,
    Row, Tint,
};
use rayon::prelude::*;

use super::axes::{axis, extent};
use super::measured::{Measured, focus, is_of, measure, side_by_side, texts};
use super::rows::Rows;
use super::style::Numbers;
use crate::drawing::smooth_curve;
use crate::figure::{
    Across, Axis, CrossLine, Curve, Dash, DataPoint, Layer, LegendEntry, LegendPlacement, Panel,
    Points, Range, Region, Scale, Stroke,
};

/// Diameter of markers of which there are many.
const SMALL_MARKER: f64 = 5.0;
/// Opacity of the area of error bars.
const BAND_OPACITY: f64 = 0.22;

/// A series of a pass.
struct Series {
    texts: Vec<String>,
    numbers: Numbers,
}

/// A panel, and what must be said below the figure of its points.
pub(super) struct DrawnPanel {
    pub(super) panel: Panel,
    pub(super) said: Said,
}

/// What a reader must know of the points of a figure.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// What error bars mean.
    pub(super) bars: Vec<&'static str>,
    /// What shaded areas mean.
    pub(super) areas: Vec<&'static str>,
    /// The least and the greatest number of samples behind a point.
    pub(super) samples: Option<(usize, usize)>,
    /// Whether some are to be taken with care.
    pub(super) has_open: bool,
    /// Whether some are theory by construction.
    pub(super) has_averaged: bool,
    /// Whether theory is sampled.
    pub(super) has_sampled_theory: bool,
}

/// The panel; `None` where it has no point to show.
pub(super) fn draw_panel(view: &PanelView<'_>, rows: &Rows<'_>) -> Option<DrawnPanel> {
    let mut measured = Vec::new();
    for (data, described) in view.data.iter().enumerate() {
        measured.extend(measure(view, data, described, rows));
    }
    let points = || measured.iter().filter_map(|measured| measured.point);
    let ends = |point: DataPoint| {
        let (low, high) = point.y_interval.unwrap_or((point.y, point.y));
        [low, point.y, high]
    };
    let along = extent(points().map(|point| point.x))?;
    let (low, high) = focus(view, along, points());
    let mut x = axis(&view.x, Some((low, high)));
    // a single place has no range of its own
    if view.focus.is_some() && low < high {
        x = x.with_range(low, high);
    }
    let y = axis(&view.y, extent(points().flat_map(ends)));
    if view.side_by_side && along.0 == along.1 {
        x = side_by_side(view, x, &mut measured, along.0);
    }
    let mut drawing = Drawing {
        view,
        rows,
        measured,
        panel: Panel::new(x, y),
        curves_in_legend: Vec::new(),
        lines_in_legend: Vec::new(),
        said: Said::default(),
    };
    drawing.note_points();
    for pass in &view.passes {
        for series in drawing.series(pass) {
            for part in &pass.parts {
                drawing.add(part, pass, &series);
            }
        }
    }
    Some(drawing.finish())
}

struct Drawing<'d, 'r> {
    view: &'d PanelView<'d>,
    rows: &'d Rows<'r>,
    measured: Vec<Measured<'r>>,
    panel: Panel,
    curves_in_legend: Vec<LegendEntry>,
    lines_in_legend: Vec<LegendEntry>,
    said: Said,
}

impl<'r> Drawing<'_, 'r> {
    /// How many samples the points stand on, and whether some are to be taken with care.
    fn note_points(&mut self) {
        let drawn = self
            .measured
            .iter()
            .filter(|measured| measured.point.is_some());
        let counts = drawn
            .clone()
            .map(|measured| measured.row.quantity.count as f64);
        self.said.samples = extent(counts).map(|(least, most)| {
            (
                dam_runs::reduce::whole(least),
                dam_runs::reduce::whole(most),
            )
        });
        let mut caveats = drawn.flat_map(|measured| &measured.row.quantity.caveats);
        self.said.has_averaged = caveats.clone().any(|caveat| caveat.is_by_construction);
        self.said.has_open = caveats.any(|caveat| !caveat.is_by_construction);
    }

    /// The texts of each key, in order: those of all that was measured, so that they have the same numbers in all panels,
    /// unless the panel counts its own.
    fn known(&self, pass: &Pass<'_>) -> Vec<Vec<String>> {
        let texts_of = |key: &dam_runs::view::Key<'_>| {
            let is_counted = |row: &&Row<'_>| {
                !self.view.with_own_styles || is_of(self.view.filter.as_ref(), row)
            };
            let mut known: Vec<String> = Vec::new();
            for text in self.rows.rows.iter().filter(is_counted).filter_map(key) {
                if !known.contains(&text) {
                    known.push(text);
                }
            }
            known
        };
        pass.by.iter().map(texts_of).collect()
    }

    /// The series of a pass, in order of their keys.
    fn series(&self, pass: &Pass<'_>) -> Vec<Series> {
        let known = self.known(pass);
        let mut found: Vec<(Vec<usize>, Vec<String>)> = Vec::new();
        for measured in &self.measured {
            if measured.point.is_none() && !self.view.with_unmeasured {
                continue;
            }
            let Some(texts) = texts(pass, &measured.row) else {
                continue;
            };
            let places = known.iter().zip(&texts);
            let places = places.map(|(known, text)| known.iter().position(|k| k == text));
            let series = (places.map(Option::unwrap_or_default).collect(), texts);
            if !found.contains(&series) {
                found.push(series);
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        // what tells the series of this panel apart; where there is one series, what does in others
        let is_apart = |&key: &usize| {
            found
                .iter()
                .any(|(places, _)| places[key] != found[0].0[key])
        };
        let varying: Vec<usize> = (0..known.len()).filter(is_apart).collect();
        let elsewhere = (0..known.len()).rfind(|&key| known[key].len() > 1);
        let (first, last) = match varying.as_slice() {
            [] => (elsewhere, elsewhere),
            [first, ..] => (Some(*first), varying.last().copied()),
        };
        let series = found.into_iter().map(|(places, texts)| Series {
            texts,
            numbers: Numbers {
                first: first.map_or(0, |key| places[key]),
                last: last.map_or(0, |key| places[key]),
            },
        });
        series.collect()
    }

    fn of_series(&self, pass: &Pass<'_>, series: &Series) -> Vec<&Measured<'r>> {
        let is_of = |measured: &&Measured<'r>| {
            texts(pass, &measured.row).is_some_and(|texts| texts == series.texts)
        };
        self.measured.iter().filter(is_of).collect()
    }

    fn add(&mut self, part: &Part<'_>, pass: &Pass<'_>, series: &Series) {
        let measured = self.of_series(pass, series);
        let points = |data: usize| -> Vec<DataPoint> {
            let of_data = measured.iter().filter(|measured| measured.data == data);
            of_data.filter_map(|measured| measured.point).collect()
        };
        let first: Option<Row<'r>> = measured.first().map(|measured| measured.row);
        let rows: Vec<Row<'r>> = measured
            .iter()
            .filter(|measured| measured.has_value || self.view.with_unmeasured)
            .map(|measured| measured.row)
            .collect();
        match part {
            Part::Points(view) => self.add_points(view, series, points(view.data), first),
            Part::Guide(view) => self.add_guide(*view, series, &points(view.data)),
            Part::Band { data } => {
                let meaning = self.view.data[*data].bars.meaning;
                self.add_band(series, &points(*data), meaning);
            }
            Part::Curve(view) => {
                let guide = if view.or_guide { points(0) } else { Vec::new() };
                self.add_curve(view, series, &rows, &guide);
            }
            Part::Level(view) => {
                self.add_line(view, series, rows.first(), Across::Horizontal);
            }
            Part::Threshold(view) => {
                self.add_line(view, series, rows.first(), Across::Vertical);
            }
        }
    }

    fn add_points(
        &mut self,
        view: &PointsView<'_>,
        series: &Series,
        points: Vec<DataPoint>,
        first: Option<Row<'_>>,
    ) {
        if points.is_empty() {
            return;
        }
        if points.iter().any(|point| point.y_interval.is_some()) {
            let meaning = self.view.data[view.data].bars.meaning;
            if !self.said.bars.contains(&meaning) {
                self.said.bars.push(meaning);
            }
        }
        let note = view.note.as_ref().zip(first);
        let note = note.and_then(|(note, row)| note(&row, self.rows.joint));
        let name = name(series, view.name) + note.as_deref().unwrap_or("");
        let color = series.numbers.color(view.tint);
        let mut layer = Points::new(name, points, series.numbers.marker(view.marker), color);
        layer.in_legend = view.in_legend;
        if view.is_small {
            layer.size = SMALL_MARKER;
        }
        self.panel.add(layer);
    }

    fn add_guide(&mut self, view: GuideView, series: &Series, points: &[DataPoint]) {
        if points.is_empty() {
            return;
        }
        let points = points.iter().map(|point| (point.x, point.y)).collect();
        let stroke = series.numbers.stroke(view.look);
        let mut curve = Curve::new(name(series, ""), points, stroke);
        curve.in_legend = view.in_legend;
        self.panel.add(curve);
    }

    fn add_band(&mut self, series: &Series, points: &[DataPoint], meaning: &'static str) {
        let ends = |end: fn((f64, f64)) -> f64| {
            let points = points.iter();
            points.filter_map(move |point| Some((point.x, end(point.y_interval?))))
        };
        let corners: Vec<(f64, f64)> = ends(|ends| ends.0)
            .chain(ends(|ends| ends.1).rev())
            .collect();
        if corners.len() > 2 {
            if !self.said.areas.contains(&meaning) {
                self.said.areas.push(meaning);
            }
            self.panel.add(Region {
                name: name(series, meaning),
                corners,
                color: series.numbers.color(Tint::Series),
                opacity: BAND_OPACITY,
                in_legend: false,
            });
        }
    }

    fn add_curve(
        &mut self,
        view: &CurveView<'_>,
        series: &Series,
        rows: &[Row<'r>],
        guide: &[DataPoint],
    ) {
        let stroke = series.numbers.stroke(view.look);
        let computed = self.computed(view, rows);
        if computed.is_empty() {
            let guide: Vec<(f64, f64)> = guide.iter().map(|point| (point.x, point.y)).collect();
            if !guide.is_empty() {
                let curve = Curve::new(name(series, ""), guide, stroke);
                self.panel.add(curve.without_legend());
            }
            return;
        }
        let name = name(series, &view.name);
        let sampled = || {
            let computed = computed.iter();
            computed.filter_map(|&(x, y, error)| Some((x, y, error?)))
        };
        if sampled().count() > 1 {
            let axis = &self.view.y;
            let low: Vec<(f64, f64)> = sampled()
                .map(|(x, y, reach)| (x, axis.below(y, reach)))
                .collect();
            let high: Vec<(f64, f64)> = sampled().map(|(x, y, reach)| (x, y + reach)).collect();
            self.said.has_sampled_theory = true;
            let band = format!("{name}, what it may be off by");
            self.panel
                .add(Region::between(band, &low, &high, stroke.color));
        }
        let points: Vec<(f64, f64)> = computed.iter().map(|&(x, y, _)| (x, y)).collect();
        let points = self.drawn(view, points);
        if points.is_empty() {
            return;
        }
        let mut curve = Curve::new(name, points, stroke);
        curve.in_legend = view.in_legend;
        self.panel.add(curve);
        explain(
            &mut self.curves_in_legend,
            view.legend,
            Numbers::of_all(view.look),
        );
    }

    /// (x, y, what it may be off by) of theory, in order of x.
    fn computed(&self, view: &CurveView<'_>, rows: &[Row<'_>]) -> Vec<(f64, f64, Option<f64>)> {
        let along = self.view.along;
        let mut computed: Vec<(f64, f64, Option<f64>)> = view
            .grid
            .places(rows)
            .into_par_iter()
            .filter_map(|place| {
                let (value, error) = (view.theory)(&place)?;
                Some((along.at(&place)?, value, error))
            })
            .collect();
        computed.sort_by(|a, b| a.0.total_cmp(&b.0));
        computed.dedup_by(|a, b| a.0 == b.0);
        computed
    }

    /// The points of a curve that the panel shows.
    fn drawn(&self, view: &CurveView<'_>, knots: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
        let curve = if view.is_smooth {
            smoothed(&self.panel.x_axis, &knots)
        } else {
            knots
        };
        let is_along = |x: f64| match self.panel.x_axis.range {
            Range::Explicit(low, high) => (low..=high).contains(&x),
            Range::Automatic => true,
        };
        let is_high = |y: f64| match self.view.floor {
            Floor::Hide(least) => y > least,
            Floor::Raise(_) | Floor::None => true,
        };
        let is_shown = |&(x, y): &(f64, f64)| is_along(x) && is_high(y);
        curve.into_iter().filter(is_shown).collect()
    }

    fn line_value(&self, view: &LineView<'_>, first: Option<&Row<'_>>) -> Option<f64> {
        match &view.value {
            LineValue::Theory(theory) => Some(theory(&first?.place())?.0),
            LineValue::Measured(quantity) => {
                let is_meant = |row: &&Row<'_>| {
                    row.quantity.name == *quantity && is_of(self.view.filter.as_ref(), row)
                };
                self.rows.rows.iter().find(is_meant)?.quantity.mean
            }
        }
    }

    /// A line that theory or a measurement knows the place of; the legend explains it.
    fn add_line(
        &mut self,
        view: &LineView<'_>,
        series: &Series,
        first: Option<&Row<'_>>,
        across: fn(f64) -> Across,
    ) {
        let Some(value) = self.line_value(view, first) else {
            return;
        };
        let axis = match across(value) {
            Across::Horizontal(_) => &self.panel.y_axis,
            Across::Vertical(_) => &self.panel.x_axis,
        };
        // a line beyond the panel is not explained either
        if let Range::Explicit(low, high) = axis.range
            && !(low..=high).contains(&value)
        {
            return;
        }
        explain(
            &mut self.lines_in_legend,
            &view.legend,
            Numbers::of_all(view.look),
        );
        let stroke = series.numbers.stroke(view.look);
        let mut line = CrossLine::new(name(series, &view.name), across(value), stroke);
        line.in_legend = view.in_legend;
        self.panel.add(line);
    }

    fn finish(self) -> DrawnPanel {
        let mut panel = self.panel;
        for entry in self
            .curves_in_legend
            .into_iter()
            .chain(self.lines_in_legend)
        {
            panel.add(entry);
        }
        panel.legend = match self.view.legend {
            Legend::Placed => panel.legend,
            Legend::Right => LegendPlacement::OutsideRight,
            Legend::Hidden => LegendPlacement::Hidden,
        };
        join_samples(&mut panel);
        if !self.view.title.is_empty() {
            panel.title = Some(self.view.title.clone());
        }
        DrawnPanel {
            panel,
            said: self.said,
        }
    }
}

/// Gives points the line of their series for the legend: a solid one, else the first.
fn join_samples(panel: &mut Panel) {
    let curves: Vec<(String, Stroke)> = panel
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::Curve(curve) if !curve.in_legend => Some((curve.name.clone(), curve.stroke)),
            _ => None,
        })
        .collect();
    for layer in &mut panel.layers {
        let Layer::Points(points) = layer else {
            continue;
        };
        // behind a colon stands the note of the series
        let series = points.name.split(": ").next().unwrap_or_default();
        let is_own = |name: &str| {
            let more = name.strip_prefix(series);
            more.is_some_and(|more| more.is_empty() || more.starts_with(", "))
        };
        let own = || {
            curves
                .iter()
                .filter(|(name, _)| is_own(name))
                .map(|(_, stroke)| *stroke)
        };
        let solid = own().find(|stroke| stroke.dash == Dash::Solid);
        points.line = solid.or_else(|| own().next());
    }
}

fn smoothed(axis: &Axis, knots: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if axis.scale == Scale::Linear {
        return smooth_curve(knots);
    }
    let knots: Vec<(f64, f64)> = knots.iter().map(|&(x, y)| (x.ln(), y)).collect();
    let curve = smooth_curve(&knots).into_iter();
    curve.map(|(log_x, y)| (log_x.exp(), y)).collect()
}

/// An entry of the legend, once for each text.
fn explain(entries: &mut Vec<LegendEntry>, text: &str, stroke: Stroke) {
    if !text.is_empty() && !entries.iter().any(|entry| entry.name == text) {
        entries.push(LegendEntry {
            name: text.to_owned(),
            stroke,
        });
    }
}

/// The words of the series, and more of them.
fn name(series: &Series, more: &str) -> String {
    let words = series.texts.iter().map(String::as_str).chain([more]);
    let words: Vec<&str> = words.filter(|text| !text.is_empty()).collect();
    words.join(", ")
}
