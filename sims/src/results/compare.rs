//! Measurement next to theory.

use serde::Serialize;

use super::document::Results;
use crate::experiments::{Experiment, Prediction, Quantity};
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

/// One row per quantity that theory speaks of, in the order of the results; where theory speaks
/// of none, one row per quantity. Last come those that several tasks measure together.
pub fn compare(experiment: &dyn Experiment, results: &Results) -> Vec<Comparison> {
    let mut rows = Vec::new();
    for result in &results.tasks {
        for quantity in &result.quantities {
            let prediction = experiment.predict(&result.task, quantity);
            rows.push(Comparison::new(&result.task, quantity, prediction));
        }
    }
    let tasks: Vec<(&Task, &[Quantity])> = results
        .tasks
        .iter()
        .map(|result| (&result.task, result.quantities.as_slice()))
        .collect();
    let together = experiment.across_tasks(&tasks).into_iter();
    rows.extend(
        together.map(|(task, quantity, prediction)| Comparison::new(&task, &quantity, prediction)),
    );
    if rows.iter().any(Comparison::has_theory) {
        rows.retain(Comparison::has_theory);
    }
    rows
}

impl Comparison {
    /// Whether theory says anything of the quantity.
    pub fn has_theory(&self) -> bool {
        self.infinite_size.is_some() || self.finite_size.is_some()
    }

    fn new(task: &Task, quantity: &Quantity, prediction: Prediction) -> Self {
        let measured = (
            quantity.value(),
            prediction.finite_size,
            quantity.standard_error,
        );
        let deviation = match measured {
            (Some(value), Some(theory), Some(error)) if error > 0.0 => {
                Some((value - theory) / error)
            }
            _ => None,
        };
        Self {
            task: task.clone(),
            quantity: quantity.clone(),
            infinite_size: prediction.infinite_size,
            finite_size: prediction.finite_size,
            deviation,
        }
    }
}
