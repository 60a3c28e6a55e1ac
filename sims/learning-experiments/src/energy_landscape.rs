//! The energy over the plane, its minima, and how far the memories lie from them.

use dam_memory::dynamics::{Arrival, Dynamics, GradientDescent, Start, StopReason};
use dam_memory::streams::Settings;
use dam_runs::catalogue::Kind;
use dam_runs::job::{Draft, JobError};
use dam_runs::swept::{BETA, PATTERN_COUNT, TRAINING_STEPS};

use crate::shared::plane::PLANE_SECTION;
use crate::shared::plane::{self, PlaneLook, PlaneMaps, PlaneMemory, PlaneSection};
use dam_runs::job::MEMORY;

/// Starts along a side of the window from which minima are sought.
const SEARCH: usize = 20;
/// Fixed points closer than this are the same.
const SAME: f64 = 0.01;

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "energy-landscape",
    about: "the energy of kernels learned in the plane",
    sections: &[MEMORY, PLANE_SECTION],
    sweep: &[PATTERN_COUNT, BETA, TRAINING_STEPS],
    read: plane::configure::<EnergyLandscape>,
};

/// The energy landscape of kernels learned from few memories in the plane (arXiv:2410.23126,
/// Fig. 1).
///
/// Per sample: the number of distinct fixed points that descents from a 20 × 20 grid reach
/// (`minima`), the mean distance of a memory to the fixed point that
/// it descends to (`memory_distance`), and the mean number of patterns in the support at the
/// minima (`support`). Descents that take more than `max_steps` reach none; `unconverged_share` counts
/// them. The figure shows the first sample.
#[derive(Clone, Debug)]
pub struct EnergyLandscape {
    /// The descent.
    pub descent: GradientDescent,
}

impl PlaneLook for EnergyLandscape {
    const KIND: &'static str = KIND.name;
    const NAMES: &'static [&'static str] =
        &["minima", "memory_distance", "support", "unconverged_share"];
    const IS_ENERGY: bool = true;
    const NOTE: &'static str = "Squares: memories; white lines: contours, equal shares of the plane between them. \
                                Steps: of training. The first sample.";
    const UNCONVERGED: Option<(&'static str, usize)> = Some(("unconverged_share", SEARCH * SEARCH));

    fn read(draft: &Draft<'_>, maps: &PlaneMaps, section: &PlaneSection) -> Result<Self, JobError> {
        if let Some(composition) = maps
            .compositions
            .iter()
            .find(|composition| !composition.separation().has_potential())
        {
            let message = format!("{} has no energy; delete it", composition.separation());
            return Err(draft.error("memory", "separation", message));
        }
        if section.updates.is_some() {
            let message = "descents end at fixed points: it belongs to basins-2d".to_owned();
            return Err(draft.error("plane", "updates", message));
        }
        let descent = draft.iteration()?;
        Ok(Self { descent })
    }

    fn settings(&self) -> Settings {
        self.descent.settings()
    }

    fn look(&self, at: &PlaneMemory<'_>) -> (Vec<f64>, Vec<Option<f64>>) {
        let PlaneMemory { memory, beta, .. } = *at;
        let mut search = at.window;
        search.resolution = SEARCH;
        let mut minima: Vec<Vec<f64>> = Vec::new();
        let mut supports = 0;
        let descend = |states: &[f64]| {
            let starts = Start::at_each(states, memory.size(), beta);
            self.descent.descend(memory, &starts)
        };
        let points = descend(&search.centres());
        let is_unconverged = |point: &&Arrival| point.reason != StopReason::Converged;
        let unconverged = points.iter().filter(is_unconverged).count() as f64 / points.len() as f64;
        for point in points {
            let is_known = minima
                .iter()
                .any(|other| distance(other, &point.state) < SAME);
            if point.reason == StopReason::Converged && !is_known {
                let weights = memory.weights(&point.state, beta);
                supports += memory.separation().support_size(&weights);
                minima.push(point.state);
            }
        }
        let patterns: Vec<f64> = (0..memory.pattern_count())
            .flat_map(|pattern| memory.patterns().pattern(pattern))
            .collect();
        let ends = descend(&patterns);
        let ways = ends.iter().zip(patterns.chunks_exact(memory.size()));
        let way: f64 = ways
            .map(|(end, pattern)| distance(&end.state, pattern))
            .sum();
        let field = if at.keeps_field {
            let energies = memory.energies(&at.window.centres(), beta);
            energies.unwrap_or_default().into_iter().map(Some).collect()
        } else {
            Vec::new()
        };
        let count = minima.len() as f64;
        let way = way / ends.len() as f64;
        let numbers = vec![count, way, supports as f64 / count, unconverged];
        (numbers, field)
    }
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
