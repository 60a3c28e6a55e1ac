//! The energy over the plane, its minima, and how far the memories lie from them.

use crate::shared::plane::{PlaneMaps, beta, plane_section};
use dam_memory::composed::ComposedMemory;
use dam_memory::dynamics::{Dynamics, GradientDescent, Start, StopReason};
use dam_memory::streams::Settings;
use dam_runs::catalogue::{Configured, Kind};
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError};
use dam_runs::quantity::Quantity;
use dam_runs::record::Record;
use dam_runs::reduce;
use dam_runs::task::Task;
use dam_runs::view::{Sweep, View};

/// Starts along a side of the window from which minima are sought.
const SEARCH: usize = 20;
/// Fixed points closer than this are the same.
const SAME: f64 = 0.01;

const NAMES: [&str; 3] = ["minima", "memory_distance", "support"];

/// The kind that job files name.
pub const KIND: Kind = Kind {
    name: "energy-landscape",
    about: "the energy of kernels learned in the plane",
    sections: &["memory", "plane"],
    read: EnergyLandscape::configure,
};

/// The energy landscape of kernels learned from few memories in the plane (arXiv:2410.23126,
/// Fig. 1).
///
/// Per sample: the number of distinct fixed points that descents from a 20 × 20 grid reach
/// (`minima`; those that take more than `max_steps` are left out), the mean distance of a memory to the fixed point that
/// it descends to (`memory_distance`), and the mean number of patterns in the support at the
/// minima (`support`). The figure shows the first sample.
#[derive(Clone, Debug)]
pub struct EnergyLandscape {
    /// The kernels.
    pub maps: PlaneMaps,
    /// The descent.
    pub descent: GradientDescent,
}

impl EnergyLandscape {
    /// Sections `[memory]`, `[plane]` and `[dynamics]`; sweeps `pattern_count`, `beta` and
    /// `training_steps`.
    fn configure(draft: &Draft<'_>) -> Result<Configured, JobError> {
        let (maps, points) = PlaneMaps::configure(draft)?;
        if let Some(composition) = maps
            .compositions
            .iter()
            .find(|composition| !composition.separation().has_potential())
        {
            let message = format!("{} has no energy; delete it", composition.separation());
            return Err(draft.error("memory", "separation", message));
        }
        if plane_section(draft)?.updates.is_some() {
            let message = "descents end at fixed points: it belongs to basins-2d".to_owned();
            return Err(draft.error("plane", "updates", message));
        }
        let descent = draft.iteration()?;
        Ok((Box::new(Self { maps, descent }), points))
    }

    fn look(
        &self,
        memory: &ComposedMemory,
        beta: f64,
        keeps_field: bool,
    ) -> ([f64; 3], Vec<Option<f64>>) {
        let mut search = self.maps.window;
        search.resolution = SEARCH;
        let mut minima: Vec<Vec<f64>> = Vec::new();
        let mut supports = 0;
        let descend = |states: &[f64]| {
            let starts = Start::at_each(states, memory.size(), beta);
            self.descent.descend(memory, &starts)
        };
        for point in descend(&search.centres()) {
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
        let field = if keeps_field {
            let energies = memory.energies(&self.maps.window.centres(), beta);
            energies.unwrap_or_default().into_iter().map(Some).collect()
        } else {
            Vec::new()
        };
        let count = minima.len() as f64;
        let numbers = [count, way / ends.len() as f64, supports as f64 / count];
        (numbers, field)
    }
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

impl Experiment for EnergyLandscape {
    fn settings(&self) -> Settings {
        let mut settings = self.maps.settings();
        settings.extend(self.descent.settings());
        settings
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let beta = beta(sample.task);
        self.maps.record(sample, NAMES, |memory, keeps_field| {
            self.look(memory, beta, keeps_field)
        })
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
        self.maps.views(KIND.name, true, sweep)
    }
}
