//! The figures of a job, drawn from its views and its results.

mod axes;
mod intervals;
mod map;
mod measured;
mod note;
mod panel;
mod rows;
mod style;

use dam_runs::job::Job;
use dam_runs::results::Results;
use dam_runs::task::Task;
use dam_runs::view::{
    Arrangement, AxisView, FigureSettings, NamedPoints, Picture, PlaneView, View,
};

use crate::drawing::resolve::{ResolvedAxis, resolved_axes};
use crate::error::PlotError;
use crate::figure::{Axis, DataPoint, Figure, LegendPlacement, Origin, Panel, Points, Range};
use crate::special::{directions_figure, energy_landscape_figure, plane_basins_figure};

use axes::extent;
use intervals::draw_rows;
use panel::draw_panel;
use rows::Rows;
use style::style;

/// Width and height of a figure of points of every sample, with its legend.
const SCATTER_SIZE: (f64, f64) = (900.0, 520.0);

/// Width and height of a map with its colour bar and legend.
const MAP_SIZE: (f64, f64) = (820.0, 520.0);

/// The figures of a job that have something to show, each with its stem.
///
/// # Errors
/// [`PlotError`] for results that no figure can hold, such as numbers that are not finite.
pub fn draw(job: &Job, results: &Results) -> Result<Vec<(String, Figure)>, PlotError> {
    let mut figures = Vec::new();
    for view in job.views() {
        if let Some(figure) = draw_view(&view, results)? {
            let figure = set(figure, &job.figure).made_from(origin(job, results));
            figures.push((view.stem, figure));
        }
    }
    Ok(figures)
}

/// The job and its samples, for the metadata of a figure.
pub fn origin(job: &Job, results: &Results) -> Origin {
    let counts = || results.tasks.iter().map(|result| result.samples.len());
    let tasks = match results.tasks.len() {
        1 => "1 task".to_owned(),
        count => format!("{count} tasks"),
    };
    let samples = match (counts().min(), counts().max()) {
        (Some(least), Some(most)) if least < most => {
            format!("{least} to {most} in each of {tasks}")
        }
        (_, most) => format!("{} in each of {tasks}", most.unwrap_or(0)),
    };
    Origin {
        source: format!("job {} ({}, seed {})", job.name, job.kind, job.seed),
        samples,
    }
}

/// The figure as the job's section `[figure]` asks for it.
fn set(mut figure: Figure, settings: &FigureSettings) -> Figure {
    for panel in &mut figure.panels {
        for (axis, range) in [
            (&mut panel.x_axis, settings.x_range),
            (&mut panel.y_axis, settings.y_range),
        ] {
            if let Some([low, high]) = range {
                axis.range = Range::Explicit(low, high);
            }
        }
    }
    if let Some(formats) = &settings.formats {
        figure.formats.clone_from(formats);
    }
    match settings.width {
        Some(width) => figure.fitted(width.millimetres()),
        None => figure,
    }
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
    let mut said = String::new();
    let figure = match &view.picture {
        Picture::Panels(panels, arrangement, size) => {
            let rows = Rows::of(results);
            let drawn = panels.iter().filter_map(|panel| draw_panel(panel, &rows));
            let (mut panels, of_panels): (Vec<Panel>, Vec<_>) =
                drawn.map(|drawn| (drawn.panel, drawn.said)).unzip();
            said = note::sentences(of_panels);
            share_ranges(&mut panels);
            (!panels.is_empty()).then(|| arrange(panels, *arrangement, *size))
        }
        Picture::Map(view) => {
            let (panels, of_panels) = map::draw_map(view, results)?;
            said = note::sentences(of_panels);
            let arrangement = Arrangement::SideBySide;
            (!panels.is_empty()).then(|| arrange(panels, arrangement, Some(MAP_SIZE)))
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
        Picture::Rows { x, panels, columns } => {
            let figure = draw_rows(x, panels, *columns, results);
            figure.map(|mut figure| {
                share_ranges(&mut figure.panels);
                figure
            })
        }
        Picture::Scatter { x, y, series } => {
            let records = results.tasks.iter().flat_map(|result| &result.samples);
            scatter(x, y, records.map(series))
        }
    };
    let notes = [view.note.as_str(), &said];
    let notes: Vec<&str> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    Ok(figure.map(|mut figure| {
        if !view.title.is_empty() {
            figure.title = Some(view.title.clone());
        }
        figure.note = (!notes.is_empty()).then(|| notes.join(" "));
        figure
    }))
}

/// Gives axes of one label the same range in all panels.
fn share_ranges(panels: &mut [Panel]) {
    share(panels, |panel| &mut panel.x_axis, |(x, _)| x);
    share(panels, |panel| &mut panel.y_axis, |(_, y)| y);
}

fn share(
    panels: &mut [Panel],
    axis: fn(&mut Panel) -> &mut Axis,
    resolved: fn((ResolvedAxis, ResolvedAxis)) -> ResolvedAxis,
) {
    let shown = panels.iter_mut().enumerate().map(|(index, panel)| {
        let settled = resolved_axes(panel, index + 1).ok().map(resolved);
        let ends = settled.map(|axis| (axis.low, axis.high));
        (axis(panel).label.clone(), ends)
    });
    let shown: Vec<(String, Option<(f64, f64)>)> = shown.collect();
    for panel in panels {
        let axis = axis(panel);
        let same = || {
            let of_label = shown.iter().filter(|(label, _)| *label == axis.label);
            of_label.filter_map(|(_, ends)| *ends)
        };
        let ends = extent(same().flat_map(|(low, high)| [low, high]));
        if let (true, Some((low, high))) = (same().count() > 1, ends) {
            axis.range = Range::Explicit(low, high);
        }
    }
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
