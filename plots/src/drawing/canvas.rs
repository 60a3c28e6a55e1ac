//! Draws the layers of a panel inside its frame.

use super::frame::{Frame, OBSTACLE_STEP};
use super::geometry::{Point, Rectangle, clip_line, clip_polygon, polygon_contains, resample};
use super::marker::draw_marker;
use super::scene::{Primitive, Scene};
use crate::figure::{Across, Color, Dash, HeatMap, Layer, Points, Region, Steps, Stroke};

/// How far a cell of a map reaches under its neighbours.
const CELL_OVERLAP: f64 = 0.5;
const ERROR_BAR_WIDTH: f64 = 1.4;
const ERROR_BAR_CAP: f64 = 3.5;
/// The white part of an open marker.
const OPEN_SHARE: f64 = 0.55;

/// Where the layers of a panel are drawn.
pub(crate) struct Canvas<'a> {
    pub frame: &'a Frame,
    pub scene: &'a mut Scene,
    /// Points on the data, for text to keep away from.
    pub obstacles: Vec<Point>,
    /// Points on shaded areas, which text may stand on but a legend hides.
    pub covered: Vec<Point>,
}

impl Canvas<'_> {
    /// Draws one layer; annotations come last, legend entries with the legend.
    pub fn draw(&mut self, layer: &Layer) {
        let frame = self.frame;
        match layer {
            Layer::Curve(curve) => {
                self.line(&frame.pixels(&curve.points), &curve.stroke);
            }
            Layer::CrossLine(line) => {
                let ends = match line.across {
                    Across::Horizontal(y) => [(frame.x.low, y), (frame.x.high, y)],
                    Across::Vertical(x) => [(x, frame.y.low), (x, frame.y.high)],
                };
                self.line(&frame.pixels(&ends), &line.stroke);
            }
            Layer::Points(points) => self.points(points),
            Layer::Region(region) => self.region(region),
            Layer::HeatMap(map) => self.map(map),
            Layer::Steps(steps) => self.steps(steps),
            Layer::Annotation(_) | Layer::LegendEntry(_) => {}
        }
    }

    fn line(&mut self, points: &[Point], stroke: &Stroke) {
        for piece in clip_line(points, &self.frame.area) {
            self.obstacles.extend(resample(&piece, OBSTACLE_STEP));
            self.scene.stroke(&piece, stroke);
        }
    }

    fn points(&mut self, layer: &Points) {
        let frame = self.frame;
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
                self.line(&ends, &pen);
                for (x, y) in ends {
                    if frame.area.contains((x, y)) {
                        let cap = [(x - cap.0, y - cap.1), (x + cap.0, y + cap.1)];
                        self.line(&cap, &pen);
                    }
                }
            }
            if frame.area.contains(centre) {
                let extent = Rectangle::around(centre, layer.size, layer.size);
                self.obstacles.extend(extent.grid(OBSTACLE_STEP));
                draw_marker(layer.marker, centre, layer.size, layer.color, self.scene);
                if point.is_open {
                    let size = OPEN_SHARE * layer.size;
                    draw_marker(layer.marker, centre, size, Color::WHITE, self.scene);
                }
            }
        }
    }

    fn region(&mut self, region: &Region) {
        let corners = clip_polygon(&self.frame.pixels(&region.corners), &self.frame.area);
        if corners.len() > 2 {
            let bounds = Rectangle::bounding(&corners).map(|bounds| bounds.grid(OBSTACLE_STEP));
            let inside = |point: &Point| polygon_contains(&corners, *point);
            self.covered
                .extend(bounds.into_iter().flatten().filter(inside));
            self.scene.primitives.push(Primitive::Polygon {
                corners,
                color: region.color,
                opacity: region.opacity,
            });
        }
    }

    fn map(&mut self, map: &HeatMap) {
        let columns = map.x_edges.len() - 1;
        let color = map.coloring();
        let colors: Vec<Option<Color>> = map
            .values
            .iter()
            .map(|value| value.and_then(&color))
            .collect();
        let is_filled = |index: usize| colors.get(index).is_some_and(Option::is_some);
        for (row, cells) in colors.chunks(columns).enumerate() {
            // neighbours of one colour, above which all cells are filled or none is, make one rectangle
            let above = |column: usize| is_filled((row + 1) * columns + column);
            let mut first = 0;
            while first < columns {
                let run = cells[first..]
                    .iter()
                    .enumerate()
                    .take_while(|(offset, color)| {
                        **color == cells[first] && above(first + offset) == above(first)
                    });
                let end = first + run.count();
                if let Some(color) = cells[first] {
                    let reaches = (end < columns && cells[end].is_some(), above(first));
                    let cells = (first, end);
                    self.cells(map, row, cells, reaches, color);
                }
                first = end;
            }
        }
    }

    /// Fills the cells from column `first` up to `end`; `right` and `above` say whether there are cells to reach under,
    /// since viewers blend the borders of shapes with what lies below.
    fn cells(
        &mut self,
        map: &HeatMap,
        row: usize,
        (first, end): (usize, usize),
        (right, above): (bool, bool),
        color: Color,
    ) {
        let low = self.frame.pixel((map.x_edges[first], map.y_edges[row]));
        let high = self.frame.pixel((map.x_edges[end], map.y_edges[row + 1]));
        let under = |reaches: bool| if reaches { CELL_OVERLAP } else { 0.0 };
        let window = &self.frame.area;
        let area = Rectangle {
            left: low.0.max(window.left),
            right: (high.0 + under(right)).min(window.right),
            top: (high.1 - under(above)).max(window.top),
            bottom: low.1.min(window.bottom),
        };
        if area.left < area.right && area.top < area.bottom {
            self.scene
                .primitives
                .push(Primitive::Rectangle { area, color });
        }
    }

    fn steps(&mut self, steps: &Steps) {
        let frame = self.frame;
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
            self.region(&Region::new("", corners, steps.stroke.color));
        }
        self.line(&frame.pixels(&outline), &steps.stroke);
    }
}
