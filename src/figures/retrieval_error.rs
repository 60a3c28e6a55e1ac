//! Squared error and accuracy of many memories against M, noise or training steps.

use dam::plots::figure::{Axis, DataPoint, Figure, literal};
use dam::plots::{ComparisonPanel, ComparisonSeries, PlotError, comparison_figure};
use dam::sims::{Job, Measurement, Quantity, Results, Task, TaskResult};

use super::{Drawn, result_of};

/// Errors below are drawn here: a logarithmic axis has no 0.
const SMALLEST_ERROR: f64 = 1e-6;

fn error_axis() -> Axis {
    Axis::new("squared error (below 10^{−6} at 10^{−6})").logarithmic()
}

/// The swept key of an experiment, and its axis.
fn abscissa(job: &Job) -> (&'static str, Axis) {
    match job.kind {
        "memory-capacity" => ("pattern_count", Axis::new("memories M").logarithmic()),
        "noise-robustness" => {
            let corruption = job.settings.get("comparison.corruption");
            let name = corruption
                .and_then(|value| value.as_str())
                .unwrap_or("noise");
            (
                "noise",
                Axis::new(format!("level of the corruption ({name})")),
            )
        }
        _ => ("training_steps", Axis::new("training steps N")),
    }
}

/// The models in the order of the job.
fn models(results: &Results) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let quantities = results.tasks.iter().flat_map(|result| &result.quantities);
    for name in quantities.filter_map(|quantity| quantity.labels.get("model")) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Panels of squared error and accuracy, against training steps also of the separation loss: one figure for each M, and last
/// that of the losses.
pub fn figures(job: &Job, results: &Results) -> Result<Vec<Option<Figure>>, PlotError> {
    let of_task = |task: &Task| {
        let result = result_of(results, task);
        result
            .map(|result| draw(job, results, &[result]))
            .transpose()
    };
    let mut figures: Vec<Option<Figure>> =
        job.tasks.iter().map(of_task).collect::<Result<_, _>>()?;
    if job.kind == "training-steps" {
        figures.push(loss_figure(job, results)?);
    }
    Ok(figures)
}

/// One for each P, and one for the losses while kernels are trained.
pub fn stems(job: &Job) -> Vec<String> {
    let name = job.kind;
    let of_task = |task: &Task| format!("{name}-{}", task.pattern_count);
    let mut stems: Vec<String> = job.tasks.iter().map(of_task).collect();
    if name == "training-steps" {
        stems.push(format!("{name}-loss"));
    }
    stems
}

/// All P in one figure, against P.
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let tasks: Vec<&TaskResult> = results.tasks.iter().collect();
    if tasks.is_empty() {
        return Ok(None);
    }
    draw(job, results, &tasks).map(Some)
}

fn draw(job: &Job, results: &Results, tasks: &[&TaskResult]) -> Result<Figure, PlotError> {
    let (key, x_axis) = abscissa(job);
    let mut panels = vec![
        ComparisonPanel {
            x_axis: x_axis.clone(),
            y_axis: error_axis(),
            series: series(key, "squared_error", results, tasks),
        },
        ComparisonPanel {
            x_axis: x_axis.clone(),
            y_axis: Axis::new("share with the right arg max").with_range(-0.03, 1.03),
            series: series(key, "accuracy", results, tasks),
        },
    ];
    let losses = series(key, "separation_loss", results, tasks);
    if key == "training_steps" && !losses.is_empty() {
        panels.push(ComparisonPanel {
            x_axis,
            y_axis: Axis::new("separation loss"),
            series: losses,
        });
        // the legend of the last panel lists what stands there only
        panels.rotate_right(1);
    }
    let first = tasks[0];
    let load = if key == "pattern_count" {
        String::new()
    } else {
        format!(", M = {}", first.task.pattern_count)
    };
    let title = format!(
        "{}: N = {}{load}, {} samples, bars: one standard error",
        literal(&job.name),
        first.task.size,
        first.samples.len()
    );
    comparison_figure(&title, panels)
}

/// A series per model that has the quantity.
fn series(
    key: &str,
    name: &str,
    results: &Results,
    tasks: &[&TaskResult],
) -> Vec<ComparisonSeries> {
    let all = models(results);
    all.iter()
        .enumerate()
        .filter_map(|(place, model)| {
            let mut points: Vec<DataPoint> = tasks
                .iter()
                .flat_map(|result| {
                    result
                        .quantities
                        .iter()
                        .filter(|quantity| {
                            quantity.name == name && quantity.labels.get("model") == Some(model)
                        })
                        .filter_map(|quantity| point(key, name, result, quantity))
                })
                .collect();
            points.sort_by(|a, b| a.x.total_cmp(&b.x));
            (!points.is_empty()).then(|| ComparisonSeries {
                name: literal(model),
                place,
                points,
                is_joined: true,
            })
        })
        .collect()
}

/// The mean with a bar of one standard error.
fn point(key: &str, name: &str, result: &TaskResult, quantity: &Quantity) -> Option<DataPoint> {
    let x = match key {
        "pattern_count" => result.task.pattern_count as f64,
        _ => *quantity.coordinates.get(key)?,
    };
    let (mean, error) = (quantity.mean?, quantity.standard_error.unwrap_or(0.0));
    let shown = |value: f64| match name {
        "squared_error" => value.max(SMALLEST_ERROR),
        _ => value,
    };
    Some(DataPoint::with_y_interval(
        x,
        shown(mean),
        shown(mean - error),
        shown(mean + error),
    ))
}

/// The squared error of each sample against its separation loss, for all learned kernels and
/// numbers of steps (U-Hop, Figs. 2 and 7); `None` where nothing is learned.
fn loss_figure(job: &Job, results: &Results) -> Drawn {
    let all = models(results);
    let series: Vec<ComparisonSeries> = all
        .iter()
        .enumerate()
        .filter_map(|(place, model)| {
            let points: Vec<DataPoint> = results
                .tasks
                .iter()
                .flat_map(|result| &result.samples)
                .flat_map(|record| {
                    let column = |name: &str| match record.get(&format!("{name} {model}")) {
                        Some(Measurement::List(values)) => values.clone(),
                        _ => Vec::new(),
                    };
                    let losses = column("separation_loss");
                    losses.into_iter().zip(column("squared_error"))
                })
                .filter_map(|(loss, error)| Some(DataPoint::new(loss?, error?.max(SMALLEST_ERROR))))
                .collect();
            (!points.is_empty()).then(|| ComparisonSeries {
                name: literal(model),
                place,
                points,
                is_joined: false,
            })
        })
        .collect();
    if series.is_empty() {
        return Ok(None);
    }
    let panel = ComparisonPanel {
        x_axis: Axis::new("separation loss"),
        y_axis: error_axis(),
        series,
    };
    let title = format!("{}: every sample", literal(&job.name));
    Ok(Some(comparison_figure(&title, vec![panel])?))
}
