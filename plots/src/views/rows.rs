//! All that was measured, row by row.

use dam_runs::quantity::JointResult;
use dam_runs::results::Results;
use dam_runs::task::Task;
use dam_runs::view::Row;

/// All that was measured.
pub(super) struct Rows<'r> {
    pub(super) rows: Vec<Row<'r>>,
    pub(super) joint: &'r [JointResult],
}

impl<'r> Rows<'r> {
    /// The quantities of the tasks, then those that several tasks measure together.
    pub(super) fn of(results: &'r Results) -> Self {
        let of_tasks = results.tasks.iter().flat_map(|result| {
            let task = &result.task;
            let quantities = result.quantities.iter();
            quantities.map(move |quantity| Row { task, quantity })
        });
        let together = results.across_tasks.iter().filter_map(|joint| {
            let of_size = |task: &&Task| task.size == joint.size;
            let task = results
                .tasks
                .iter()
                .map(|result| &result.task)
                .find(of_size)?;
            let quantity = &joint.quantity;
            Some(Row { task, quantity })
        });
        Self {
            rows: of_tasks.chain(together).collect(),
            joint: &results.across_tasks,
        }
    }
}
