//! Values with their intervals, one below the other.

use dam_runs::quantity::Quantity;
use dam_runs::results::Results;
use dam_runs::view::{AxisView, RowsPanel, literal};

use super::axes;
use super::style::style;
use crate::figure::{
    Across, Axis, Color, CrossLine, Dash, DataPoint, Figure, LegendPlacement, Panel, Points,
    Stroke, Ticks,
};

/// Width of a panel, its height without rows, and the height of a row, in pixels.
const WIDTH: f64 = 620.0;
const HEIGHT: f64 = 110.0;
const ROW: f64 = 26.0;
/// Free room above the first and below the last row, in rows.
const MARGIN: f64 = 0.7;

/// The panels of tasks that have something to show.
pub(super) fn draw_rows(
    x: &AxisView,
    panels: &[RowsPanel<'_>],
    columns: usize,
    results: &Results,
) -> Option<Figure> {
    let drawn: Vec<Panel> = panels
        .iter()
        .filter_map(|panel| {
            let result = results
                .tasks
                .iter()
                .find(|result| result.task == *panel.task)?;
            draw(x, panel, &result.quantities)
        })
        .collect();
    let rows = panels.iter().map(|panel| panel.rows.len()).max()?;
    (!drawn.is_empty()).then(|| {
        let mut figure = Figure::grid(drawn, columns);
        figure.panel_size = (WIDTH, HEIGHT + ROW * rows as f64);
        figure
    })
}

fn draw(x: &AxisView, described: &RowsPanel<'_>, quantities: &[Quantity]) -> Option<Panel> {
    let of_row = |row: &str| {
        quantities.iter().find(|quantity| {
            quantity.name == described.quantity
                && quantity
                    .labels
                    .get(described.label)
                    .is_some_and(|label| label == row)
        })
    };
    let count = described.rows.len() as f64;
    let (color, _, marker) = style(0);
    let height = |place: usize| count - place as f64;
    let names = described.rows.iter().enumerate();
    let names = names.map(|(place, row)| (height(place), literal(row)));
    let mut panel = Panel::new(
        axes::axis(x, None),
        Axis::new("")
            .with_range(1.0 - MARGIN, count + MARGIN)
            .with_ticks(Ticks::At(names.collect())),
    )
    .with_title(described.title.clone());
    panel.legend = LegendPlacement::Hidden;
    let reference = described.reference.and_then(of_row);
    if let Some(value) = reference.and_then(Quantity::value) {
        let name = described.reference.unwrap_or_default();
        panel.add(CrossLine::new(
            literal(name),
            Across::Vertical(value),
            Stroke::new(Color::GREY, Dash::Dashed).with_width(1.2),
        ));
    }
    for (place, row) in described.rows.iter().enumerate() {
        let Some((quantity, value)) = of_row(row).and_then(|found| Some((found, found.value()?)))
        else {
            continue;
        };
        let mut point = DataPoint::new(value, height(place));
        point.x_interval = quantity.lower.zip(quantity.upper);
        panel.add(Points::new(literal(row), vec![point], marker, color));
    }
    (!panel.layers.is_empty()).then_some(panel)
}
