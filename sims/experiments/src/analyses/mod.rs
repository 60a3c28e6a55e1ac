//! What several tasks say together: extrapolations and data collapse.

mod collapse;
mod extrapolate;

use dam_memory::composed::Composition;
use dam_runs::results::Results;
use dam_runs::task::Task;

pub use collapse::{Collapse, CollapseRequest, Collapses, LEAST_SIZES, collapse, collapse_data};
pub use extrapolate::{Extrapolation, extrapolate, headline_quantity};

/// λ₁(α) of a task's ensemble for the memory that the results name, where theory says.
fn typical_inverse_temperature(results: &Results, task: &Task) -> Option<f64> {
    let setting = |key| results.settings.get(key).and_then(|value| value.as_str());
    if setting("dynamics.kind").is_some() {
        return None;
    }
    let composition = match (setting("memory.similarity"), setting("memory.separation")) {
        (Some(similarity), Some(separation)) => {
            format!("{similarity} {separation}").parse().ok()?
        }
        _ => Composition::default(),
    };
    composition.typical_inverse_temperature(task.theory()?.as_ref(), task.alpha)
}
