//! Maps of coloured cells as images that the source includes.

use crate::drawing::bitmap_file::Bitmap;
use crate::drawing::resolve::ResolvedAxis;
use crate::figure::{Color, HeatMap};

/// Pixels along the longer side, at least; a cell has the same whole number of them where cells are equal.
const LEAST_PIXELS: usize = 600;

/// A map, pixel by pixel along its axes.
pub(in crate::drawing) struct MapImage {
    /// The name of its file.
    pub(in crate::drawing) name: String,
    pub(in crate::drawing) bitmap: Bitmap,
    /// Least and greatest x, least and greatest y.
    ends: [f64; 4],
}

impl MapImage {
    pub(super) fn new(map: &HeatMap, name: String, [x, y]: [&ResolvedAxis; 2]) -> Self {
        let columns = map.x_edges.len() - 1;
        let across = pixel_cells(&map.x_edges, x);
        let up = pixel_cells(&map.y_edges, y);
        let color = map.coloring();
        let mut pixels = Vec::with_capacity(3 * across.len() * up.len());
        for row in up.iter().rev() {
            for column in &across {
                let value = map.values[row * columns + column];
                let Color { red, green, blue } = value.and_then(&color).unwrap_or(Color::WHITE);
                pixels.extend([red, green, blue]);
            }
        }
        let ends = |edges: &[f64]| [edges[0], edges[edges.len() - 1]];
        let ([left, right], [low, high]) = (ends(&map.x_edges), ends(&map.y_edges));
        Self {
            name,
            bitmap: Bitmap {
                size: (pixels_along(&across), pixels_along(&up)),
                pixels,
            },
            ends: [left, right, low, high],
        }
    }

    pub(super) fn tex(&self) -> String {
        let [left, right, low, high] = self.ends;
        let name = &self.name;
        format!(
            "\\addplot[forget plot] graphics[xmin={left}, xmax={right}, ymin={low}, ymax={high}] {{{name}}};\n"
        )
    }
}

/// The cell of every pixel between the first and the last edge, pixels being equal along the axis.
fn pixel_cells(edges: &[f64], axis: &ResolvedAxis) -> Vec<usize> {
    let cells = edges.len() - 1;
    let places: Vec<f64> = edges.iter().map(|&edge| axis.fraction(edge)).collect();
    let (first, last) = (places[0], places[cells]);
    let count = LEAST_PIXELS.div_ceil(cells) * cells;
    (0..count)
        .map(|pixel| {
            let place = first + (last - first) * (pixel as f64 + 0.5) / count as f64;
            places[1..cells].partition_point(|&edge| edge <= place)
        })
        .collect()
}

fn pixels_along(cells: &[usize]) -> u32 {
    u32::try_from(cells.len()).unwrap_or(u32::MAX)
}
