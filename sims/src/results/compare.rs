//! Measurement next to theory.

use serde::Serialize;

use super::document::Results;
use crate::experiments::{Experiment, Quantity};
use crate::job::Task;

/// A measured quantity beside what theory says of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The parameter point.
    pub task: Task,
    /// What was measured.
    pub quantity: Quantity,
    /// Theory at N = ∞.
    pub infinite_size: Option<f64>,
    /// Theory at the task's N.
    pub finite_size: Option<f64>,
    /// (measured − theory at N) / standard error.
    pub deviation: Option<f64>,
}

impl Comparison {
    /// Whether theory says anything of the quantity.
    pub fn has_theory(&self) -> bool {
        self.infinite_size.is_some() || self.finite_size.is_some()
    }
}

/// One row per quantity that theory speaks of, in the order of the results; where theory speaks
/// of none, one row per quantity.
pub fn compare(experiment: &dyn Experiment, results: &Results) -> Vec<Comparison> {
    let mut rows = Vec::new();
    for result in &results.tasks {
        for quantity in &result.quantities {
            let prediction = experiment.predict(&result.task, quantity);
            let deviation = match (
                quantity.value(),
                prediction.finite_size,
                quantity.standard_error,
            ) {
                (Some(value), Some(theory), Some(error)) if error > 0.0 => {
                    Some((value - theory) / error)
                }
                _ => None,
            };
            rows.push(Comparison {
                task: result.task.clone(),
                quantity: quantity.clone(),
                infinite_size: prediction.infinite_size,
                finite_size: prediction.finite_size,
                deviation,
            });
        }
    }
    if rows.iter().any(Comparison::has_theory) {
        rows.retain(Comparison::has_theory);
    }
    rows
}
