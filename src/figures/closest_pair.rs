//! The least angle between two patterns against N.

use dam::plots::{PairPoint, PairSeries, closest_pair_figure};
use dam::sims::{Job, Results};

use super::{Drawn, measured, quantities};

/// The median least angle with its interval, and theory at finite and infinite N, a series per load.
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let mut series: Vec<PairSeries> = Vec::new();
    for result in &results.tasks {
        let Some(quantity) = quantities(result, "least_angle_degrees").next() else {
            continue;
        };
        let Some((angle, low, high)) = measured(quantity) else {
            continue;
        };
        let prediction = job.experiment.predict(&result.task, quantity);
        let point = PairPoint {
            size: result.task.size as f64,
            angle,
            low,
            high,
            theory: prediction.finite_size,
        };
        let load = result.task.alpha;
        match series.iter_mut().find(|series| series.load == load) {
            Some(series) => series.points.push(point),
            None => series.push(PairSeries {
                load,
                points: vec![point],
                infinite_size: prediction.infinite_size,
            }),
        }
    }
    if series.is_empty() {
        return Ok(None);
    }
    Ok(Some(closest_pair_figure(job.ensemble.name(), &series)?))
}
