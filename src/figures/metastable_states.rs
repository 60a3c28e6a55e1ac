//! The histogram of the support at the fixed points, a panel for each task and β.

use dam::plots::figure::{DataPoint, literal};
use dam::plots::{SupportPanel, SupportSeries, metastable_states_figure};
use dam::sims::{Job, Results, TaskResult};

use super::{Drawn, composition_name, coordinate_values, measured, quantities};

/// Panels in order of the sweep; memories side by side in each.
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let panels: Vec<SupportPanel> = results
        .tasks
        .iter()
        .flat_map(|result| {
            coordinate_values(result, "support_share", "beta")
                .into_iter()
                .map(|beta| panel(result, beta))
        })
        .collect();
    if panels.is_empty() {
        return Ok(None);
    }
    let title = literal(job.ensemble.name());
    Ok(Some(metastable_states_figure(&title, &panels)?))
}

fn panel(result: &TaskResult, beta: f64) -> SupportPanel {
    let mut series: Vec<SupportSeries> = Vec::new();
    for quantity in quantities(result, "support_share") {
        if quantity.coordinates.get("beta") != Some(&beta) {
            continue;
        }
        let (Some(&size), Some(share)) = (quantity.coordinates.get("support"), quantity.mean)
        else {
            continue;
        };
        let point = match measured(quantity) {
            Some((share, low, high)) => DataPoint::with_y_interval(size, share, low, high),
            // without an interval all samples agree exactly
            None => DataPoint::new(size, share),
        };
        let name = composition_name(quantity);
        match series.iter_mut().find(|series| series.name == name) {
            Some(series) => series.points.push(point),
            None => series.push(SupportSeries {
                name,
                points: vec![point],
            }),
        }
    }
    SupportPanel {
        title: format!(
            "d = {}, M = {}, β = {beta}",
            result.task.size, result.task.pattern_count
        ),
        series,
    }
}
