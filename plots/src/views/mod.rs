//! The figures of a job, drawn from its views and its results.

mod axes;
mod panel;
mod style;

use dam_runs::job::Job;
use dam_runs::results::Results;
use dam_runs::task::Task;
use dam_runs::view::{Arrangement, AxisView, NamedPoints, Picture, PlaneView, View};

use crate::error::PlotError;
use crate::figure::{DataPoint, Figure, LegendPlacement, Panel, Points};
use crate::special::{directions_figure, energy_landscape_figure, plane_basins_figure};

use panel::{Rows, draw_panel};
use style::style;

/// Width and height of a figure of points of every sample, with its legend.
const SCATTER_SIZE: (f64, f64) = (900.0, 520.0);

/// The figures of a job that have something to show, each with its stem.
///
/// # Errors
/// [`PlotError`] for results that no figure can hold, such as numbers that are not finite.
pub fn draw(job: &Job, results: &Results) -> Result<Vec<(String, Figure)>, PlotError> {
    let mut figures = Vec::new();
    for view in job.views() {
        if let Some(figure) = draw_view(&view, results)? {
            figures.push((view.stem, figure));
        }
    }
    Ok(figures)
}

/// What tells the figures of a job apart in their file names, whether or not they have something to show.
pub fn stems(job: &Job) -> Vec<String> {
    job.views().into_iter().map(|view| view.stem).collect()
}

/// One figure; `None` where the results have nothing to show.
///
/// # Errors
/// As [`draw`].
pub fn draw_view(view: &View<'_>, results: &Results) -> Result<Option<Figure>, PlotError> {
    let figure = match &view.picture {
        Picture::Panels(panels, arrangement, size) => {
            let rows = Rows::of(results);
            let drawn: Vec<Panel> = panels
                .iter()
                .filter_map(|panel| draw_panel(panel, &rows))
                .collect();
            (!drawn.is_empty()).then(|| arrange(drawn, *arrangement, *size))
        }
        Picture::Plane(plane) => draw_plane(&view.title, plane, results)?,
        Picture::Directions(directions) => {
            let panels: Vec<_> = results
                .tasks
                .iter()
                .filter_map(|result| Some(directions(&result.task, result.samples.first()?)))
                .flatten()
                .collect();
            (!panels.is_empty())
                .then(|| directions_figure(&panels))
                .transpose()?
        }
        Picture::Scatter { x, y, series } => {
            let records = results.tasks.iter().flat_map(|result| &result.samples);
            scatter(x, y, records.map(series))
        }
    };
    Ok(figure.map(|figure| match view.title.as_str() {
        "" => figure,
        title => figure.with_title(title),
    }))
}

fn arrange(mut panels: Vec<Panel>, arrangement: Arrangement, size: Option<(f64, f64)>) -> Figure {
    let mut figure = match arrangement {
        Arrangement::SideBySide | Arrangement::Stacked if panels.len() == 1 => {
            Figure::new(panels.remove(0))
        }
        Arrangement::SideBySide => Figure::side_by_side(panels),
        Arrangement::Stacked => Figure::stacked(panels),
        Arrangement::Rows(columns) => Figure::grid(panels, columns),
    };
    figure.panel_size = size.unwrap_or(figure.panel_size);
    figure
}

fn draw_plane(
    title: &str,
    plane: &PlaneView<'_>,
    results: &Results,
) -> Result<Option<Figure>, PlotError> {
    let is_meant = |task: &Task| task == plane.task;
    let result = results.tasks.iter().find(|result| is_meant(&result.task));
    let Some(record) = result.and_then(|result| result.samples.first()) else {
        return Ok(None);
    };
    let fields = (plane.fields)(record);
    if fields.is_empty() {
        return Ok(None);
    }
    let draw = if plane.is_energy {
        energy_landscape_figure
    } else {
        plane_basins_figure
    };
    draw(title, &fields, plane.columns).map(Some)
}

/// The points of all records by series, all records having the same series in the same order.
fn scatter(
    x: &AxisView,
    y: &AxisView,
    records: impl Iterator<Item = Vec<NamedPoints>>,
) -> Option<Figure> {
    let mut series: Vec<NamedPoints> = Vec::new();
    for record in records {
        for (place, (name, points)) in record.into_iter().enumerate() {
            match series.get_mut(place) {
                Some((_, known)) => known.extend(points),
                None => series.push((name, points)),
            }
        }
    }
    let mut panel = Panel::new(axes::axis(x, None), axes::axis(y, None));
    panel.legend = LegendPlacement::OutsideRight;
    for (place, (name, points)) in series.into_iter().enumerate() {
        if points.is_empty() {
            continue;
        }
        let (color, _, marker) = style(place);
        let points = points.into_iter().map(|(x, y)| DataPoint::new(x, y));
        panel.add(Points::new(name, points.collect(), marker, color));
    }
    let mut figure = Figure::new(panel);
    figure.panel_size = SCATTER_SIZE;
    (!figure.panels[0].layers.is_empty()).then_some(figure)
}
