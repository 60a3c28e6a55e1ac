//! Curves of kernel learning against the epochs.

use dam::plots::figure::literal;
use dam::plots::{TrainingPanel, TrainingPoint, TrainingSeries, training_figure};
use dam::sims::kernel_learning::{LossForm, SeparationLoss};
use dam::sims::{Job, Results, TaskResult};
use dam::theory::bounds::code_angle_bounds;
use serde_json::Value;

use super::{Drawn, quantities};

/// What the figures need to know of a learner.
pub(super) struct LearnerLine {
    pub(super) name: String,
    pub(super) style: usize,
    form: String,
    parameter: f64,
    is_normalised: bool,
    feature_size: Option<usize>,
}

/// The learners of a job, in their order.
pub(super) fn learners(job: &Job) -> Vec<LearnerLine> {
    let tables = job.settings.get("learner").and_then(Value::as_array);
    let line = |(style, table): (usize, &Value)| {
        Some(LearnerLine {
            name: table["name"].as_str()?.to_owned(),
            style,
            form: table["loss"][0].as_str()?.to_owned(),
            parameter: table["loss"][1].as_f64()?,
            is_normalised: table["features"] == "normalised",
            feature_size: table["feature_size"]
                .as_u64()
                .and_then(|size| usize::try_from(size).ok()),
        })
    };
    let tables = tables.into_iter().flatten().enumerate();
    tables.filter_map(line).collect()
}

/// For each task a column: a panel per loss, then the largest cosine of two features; at the losses their minimum at the
/// regular simplex, at the cosines the smallest that a code can have.
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let learners = learners(job);
    let mut forms: Vec<&str> = Vec::new();
    for learner in &learners {
        if !forms.contains(&learner.form.as_str()) {
            forms.push(&learner.form);
        }
    }
    let has_one_form = forms.len() == 1;
    let mut panels = Vec::new();
    for form in forms {
        let own: Vec<&LearnerLine> = learners.iter().filter(|l| l.form == form).collect();
        for result in &results.tasks {
            panels.push(TrainingPanel {
                title: format!("{}: {}", title(result), literal(form)),
                label: "loss".to_owned(),
                series: series(result, "loss", &own),
                // beside other losses, the cosines name all curves
                names_curves: has_one_form,
                limits: loss_limits(result, &own),
            });
        }
    }
    let all: Vec<&LearnerLine> = learners.iter().collect();
    for result in &results.tasks {
        panels.push(TrainingPanel {
            title: title(result),
            label: "largest cosine of two features".to_owned(),
            series: series(result, "largest_cosine", &all),
            names_curves: true,
            limits: cosine_limits(result, &all),
        });
    }
    let is_empty = |panel: &TrainingPanel| panel.series.is_empty();
    if panels.is_empty() || panels.iter().any(is_empty) {
        return Ok(None);
    }
    let heading = heading(job);
    Ok(Some(training_figure(
        &heading,
        &panels,
        results.tasks.len().max(2),
    )?))
}

/// "images: mean and one standard deviation over 20 runs".
pub(super) fn heading(job: &Job) -> String {
    let ensemble = literal(job.ensemble.name());
    format!(
        "{ensemble}: mean and one standard deviation over {} runs",
        job.samples
    )
}

pub(super) fn title(result: &TaskResult) -> String {
    format!(
        "d = {}, M = {}",
        result.task.size, result.task.pattern_count
    )
}

/// The curve of each learner that has the quantity.
pub(super) fn series(
    result: &TaskResult,
    name: &str,
    learners: &[&LearnerLine],
) -> Vec<TrainingSeries> {
    let points = |learner: &LearnerLine| -> Vec<TrainingPoint> {
        quantities(result, name)
            .filter(|quantity| quantity.labels.get("learner") == Some(&learner.name))
            .filter_map(|quantity| {
                Some(TrainingPoint {
                    epoch: *quantity.coordinates.get("training_steps")?,
                    mean: quantity.mean?,
                    // from the standard error of the mean
                    deviation: quantity.standard_error? * (quantity.count as f64).sqrt(),
                })
            })
            .collect()
    };
    let series = learners.iter().map(|learner| TrainingSeries {
        name: literal(&learner.name),
        style: learner.style,
        points: points(learner),
    });
    series.filter(|series| !series.points.is_empty()).collect()
}

fn loss_limits(result: &TaskResult, learners: &[&LearnerLine]) -> Vec<(String, f64)> {
    let mut limits: Vec<(String, f64)> = Vec::new();
    for learner in learners.iter().filter(|learner| learner.is_normalised) {
        let form = match learner.form.as_str() {
            "average" => LossForm::Average {
                sharpness: learner.parameter,
            },
            "maximum" => LossForm::Maximum {
                sharpness: learner.parameter,
            },
            "u-hop-plus" => LossForm::UHopPlus {
                temperature: learner.parameter,
            },
            _ => continue,
        };
        let loss = SeparationLoss::normalised(form);
        if let Some(minimum) = loss.simplex_minimum(result.task.pattern_count)
            && !limits.iter().any(|limit| limit.1 == minimum)
        {
            limits.push((
                format!("regular simplex ({minimum:.3})").replace('-', "−"),
                minimum,
            ));
        }
    }
    limits
}

fn cosine_limits(result: &TaskResult, learners: &[&LearnerLine]) -> Vec<(String, f64)> {
    let mut limits: Vec<(String, f64)> = Vec::new();
    for learner in learners {
        let size = learner.feature_size.unwrap_or(result.task.size);
        // in the plane and beyond: no code has a larger least angle
        let Ok((_, angle)) = code_angle_bounds(size, result.task.pattern_count) else {
            continue;
        };
        let name = format!("bound on codes, D = {size}");
        if !limits.iter().any(|limit| limit.0 == name) {
            limits.push((name, angle.cos()));
        }
    }
    limits
}
