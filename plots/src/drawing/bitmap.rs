//! Draws a scene as png, averaged from a fine bitmap that is drawn in bands.

use std::path::Path;

use plotters::backend::BitMapBackend;
use plotters_backend::{BackendCoord, DrawingBackend};
use rayon::prelude::*;

use super::band::Band;
use super::bitmap_file::Bitmap;
use super::render::{FINENESS, Pen, device, draw, drawing_size, text};
use super::scene::{Primitive, Scene};
use crate::error::PlotError;
use crate::figure::Metadata;

/// Pixels of the png per pixel of the figure.
const PNG_SCALE: u32 = 2;
/// Memory of a band of the fine bitmap that the png is averaged from.
const BAND_BYTES: usize = 4 << 20;
/// Bytes of a pixel of the bitmap.
const BYTES_PER_PIXEL: usize = 3;

/// Writes the figure as a png to `path`.
pub(crate) fn write_png(scene: &Scene, metadata: &Metadata, path: &Path) -> Result<(), PlotError> {
    let (width, _) = drawing_size(scene);
    let line = BYTES_PER_PIXEL * (width * FINENESS / PNG_SCALE) as usize;
    bitmap(scene, path, (BAND_BYTES / line).max(1))?.write(metadata, path)
}

/// The pixels of the png, drawn in bands of so many of its rows.
fn bitmap(scene: &Scene, path: &Path, rows_at_once: usize) -> Result<Bitmap, PlotError> {
    let factor = FINENESS / PNG_SCALE;
    // whole blocks of device units for every pixel of the png
    let (width, height) = drawing_size(scene);
    let (columns, rows) = (width.div_ceil(factor), height.div_ceil(factor));
    let width = columns * factor;
    let rows_at_once = u32::try_from(rows_at_once).unwrap_or(u32::MAX).min(rows);
    let bands: Vec<Vec<u8>> = (0..rows.div_ceil(rows_at_once))
        .into_par_iter()
        .map_init(Vec::new, |fine, band| {
            let top = band * rows_at_once;
            let count = (rows - top).min(rows_at_once);
            let (first, height) = ((top * factor).cast_signed(), count * factor);
            fine.clear();
            fine.resize(BYTES_PER_PIXEL * (width * height) as usize, 255);
            let backend = BitMapBackend::with_buffer(fine, (width, height));
            let mut backend = Band::new(backend, first);
            let end = first + height.cast_signed();
            let shown = |primitive: &Primitive| reaches(primitive, first, end);
            draw(scene, &mut backend, path, shown, draw_wide_line)?;
            drop(backend);
            Ok(average(
                fine,
                columns as usize,
                count as usize,
                factor as usize,
            ))
        })
        .collect::<Result<_, PlotError>>()?;
    Ok(Bitmap {
        size: (columns, rows),
        pixels: bands.concat(),
    })
}

/// Whether some of the primitive may lie in these device rows.
fn reaches(primitive: &Primitive, first: i32, end: i32) -> bool {
    primitive.extent().is_none_or(|extent| {
        // a pixel more than the extent, for what is rounded to device units
        device(extent.top - 1.0) < end && device(extent.bottom + 1.0) >= first
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

/// Averages square blocks of `factor` × `factor` pixels, up to 256 × 256.
fn average(fine: &[u8], columns: usize, rows: usize, factor: usize) -> Vec<u8> {
    let mut coarse = Vec::with_capacity(columns * rows * BYTES_PER_PIXEL);
    let line = columns * factor * BYTES_PER_PIXEL;
    let count = factor * factor;
    // of the bytes above each other, many of which are added at once
    let mut sums = vec![0_u16; line];
    for block in fine.chunks_exact(line * factor) {
        sums.fill(0);
        for pixels in block.chunks_exact(line) {
            for (sum, &value) in sums.iter_mut().zip(pixels) {
                *sum += u16::from(value);
            }
        }
        for beside in sums.chunks_exact(factor * BYTES_PER_PIXEL) {
            let mut totals = [count / 2; BYTES_PER_PIXEL];
            for pixel in beside.chunks_exact(BYTES_PER_PIXEL) {
                for (total, &sum) in totals.iter_mut().zip(pixel) {
                    *total += usize::from(sum);
                }
            }
            let means = totals.map(|total| total / count);
            coarse
                .extend(means.map(|mean| u8::try_from(mean).expect("the mean of bytes is a byte")));
        }
    }
    coarse
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;
    use crate::drawing::geometry::Point;
    use crate::drawing::scene::Text;
    use crate::figure::Color;

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
                Primitive::Text(Text {
                    content: "turned".to_owned(),
                    start: (180.0, 115.0),
                    size: 20.0,
                    width: crate::drawing::typeface::text_width("turned") * 20.0,
                    rotated: true,
                    color: Color::BLACK,
                }),
                Primitive::Rectangle {
                    area: crate::drawing::geometry::Rectangle::around((100.0, 60.3), 20.0, 9.7),
                    color: Color::BLACK,
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
            let path = Path::new("text.png");
            draw(&scene, &mut backend, path, |_| true, draw_wide_line).unwrap();
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
}
