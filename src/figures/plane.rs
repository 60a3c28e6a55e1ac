//! Energies and basins over the plane: rows of training steps, columns of separations.

use dam::plots::{
    Figure, PlaneField, PlotError, energy_landscape_figure, literal, plane_basins_figure,
};
use dam::sims::{Job, Measurement, Record, Results, TaskResult};

/// Name and figure of each task, of its first sample; none for other experiments.
pub fn figures(job: &Job, results: &Results) -> Result<Vec<(String, Figure)>, PlotError> {
    let name = job.experiment.name();
    let draw = match name {
        "energy-landscape" => energy_landscape_figure,
        "basins-2d" => plane_basins_figure,
        _ => return Ok(Vec::new()),
    };
    let mut figures = Vec::new();
    for result in &results.tasks {
        let (fields, columns) = fields(job, result);
        if fields.is_empty() {
            continue;
        }
        let beta = result.task.parameter("beta").unwrap_or(f64::NAN);
        let title = format!(
            "{}, M = {}, 1/β = {}, first sample",
            literal(job.ensemble.name()),
            result.task.pattern_count,
            // 1/1.1111111111111112 is written 0.9
            (1e6 / beta).round() / 1e6
        );
        let stem = if results.tasks.len() == 1 {
            name.to_owned()
        } else {
            format!("{name}-{}-{beta}", result.task.pattern_count)
        };
        figures.push((stem, draw(&title, &fields, columns)?));
    }
    Ok(figures)
}

/// The recorded fields, a row for each number of training steps, and how many stand in a row.
fn fields(job: &Job, result: &TaskResult) -> (Vec<PlaneField>, usize) {
    let separations = names(job, "memory.separation");
    let half_width = job.settings.get("plane.half_width");
    let half_width = half_width.and_then(serde_json::Value::as_f64);
    let steps = result.task.parameters.get("training_steps");
    let (Some(half_width), Some(steps), Some(record)) = (half_width, steps, result.samples.first())
    else {
        return (Vec::new(), 0);
    };
    let memories: Vec<(f64, f64)> = values(record, "memories")
        .chunks_exact(2)
        .filter_map(|pair| Some((pair[0]?, pair[1]?)))
        .collect();
    let mut fields = Vec::new();
    for steps in steps {
        for separation in &separations {
            let values = values(
                record,
                &format!("field {separation} training_steps={steps}"),
            );
            if values.is_empty() {
                continue;
            }
            fields.push(PlaneField {
                title: format!("{}, N = {steps}", literal(separation)),
                half_width,
                values,
                memories: memories.clone(),
            });
        }
    }
    (fields, separations.len())
}

fn values(record: &Record, name: &str) -> Vec<Option<f64>> {
    match record.get(name) {
        Some(Measurement::List(values)) => values.clone(),
        _ => Vec::new(),
    }
}

fn names(job: &Job, key: &str) -> Vec<String> {
    let names = job.settings.get(key).and_then(serde_json::Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect()
}
