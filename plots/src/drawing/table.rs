//! The numbers behind a figure as tidy csv, a row per point.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::resolve::resolved_axes;
use crate::error::PlotError;
use crate::figure::{
    Across, Axis, Color, DataPoint, Figure, HeatMap, Layer, LegendPlacement, Panel, Placement,
    Scale, Stroke,
};

/// A row of a figure's csv; the columns are the fields, in this order. With the style of its layer, the axes of its panel and
/// the texts of the figure, a row says what is drawn without the program: `scripts/plot_figure_csv.py` redraws from it.
///
/// A curve, region or annotation fills `x` and `y`; points fill the ends of their error bars too; a line across the
/// panel fills the one coordinate it has; a bin of steps or a cell of a heat map fills its centre and its edges, and a
/// cell its `value`; a legend entry fills none. Empty cells are `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// Kind of layer: curve, points, horizontal line, vertical line, region, annotation, heat map, steps or legend entry.
    pub kind: String,
    /// Whether the marker is open: some of its samples did not converge or are censored.
    pub open: bool,
    /// Colour of the layer, `#rrggbb`; of a category of a heat map that of the cell; empty for viridis.
    pub color: String,
    /// Opacity of a region.
    pub opacity: Option<f64>,
    /// Interruption of a line: solid, dashed, dotted or dash-dot.
    pub dash: String,
    /// Width of a line, or size of a marker or of text, in pixels.
    pub size: Option<f64>,
    /// Shape of the points.
    pub marker: String,
    /// Whether the legend lists the layer.
    pub in_legend: bool,
    /// Text above the panel (markup).
    pub panel_title: String,
    /// What is measured along x, with its unit (markup).
    pub x_axis: String,
    /// Whether x is linear or logarithmic.
    pub x_scale: String,
    /// Left end of the panel.
    pub x_from: Option<f64>,
    /// Right end of the panel.
    pub x_to: Option<f64>,
    /// What is measured along y, with its unit (markup).
    pub y_axis: String,
    /// Whether y is linear or logarithmic.
    pub y_scale: String,
    /// Lower end of the panel.
    pub y_from: Option<f64>,
    /// Upper end of the panel.
    pub y_to: Option<f64>,
    /// Text above the figure (markup).
    pub title: String,
    /// Text below the figure (markup).
    pub note: String,
    /// Panels in a row.
    pub columns: usize,
}

impl Figure {
    /// The rows of the csv that [`write`](Self::write) writes.
    pub fn rows(&self) -> Vec<FigureRow> {
        let mut rows = Vec::new();
        for (index, panel) in self.panels.iter().enumerate() {
            let of_panel = self.row_of_panel(index, panel);
            for layer in &panel.layers {
                let empty = FigureRow {
                    layer: layer.name().to_owned(),
                    kind: layer.kind().to_owned(),
                    in_legend: layer.in_legend() && panel.legend != LegendPlacement::Hidden,
                    ..styled(layer, of_panel.clone())
                };
                append_layer(layer, &empty, &mut rows);
            }
        }
        rows
    }

    /// What all rows of a panel share.
    fn row_of_panel(&self, index: usize, panel: &Panel) -> FigureRow {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let scale = |axis: &Axis| match axis.scale {
            Scale::Linear => "linear".to_owned(),
            Scale::Log10 => "logarithmic".to_owned(),
        };
        let axes = resolved_axes(panel, index + 1).ok();
        let (x, y) = (
            axes.as_ref().map(|axes| &axes.0),
            axes.as_ref().map(|axes| &axes.1),
        );
        FigureRow {
            panel: index + 1,
            panel_title: text(&panel.title),
            x_axis: panel.x_axis.label.clone(),
            x_scale: scale(&panel.x_axis),
            x_from: x.map(|axis| axis.low),
            x_to: x.map(|axis| axis.high),
            y_axis: panel.y_axis.label.clone(),
            y_scale: scale(&panel.y_axis),
            y_from: y.map(|axis| axis.low),
            y_to: y.map(|axis| axis.high),
            title: text(&self.title),
            note: text(&self.note),
            columns: self.arrangement.columns(self.panels.len()),
            ..FigureRow::default()
        }
    }
}

/// The row with the style of the layer.
fn styled(layer: &Layer, row: FigureRow) -> FigureRow {
    let line = |stroke: Stroke| (Some(stroke.color), Some(stroke.width), stroke.dash.name());
    let (color, size, dash) = match layer {
        Layer::Curve(curve) => line(curve.stroke),
        Layer::CrossLine(cross) => line(cross.stroke),
        Layer::Steps(steps) => line(steps.stroke),
        Layer::LegendEntry(entry) => line(entry.stroke),
        Layer::Points(points) => (Some(points.color), Some(points.size), ""),
        Layer::Annotation(text) => (Some(text.color), Some(text.size), ""),
        Layer::Region(region) => (Some(region.color), None, ""),
        Layer::HeatMap(_) => (None, None, ""),
    };
    FigureRow {
        color: color.map(hexadecimal).unwrap_or_default(),
        size,
        dash: dash.to_owned(),
        opacity: match layer {
            Layer::Region(region) => Some(region.opacity),
            _ => None,
        },
        marker: match layer {
            Layer::Points(points) => points.marker.name().to_owned(),
            _ => String::new(),
        },
        ..row
    }
}

fn hexadecimal(color: Color) -> String {
    format!("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue)
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
                is_open,
            } = *measured;
            FigureRow {
                x_low: x_interval.map(|(low, _)| low),
                x_high: x_interval.map(|(_, high)| high),
                y_low: y_interval.map(|(low, _)| low),
                y_high: y_interval.map(|(_, high)| high),
                open: is_open,
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
            Placement::Within(corners) => {
                let count = corners.len() as f64;
                let sum = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).sum::<f64>();
                let middle = (
                    sum(|corner| corner.0) / count,
                    sum(|corner| corner.1) / count,
                );
                rows.push(point(&middle));
            }
        },
        Layer::HeatMap(map) => rows.extend(map_rows(map, empty)),
        Layer::Steps(steps) => {
            for (edges, &height) in steps.edges.windows(2).zip(&steps.heights) {
                rows.push(FigureRow {
                    x_low: Some(edges[0]),
                    x_high: Some(edges[1]),
                    ..point(&(0.5 * (edges[0] + edges[1]), height))
                });
            }
        }
        Layer::LegendEntry(_) => rows.push(empty.clone()),
    }
}

/// A row for each cell.
fn map_rows(map: &HeatMap, empty: &FigureRow) -> Vec<FigureRow> {
    let columns = map.x_edges.len() - 1;
    let cell = |(index, value): (usize, &Option<f64>)| {
        let (column, row) = (index % columns, index / columns);
        let (left, right) = (map.x_edges[column], map.x_edges[column + 1]);
        let (bottom, top) = (map.y_edges[row], map.y_edges[row + 1]);
        let color = value.and_then(|value| map.category(value)).map(hexadecimal);
        FigureRow {
            x: Some(0.5 * (left + right)),
            y: Some(0.5 * (bottom + top)),
            x_low: Some(left),
            x_high: Some(right),
            y_low: Some(bottom),
            y_high: Some(top),
            value: *value,
            color: color.unwrap_or_default(),
            ..empty.clone()
        }
    };
    map.values.iter().enumerate().map(cell).collect()
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
