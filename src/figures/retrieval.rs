//! The retrieval probability against λ.

use dam::plots::{RetrievalPoint, RetrievalSeries, retrieval_figure};
use dam::sims::{Job, Results};

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
            threshold: dam::theory::ensemble_with(job.ensemble.name(), &job.ensemble_parameters)
                .and_then(|theory| theory.typical_inverse_temperature(result.task.alpha))
                .ok(),
        })
        .collect();
    Ok(Some(retrieval_figure(job.ensemble.name(), &series)?))
}
