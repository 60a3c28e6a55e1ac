//! Fields over the plane of two-component states: energies, and the memories that starts reach.

use dam_runs::view::PlaneField;

use crate::drawing::contour::contour_lines;
use crate::error::PlotError;
use crate::figure::{
    Axis, Color, Curve, DataPoint, Figure, HeatMap, LegendPlacement, MapColors, Marker, OKABE_ITO,
    Panel, Points, Stroke,
};

/// Contour lines per panel; they enclose equal shares of the plane.
const CONTOURS: usize = 12;
const CONTOUR_WIDTH: f64 = 0.7;
const MEMORY_SIZE: f64 = 9.0;
const OUTLINE_SIZE: f64 = 12.0;
/// Width and height of a panel with square frame, without and with colour bar.
const PANEL_SIZE: (f64, f64) = (310.0, 320.0);
const PANEL_SIZE_WITH_BAR: (f64, f64) = (388.0, 320.0);

/// Energies in viridis (lighter is higher) with contour lines that enclose equal shares of the plane; memories as squares;
/// panels in rows of `columns`.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without fields; other errors for numbers that are not finite, or cells that fill no square.
pub fn energy_landscape_figure(
    title: &str,
    fields: &[PlaneField],
    columns: usize,
) -> Result<Figure, PlotError> {
    let energies = fields
        .iter()
        .flat_map(|field| field.values.iter().copied().flatten());
    // one range of colours for all panels
    let range = energies.fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    });
    figure(
        title,
        fields,
        columns,
        PANEL_SIZE_WITH_BAR,
        |field, panel| {
            let mut colored = map(field, "E", MapColors::Viridis)?;
            colored.value_range = range.filter(|(low, high)| low < high);
            panel.add(colored);
            let values: Vec<f64> = field.values.iter().copied().flatten().collect();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let centres = centres(field);
            let stroke = Stroke::solid(Color::WHITE).with_width(CONTOUR_WIDTH);
            let mut number = 0;
            for contour in 1..=CONTOURS {
                let level = sorted[contour * (sorted.len() - 1) / (CONTOURS + 1)];
                for line in contour_lines(&centres, &centres, &values, level) {
                    number += 1;
                    let name = format!("contour {number}, E = {level:.4}");
                    panel.add(Curve::new(name, line, stroke).without_legend());
                }
            }
            let memories = || field.memories.iter().map(|&(x, y)| DataPoint::new(x, y));
            for (name, size, color) in [
                ("outlines of memories", OUTLINE_SIZE, Color::WHITE),
                ("memories", MEMORY_SIZE, Color::VERMILION),
            ] {
                let mut squares = Points::new(name, memories().collect(), Marker::Square, color);
                squares.size = size;
                panel.add(squares);
            }
            Ok(())
        },
    )
}

/// The start points in the colour of the memory that they reach, white where they reach none; memories as squares of their
/// colour; panels in rows of `columns`.
///
/// # Errors
/// As [`energy_landscape_figure`].
pub fn plane_basins_figure(
    title: &str,
    fields: &[PlaneField],
    columns: usize,
) -> Result<Figure, PlotError> {
    figure(title, fields, columns, PANEL_SIZE, |field, panel| {
        let colors: Vec<Color> = (0..field.memories.len()).map(memory_color).collect();
        if field.values.iter().any(Option::is_some) {
            panel.add(map(field, "memory", MapColors::Categories(colors.clone()))?);
        }
        for (index, (&(x, y), color)) in field.memories.iter().zip(colors).enumerate() {
            let number = index + 1;
            for (name, size, color) in [
                (
                    format!("outline of memory {number}"),
                    OUTLINE_SIZE,
                    Color::BLACK,
                ),
                (format!("memory {number}"), MEMORY_SIZE, color),
            ] {
                let place = vec![DataPoint::new(x, y)];
                let mut square = Points::new(name, place, Marker::Square, color);
                square.size = size;
                panel.add(square);
            }
        }
        Ok(())
    })
}

/// The colours of Okabe and Ito without black, which outlines the memories; lighter in the second round.
fn memory_color(index: usize) -> Color {
    let base = OKABE_ITO[index % (OKABE_ITO.len() - 1)];
    let round = u8::try_from((index / (OKABE_ITO.len() - 1)).min(3)).unwrap_or(3);
    let lighter = |channel: u8| channel + (255 - channel) / 4 * round;
    Color::new(lighter(base.red), lighter(base.green), lighter(base.blue))
}

fn figure(
    title: &str,
    fields: &[PlaneField],
    columns: usize,
    panel_size: (f64, f64),
    draw: impl Fn(&PlaneField, &mut Panel) -> Result<(), PlotError>,
) -> Result<Figure, PlotError> {
    if fields.is_empty() {
        return Err(PlotError::NothingToDraw { panel: 1 });
    }
    let mut panels = Vec::with_capacity(fields.len());
    for field in fields {
        let width = field.half_width;
        let axis = |label: &str| Axis::new(label).with_range(-width, width);
        let mut panel = Panel::new(axis("x_{1}"), axis("x_{2}")).with_title(field.title.clone());
        panel.legend = LegendPlacement::Hidden;
        draw(field, &mut panel)?;
        panels.push(panel);
    }
    let mut figure = Figure::grid(panels, columns).with_title(title);
    figure.panel_size = panel_size;
    Ok(figure)
}

/// Cells along a side.
fn side(field: &PlaneField) -> usize {
    field.values.len().isqrt()
}

fn centres(field: &PlaneField) -> Vec<f64> {
    let edges = edges(field);
    edges
        .windows(2)
        .map(|pair| 0.5 * (pair[0] + pair[1]))
        .collect()
}

fn edges(field: &PlaneField) -> Vec<f64> {
    let side = side(field);
    (0..=side)
        .map(|index| field.half_width * (2.0 * index as f64 / side as f64 - 1.0))
        .collect()
}

fn map(field: &PlaneField, value_label: &str, colors: MapColors) -> Result<HeatMap, PlotError> {
    let side = side(field);
    if side * side != field.values.len() {
        return Err(PlotError::ShapeMismatch {
            layer: field.title.clone(),
            expected: side * side,
            found: field.values.len(),
        });
    }
    Ok(HeatMap {
        name: "field".to_owned(),
        value_label: value_label.to_owned(),
        x_edges: edges(field),
        y_edges: edges(field),
        values: field.values.clone(),
        value_range: None,
        colors,
    })
}
