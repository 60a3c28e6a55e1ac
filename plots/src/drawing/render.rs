//! Draws a scene with plotters, as svg or as png, from the same integer coordinates.
//!
//! plotters' coordinates are whole numbers. Both backends therefore draw [`FINENESS`] times larger: the svg is
//! scaled back by its `viewBox`, the png by averaging, which also smooths all edges.

use std::fmt::{Display, Write};
use std::path::Path;

use plotters::backend::{BitMapBackend, SVGBackend};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend};

use super::band::Band;
use super::bitmap_file::Bitmap;
use super::geometry::Point;
use super::scene::{Primitive, Scene, Text};
use super::typeface::{ASCENT, TextStyle};
use crate::error::PlotError;
use crate::figure::{Color, Metadata};

/// Device units per pixel of the figure.
const FINENESS: u32 = 8;
/// Pixels of the png per pixel of the figure.
const PNG_SCALE: u32 = 2;
/// Memory for the fine bitmap that the png is averaged from.
const BAND_BYTES: usize = 16 << 20;
/// Bytes of a pixel of the bitmap.
const BYTES_PER_PIXEL: usize = 3;

/// Nearest device unit.
#[expect(
    clippy::cast_possible_truncation,
    reason = "figures are at most a few thousand pixels wide"
)]
fn device(length: f64) -> i32 {
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

struct Pen {
    color: BackendColor,
    width: u32,
}

impl BackendStyle for Pen {
    fn color(&self) -> BackendColor {
        self.color
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

/// Draws all primitives; `draw_line` says how the backend draws a wide line.
fn draw<Backend: DrawingBackend>(
    scene: &Scene,
    backend: &mut Backend,
    path: &Path,
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
    for primitive in &scene.primitives {
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

fn text(error: impl Display) -> String {
    error.to_string()
}

/// Width and height of the drawing in device units.
fn drawing_size(scene: &Scene) -> (u32, u32) {
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
        draw(scene, &mut backend, path, |backend, points, pen| {
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

/// Writes the figure as a png to `path`.
pub(crate) fn write_png(scene: &Scene, metadata: &Metadata, path: &Path) -> Result<(), PlotError> {
    let (width, _) = drawing_size(scene);
    let line = BYTES_PER_PIXEL * (width * FINENESS / PNG_SCALE) as usize;
    bitmap(scene, path, (BAND_BYTES / line).max(1))?.write(metadata, path)
}

/// The pixels of the png; so many of its rows are drawn at a time.
fn bitmap(scene: &Scene, path: &Path, rows_at_once: usize) -> Result<Bitmap, PlotError> {
    let factor = FINENESS / PNG_SCALE;
    // whole blocks of device units for every pixel of the png
    let (width, height) = drawing_size(scene);
    let (columns, rows) = (width.div_ceil(factor), height.div_ceil(factor));
    let width = columns * factor;
    let mut coarse = Vec::with_capacity(BYTES_PER_PIXEL * (columns * rows) as usize);
    let mut fine = Vec::new();
    for top in (0..rows).step_by(rows_at_once) {
        let band = (rows - top).min(u32::try_from(rows_at_once).unwrap_or(u32::MAX));
        let height = band * factor;
        fine.clear();
        fine.resize(BYTES_PER_PIXEL * (width * height) as usize, 255);
        let backend = BitMapBackend::with_buffer(&mut fine, (width, height));
        let mut backend = Band::new(backend, (top * factor).cast_signed());
        draw(scene, &mut backend, path, draw_wide_line)?;
        drop(backend);
        let pixels = average(&fine, columns as usize, band as usize, factor as usize);
        coarse.extend(pixels);
    }
    Ok(Bitmap {
        size: (columns, rows),
        pixels: coarse,
    })
}

/// A wide line as one quadrilateral per segment and a disc per corner: plotters' own outline of a whole line
/// leaves holes where a line bends sharply.
fn draw_wide_line<Backend: DrawingBackend>(
    backend: &mut Backend,
    points: &[BackendCoord],
    pen: &Pen,
) -> Result<(), String> {
    let half = 0.5 * f64::from(pen.width);
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
        let length = dx.hypot(dy);
        let (nx, ny) = (-dy / length * half, dx / length * half);
        let corner = |(x, y): BackendCoord, sign: f64| {
            nearest_units(f64::from(x) + sign * nx, f64::from(y) + sign * ny)
        };
        let corners = [
            corner(from, 1.0),
            corner(to, 1.0),
            corner(to, -1.0),
            corner(from, -1.0),
        ];
        backend.fill_polygon(corners, pen).map_err(text)?;
    }
    if pen.width > 2 && points.len() > 2 {
        for &point in &points[1..points.len() - 1] {
            backend
                .draw_circle(point, pen.width / 2, &pen.color, true)
                .map_err(text)?;
        }
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "device units, far below 2^31"
)]
fn nearest_units(x: f64, y: f64) -> BackendCoord {
    (x.round() as i32, y.round() as i32)
}

/// Averages square blocks of `factor` × `factor` pixels.
fn average(fine: &[u8], columns: usize, rows: usize, factor: usize) -> Vec<u8> {
    let mut coarse = Vec::with_capacity(columns * rows * BYTES_PER_PIXEL);
    let line = columns * factor * BYTES_PER_PIXEL;
    let count = factor * factor;
    let mut sums = vec![0_usize; columns * BYTES_PER_PIXEL];
    for block in fine.chunks_exact(line * factor) {
        sums.fill(0);
        for pixels in block.chunks_exact(line) {
            for (index, pixel) in pixels.chunks_exact(BYTES_PER_PIXEL).enumerate() {
                let column = index / factor;
                for (channel, &value) in pixel.iter().enumerate() {
                    sums[column * BYTES_PER_PIXEL + channel] += usize::from(value);
                }
            }
        }
        for sum in &sums {
            let mean = (sum + count / 2) / count;
            coarse.push(u8::try_from(mean).expect("the mean of bytes is a byte"));
        }
    }
    coarse
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn averaging_keeps_flat_areas_and_mixes_edges() {
        // two blocks of 2 × 2: one white, one half black
        let fine = [
            [255, 255, 255],
            [255, 255, 255],
            [0, 0, 0],
            [255, 255, 255],
            [255, 255, 255],
            [255, 255, 255],
            [0, 0, 0],
            [255, 255, 255],
        ]
        .concat();
        assert_eq!(average(&fine, 2, 1, 2), [255, 255, 255, 128, 128, 128]);
    }

    #[test]
    fn bands_join_without_a_seam() {
        let mut scene = Scene {
            width: 200.0,
            height: 120.0,
            primitives: vec![
                Primitive::Line {
                    points: vec![(10.0, 5.0), (60.3, 110.0), (120.0, 20.7), (190.0, 100.0)],
                    width: 3.0,
                    color: Color::BLACK,
                },
                Primitive::Polygon {
                    corners: vec![(20.0, 20.0), (150.0, 33.0), (90.0, 117.0)],
                    color: Color::BLACK,
                    opacity: 0.3,
                },
                Primitive::Circle {
                    centre: (140.0, 60.0),
                    radius: 25.0,
                    color: Color::BLACK,
                },
            ],
            areas: Vec::new(),
        };
        let label = crate::drawing::scene::Label::new("Ω_{g}", 40.0).unwrap();
        label.draw((30.0, 40.0), Color::BLACK, &mut scene);
        let path = Path::new("bands.png");
        let whole = bitmap(&scene, path, 1000).unwrap();
        assert_eq!(whole.size, (400, 240));
        for rows_at_once in [1, 7, 100] {
            assert!(whole.pixels == bitmap(&scene, path, rows_at_once).unwrap().pixels);
        }
    }

    #[test]
    fn ink_stays_within_the_measured_extent_of_text() {
        for rotated in [false, true] {
            let size = 40.0;
            let content = "Ωgj|α∗Qf";
            let text = Text {
                content: content.to_owned(),
                start: if rotated {
                    (60.0, 280.0)
                } else {
                    (20.0, 150.0)
                },
                size,
                width: crate::drawing::typeface::text_width(content) * size,
                rotated,
                color: Color::BLACK,
            };
            let extent = text.extent();
            let scene = Scene {
                width: 300.0,
                height: 300.0,
                primitives: vec![Primitive::Text(text)],
                areas: Vec::new(),
            };
            let side = 300 * FINENESS as usize;
            let mut pixels = vec![255_u8; BYTES_PER_PIXEL * side * side];
            let size = drawing_size(&scene);
            let mut backend = BitMapBackend::with_buffer(&mut pixels, size);
            draw(&scene, &mut backend, Path::new("text.png"), draw_wide_line).unwrap();
            drop(backend);
            let inked: Vec<Point> = pixels
                .chunks_exact(BYTES_PER_PIXEL)
                .enumerate()
                .filter(|(_, pixel)| pixel[0] < 128)
                .map(|(index, _)| ((index % side) as f64 / 8.0, (index / side) as f64 / 8.0))
                .collect();
            let ink = crate::drawing::geometry::Rectangle::bounding(&inked).unwrap();
            let allowed = extent.grown(1.0);
            assert!(allowed.contains((ink.left, ink.top)), "{ink:?} {extent:?}");
            assert!(
                allowed.contains((ink.right, ink.bottom)),
                "{ink:?} {extent:?}"
            );
            // and fills most of it
            let (along, measured) = if rotated {
                (ink.height(), extent.height())
            } else {
                (ink.width(), extent.width())
            };
            assert!(along > 0.95 * measured, "{ink:?} {extent:?}");
        }
    }

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
