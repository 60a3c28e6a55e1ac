//! Measurement next to theory.

use crate::experiment::Experiment;
use crate::place::Place;
use crate::results::comparison::Comparison;
use crate::results::document::{Results, TaskResult};

/// One row per quantity that theory speaks of, in the order of the results; where theory speaks
/// of none, one row per quantity. Last come those that several tasks measure together.
pub fn compare(experiment: &dyn Experiment, results: &Results) -> Vec<Comparison> {
    let mut rows = results.comparisons(experiment).to_vec();
    if rows.iter().any(Comparison::has_theory) {
        rows.retain(Comparison::has_theory);
    }
    rows
}

impl Results {
    /// Every quantity beside what theory says of it, if anything: those of the tasks, then those of several together.
    pub fn comparisons(&self, experiment: &dyn Experiment) -> &[Comparison] {
        self.comparisons.get_or_init(|| {
            let of_task = |result: &TaskResult| -> Vec<Comparison> {
                let task = &result.task;
                let quantities = result.quantities.iter();
                let compared = quantities.map(|quantity| {
                    let theory = experiment.predict(&Place::of(task, quantity), &quantity.name);
                    Comparison::of(task, quantity, theory)
                });
                compared.collect()
            };
            let together = self.across_tasks.iter().map(Comparison::of_several);
            self.tasks
                .iter()
                .flat_map(of_task)
                .chain(together)
                .collect()
        })
    }
}
