//! Finds places for annotations, so that text covers neither data nor other text.

use super::frame::{Frame, OBSTACLE_STEP, does_not_fit};
use super::geometry::{Point, Rectangle, clip_polygon, polygon_centre, polygon_contains, resample};
use super::scene::{Label, Primitive, Scene};
use crate::error::PlotError;
use crate::figure::{Annotation, Color, Layer, Panel, Placement, Stroke};

/// Positions tried along each side of the frame.
const POSITIONS: f64 = 48.0;
/// Sizes tried, relative to the wished one.
const SIZES: [f64; 3] = [1.0, 0.85, 0.7];
/// Least distance of text from data and other text.
const LEAST_CLEARANCE: f64 = 5.0;
/// A distance beyond which more does not help.
const AMPLE_CLEARANCE: f64 = 24.0;
/// Distance between a text and the line that leads from it.
const LEADER_GAP: f64 = 3.0;

/// Draws the annotations of a panel above all else; returns points on them, for the legend to keep away from.
pub(crate) fn place_annotations(
    panel: &Panel,
    frame: &Frame,
    obstacles: &[Point],
    scene: &mut Scene,
) -> Result<Vec<Point>, PlotError> {
    let annotations = || {
        panel.layers.iter().filter_map(|layer| match layer {
            Layer::Annotation(annotation) => Some(annotation),
            _ => None,
        })
    };
    let mut taken = Vec::new();
    let mut searching = Vec::new();
    for annotation in annotations() {
        let label = Label::new(&annotation.text, annotation.size)?;
        let (width, height) = (label.width(), label.height());
        let centre = match &annotation.placement {
            Placement::Centre(x, y) => frame.pixel((*x, *y)),
            Placement::RightOf(x, y) => shifted(frame.pixel((*x, *y)), 0.5 * width),
            Placement::LeftOf(x, y) => shifted(frame.pixel((*x, *y)), -0.5 * width),
            Placement::Within(corners) => {
                searching.push((annotation, corners));
                continue;
            }
        };
        let area = Rectangle::around(centre, width, height);
        label.draw((area.left, area.top), annotation.color, scene);
        taken.extend(area.grid(OBSTACLE_STEP));
    }
    for (annotation, corners) in searching {
        let all: Vec<Point> = obstacles.iter().chain(&taken).copied().collect();
        let polygon = clip_polygon(&frame.pixels(corners), &frame.area);
        let drawn = place_within(annotation, &polygon, frame, &all, scene)?;
        taken.extend(drawn);
    }
    Ok(taken)
}

fn shifted((x, y): Point, by: f64) -> Point {
    (x + by, y)
}

/// Draws one annotation inside `polygon`, or beside it with a line leading there.
fn place_within(
    annotation: &Annotation,
    polygon: &[Point],
    frame: &Frame,
    obstacles: &[Point],
    scene: &mut Scene,
) -> Result<Vec<Point>, PlotError> {
    let size = (frame.area.width(), frame.area.height());
    let failure = || does_not_fit(format!("the text \"{}\"", annotation.text), size);
    let bounds = Rectangle::bounding(polygon).ok_or_else(failure)?;
    let middle = polygon_centre(polygon).unwrap_or_else(|| bounds.centre());
    for relative in SIZES {
        let label = Label::new(&annotation.text, annotation.size * relative)?;
        let centres = bounds.grid((bounds.width().max(bounds.height())) / POSITIONS);
        let best = best_area(&label, &centres, frame, obstacles, |area, clearance| {
            let inside = area
                .grid(0.25 * area.height())
                .into_iter()
                .all(|point| polygon_contains(polygon, point));
            let (x, y) = area.centre();
            let (centre_x, centre_y) = middle;
            let off_centre = (x - centre_x).hypot(y - centre_y);
            inside.then_some(clearance.min(AMPLE_CLEARANCE) - 0.05 * off_centre)
        });
        if let Some(area) = best {
            label.draw((area.left, area.top), annotation.color, scene);
            return Ok(area.grid(OBSTACLE_STEP));
        }
    }
    let target = widest_spot(polygon, &bounds, obstacles).ok_or_else(failure)?;
    let label = Label::new(&annotation.text, annotation.size * SIZES[1])?;
    let step = frame.area.width().max(frame.area.height()) / POSITIONS;
    let area = best_area(
        &label,
        &frame.area.grid(step),
        frame,
        obstacles,
        |area, _| Some(-area.distance(target)),
    )
    .ok_or_else(failure)?;
    // its colour was chosen for the ground inside
    scene.primitives.push(Primitive::Rectangle {
        area: area.grown(LEADER_GAP),
        color: Color::WHITE,
    });
    label.draw((area.left, area.top), Color::BLACK, scene);
    let from = area.grown(LEADER_GAP).nearest(target);
    let leader = [from, target];
    scene.stroke(&leader, &Stroke::solid(Color::BLACK).with_width(1.0));
    let mut taken = area.grid(OBSTACLE_STEP);
    taken.extend(resample(&leader, OBSTACLE_STEP));
    Ok(taken)
}

/// The place for `label` with the highest `score` (from the area and its distance to the nearest obstacle or side of
/// the frame), among those clear of both.
fn best_area(
    label: &Label,
    centres: &[Point],
    frame: &Frame,
    obstacles: &[Point],
    score: impl Fn(&Rectangle, f64) -> Option<f64>,
) -> Option<Rectangle> {
    let mut best: Option<(f64, Rectangle)> = None;
    for &centre in centres {
        let area = Rectangle::around(centre, label.width(), label.height());
        let distances = obstacles.iter().map(|&point| area.distance(point));
        let clearance = distances.fold(frame_distance(&area, &frame.area), f64::min);
        if clearance < LEAST_CLEARANCE {
            continue;
        }
        if let Some(score) = score(&area, clearance)
            && best.as_ref().is_none_or(|(highest, _)| score > *highest)
        {
            best = Some((score, area));
        }
    }
    best.map(|(_, area)| area)
}

/// Distance of an area inside the frame from its nearest side.
fn frame_distance(area: &Rectangle, frame: &Rectangle) -> f64 {
    [
        area.left - frame.left,
        frame.right - area.right,
        area.top - frame.top,
        frame.bottom - area.bottom,
    ]
    .into_iter()
    .fold(f64::INFINITY, f64::min)
}

/// The point of the polygon farthest from all obstacles.
fn widest_spot(polygon: &[Point], bounds: &Rectangle, obstacles: &[Point]) -> Option<Point> {
    let step = bounds.width().max(bounds.height()) / POSITIONS;
    let clearance = |(x, y): Point| {
        let distances = obstacles.iter().map(|&(a, b)| (x - a).hypot(y - b));
        distances.fold(f64::INFINITY, f64::min)
    };
    bounds
        .grid(step)
        .into_iter()
        .filter(|&point| polygon_contains(polygon, point))
        .map(|point| (clearance(point), point))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, point)| point)
}
