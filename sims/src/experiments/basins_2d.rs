//! Which starts in the plane reach which memory within a few updates.

use serde_json::json;

use super::plane::PlaneMaps;
use super::{Configured, Experiment, Quantity, Record, Sample, reduce};
use crate::composition::AssociativeMemory;
use crate::job::{JobError, Settings, Task, Validator};

/// A memory is reached within this distance.
const REACHED: f64 = 1e-3;
/// Updates as in arXiv:2410.23126.
const UPDATES: usize = 5;

const NAMES: [&str; 2] = ["reached_share", "reached_memories"];

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
    pub(super) fn configure(validator: &Validator<'_>) -> Result<Configured, JobError> {
        let (maps, points) = PlaneMaps::configure(validator)?;
        let section = validator.file.plane.unwrap_or_default();
        let updates = section.updates.unwrap_or(UPDATES);
        if updates == 0 {
            let message = format!("0 leaves every start where it is; the papers make {UPDATES}");
            return Err(validator.error("plane", "updates", message));
        }
        Ok((Box::new(Self { maps, updates }), points))
    }

    fn look(&self, memory: &AssociativeMemory, beta: f64) -> ([f64; 2], Vec<Option<f64>>) {
        let mut states = self.maps.window.centres();
        for _ in 0..self.updates {
            states = memory.retrieve(&states, beta);
        }
        let patterns: Vec<Vec<f64>> = (0..memory.pattern_count())
            .map(|pattern| memory.memory().pattern(pattern))
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
    fn name(&self) -> &'static str {
        "basins-2d"
    }

    fn settings(&self) -> Settings {
        let mut settings = self.maps.settings();
        settings.insert("plane.updates".to_owned(), json!(self.updates));
        settings
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let beta = sample.task.parameter("beta").unwrap_or(f64::NAN);
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
}
