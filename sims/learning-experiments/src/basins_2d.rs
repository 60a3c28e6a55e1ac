//! Which starts in the plane reach which memory within a few updates.

use dam_memory::streams::Settings;
use dam_runs::catalogue::Kind;
use dam_runs::job::{Draft, JobError};
use dam_runs::swept::{BETA, PATTERN_COUNT, TRAINING_STEPS};
use serde_json::json;

use crate::shared::plane::PLANE_SECTION;
use crate::shared::plane::{self, PlaneLook, PlaneMaps, PlaneMemory, PlaneSection};
use dam_runs::job::MEMORY;

/// A memory is reached within this distance.
const REACHED: f64 = 1e-3;
/// Updates as in arXiv:2410.23126.
const UPDATES: usize = 5;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "basins-2d",
    about: "the basins of kernels learned in the plane",
    sections: &[MEMORY, PLANE_SECTION],
    sweep: &[PATTERN_COUNT, BETA, TRAINING_STEPS],
    read: plane::configure::<Basins2d>,
};

/// The basins of attraction of few memories in the plane (arXiv:2410.23126, Fig. 2): from the
/// centre of every cell of the window some updates, then the memory within 0.001 of the state,
/// or none.
///
/// Per sample: the share of the starts that reach a memory (`reached_share`), and how many
/// memories are reached from anywhere (`reached_memories`). The figure shows the first sample.
#[derive(Clone, Debug)]
pub struct Basins2d {
    /// Updates from each start.
    pub updates: usize,
}

impl PlaneLook for Basins2d {
    const KIND: &'static str = KIND.name;
    const NAMES: &'static [&'static str] = &["reached_share", "reached_memories"];
    const IS_ENERGY: bool = false;
    const NOTE: &'static str = "Colour: the memory (square) that a start reaches after so many training steps; \
         white: none. The first sample.";
    const UNCONVERGED: Option<(&'static str, usize)> = None;

    fn read(draft: &Draft<'_>, _: &PlaneMaps, section: &PlaneSection) -> Result<Self, JobError> {
        let updates = section.updates.unwrap_or(UPDATES);
        if updates == 0 {
            let message = format!("0 leaves every start where it is; the papers make {UPDATES}");
            return Err(draft.error("plane", "updates", message));
        }
        Ok(Self { updates })
    }

    fn settings(&self) -> Settings {
        Settings::from([("plane.updates".to_owned(), json!(self.updates))])
    }

    fn look(&self, at: &PlaneMemory<'_>) -> (Vec<f64>, Vec<Option<f64>>) {
        let memory = at.memory;
        let mut states = at.window.centres();
        for _ in 0..self.updates {
            states = memory.retrieve(&states, at.beta);
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
        (vec![share, memories as f64], field)
    }
}
