//! Which starts in the plane reach which memory within a few updates.

use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::Quantity;
use dam_runs::record::Record;
use dam_runs::reduce;
use dam_runs::task::Task;
use dam_runs::view::{Sweep, View};
use serde_json::json;

use crate::shared::plane::{PlaneMaps, beta, plane_section};
use dam_memory::composed::ComposedMemory;

/// A memory is reached within this distance.
const REACHED: f64 = 1e-3;
/// Updates as in arXiv:2410.23126.
const UPDATES: usize = 5;

const NAMES: [&str; 2] = ["reached_share", "reached_memories"];

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "basins-2d",
    about: "the basins of kernels learned in the plane",
    sections: &["memory", "plane"],
    read: Basins2d::configure,
};

/// The basins of attraction of few memories in the plane (arXiv:2410.23126, Fig. 2): from the
/// centre of every cell of the window some updates, then the memory within 0.001 of the state,
/// or none.
///
/// Per sample: the share of the starts that reach a memory (`reached_share`), and how many
/// memories are reached from anywhere (`reached_memories`). The figure shows the first sample.
#[derive(Clone, Debug)]
pub struct Basins2d {
    /// The kernels.
    pub maps: PlaneMaps,
    /// Updates from each start.
    pub updates: usize,
}

impl Basins2d {
    /// Sections `[memory]` and `[plane]`; sweeps `pattern_count`, `beta` and `training_steps`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let (maps, points) = PlaneMaps::configure(draft)?;
        let section = plane_section(draft)?;
        let updates = section.updates.unwrap_or(UPDATES);
        if updates == 0 {
            let message = format!("0 leaves every start where it is; the papers make {UPDATES}");
            return Err(draft.error("plane", "updates", message));
        }
        Ok((Box::new(Self { maps, updates }), points))
    }

    fn look(&self, memory: &ComposedMemory, beta: f64) -> ([f64; 2], Vec<Option<f64>>) {
        let mut states = self.maps.window.centres();
        for _ in 0..self.updates {
            states = memory.retrieve(&states, beta);
        }
        let patterns: Vec<Vec<f64>> = (0..memory.pattern_count())
            .map(|pattern| memory.patterns().pattern(pattern))
            .collect();
        let reached: Vec<Option<usize>> = states
            .chunks_exact(memory.size())
            .map(|state| {
                patterns.iter().position(|pattern| {
                    (state[0] - pattern[0]).hypot(state[1] - pattern[1]) <= REACHED
                })
            })
            .collect();
        let share = reached.iter().flatten().count() as f64 / reached.len() as f64;
        let memories = (0..patterns.len())
            .filter(|&pattern| reached.contains(&Some(pattern)))
            .count();
        let field = reached
            .iter()
            .map(|reached| reached.map(|pattern| pattern as f64))
            .collect();
        ([share, memories as f64], field)
    }
}

impl Experiment for Basins2d {
    fn settings(&self) -> Settings {
        let mut settings = self.maps.settings();
        settings.insert("plane.updates".to_owned(), json!(self.updates));
        settings
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let beta = beta(sample.task);
        self.maps
            .record(sample, NAMES, |memory, _| self.look(memory, beta))
    }

    fn quantities(&self, task: &Task, records: &[Record]) -> Vec<Quantity> {
        NAMES
            .into_iter()
            .flat_map(|name| {
                self.maps
                    .quantities(records, name, |values| reduce::mean(task, name, values))
            })
            .collect()
    }

    /// The figure of each task.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        self.maps.views(KIND.name, false, sweep)
    }
}
