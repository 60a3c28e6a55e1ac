//! The retrieval probability against λ.

use dam::plots::{RetrievalPoint, RetrievalSeries, retrieval_figure};
use dam::sims::{Job, Quantity, Results, TaskResult, linear_grid};

use super::{Drawn, measured, quantities};

/// The retrieval probability against λ, a curve per (α, N).
pub fn figure(job: &Job, results: &Results) -> Drawn {
    let series: Vec<RetrievalSeries> = results
        .tasks
        .iter()
        .map(|result| RetrievalSeries {
            load: result.task.alpha,
            size: result.task.size as f64,
            points: quantities(result, "retrieval_probability")
                .filter_map(|quantity| {
                    let (probability, low, high) = measured(quantity)?;
                    let inverse_temperature = *quantity.coordinates.get("lambda")?;
                    Some(RetrievalPoint {
                        inverse_temperature,
                        probability,
                        low,
                        high,
                    })
                })
                .collect(),
            finite_size: theory(job, result),
            threshold: dam::theory::ensemble_with(job.ensemble.name(), &job.ensemble_parameters)
                .and_then(|theory| theory.typical_inverse_temperature(result.task.alpha))
                .ok(),
        })
        .collect();
    Ok(Some(retrieval_figure(job.ensemble.name(), &series)?))
}

/// Intervals of λ of the theory curves.
const CURVE_POINTS: usize = 201;

/// The experiment's own prediction between the smallest and the largest λ of the job.
fn theory(job: &Job, result: &TaskResult) -> Vec<(f64, f64)> {
    let lambdas = || {
        quantities(result, "retrieval_probability")
            .filter_map(|quantity| quantity.coordinates.get("lambda").copied())
    };
    let Some(any) = quantities(result, "retrieval_probability").next() else {
        return Vec::new();
    };
    let smallest = lambdas().fold(f64::INFINITY, f64::min);
    let largest = lambdas().fold(0.0, f64::max);
    linear_grid(smallest, largest, CURVE_POINTS)
        .into_iter()
        .filter_map(|lambda| {
            let quantity = Quantity {
                coordinates: [("lambda".to_owned(), lambda)].into(),
                ..any.clone()
            };
            let prediction = job.experiment.predict(&result.task, &quantity);
            Some((lambda, prediction.finite_size?))
        })
        .collect()
}
