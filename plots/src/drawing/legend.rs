//! The legend of a panel: its entries, its place, and the markers it shares with the data.

use super::geometry::{Point, Rectangle};
use super::marker::draw_marker;
use super::scene::{Label, Primitive, Scene};
use crate::error::PlotError;
use crate::figure::{Color, Layer, Points, Stroke};

const TEXT_SIZE: f64 = 15.0;
/// Length of the sample of a line.
const SAMPLE_WIDTH: f64 = 36.0;
/// Height of the sample of a shaded region.
const SWATCH_HEIGHT: f64 = 11.0;
const GAP: f64 = 8.0;
/// Space between rows.
const LEADING: f64 = 4.0;
/// Space between the entries and the border.
const PADDING: f64 = 8.0;
/// Distance kept from the frame and from the data.
const CLEARANCE: f64 = 10.0;
/// Positions tried along each side of the frame.
const POSITIONS: u32 = 24;

enum Sample {
    Line(Stroke),
    Points(Points),
    Swatch(Color, f64),
}

struct Entry {
    sample: Sample,
    label: Label,
}

/// The measured entries of a legend.
pub(crate) struct Legend {
    entries: Vec<Entry>,
}

impl Legend {
    /// Collects the entries of `layers`; `None` if there are none.
    pub fn new(layers: &[Layer]) -> Result<Option<Self>, PlotError> {
        let mut entries = Vec::new();
        for layer in layers.iter().filter(|layer| layer.in_legend()) {
            let sample = match layer {
                Layer::Curve(curve) => Sample::Line(curve.stroke),
                Layer::CrossLine(line) => Sample::Line(line.stroke),
                Layer::Steps(steps) => Sample::Line(steps.stroke),
                Layer::LegendEntry(entry) => Sample::Line(entry.stroke),
                Layer::Points(points) => Sample::Points(Points {
                    points: Vec::new(),
                    ..points.clone()
                }),
                Layer::Region(region) => Sample::Swatch(region.color, region.opacity),
                Layer::Annotation(_) | Layer::HeatMap(_) => continue,
            };
            let label = Label::new(layer.name(), TEXT_SIZE)?;
            entries.push(Entry { sample, label });
        }
        Ok((!entries.is_empty()).then_some(Self { entries }))
    }

    fn row_height(&self) -> f64 {
        let heights = self.entries.iter().map(|entry| entry.label.height());
        heights.fold(0.0, f64::max) + LEADING
    }

    fn column_width(&self) -> f64 {
        let widths = self.entries.iter().map(|entry| entry.label.width());
        SAMPLE_WIDTH + GAP + widths.fold(0.0, f64::max)
    }

    /// Entries per column where a column may be `room` pixels high.
    pub fn rows_within_height(&self, room: f64) -> usize {
        let available = room - 2.0 * PADDING;
        let row_height = self.row_height();
        let mut rows = 1;
        while rows < self.entries.len() && (rows as f64 + 1.0) * row_height <= available {
            rows += 1;
        }
        self.even(self.entries.len().div_ceil(rows))
    }

    /// Entries per column where all columns may be `room` pixels wide together.
    pub fn rows_within_width(&self, room: f64) -> usize {
        let mut columns = 1;
        while columns < self.entries.len() && self.size(self.even(columns + 1)).0 <= room {
            columns += 1;
        }
        self.even(columns)
    }

    /// Entries per column in so many columns: even ones look better than full ones and one that is nearly empty.
    fn even(&self, columns: usize) -> usize {
        self.entries.len().div_ceil(columns)
    }

    /// Width and height in columns of so many entries.
    pub fn size(&self, rows: usize) -> (f64, f64) {
        let columns = self.entries.len().div_ceil(rows) as f64;
        (
            columns * (self.column_width() + 2.0 * GAP) - 2.0 * GAP + 2.0 * PADDING,
            rows as f64 * self.row_height() + 2.0 * PADDING,
        )
    }

    /// Draws the entries column by column with the upper left corner at `corner`.
    pub fn draw(&self, (left, top): Point, rows: usize, scene: &mut Scene) {
        for (index, entry) in self.entries.iter().enumerate() {
            let (column, row) = ((index / rows) as f64, (index % rows) as f64);
            let x = left + PADDING + column * (self.column_width() + 2.0 * GAP);
            let middle = top + PADDING + (row + 0.5) * self.row_height();
            entry.sample.draw((x, middle), scene);
            let corner = (x + SAMPLE_WIDTH + GAP, middle - 0.5 * entry.label.height());
            entry.label.draw(corner, Color::BLACK, scene);
        }
    }

    /// Draws the legend inside `frame` where it covers none of the `obstacles`, preferring corners; returns whether
    /// there was such a place.
    pub fn place_inside(&self, frame: &Rectangle, obstacles: &[Point], scene: &mut Scene) -> bool {
        let room = frame.height() - 2.0 * CLEARANCE;
        let rows = self.rows_within_height(room);
        let (width, height) = self.size(rows);
        let free_x = frame.width() - 2.0 * CLEARANCE - width;
        let free_y = room - height;
        // a legend that fills the frame hides the plot even where it covers no data
        if free_x < 0.0 || free_y < 0.0 || width > 0.6 * frame.width() {
            return false;
        }
        let mut best: Option<(f64, Rectangle)> = None;
        for column in 0..=POSITIONS {
            for row in 0..=POSITIONS {
                let across = f64::from(column) / f64::from(POSITIONS);
                let down = f64::from(row) / f64::from(POSITIONS);
                let left = frame.left + CLEARANCE + across * free_x;
                let top = frame.top + CLEARANCE + down * free_y;
                let area = Rectangle {
                    left,
                    top,
                    right: left + width,
                    bottom: top + height,
                };
                // distance from the nearest corner; of equal corners upper right before upper left, lower right, lower left
                let (from_side, from_end) = (across.min(1.0 - across), down.min(1.0 - down));
                let order = 1e-3
                    * (f64::from(u8::from(across < 0.5)) + 2.0 * f64::from(u8::from(down > 0.5)));
                let cost = (from_side * free_x).hypot(from_end * free_y) + order;
                if best.as_ref().is_some_and(|(least, _)| *least <= cost) {
                    continue;
                }
                let kept_clear = area.grown(CLEARANCE);
                if !obstacles.iter().any(|&point| kept_clear.contains(point)) {
                    best = Some((cost, area));
                }
            }
        }
        let Some((_, area)) = best else { return false };
        scene.primitives.push(Primitive::Polygon {
            corners: area.corners().to_vec(),
            color: Color::WHITE,
            opacity: 0.8,
        });
        self.draw((area.left, area.top), rows, scene);
        true
    }
}

impl Sample {
    /// Draws the sample with its left end at `(left, middle)`.
    fn draw(&self, (left, middle): Point, scene: &mut Scene) {
        let centre = (left + 0.5 * SAMPLE_WIDTH, middle);
        match self {
            Self::Line(stroke) => {
                scene.stroke(&[(left, middle), (left + SAMPLE_WIDTH, middle)], stroke);
            }
            Self::Points(points) => {
                if let Some(stroke) = &points.line {
                    scene.stroke(&[(left, middle), (left + SAMPLE_WIDTH, middle)], stroke);
                }
                draw_marker(points.marker, centre, points.size, points.color, scene);
            }
            Self::Swatch(color, opacity) => {
                let area = Rectangle::around(centre, SAMPLE_WIDTH, SWATCH_HEIGHT);
                scene.primitives.push(Primitive::Polygon {
                    corners: area.corners().to_vec(),
                    color: *color,
                    opacity: *opacity,
                });
            }
        }
    }
}
