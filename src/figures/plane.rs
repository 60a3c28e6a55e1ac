//! Energies and basins over the plane: rows of training steps, columns of separations.

use dam::plots::PlotError;
use dam::plots::figure::{Figure, literal};
use dam::plots::special::{PlaneField, energy_landscape_figure, plane_basins_figure};
use dam::sims::{Job, Measurement, Record, Results, Task, TaskResult};

use super::result_of;

/// The figure of each task, of its first sample.
pub fn figures(job: &Job, results: &Results) -> Result<Vec<Option<Figure>>, PlotError> {
    let draw = match job.kind {
        "energy-landscape" => energy_landscape_figure,
        _ => plane_basins_figure,
    };
    let figure = |task: &Task| {
        let Some(result) = result_of(results, task) else {
            return Ok(None);
        };
        let (fields, columns) = fields(job, result);
        if fields.is_empty() {
            return Ok(None);
        }
        let title = format!(
            "{}, M = {}, 1/β = {}, first sample",
            literal(job.ensemble.name()),
            task.pattern_count,
            // 1/1.1111111111111112 is written 0.9
            (1e6 / beta(task)).round() / 1e6
        );
        draw(&title, &fields, columns).map(Some)
    };
    job.tasks.iter().map(figure).collect()
}

/// One for each task.
pub fn stems(job: &Job) -> Vec<String> {
    let name = job.kind;
    if job.tasks.len() == 1 {
        return vec![name.to_owned()];
    }
    let of_task = |task: &Task| format!("{name}-{}-{}", task.pattern_count, beta(task));
    job.tasks.iter().map(of_task).collect()
}

fn beta(task: &Task) -> f64 {
    task.parameter("beta").unwrap_or(f64::NAN)
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
