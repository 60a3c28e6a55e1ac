//! Plane geometry of the layout: rectangles, clipping, dashes, resampling, polygons.

/// A position in pixels, x to the right and y downwards.
pub(crate) type Point = (f64, f64);

/// An upright rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rectangle {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rectangle {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn moved(&self, (dx, dy): Point) -> Self {
        Self {
            left: self.left + dx,
            right: self.right + dx,
            top: self.top + dy,
            bottom: self.bottom + dy,
        }
    }

    pub fn centre(&self) -> Point {
        (
            0.5 * (self.left + self.right),
            0.5 * (self.top + self.bottom),
        )
    }

    /// The corners in order around, from the upper left.
    pub fn corners(&self) -> [Point; 4] {
        [
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        ]
    }

    /// The rectangle of the given size around a centre.
    pub fn around((x, y): Point, width: f64, height: f64) -> Self {
        Self {
            left: x - 0.5 * width,
            right: x + 0.5 * width,
            top: y - 0.5 * height,
            bottom: y + 0.5 * height,
        }
    }

    /// The smallest rectangle that holds all `points`; `None` without points.
    pub fn bounding(points: &[Point]) -> Option<Self> {
        let &(x, y) = points.first()?;
        let start = Self {
            left: x,
            right: x,
            top: y,
            bottom: y,
        };
        Some(points.iter().fold(start, |bounds, &(x, y)| Self {
            left: bounds.left.min(x),
            right: bounds.right.max(x),
            top: bounds.top.min(y),
            bottom: bounds.bottom.max(y),
        }))
    }

    /// The rectangle with `margin` more on each side.
    pub fn grown(&self, margin: f64) -> Self {
        Self {
            left: self.left - margin,
            right: self.right + margin,
            top: self.top - margin,
            bottom: self.bottom + margin,
        }
    }

    /// Whether the point lies inside or on the border.
    pub fn contains(&self, (x, y): Point) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Distance of a point from the rectangle, 0 inside.
    pub fn distance(&self, (x, y): Point) -> f64 {
        let dx = (self.left - x).max(x - self.right).max(0.0);
        let dy = (self.top - y).max(y - self.bottom).max(0.0);
        dx.hypot(dy)
    }

    /// The point of the rectangle nearest to another point.
    pub fn nearest(&self, (x, y): Point) -> Point {
        (
            x.clamp(self.left, self.right),
            y.clamp(self.top, self.bottom),
        )
    }

    /// A grid of points covering the rectangle, neighbours at most `step` apart, borders included.
    pub fn grid(&self, step: f64) -> Vec<Point> {
        let columns = (self.width() / step).ceil().max(1.0);
        let rows = (self.height() / step).ceil().max(1.0);
        let mut points = Vec::new();
        let mut row = 0.0;
        while row <= rows {
            let mut column = 0.0;
            while column <= columns {
                points.push((
                    self.left + self.width() * column / columns,
                    self.top + self.height() * row / rows,
                ));
                column += 1.0;
            }
            row += 1.0;
        }
        points
    }
}

/// The part of the segment from `a` to `b` inside `window` (Liang and Barsky).
fn clip_segment(a: Point, b: Point, window: &Rectangle) -> Option<(Point, Point)> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (slope, room) in [
        (-dx, a.0 - window.left),
        (dx, window.right - a.0),
        (-dy, a.1 - window.top),
        (dy, window.bottom - a.1),
    ] {
        if slope == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            enter = enter.max(room / slope);
        } else {
            leave = leave.min(room / slope);
        }
    }
    (enter <= leave).then(|| {
        let at = |fraction: f64| (a.0 + fraction * dx, a.1 + fraction * dy);
        (at(enter), at(leave))
    })
}

/// The pieces of a line inside `window`.
pub(crate) fn clip_line(points: &[Point], window: &Rectangle) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for pair in points.windows(2) {
        let Some((start, end)) = clip_segment(pair[0], pair[1], window) else {
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&start) => piece.push(end),
            _ => pieces.push(vec![start, end]),
        }
    }
    pieces
}

/// The part of a polygon inside `window` (Sutherland and Hodgman).
pub(crate) fn clip_polygon(corners: &[Point], window: &Rectangle) -> Vec<Point> {
    // signed distance to the inner side of each border
    let borders: [&dyn Fn(Point) -> f64; 4] = [
        &|(x, _)| x - window.left,
        &|(x, _)| window.right - x,
        &|(_, y)| y - window.top,
        &|(_, y)| window.bottom - y,
    ];
    let mut polygon = corners.to_vec();
    for inside in borders {
        let mut kept = Vec::with_capacity(polygon.len());
        for (index, &current) in polygon.iter().enumerate() {
            let previous = polygon[(index + polygon.len() - 1) % polygon.len()];
            let (before, now) = (inside(previous), inside(current));
            if (before >= 0.0) != (now >= 0.0) {
                let fraction = before / (before - now);
                kept.push((
                    previous.0 + fraction * (current.0 - previous.0),
                    previous.1 + fraction * (current.1 - previous.1),
                ));
            }
            if now >= 0.0 {
                kept.push(current);
            }
        }
        polygon = kept;
    }
    polygon
}

/// Cuts a line into strokes by lengths of strokes and gaps in turn; an empty pattern leaves it whole.
pub(crate) fn dash_line(points: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    if pattern.is_empty() {
        return vec![points.to_vec()];
    }
    let mut strokes = Vec::new();
    let mut stroke: Vec<Point> = points.first().copied().into_iter().collect();
    let (mut phase, mut left) = (0, pattern[0]);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = (to.0 - from.0).hypot(to.1 - from.1);
        while length > left {
            let fraction = left / length;
            from = (
                from.0 + fraction * (to.0 - from.0),
                from.1 + fraction * (to.1 - from.1),
            );
            length -= left;
            if phase % 2 == 0 {
                stroke.push(from);
                strokes.push(std::mem::take(&mut stroke));
            } else {
                stroke = vec![from];
            }
            phase = (phase + 1) % pattern.len();
            left = pattern[phase];
        }
        left -= length;
        if phase % 2 == 0 {
            stroke.push(to);
        }
    }
    if stroke.len() > 1 {
        strokes.push(stroke);
    }
    strokes
}

/// Points along a line, neighbours at most `step` apart.
pub(crate) fn resample(points: &[Point], step: f64) -> Vec<Point> {
    let mut samples: Vec<Point> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let parts = ((to.0 - from.0).hypot(to.1 - from.1) / step)
            .ceil()
            .max(1.0);
        let mut part = 1.0;
        while part <= parts {
            let fraction = part / parts;
            samples.push((
                from.0 + fraction * (to.0 - from.0),
                from.1 + fraction * (to.1 - from.1),
            ));
            part += 1.0;
        }
    }
    samples
}

/// Whether a point lies inside a polygon (even–odd rule).
pub(crate) fn polygon_contains(corners: &[Point], (x, y): Point) -> bool {
    let mut inside = false;
    for (index, &(x1, y1)) in corners.iter().enumerate() {
        let (x2, y2) = corners[(index + 1) % corners.len()];
        if (y1 > y) != (y2 > y) && x < x1 + (y - y1) / (y2 - y1) * (x2 - x1) {
            inside = !inside;
        }
    }
    inside
}

/// The centre of mass of a polygon; `None` if it has no area.
pub(crate) fn polygon_centre(corners: &[Point]) -> Option<Point> {
    let (mut twice_area, mut x, mut y) = (0.0, 0.0, 0.0);
    for (index, &(x1, y1)) in corners.iter().enumerate() {
        let (x2, y2) = corners[(index + 1) % corners.len()];
        let cross = x1 * y2 - x2 * y1;
        twice_area += cross;
        x += (x1 + x2) * cross;
        y += (y1 + y2) * cross;
    }
    (twice_area != 0.0).then(|| (x / (3.0 * twice_area), y / (3.0 * twice_area)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    const WINDOW: Rectangle = Rectangle {
        left: 0.0,
        top: 0.0,
        right: 10.0,
        bottom: 10.0,
    };

    #[test]
    fn lines_are_cut_at_the_window_and_may_come_back() {
        let line = [
            (-5.0, 5.0),
            (5.0, 5.0),
            (5.0, 20.0),
            (8.0, 20.0),
            (8.0, 0.0),
        ];
        assert_eq!(
            clip_line(&line, &WINDOW),
            vec![
                vec![(0.0, 5.0), (5.0, 5.0), (5.0, 10.0)],
                vec![(8.0, 10.0), (8.0, 0.0)],
            ]
        );
        assert!(clip_line(&[(-1.0, 3.0), (-1.0, 8.0)], &WINDOW).is_empty());
    }

    #[test]
    fn polygons_are_cut_at_the_window() {
        let area = |corners: &[Point]| {
            let twice: f64 = (0..corners.len())
                .map(|i| {
                    let (a, b) = (corners[i], corners[(i + 1) % corners.len()]);
                    a.0 * b.1 - b.0 * a.1
                })
                .sum();
            0.5 * twice.abs()
        };
        // a diamond of diagonal 20 around a corner keeps a quarter of its area
        let diamond = [(0.0, -10.0), (10.0, 0.0), (0.0, 10.0), (-10.0, 0.0)];
        assert!((area(&clip_polygon(&diamond, &WINDOW)) - 50.0).abs() < 1e-12);
        assert!(clip_polygon(&[(20.0, 0.0), (30.0, 0.0), (30.0, 9.0)], &WINDOW).is_empty());
    }

    #[test]
    fn dashes_keep_their_lengths_around_corners() {
        let line = [(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)];
        assert_eq!(
            dash_line(&line, &[4.0, 2.0]),
            vec![vec![(0.0, 0.0), (4.0, 0.0)], vec![(5.0, 1.0), (5.0, 5.0)],]
        );
        assert_eq!(dash_line(&line, &[]), vec![line.to_vec()]);
        let length: f64 = dash_line(&[(0.0, 0.0), (600.0, 0.0)], &[4.0, 2.0])
            .iter()
            .map(|stroke| stroke[1].0 - stroke[0].0)
            .sum();
        assert!((length - 400.0).abs() < 1e-9);
    }

    #[test]
    fn samples_along_a_line_are_close() {
        let samples = resample(&[(0.0, 0.0), (10.0, 0.0), (10.0, 1.0)], 3.0);
        assert_eq!(samples.len(), 6);
        for pair in samples.windows(2) {
            assert!((pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1) <= 3.0);
        }
    }

    #[test]
    fn points_are_found_inside_polygons() {
        let notched = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0)];
        assert!(polygon_contains(&notched, (1.0, 1.0)));
        assert!(!polygon_contains(&notched, (2.0, 3.0)));
        assert!(!polygon_contains(&notched, (5.0, 1.0)));
    }

    #[test]
    fn the_centre_of_a_triangle_is_the_mean_of_its_corners() {
        let (x, y) = polygon_centre(&[(1.0, 1.0), (4.0, 1.0), (1.0, 7.0)]).unwrap();
        assert!((x - 2.0).abs() < 1e-12 && (y - 3.0).abs() < 1e-12);
        assert_eq!(polygon_centre(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]), None);
    }

    #[test]
    fn distances_from_rectangles() {
        assert_eq!(WINDOW.distance((5.0, 5.0)), 0.0);
        assert_eq!(WINDOW.distance((13.0, 14.0)), 5.0);
        assert_eq!(WINDOW.nearest((13.0, 4.0)), (10.0, 4.0));
        assert_eq!(WINDOW.grid(5.0).len(), 9);
    }
}
