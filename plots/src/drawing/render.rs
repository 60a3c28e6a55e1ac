//! Draws a scene with plotters from integer coordinates, and as svg.
//!
//! plotters' coordinates are whole numbers. Both backends therefore draw [`FINENESS`] times larger: the svg is
//! scaled back by its `viewBox`, the png by averaging, which also smooths all edges.

use std::fmt::{Display, Write};
use std::path::Path;

use plotters::backend::SVGBackend;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend};

use super::geometry::Point;
use super::scene::{Primitive, Scene, Text};
use super::typeface::{ASCENT, TextStyle};
use crate::error::PlotError;
use crate::figure::{Color, Metadata};

/// Device units per pixel of the figure.
pub(super) const FINENESS: u32 = 8;

/// Nearest device unit.
#[expect(
    clippy::cast_possible_truncation,
    reason = "figures are at most a few thousand pixels wide"
)]
pub(super) fn device(length: f64) -> i32 {
    (length * f64::from(FINENESS)).round() as i32
}

/// A length as at least one device unit.
fn device_length(length: f64) -> u32 {
    device(length).max(1).unsigned_abs()
}

fn device_point((x, y): Point) -> BackendCoord {
    (device(x), device(y))
}

fn device_points(points: &[Point]) -> Vec<BackendCoord> {
    let mut points: Vec<BackendCoord> = points.iter().copied().map(device_point).collect();
    points.dedup();
    points
}

fn ink(color: Color, opacity: f64) -> BackendColor {
    BackendColor {
        alpha: opacity,
        rgb: (color.red, color.green, color.blue),
    }
}

pub(super) struct Pen {
    pub(super) color: BackendColor,
    pub(super) width: u32,
}

impl BackendStyle for Pen {
    fn color(&self) -> BackendColor {
        self.color
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

/// Draws the primitives that are `shown`; `draw_line` says how the backend draws a wide line.
pub(super) fn draw<Backend: DrawingBackend>(
    scene: &Scene,
    backend: &mut Backend,
    path: &Path,
    shown: impl Fn(&Primitive) -> bool,
    draw_line: impl Fn(&mut Backend, &[BackendCoord], &Pen) -> Result<(), String>,
) -> Result<(), PlotError> {
    let failure = |reason: String| PlotError::Backend {
        path: path.to_owned(),
        reason,
    };
    let paper = (device(scene.width), device(scene.height));
    backend
        .draw_rect((0, 0), paper, &ink(Color::WHITE, 1.0), true)
        .map_err(|error| failure(error.to_string()))?;
    for primitive in scene.primitives.iter().filter(|primitive| shown(primitive)) {
        let outcome = match primitive {
            Primitive::Line {
                points,
                width,
                color,
            } => {
                let pen = Pen {
                    color: ink(*color, 1.0),
                    width: device_length(*width),
                };
                draw_line(backend, &device_points(points), &pen)
            }
            Primitive::Polygon {
                corners,
                color,
                opacity,
            } => backend
                .fill_polygon(device_points(corners), &ink(*color, *opacity))
                .map_err(text),
            Primitive::Rectangle { area, color } => backend
                .draw_rect(
                    device_point((area.left, area.top)),
                    device_point((area.right, area.bottom)),
                    &ink(*color, 1.0),
                    true,
                )
                .map_err(text),
            Primitive::Circle {
                centre,
                radius,
                color,
            } => backend
                .draw_circle(
                    device_point(*centre),
                    device_length(*radius),
                    &ink(*color, 1.0),
                    true,
                )
                .map_err(text),
            Primitive::Text(run) => draw_text(backend, run),
        };
        outcome.map_err(failure)?;
    }
    Ok(())
}

fn draw_text<Backend: DrawingBackend>(backend: &mut Backend, run: &Text) -> Result<(), String> {
    let &Text {
        start: (x, y),
        size,
        rotated,
        color,
        ..
    } = run;
    let style = TextStyle {
        em: size * f64::from(FINENESS),
        color: ink(color, 1.0),
        rotated,
    };
    // the backends hang text from its top
    let position = if rotated {
        (x - ASCENT * size, y)
    } else {
        (x, y - ASCENT * size)
    };
    backend
        .draw_text(&run.content, &style, device_point(position))
        .map_err(text)
}

pub(super) fn text(error: impl Display) -> String {
    error.to_string()
}

/// Width and height of the drawing in device units.
pub(super) fn drawing_size(scene: &Scene) -> (u32, u32) {
    (device_length(scene.width), device_length(scene.height))
}

/// The figure as an svg document; `path` only names it in errors.
pub(crate) fn svg(
    scene: &Scene,
    millimetres: Option<f64>,
    metadata: &Metadata,
    path: &Path,
) -> Result<String, PlotError> {
    let size = drawing_size(scene);
    let mut document = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut document, size);
        let all = |_: &Primitive| true;
        draw(scene, &mut backend, path, all, |backend, points, pen| {
            backend.draw_path(points.iter().copied(), pen).map_err(text)
        })?;
        backend.present().map_err(|error| PlotError::Backend {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
    }
    let document = with_shown_size(&document, scene, millimetres, size);
    let document = with_text_lengths(&document, scene);
    Ok(document.replacen('>', &format!(">\n{}", described(metadata)), 1))
}

/// The element that says what the figure was made from, in the words of Dublin Core.
fn described(metadata: &Metadata) -> String {
    let mut element = String::from(
        "<metadata><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><rdf:Description rdf:about=\"\">",
    );
    for (name, text) in metadata.entries() {
        let name = match name {
            "Software" => "creator".to_owned(),
            other => other.to_lowercase(),
        };
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(element, "<dc:{name}>{text}</dc:{name}>");
    }
    element.push_str("</rdf:Description></rdf:RDF></metadata>");
    element
}

/// Gives the drawing its size in pixels or on paper, while the `viewBox` keeps the device units, and rounds the corners of
/// lines.
fn with_shown_size(
    document: &str,
    scene: &Scene,
    millimetres: Option<f64>,
    (width, height): (u32, u32),
) -> String {
    let plotters_size = format!("<svg width=\"{width}\" height=\"{height}\" ");
    let (wide, high) = match millimetres {
        None => (scene.width.to_string(), scene.height.to_string()),
        Some(wide) => {
            let high = wide * scene.height / scene.width;
            (format!("{wide}mm"), format!("{high:.3}mm"))
        }
    };
    let our_size = format!("<svg width=\"{wide}\" height=\"{high}\" stroke-linejoin=\"round\" ");
    document.replacen(&plotters_size, &our_size, 1)
}

/// States the width of each run of text, so that a viewer without the font still keeps runs apart.
fn with_text_lengths(document: &str, scene: &Scene) -> String {
    let widths = scene.texts().map(|run| run.width);
    let mut parts = document.split("<text ");
    let mut stated: String = parts.next().unwrap_or_default().to_owned();
    for (part, width) in parts.zip(widths) {
        stated.push_str("<text textLength=\"");
        stated.push_str(&device_length(width).to_string());
        stated.push_str("\" lengthAdjust=\"spacingAndGlyphs\" ");
        stated.push_str(part);
    }
    stated
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn every_run_of_text_states_its_width_and_the_drawing_its_pixels() {
        let mut scene = Scene {
            width: 100.0,
            height: 50.0,
            primitives: Vec::new(),
            areas: Vec::new(),
        };
        let label = crate::drawing::scene::Label::new("α_{1} < <text & x", 10.0).unwrap();
        label.draw((5.0, 5.0), Color::BLACK, &mut scene);
        let metadata = Metadata::of(&crate::figure::Figure::new(crate::figure::Panel::new(
            crate::figure::Axis::new("x"),
            crate::figure::Axis::new("y"),
        )));
        let document = svg(&scene, None, &metadata, Path::new("figure.svg")).unwrap();
        assert!(
            document.starts_with("<svg width=\"100\" height=\"50\" "),
            "{document}"
        );
        assert!(document.contains("viewBox=\"0 0 800 400\""), "{document}");
        assert_eq!(document.matches("<text ").count(), 3);
        assert_eq!(document.matches("textLength=").count(), 3);
        assert!(document.contains("&lt; &lt;text &amp; x"), "{document}");
    }
}
