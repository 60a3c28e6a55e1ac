//! A laid-out figure: shapes and text at pixel positions, ready for any backend.

use super::geometry::{Point, Rectangle, dash_line};
use super::runs::Line;
use super::runs::lay_out_lines;
use super::typeface::{ASCENT, DESCENT};
use crate::error::PlotError;
use crate::figure::{Color, Stroke};

/// By how much lines are tried narrower, one after the other, to make them equal.
const NARROWING: f64 = 0.95;

/// One thing to draw; lengths in pixels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Primitive {
    Line {
        points: Vec<Point>,
        width: f64,
        color: Color,
    },
    Polygon {
        corners: Vec<Point>,
        color: Color,
        opacity: f64,
    },
    Rectangle {
        area: Rectangle,
        color: Color,
    },
    Circle {
        centre: Point,
        radius: f64,
        color: Color,
    },
    Text(Text),
}

/// Text starting on its baseline at `start`, running right or, if rotated, upwards.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub content: String,
    pub start: Point,
    pub size: f64,
    pub width: f64,
    pub rotated: bool,
    pub color: Color,
}

impl Text {
    /// The rectangle from its ascent to its descent.
    pub fn extent(&self) -> Rectangle {
        let ((x, y), size) = (self.start, self.size);
        if self.rotated {
            Rectangle {
                left: x - ASCENT * size,
                right: x + DESCENT * size,
                top: y - self.width,
                bottom: y,
            }
        } else {
            Rectangle {
                left: x,
                right: x + self.width,
                top: y - ASCENT * size,
                bottom: y + DESCENT * size,
            }
        }
    }
}

impl Primitive {
    /// Moves it.
    pub fn translate(&mut self, (dx, dy): Point) {
        let shift = |point: &mut Point| *point = (point.0 + dx, point.1 + dy);
        match self {
            Self::Line { points, .. }
            | Self::Polygon {
                corners: points, ..
            } => {
                points.iter_mut().for_each(shift);
            }
            Self::Rectangle { area, .. } => *area = area.moved((dx, dy)),
            Self::Circle { centre, .. } => shift(centre),
            Self::Text(text) => shift(&mut text.start),
        }
    }

    /// The rectangle that this covers; `None` for a shape without points.
    pub fn extent(&self) -> Option<Rectangle> {
        match self {
            Self::Line { points, width, .. } => {
                Rectangle::bounding(points).map(|bounds| bounds.grown(0.5 * width))
            }
            Self::Polygon { corners, .. } => Rectangle::bounding(corners),
            Self::Rectangle { area, .. } => Some(*area),
            Self::Circle { centre, radius, .. } => {
                Some(Rectangle::around(*centre, 2.0 * radius, 2.0 * radius))
            }
            Self::Text(text) => Some(text.extent()),
        }
    }
}

/// All primitives of a figure in drawing order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scene {
    pub width: f64,
    pub height: f64,
    pub primitives: Vec<Primitive>,
    /// Where the axes of each panel enclose its layers.
    pub areas: Vec<Rectangle>,
}

impl Scene {
    /// All runs of text, in drawing order.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.primitives
            .iter()
            .filter_map(|primitive| match primitive {
                Primitive::Text(text) => Some(text),
                _ => None,
            })
    }

    /// Draws a line through `points` with dashes.
    pub fn stroke(&mut self, points: &[Point], stroke: &Stroke) {
        let pattern: Vec<f64> = stroke
            .dash
            .pattern()
            .iter()
            .map(|length| length * stroke.width)
            .collect();
        for points in dash_line(points, &pattern) {
            self.primitives.push(Primitive::Line {
                points,
                width: stroke.width,
                color: stroke.color,
            });
        }
    }
}

/// A measured block of text, one or several lines, each centred unless drawn otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Label {
    lines: Vec<Line>,
    /// Size of the em in pixels.
    pub size: f64,
}

impl Label {
    /// Reads the markup of `text`.
    pub fn new(text: &str, size: f64) -> Result<Self, PlotError> {
        Ok(Self {
            lines: lay_out_lines(text)?,
            size,
        })
    }

    /// The same, broken between words into as few lines of at most `width` pixels as possible, of about equal width.
    pub fn wrapped(text: &str, size: f64, width: f64) -> Result<Self, PlotError> {
        let mut best = Self::broken(text, size, width)?;
        let mut narrower = width;
        while best.lines.len() > 1 {
            narrower *= NARROWING;
            let tried = Self::broken(text, size, narrower)?;
            if tried.lines.len() > best.lines.len() || tried.width() > narrower {
                break;
            }
            best = tried;
        }
        Ok(best)
    }

    fn broken(text: &str, size: f64, width: f64) -> Result<Self, PlotError> {
        let mut broken: Vec<String> = Vec::new();
        for line in text.lines() {
            let mut current = String::new();
            for word in words(line) {
                let longer = if current.is_empty() {
                    word.to_owned()
                } else {
                    format!("{current} {word}")
                };
                if !current.is_empty() && Self::new(&longer, size)?.width() > width {
                    broken.push(std::mem::replace(&mut current, word.to_owned()));
                } else {
                    current = longer;
                }
            }
            broken.push(current);
        }
        Self::new(&broken.join("\n"), size)
    }

    pub fn width(&self) -> f64 {
        let widest = self.lines.iter().map(|line| line.width).fold(0.0, f64::max);
        widest * self.size
    }

    pub fn height(&self) -> f64 {
        let height: f64 = self
            .lines
            .iter()
            .map(|line| line.ascent + line.descent)
            .sum();
        height * self.size
    }

    /// Draws the block with its upper left corner at `corner`.
    pub fn draw(&self, (left, top): Point, color: Color, scene: &mut Scene) {
        self.draw_lines(scene, color, false, |along, down| {
            (left + along, top + down)
        });
    }

    /// Draws the block running upwards, with its upper left corner at `(left, bottom)`.
    pub fn draw_rotated(&self, (left, bottom): Point, color: Color, scene: &mut Scene) {
        self.draw_lines(scene, color, true, |along, down| {
            (left + down, bottom - along)
        });
    }

    fn draw_lines(
        &self,
        scene: &mut Scene,
        color: Color,
        rotated: bool,
        position: impl Fn(f64, f64) -> Point,
    ) {
        let mut top = 0.0;
        for line in &self.lines {
            let indent = 0.5 * (self.width() - line.width * self.size);
            for run in &line.runs {
                let baseline = top + (line.ascent - run.rise) * self.size;
                scene.primitives.push(Primitive::Text(Text {
                    content: run.text.clone(),
                    start: position(indent + run.x * self.size, baseline),
                    size: run.size * self.size,
                    width: run.width * self.size,
                    rotated,
                    color,
                }));
            }
            top += (line.ascent + line.descent) * self.size;
        }
    }
}

/// The words of a line of markup: spaces within braces break nothing.
fn words(line: &str) -> Vec<&str> {
    let (mut depth, mut begin) = (0_usize, 0);
    let mut found = Vec::new();
    for (position, character) in line.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 => {
                found.push(&line[begin..position]);
                begin = position + 1;
            }
            _ => {}
        }
    }
    found.push(&line[begin..]);
    found
}
