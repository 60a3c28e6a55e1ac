//! Lays a figure out: frames, ticks, labels and layers become primitives at pixel positions.

use crate::axis::{Axis, ResolvedAxis};
use crate::error::PlotError;
use crate::figure::{Figure, LegendPlacement, Panel};
use crate::geometry::{Point, Rectangle, clip_line, clip_polygon, resample};
use crate::layer::{HeatMap, Layer, Points, Region, Steps, Stroke};
use crate::legend::{Legend, draw_marker};
use crate::palette::{Color, Dash, viridis};
use crate::placement::place_annotations;
use crate::scene::{Label, Primitive, Scene};

/// White border of a panel.
const PADDING: f64 = 12.0;
/// Distance between neighbouring parts.
const GAP: f64 = 8.0;
const TITLE_SIZE: f64 = 18.0;
const AXIS_LABEL_SIZE: f64 = 18.0;
const TICK_LABEL_SIZE: f64 = 15.0;
const TICK_LENGTH: f64 = 6.0;
const MINOR_TICK_LENGTH: f64 = 3.0;
const FRAME_WIDTH: f64 = 1.2;
const COLOR_BAR_WIDTH: f64 = 16.0;
/// Colours in a colour bar.
const COLOR_BAR_STEPS: u32 = 128;
/// Part of the range that an automatic axis leaves free at either end.
const MARGIN: f64 = 0.04;
/// How far a cell of a map reaches under its neighbours.
const CELL_OVERLAP: f64 = 0.5;
const ERROR_BAR_WIDTH: f64 = 1.4;
const ERROR_BAR_CAP: f64 = 3.5;
/// Least side of the frame that is still a plot.
const SMALLEST_FRAME: f64 = 60.0;
/// Distance between the points that stand for what text must not cover.
pub(crate) const OBSTACLE_STEP: f64 = 4.0;

/// Lays out the whole figure.
pub(crate) fn lay_out(figure: &Figure) -> Result<Scene, PlotError> {
    figure.validate()?;
    let columns = figure.arrangement.columns(figure.panels.len());
    let rows = figure.panels.len().div_ceil(columns);
    let (panel_width, panel_height) = figure.panel_size;
    let mut width = panel_width * columns as f64;
    let mut height = panel_height * rows as f64;
    let title = figure
        .title
        .as_ref()
        .map(|title| Label::new(title, TITLE_SIZE))
        .transpose()?;
    let top = title.as_ref().map_or(0.0, |title| PADDING + title.height());
    height += top;
    width = width.ceil();
    height = height.ceil();
    let mut scene = Scene {
        width,
        height,
        primitives: Vec::new(),
    };
    if let Some(title) = &title {
        let left = 0.5 * (width - title.width());
        title.draw((left, PADDING), Color::BLACK, &mut scene);
    }
    for (index, panel) in figure.panels.iter().enumerate() {
        let (column, row) = ((index % columns) as f64, (index / columns) as f64);
        let cell = Rectangle {
            left: column * panel_width,
            right: (column + 1.0) * panel_width,
            top: top + row * panel_height,
            bottom: top + (row + 1.0) * panel_height,
        };
        lay_out_panel(panel, index + 1, &cell, &mut scene)?;
    }
    check_inside(&scene, figure)?;
    Ok(scene)
}

/// Nothing may be cut off at the border of the figure.
fn check_inside(scene: &Scene, figure: &Figure) -> Result<(), PlotError> {
    let canvas = Rectangle {
        left: 0.0,
        top: 0.0,
        right: scene.width,
        bottom: scene.height,
    };
    for primitive in &scene.primitives {
        let Some(extent) = primitive.extent() else {
            continue;
        };
        let inside = canvas.contains((extent.left, extent.top))
            && canvas.contains((extent.right, extent.bottom));
        if !inside {
            let what = match primitive {
                Primitive::Text { text, .. } => format!("the text \"{text}\""),
                _ => "a part of the drawing".to_owned(),
            };
            return Err(does_not_fit(what, figure.panel_size));
        }
    }
    Ok(())
}

pub(crate) fn does_not_fit(what: String, (width, height): (f64, f64)) -> PlotError {
    PlotError::DoesNotFit {
        what,
        width,
        height,
    }
}

/// The frame of a panel with its axes: maps data to pixels.
pub(crate) struct Frame {
    pub area: Rectangle,
    x: ResolvedAxis,
    y: ResolvedAxis,
}

impl Frame {
    pub fn pixel(&self, (x, y): (f64, f64)) -> Point {
        (
            self.area.left + self.x.fraction(x) * self.area.width(),
            self.area.bottom - self.y.fraction(y) * self.area.height(),
        )
    }

    pub fn pixels(&self, points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().map(|&point| self.pixel(point)).collect()
    }
}

/// Axis ticks with measured labels.
struct MeasuredTicks {
    ticks: Vec<(f64, Label)>,
}

impl MeasuredTicks {
    fn new(axis: &ResolvedAxis) -> Result<Self, PlotError> {
        let ticks = axis
            .ticks
            .iter()
            .map(|(value, text)| Ok((axis.fraction(*value), Label::new(text, TICK_LABEL_SIZE)?)))
            .collect::<Result<_, PlotError>>()?;
        Ok(Self { ticks })
    }

    fn widest(&self) -> f64 {
        let widths = self.ticks.iter().map(|(_, label)| label.width());
        widths.fold(0.0, f64::max)
    }

    fn tallest(&self) -> f64 {
        let heights = self.ticks.iter().map(|(_, label)| label.height());
        heights.fold(0.0, f64::max)
    }

    /// How far labels of the given extent along the axis reach beyond the high end of an axis of `length` pixels.
    fn overhang(&self, length: f64, extent: impl Fn(&Label) -> f64) -> f64 {
        let ends = self
            .ticks
            .iter()
            .map(|(fraction, label)| 0.5 * extent(label) - (1.0 - fraction) * length);
        ends.fold(0.0, f64::max)
    }

    /// Every `stride`-th label is shown, so that labels keep apart along an axis of `length` pixels.
    fn stride(&self, length: f64, extent: impl Fn(&Label) -> f64) -> usize {
        let apart = |stride: usize| {
            let shown: Vec<_> = self.ticks.iter().step_by(stride).collect();
            shown.windows(2).all(|pair| {
                let distance = (pair[1].0 - pair[0].0).abs() * length;
                distance >= 0.5 * (extent(&pair[0].1) + extent(&pair[1].1)) + GAP
            })
        };
        (1..=self.ticks.len())
            .find(|&stride| apart(stride))
            .unwrap_or(1)
    }
}

fn resolve_axis(
    axis: &Axis,
    panel: &Panel,
    number: usize,
    values: impl Fn(&Layer) -> Vec<f64>,
) -> Result<ResolvedAxis, PlotError> {
    let spanning = panel
        .layers
        .iter()
        .filter(|layer| !matches!(layer, Layer::Annotation(_)));
    let values: Vec<f64> = spanning.flat_map(values).collect();
    let has_map = panel
        .layers
        .iter()
        .any(|layer| matches!(layer, Layer::HeatMap(_)));
    let margin = if has_map { 0.0 } else { MARGIN };
    ResolvedAxis::new(axis, &values, margin, number)
}

fn lay_out_panel(
    panel: &Panel,
    number: usize,
    cell: &Rectangle,
    scene: &mut Scene,
) -> Result<(), PlotError> {
    let x = resolve_axis(&panel.x_axis, panel, number, |layer| layer.coordinates().0)?;
    let y = resolve_axis(&panel.y_axis, panel, number, |layer| layer.coordinates().1)?;
    let legend = match panel.legend {
        LegendPlacement::Hidden => None,
        _ => Legend::new(&panel.layers)?,
    };
    if let (Some(legend), LegendPlacement::Automatic) = (&legend, panel.legend) {
        let mut attempt = Scene {
            primitives: Vec::new(),
            ..*scene
        };
        let parts = PanelParts::new(panel, cell, &x, &y, 0.0)?;
        let mut obstacles = parts.draw(panel, &mut attempt);
        obstacles.extend(place_annotations(
            panel,
            &parts.frame,
            &obstacles,
            &mut attempt,
        )?);
        if legend.place_inside(&parts.frame.area, &obstacles, &mut attempt) {
            scene.primitives.append(&mut attempt.primitives);
            return Ok(());
        }
    }
    let room = cell.height() - 2.0 * PADDING;
    let reserved = legend
        .as_ref()
        .map_or(0.0, |legend| GAP + legend.size_in_columns(room).0);
    let parts = PanelParts::new(panel, cell, &x, &y, reserved)?;
    let obstacles = parts.draw(panel, scene);
    place_annotations(panel, &parts.frame, &obstacles, scene)?;
    if let Some(legend) = &legend {
        let (width, height) = legend.size_in_columns(room);
        let top = parts.frame.area.top.min(cell.bottom - PADDING - height);
        legend.draw_in_columns((cell.right - PADDING - width, top), room, scene);
    }
    Ok(())
}

/// A colour bar beside the frame.
struct ColorBar {
    label: Label,
    axis: ResolvedAxis,
    ticks: MeasuredTicks,
}

impl ColorBar {
    fn new(map: &HeatMap) -> Result<Self, PlotError> {
        let (low, high) = value_range(map);
        let axis = Axis::new(map.value_label.clone()).with_range(low, high);
        let axis = ResolvedAxis::new(&axis, &[], 0.0, 0)?;
        Ok(Self {
            label: Label::new(&map.value_label, AXIS_LABEL_SIZE)?,
            ticks: MeasuredTicks::new(&axis)?,
            axis,
        })
    }

    fn width(&self) -> f64 {
        2.0 * GAP + COLOR_BAR_WIDTH + GAP + self.ticks.widest() + GAP + self.label.height()
    }

    fn draw(&self, frame: &Rectangle, scene: &mut Scene) {
        let bar = Rectangle {
            left: frame.right + 2.0 * GAP,
            right: frame.right + 2.0 * GAP + COLOR_BAR_WIDTH,
            ..*frame
        };
        let step = bar.height() / f64::from(COLOR_BAR_STEPS);
        for index in 0..COLOR_BAR_STEPS {
            let fraction = (f64::from(index) + 0.5) / f64::from(COLOR_BAR_STEPS);
            let bottom = bar.bottom - step * f64::from(index);
            let area = Rectangle {
                // each stripe reaches under the next, so that no white line shows between them
                top: (bottom - 2.0 * step).max(bar.top),
                bottom,
                ..bar
            };
            scene.primitives.push(Primitive::Rectangle {
                area,
                color: viridis(fraction),
            });
        }
        outline(&bar, scene);
        let stride = self.ticks.stride(bar.height(), Label::height);
        for (fraction, label) in self.ticks.ticks.iter().step_by(stride) {
            let height = bar.bottom - fraction * bar.height();
            let tick = [(bar.right - TICK_LENGTH, height), (bar.right, height)];
            scene.stroke(&tick, &Stroke::solid(Color::BLACK).with_width(FRAME_WIDTH));
            let corner = (bar.right + GAP, height - 0.5 * label.height());
            label.draw(corner, Color::BLACK, scene);
        }
        let left = bar.right + GAP + self.ticks.widest() + GAP;
        let bottom = bar.centre().1 + 0.5 * self.label.width();
        self.label.draw_rotated((left, bottom), Color::BLACK, scene);
    }

    fn color(&self, value: f64) -> Color {
        viridis(self.axis.fraction(value).clamp(0.0, 1.0))
    }
}

/// The values at the ends of the colour scale of a map.
fn value_range(map: &HeatMap) -> (f64, f64) {
    map.value_range.unwrap_or_else(|| {
        let values = || map.values.iter().copied().flatten();
        let low = values().fold(f64::INFINITY, f64::min);
        let high = values().fold(f64::NEG_INFINITY, f64::max);
        if low < high {
            (low, high)
        } else {
            (low - 0.5, high + 0.5)
        }
    })
}

/// The frame of a panel and all that stands around it.
struct PanelParts {
    frame: Frame,
    title: Option<Label>,
    x_label: Label,
    y_label: Label,
    x_ticks: MeasuredTicks,
    y_ticks: MeasuredTicks,
    color_bar: Option<ColorBar>,
}

impl PanelParts {
    /// Measures the labels and gives the frame the room they leave; `reserved` pixels stay free at the right.
    fn new(
        panel: &Panel,
        cell: &Rectangle,
        x: &ResolvedAxis,
        y: &ResolvedAxis,
        reserved: f64,
    ) -> Result<Self, PlotError> {
        let title = panel
            .title
            .as_ref()
            .map(|title| Label::new(title, TITLE_SIZE))
            .transpose()?;
        let x_label = Label::new(&panel.x_axis.label, AXIS_LABEL_SIZE)?;
        let y_label = Label::new(&panel.y_axis.label, AXIS_LABEL_SIZE)?;
        let (x_ticks, y_ticks) = (MeasuredTicks::new(x)?, MeasuredTicks::new(y)?);
        let map = panel.layers.iter().find_map(|layer| match layer {
            Layer::HeatMap(map) => Some(map),
            _ => None,
        });
        let color_bar = map.map(ColorBar::new).transpose()?;
        let left = cell.left + PADDING + y_label.height() + GAP + y_ticks.widest() + GAP;
        let bottom = cell.bottom - PADDING - x_label.height() - GAP - x_ticks.tallest() - GAP;
        let beside = color_bar.as_ref().map_or(0.0, ColorBar::width) + reserved;
        let length = cell.right - PADDING - left;
        let right = cell.right - PADDING - beside.max(x_ticks.overhang(length, Label::width));
        let title_height = title.as_ref().map_or(0.0, |title| title.height() + GAP);
        let overhang = y_ticks.overhang(bottom - cell.top, Label::height);
        let top = cell.top + PADDING + title_height.max(overhang);
        let area = Rectangle {
            left,
            top,
            right,
            bottom,
        };
        let size = (cell.width(), cell.height());
        if area.width() < SMALLEST_FRAME || area.height() < SMALLEST_FRAME {
            return Err(does_not_fit(
                "a panel with its labels and legend".to_owned(),
                size,
            ));
        }
        for (label, room, what) in [
            (Some(&x_label), cell.width(), &panel.x_axis.label),
            (Some(&y_label), cell.height(), &panel.y_axis.label),
            (
                title.as_ref(),
                cell.width(),
                panel.title.as_ref().unwrap_or(&panel.x_axis.label),
            ),
        ] {
            if label.is_some_and(|label| label.width() > room - 2.0 * PADDING) {
                return Err(does_not_fit(format!("the label \"{what}\""), size));
            }
        }
        Ok(Self {
            frame: Frame {
                area,
                x: x.clone(),
                y: y.clone(),
            },
            title,
            x_label,
            y_label,
            x_ticks,
            y_ticks,
            color_bar,
        })
    }

    /// Draws layers, axes and labels; returns points on the data, for text to keep away from.
    fn draw(&self, panel: &Panel, scene: &mut Scene) -> Vec<Point> {
        let mut obstacles = Vec::new();
        for layer in &panel.layers {
            self.draw_layer(layer, scene, &mut obstacles);
        }
        self.draw_axes(scene);
        obstacles
    }

    fn draw_axes(&self, scene: &mut Scene) {
        let area = self.frame.area;
        outline(&area, scene);
        let pen = Stroke::solid(Color::BLACK).with_width(FRAME_WIDTH);
        let x_stride = self.x_ticks.stride(area.width(), Label::width);
        for (index, (fraction, label)) in self.x_ticks.ticks.iter().enumerate() {
            let x = area.left + fraction * area.width();
            scene.stroke(&[(x, area.bottom), (x, area.bottom - TICK_LENGTH)], &pen);
            scene.stroke(&[(x, area.top), (x, area.top + TICK_LENGTH)], &pen);
            if index % x_stride == 0 {
                let top = area.bottom + GAP + self.x_ticks.tallest() - label.height();
                label.draw((x - 0.5 * label.width(), top), Color::BLACK, scene);
            }
        }
        for &value in &self.frame.x.minor_ticks {
            let x = area.left + self.frame.x.fraction(value) * area.width();
            let length = MINOR_TICK_LENGTH;
            scene.stroke(&[(x, area.bottom), (x, area.bottom - length)], &pen);
            scene.stroke(&[(x, area.top), (x, area.top + length)], &pen);
        }
        let y_stride = self.y_ticks.stride(area.height(), Label::height);
        for (index, (fraction, label)) in self.y_ticks.ticks.iter().enumerate() {
            let y = area.bottom - fraction * area.height();
            scene.stroke(&[(area.left, y), (area.left + TICK_LENGTH, y)], &pen);
            scene.stroke(&[(area.right, y), (area.right - TICK_LENGTH, y)], &pen);
            if index % y_stride == 0 {
                let left = area.left - GAP - label.width();
                label.draw((left, y - 0.5 * label.height()), Color::BLACK, scene);
            }
        }
        for &value in &self.frame.y.minor_ticks {
            let y = area.bottom - self.frame.y.fraction(value) * area.height();
            let length = MINOR_TICK_LENGTH;
            scene.stroke(&[(area.left, y), (area.left + length, y)], &pen);
            scene.stroke(&[(area.right, y), (area.right - length, y)], &pen);
        }
        if let Some(bar) = &self.color_bar {
            bar.draw(&area, scene);
        }
        self.draw_axis_labels(scene);
    }

    fn draw_axis_labels(&self, scene: &mut Scene) {
        let area = self.frame.area;
        let (centre_x, centre_y) = area.centre();
        let top = area.bottom + GAP + self.x_ticks.tallest() + GAP;
        let left = (centre_x - 0.5 * self.x_label.width()).max(PADDING);
        self.x_label.draw((left, top), Color::BLACK, scene);
        let left = area.left - GAP - self.y_ticks.widest() - GAP - self.y_label.height();
        let bottom = centre_y + 0.5 * self.y_label.width();
        self.y_label
            .draw_rotated((left, bottom), Color::BLACK, scene);
        if let Some(title) = &self.title {
            let left = centre_x - 0.5 * title.width();
            let top = area.top - GAP - title.height();
            title.draw((left, top), Color::BLACK, scene);
        }
    }

    fn draw_layer(&self, layer: &Layer, scene: &mut Scene, obstacles: &mut Vec<Point>) {
        let frame = &self.frame;
        match layer {
            Layer::Curve(curve) => {
                self.draw_line(
                    &frame.pixels(&curve.points),
                    &curve.stroke,
                    scene,
                    obstacles,
                );
            }
            Layer::HorizontalLine(line) => {
                let ends = [(frame.x.low, line.y), (frame.x.high, line.y)];
                self.draw_line(&frame.pixels(&ends), &line.stroke, scene, obstacles);
            }
            Layer::VerticalLine(line) => {
                let ends = [(line.x, frame.y.low), (line.x, frame.y.high)];
                self.draw_line(&frame.pixels(&ends), &line.stroke, scene, obstacles);
            }
            Layer::Points(points) => self.draw_points(points, scene, obstacles),
            Layer::Region(region) => self.draw_region(region, scene),
            Layer::HeatMap(map) => self.draw_map(map, scene),
            Layer::Steps(steps) => self.draw_steps(steps, scene, obstacles),
            // annotations come last, legend entries with the legend
            Layer::Annotation(_) | Layer::LegendEntry(_) => {}
        }
    }

    fn draw_line(
        &self,
        points: &[Point],
        stroke: &Stroke,
        scene: &mut Scene,
        obstacles: &mut Vec<Point>,
    ) {
        for piece in clip_line(points, &self.frame.area) {
            obstacles.extend(resample(&piece, OBSTACLE_STEP));
            scene.stroke(&piece, stroke);
        }
    }

    fn draw_points(&self, layer: &Points, scene: &mut Scene, obstacles: &mut Vec<Point>) {
        let frame = &self.frame;
        let pen = Stroke::new(layer.color, Dash::Solid).with_width(ERROR_BAR_WIDTH);
        for point in &layer.points {
            let centre = frame.pixel((point.x, point.y));
            let bars = [
                point
                    .y_interval
                    .map(|(low, high)| ((point.x, low), (point.x, high), (ERROR_BAR_CAP, 0.0))),
                point
                    .x_interval
                    .map(|(low, high)| ((low, point.y), (high, point.y), (0.0, ERROR_BAR_CAP))),
            ];
            for (low, high, cap) in bars.into_iter().flatten() {
                let ends = [frame.pixel(low), frame.pixel(high)];
                self.draw_line(&ends, &pen, scene, obstacles);
                for (x, y) in ends {
                    if frame.area.contains((x, y)) {
                        let cap = [(x - cap.0, y - cap.1), (x + cap.0, y + cap.1)];
                        self.draw_line(&cap, &pen, scene, obstacles);
                    }
                }
            }
            if frame.area.contains(centre) {
                let extent = Rectangle::around(centre, layer.size, layer.size);
                obstacles.extend(extent.grid(OBSTACLE_STEP));
                draw_marker(layer.marker, centre, layer.size, layer.color, scene);
            }
        }
    }

    fn draw_region(&self, region: &Region, scene: &mut Scene) {
        let corners = clip_polygon(&self.frame.pixels(&region.corners), &self.frame.area);
        if corners.len() > 2 {
            scene.primitives.push(Primitive::Polygon {
                corners,
                color: region.color,
                opacity: region.opacity,
            });
        }
    }

    fn draw_map(&self, map: &HeatMap, scene: &mut Scene) {
        let Some(bar) = &self.color_bar else {
            return;
        };
        let columns = map.x_edges.len() - 1;
        for (index, value) in map.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let (column, row) = (index % columns, index / columns);
            let low = self.frame.pixel((map.x_edges[column], map.y_edges[row]));
            let high = self
                .frame
                .pixel((map.x_edges[column + 1], map.y_edges[row + 1]));
            // viewers blend the borders of shapes with what lies below: reach under the cells drawn later
            let filled = |index: usize| map.values.get(index).is_some_and(Option::is_some);
            let under = |reaches: bool| if reaches { CELL_OVERLAP } else { 0.0 };
            let right = column + 1 < columns && filled(index + 1);
            let above = filled(index + columns);
            let window = &self.frame.area;
            let area = Rectangle {
                left: low.0.max(window.left),
                right: (high.0 + under(right)).min(window.right),
                top: (high.1 - under(above)).max(window.top),
                bottom: low.1.min(window.bottom),
            };
            if area.left < area.right && area.top < area.bottom {
                let color = bar.color(*value);
                scene.primitives.push(Primitive::Rectangle { area, color });
            }
        }
    }

    fn draw_steps(&self, steps: &Steps, scene: &mut Scene, obstacles: &mut Vec<Point>) {
        let frame = &self.frame;
        let mut outline: Vec<(f64, f64)> = Vec::new();
        for (edges, &height) in steps.edges.windows(2).zip(&steps.heights) {
            outline.extend([(edges[0], height), (edges[1], height)]);
        }
        if steps.filled {
            let base = frame.y.low.max(0.0);
            let ends = [
                (steps.edges[steps.edges.len() - 1], base),
                (steps.edges[0], base),
            ];
            let corners: Vec<(f64, f64)> = outline.iter().chain(&ends).copied().collect();
            self.draw_region(&Region::new("", corners, steps.stroke.color), scene);
        }
        self.draw_line(&frame.pixels(&outline), &steps.stroke, scene, obstacles);
    }
}

/// Draws the border of a rectangle in black.
fn outline(area: &Rectangle, scene: &mut Scene) {
    let corners = [
        (area.left, area.top),
        (area.right, area.top),
        (area.right, area.bottom),
        (area.left, area.bottom),
        (area.left, area.top),
    ];
    // begin in the middle of a side, so that all four corners are joined
    let middle = (area.centre().0, area.top);
    let points: Vec<Point> = std::iter::once(middle)
        .chain(corners[1..].iter().copied())
        .chain(std::iter::once(middle))
        .collect();
    let pen = Stroke::solid(Color::BLACK).with_width(FRAME_WIDTH);
    scene.stroke(&points, &pen);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;
    use crate::layer::{Annotation, Curve, DataPoint, Placement};
    use crate::palette::Marker;

    fn cloud(name: &str, inside: impl Fn(f64, f64) -> bool) -> Points {
        let grid = Rectangle {
            left: 0.0,
            top: 0.0,
            right: 1.0,
            bottom: 1.0,
        }
        .grid(0.04);
        let points = grid
            .into_iter()
            .filter(|&(x, y)| inside(x, y))
            .map(|(x, y)| DataPoint::new(x, y))
            .collect();
        Points::new(name, points, Marker::Circle, Color::BLUE)
    }

    fn unit_panel() -> Panel {
        Panel::new(
            Axis::new("λ").with_range(0.0, 1.0),
            Axis::new("α").with_range(0.0, 1.0),
        )
    }

    /// Where the text `wanted` stands in the figure with this one panel.
    fn extent_of(panel: Panel, wanted: &str) -> (Rectangle, Scene) {
        let scene = lay_out(&Figure::new(panel)).unwrap();
        let extent = scene
            .primitives
            .iter()
            .find_map(|primitive| match primitive {
                Primitive::Text { text, .. } if text == wanted => primitive.extent(),
                _ => None,
            });
        (extent.unwrap(), scene)
    }

    fn discs(scene: &Scene) -> Vec<Point> {
        let centres = scene
            .primitives
            .iter()
            .filter_map(|primitive| match primitive {
                Primitive::Circle { centre, .. } => Some(*centre),
                _ => None,
            });
        centres.collect()
    }

    #[test]
    fn the_legend_stands_in_a_free_corner() {
        // data everywhere but at the lower left
        let mut panel = unit_panel();
        panel.add(cloud("cloud", |x, y| x > 0.5 || y > 0.5));
        let (extent, scene) = extent_of(panel, "cloud");
        let centres = discs(&scene);
        assert!(extent.right < 420.0 && extent.top > 300.0, "{extent:?}");
        // the last disc is the sample in the legend
        for centre in &centres[..centres.len() - 1] {
            assert!(extent.distance(*centre) > 4.0, "{extent:?} {centre:?}");
        }
    }

    #[test]
    fn the_legend_moves_outside_when_data_are_everywhere() {
        let mut panel = unit_panel();
        panel.add(cloud("cloud", |_, _| true));
        let (extent, scene) = extent_of(panel, "cloud");
        let centres = discs(&scene);
        let rightmost = centres[..centres.len() - 1]
            .iter()
            .map(|(x, _)| *x)
            .fold(0.0, f64::max);
        assert!(extent.left > rightmost + 10.0, "{extent:?}");
        assert!(extent.right < 800.0, "{extent:?}");
    }

    #[test]
    fn a_name_finds_its_place_inside_its_region_away_from_curves() {
        let mut panel = unit_panel();
        let diagonal = vec![(0.0, 0.0), (1.0, 1.0)];
        panel.add(Curve::new("diagonal", diagonal, Stroke::solid(Color::BLACK)).without_legend());
        let upper = vec![(0.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        panel.add(Annotation::new("name", Placement::Within(upper.clone())));
        // an arrow leads from outside to a region that is too narrow for the text
        let sliver = vec![(0.4, 0.1), (0.41, 0.1), (0.41, 0.2), (0.4, 0.2)];
        panel.add(Annotation::new("narrow region", Placement::Within(sliver)));
        let (extent, scene) = extent_of(panel.clone(), "name");
        let x = resolve_axis(&panel.x_axis, &panel, 1, |_| Vec::new()).unwrap();
        let y = resolve_axis(&panel.y_axis, &panel, 1, |_| Vec::new()).unwrap();
        let cell = Rectangle {
            left: 0.0,
            top: 0.0,
            right: 800.0,
            bottom: 560.0,
        };
        let frame = PanelParts::new(&panel, &cell, &x, &y, 0.0).unwrap().frame;
        let polygon = frame.pixels(&upper);
        for corner in extent.grid(4.0) {
            assert!(
                crate::geometry::polygon_contains(&polygon, corner),
                "{corner:?}"
            );
        }
        let end = frame.pixel((0.405, 0.15));
        let led = scene.primitives.iter().any(|primitive| match primitive {
            Primitive::Line { points, .. } => points
                .iter()
                .any(|&(x, y)| (x - end.0).abs() < 6.0 && (y - end.1).abs() < 30.0),
            _ => false,
        });
        assert!(led, "no line leads to the narrow region");
    }

    #[test]
    fn texts_neither_leave_the_canvas_nor_overlap() {
        for (low, high) in [
            (0.0, 1.0),
            (-1.0, 1.0),
            (0.0, 3e7),
            (-4e-9, 1e-9),
            (99.5, 100.5),
        ] {
            for logarithmic in [false, true] {
                let mut panel = Panel::new(
                    Axis::new("a rather long label with α_{c}^{lb}").with_range(low, high),
                    Axis::new("λ_{×}").with_range(low, high),
                );
                if logarithmic {
                    panel.x_axis = Axis::new("P").with_range(high * 1e-12, high).logarithmic();
                    panel.y_axis = Axis::new("P").with_range(high * 1e-2, high).logarithmic();
                }
                let mut figure = Figure::side_by_side(vec![panel.clone(), panel]);
                figure.panel_size = (320.0, 260.0);
                let scene = lay_out(&figure).unwrap();
                let is_script = |size: f64| size < 0.9 * TICK_LABEL_SIZE;
                let texts: Vec<(&String, Rectangle)> = scene
                    .primitives
                    .iter()
                    .filter_map(|primitive| match primitive {
                        // scripts may reach into the line of the text that carries them
                        Primitive::Text { text, size, .. } if !is_script(*size) => {
                            primitive.extent().map(|extent| (text, extent))
                        }
                        _ => None,
                    })
                    .collect();
                assert!(texts.len() > 8);
                for (index, (text, a)) in texts.iter().enumerate() {
                    assert!(a.left >= 0.0 && a.top >= 0.0, "{text} {a:?}");
                    assert!(
                        a.right <= scene.width && a.bottom <= scene.height,
                        "{text} {a:?}"
                    );
                    for (other, b) in &texts[index + 1..] {
                        let apart = a.right <= b.left + 1e-9
                            || b.right <= a.left + 1e-9
                            || a.bottom <= b.top + 1e-9
                            || b.bottom <= a.top + 1e-9;
                        assert!(apart, "\"{text}\" {a:?} and \"{other}\" {b:?}");
                    }
                }
            }
        }
    }
}
