//! Measurement next to theory.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::experiment::Experiment;
use crate::place::Place;
use crate::quantity::{JointResult, Prediction, Quantity};
use crate::results::document::Results;
use crate::task::Task;

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
    /// Standard error of the theory at N, where it is sampled.
    pub finite_size_error: Option<f64>,
    /// (measured − theory at N)/√(standard error² + error of the theory²).
    pub deviation: Option<f64>,
}

/// One row per quantity that theory speaks of, in the order of the results; where theory speaks
/// of none, one row per quantity. Last come those that several tasks measure together.
pub fn compare(experiment: &dyn Experiment, results: &Results) -> Vec<Comparison> {
    let mut rows = Vec::new();
    for result in &results.tasks {
        for quantity in &result.quantities {
            let prediction = experiment.predict(&Place::of(&result.task, quantity), &quantity.name);
            let resolution = experiment.resolution(quantity);
            rows.push(Comparison::new(
                &result.task,
                quantity,
                prediction,
                resolution,
            ));
        }
    }
    rows.extend(results.across_tasks.iter().map(|joint| {
        let task = task_of(joint);
        Comparison::new(&task, &joint.quantity, joint.theory, None)
    }));
    if rows.iter().any(Comparison::has_theory) {
        rows.retain(Comparison::has_theory);
    }
    rows
}

/// A quantity over several loads has none: α = NaN.
fn task_of(joint: &JointResult) -> Task {
    Task {
        experiment: joint.experiment.clone(),
        ensemble: joint.ensemble.clone(),
        alpha: f64::NAN,
        size: joint.size,
        pattern_count: 0,
        parameters: BTreeMap::new(),
        ensemble_parameters: BTreeMap::new(),
    }
}

impl Comparison {
    /// Whether theory says anything of the quantity.
    pub fn has_theory(&self) -> bool {
        self.infinite_size.is_some() || self.finite_size.is_some()
    }

    fn new(
        task: &Task,
        quantity: &Quantity,
        prediction: Prediction,
        resolution: Option<f64>,
    ) -> Self {
        Self {
            task: task.clone(),
            quantity: quantity.clone(),
            infinite_size: prediction.infinite_size,
            finite_size: prediction.finite_size,
            finite_size_error: prediction.finite_size_error,
            deviation: deviation(quantity, &prediction, resolution),
        }
    }
}

/// (measured − theory at N) in units of the errors of both; `None` without an error. Where no sample differs from the others,
/// `resolution`/√12 is the error of the measurement: values are spread evenly over the interval in which a search left them.
pub fn deviation(
    quantity: &Quantity,
    prediction: &Prediction,
    resolution: Option<f64>,
) -> Option<f64> {
    let difference = quantity.value()? - prediction.finite_size?;
    let spread = quantity.standard_error?;
    let measured = if spread > 0.0 {
        spread
    } else {
        resolution.unwrap_or(0.0) / 12.0_f64.sqrt()
    };
    let error = measured.hypot(prediction.finite_size_error.unwrap_or(0.0));
    (error > 0.0).then(|| difference / error)
}
