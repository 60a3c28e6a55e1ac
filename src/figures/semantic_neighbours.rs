//! Neighbours in the learned space against the epochs, and the directions of two-dimensional features.

use dam::plots::figure::literal;
use dam::plots::{DirectionPanel, TrainingPanel, directions_figure, training_figure};
use dam::sims::{Job, Measurement, Record, Results, TaskResult};

use super::training::{LearnerLine, heading, learners, series, title};
use super::{Drawn, quantities};

/// For each task a column of panels: labels shared with the nearest neighbour (labelled patterns only), its rank before the
/// map, and the rank correlation of all pairs.
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let learners = learners(job);
    let all: Vec<&LearnerLine> = learners.iter().collect();
    let rows = [
        ("same_label_share", "neighbours of the same label"),
        ("neighbour_rank", "rank of the neighbour"),
        ("rank_correlation", "rank correlation of all pairs"),
    ];
    let mut panels = Vec::new();
    for (name, label) in rows {
        for result in &results.tasks {
            let series = series(result, name, &all);
            if series.is_empty() {
                continue;
            }
            panels.push(TrainingPanel {
                title: title(result),
                label: label.to_owned(),
                series,
                // the last row, with the most room, names the curves
                names_curves: name == "rank_correlation",
                limits: limits(result, name),
            });
        }
    }
    if panels.is_empty() {
        return Ok(None);
    }
    Ok(Some(training_figure(
        &heading(job),
        &panels,
        results.tasks.len().max(2),
    )?))
}

fn limits(result: &TaskResult, name: &str) -> Vec<(String, f64)> {
    let mean = |name| quantities(result, name).find_map(|quantity| quantity.mean);
    match name {
        "same_label_share" => [
            ("cosine before the map", mean("input_same_label_share")),
            ("chance", mean("chance_same_label_share")),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect(),
        "neighbour_rank" => vec![("chance".to_owned(), 0.5)],
        _ => vec![("chance".to_owned(), 0.0)],
    }
}

/// The first sample's features of every learner in two dimensions.
pub fn directions(job: &Job, results: &Results) -> Drawn {
    let learners = learners(job);
    let mut panels = Vec::new();
    for result in &results.tasks {
        let Some(record) = result.samples.first() else {
            continue;
        };
        let Some(labels) = list(record, "label") else {
            continue;
        };
        for learner in &learners {
            let Some(angles) = list(record, &format!("angle {}", learner.name)) else {
                continue;
            };
            panels.push(DirectionPanel {
                title: format!("{}: {}", title(result), literal(&learner.name)),
                features: angles.into_iter().zip(labels.iter().copied()).collect(),
            });
        }
    }
    if panels.is_empty() {
        return Ok(None);
    }
    let ensemble = literal(job.ensemble.name());
    Ok(Some(directions_figure(
        &format!("{ensemble}: one run"),
        &panels,
    )?))
}

/// A list without gaps.
fn list(record: &Record, name: &str) -> Option<Vec<f64>> {
    match record.get(name)? {
        Measurement::List(values) => values.iter().copied().collect(),
        Measurement::Number(_) => None,
    }
}
