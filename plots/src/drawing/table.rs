//! The numbers behind a figure as tidy csv, a row per point.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::PlotError;
use crate::figure::{Across, DataPoint, Figure, Layer, Placement};

/// A row of a figure's csv; the columns are the fields, in this order.
///
/// A curve, region or annotation fills `x` and `y`; points fill the ends of their error bars too; a line across the
/// panel fills the one coordinate it has; a bin of steps or a cell of a heat map fills its centre and its edges, and a
/// cell its `value`. Empty cells are `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureRow {
    /// Position of the panel in the figure, from 1.
    pub panel: usize,
    /// Name of the layer (markup).
    pub layer: String,
    /// Abscissa.
    pub x: Option<f64>,
    /// Ordinate.
    pub y: Option<f64>,
    /// Lower end of the horizontal error bar, or left edge.
    pub x_low: Option<f64>,
    /// Upper end of the horizontal error bar, or right edge.
    pub x_high: Option<f64>,
    /// Lower end of the vertical error bar, or bottom edge.
    pub y_low: Option<f64>,
    /// Upper end of the vertical error bar, or top edge.
    pub y_high: Option<f64>,
    /// Value of a cell of a heat map.
    pub value: Option<f64>,
    /// Kind of layer: curve, points, horizontal line, vertical line, region, annotation, heat map or steps.
    pub kind: String,
}

impl Figure {
    /// The rows of the csv that [`write`](Self::write) writes. Legend entries without data and annotations without
    /// coordinates of their own have none.
    pub fn rows(&self) -> Vec<FigureRow> {
        let mut rows = Vec::new();
        for (index, panel) in self.panels.iter().enumerate() {
            for layer in &panel.layers {
                let empty = FigureRow {
                    panel: index + 1,
                    layer: layer.name().to_owned(),
                    x: None,
                    y: None,
                    x_low: None,
                    x_high: None,
                    y_low: None,
                    y_high: None,
                    value: None,
                    kind: layer.kind().to_owned(),
                };
                append_layer(layer, &empty, &mut rows);
            }
        }
        rows
    }
}

fn append_layer(layer: &Layer, empty: &FigureRow, rows: &mut Vec<FigureRow>) {
    let point = |&(x, y): &(f64, f64)| FigureRow {
        x: Some(x),
        y: Some(y),
        ..empty.clone()
    };
    match layer {
        Layer::Curve(curve) => rows.extend(curve.points.iter().map(point)),
        Layer::Region(region) => rows.extend(region.corners.iter().map(point)),
        Layer::Points(points) => rows.extend(points.points.iter().map(|measured| {
            let DataPoint {
                x,
                y,
                x_interval,
                y_interval,
            } = *measured;
            FigureRow {
                x_low: x_interval.map(|(low, _)| low),
                x_high: x_interval.map(|(_, high)| high),
                y_low: y_interval.map(|(low, _)| low),
                y_high: y_interval.map(|(_, high)| high),
                ..point(&(x, y))
            }
        })),
        Layer::CrossLine(line) => {
            let (x, y) = match line.across {
                Across::Horizontal(y) => (None, Some(y)),
                Across::Vertical(x) => (Some(x), None),
            };
            rows.push(FigureRow {
                x,
                y,
                ..empty.clone()
            });
        }
        Layer::Annotation(annotation) => match &annotation.placement {
            Placement::Centre(x, y) | Placement::RightOf(x, y) | Placement::LeftOf(x, y) => {
                rows.push(point(&(*x, *y)));
            }
            Placement::Within(_) => {}
        },
        Layer::HeatMap(map) => {
            let columns = map.x_edges.len() - 1;
            for (index, value) in map.values.iter().enumerate() {
                let (column, row) = (index % columns, index / columns);
                let (left, right) = (map.x_edges[column], map.x_edges[column + 1]);
                let (bottom, top) = (map.y_edges[row], map.y_edges[row + 1]);
                rows.push(FigureRow {
                    x_low: Some(left),
                    x_high: Some(right),
                    y_low: Some(bottom),
                    y_high: Some(top),
                    value: *value,
                    ..point(&(0.5 * (left + right), 0.5 * (bottom + top)))
                });
            }
        }
        Layer::Steps(steps) => {
            for (edges, &height) in steps.edges.windows(2).zip(&steps.heights) {
                rows.push(FigureRow {
                    x_low: Some(edges[0]),
                    x_high: Some(edges[1]),
                    ..point(&(0.5 * (edges[0] + edges[1]), height))
                });
            }
        }
        Layer::LegendEntry(_) => {}
    }
}

/// Writes rows to `path`, numbers with all their digits.
pub(crate) fn write_rows(rows: &[FigureRow], path: &Path) -> Result<(), PlotError> {
    let failure = |source| PlotError::Csv {
        path: path.to_owned(),
        source,
    };
    let mut writer = csv::Writer::from_path(path).map_err(failure)?;
    for row in rows {
        writer.serialize(row).map_err(failure)?;
    }
    writer.flush().map_err(|source| PlotError::Io {
        action: "write",
        path: path.to_owned(),
        source,
    })
}

/// Reads the csv of a figure back.
///
/// # Errors
/// [`PlotError::Csv`] naming the file if it cannot be opened or a row does not have the columns of [`FigureRow`].
pub fn read_figure_csv(path: &Path) -> Result<Vec<FigureRow>, PlotError> {
    csv::Reader::from_path(path)
        .and_then(|mut reader| reader.deserialize().collect())
        .map_err(|source| PlotError::Csv {
            path: path.to_owned(),
            source,
        })
}
