//! Measured boundaries between loss and retrieval in the plane of λ and α.

use dam_runs::job::Job;
use dam_runs::quantity::Quantity;
use dam_runs::results::Results;
use dam_runs::view::Along;

use crate::figure::{Color, DataPoint, Marker, Points};
use dam_runs::place::Place;

/// The boundary that a job measured, by its N, with one standard error: points (λ, α) with an error of λ where each load has
/// a λ, of α where each λ has a load. `None` where the experiment measures none; empty where no task shows it.
pub fn measured_boundary(job: &Job, results: &Results) -> Option<Vec<Points>> {
    let name = job.experiment.boundary(job.ensemble.as_ref())?;
    let of_tasks = results.tasks.iter().flat_map(|result| {
        let load = Along::Load.at(&Place::of_task(&result.task));
        let quantities = result.quantities.iter();
        quantities.map(move |found| (result.task.size, load, found))
    });
    let joint = results.across_tasks.iter();
    let together = joint.map(|joint| (joint.size, None, &joint.quantity));
    let mut series: Vec<(usize, Vec<DataPoint>)> = Vec::new();
    for (size, load, found) in of_tasks.chain(together) {
        if found.name != name {
            continue;
        }
        let Some(point) = point(load, found) else {
            continue;
        };
        match series.iter_mut().find(|(known, _)| *known == size) {
            Some((_, points)) => points.push(point),
            None => series.push((size, vec![point])),
        }
    }
    series.sort_by_key(|&(size, _)| size);
    let series = series.into_iter().enumerate();
    let drawn = series.map(|(number, (size, points))| {
        let marker = Marker::ALL[number % Marker::ALL.len()];
        Points::new(
            format!("N = {size}, measured"),
            points,
            marker,
            Color::BLACK,
        )
    });
    Some(drawn.collect())
}

/// (λ, α) of a quantity that is a λ at this load, or a load at the λ of its coordinate.
fn point(load: Option<f64>, found: &Quantity) -> Option<DataPoint> {
    let value = found.value()?;
    let interval = found
        .standard_error
        .map(|error| (value - error, value + error));
    let is_open = !found.caveats.is_empty();
    Some(match found.coordinates.get("lambda") {
        Some(&lambda) => DataPoint {
            y_interval: interval,
            is_open,
            ..DataPoint::new(lambda, value)
        },
        None => DataPoint {
            x_interval: interval,
            is_open,
            ..DataPoint::new(value, load?)
        },
    })
}
