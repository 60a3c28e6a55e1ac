//! What the experiments on the plane share: kernels after some training steps, the window of starts.

use crate::shared::settings::composition_settings;
use dam_memory::streams::Settings;
use dam_runs::catalogue::Configured;
use dam_runs::caveat::Caveat;
use dam_runs::experiment::{Experiment, Sample};
use dam_runs::job::{Draft, JobError, Point};
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record, grid_column, list};
use dam_runs::reduce::{self, present};
use dam_runs::task::Task;
use dam_runs::view::{Picture, PlaneField, PlaneView, Sweep, View, literal, short_number};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt::Debug;
use std::sync::Arc;

use dam_learning::{
    FeatureMap, LossForm, Optimiser, Projection, SeparationLoss, Trainer, Training,
};
use dam_memory::attention::AttentionMemory;
use dam_memory::composed::{ComposedMemory, Composition};
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::Patterns;
use dam_memory::separations::Separation;
use dam_memory::separations::softmax::Softmax;
use dam_memory::similarities::kernel::Kernel;
use dam_runs::section::Section;

/// N of these experiments.
const PLANE: usize = 2;
/// Cells along a side of the window that a record may hold.
const FINEST_RESOLUTION: usize = 400;

/// Kernels of the plane: how they are learned, and which starts are shown.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PlaneSection {
    /// Rate of kernel learning.
    pub(crate) learning_rate: f64,
    /// τ of the loss that is learned.
    pub(crate) temperature: f64,
    /// The window reaches so far from 0.
    pub(crate) half_width: f64,
    /// Cells along a side of the window.
    pub(crate) resolution: usize,
    /// Updates of each start; to the fixed point without it.
    #[schemars(example = 1)]
    pub(crate) updates: Option<usize>,
}

/// What experiments on the plane read.
pub(crate) const PLANE_SECTION: Section = Section::of::<PlaneSection>("plane");

impl Default for PlaneSection {
    fn default() -> Self {
        Self {
            learning_rate: 0.1,
            temperature: 0.1,
            half_width: 3.0,
            resolution: 100,
            updates: None,
        }
    }
}

/// What an experiment on the plane sees of a memory.
pub(crate) trait PlaneLook: Debug + Send + Sync + Sized + 'static {
    /// Name of the experiment.
    const KIND: &'static str;
    /// The numbers that it sees.
    const NAMES: &'static [&'static str];
    /// Whether the field over the window is an energy, or else the memory that each start reaches.
    const IS_ENERGY: bool;
    /// What a reader of the figure must know.
    const NOTE: &'static str;
    /// Which of the numbers is the share of so many descents that do not converge, where there are any.
    const UNCONVERGED: Option<(&'static str, usize)>;

    /// Its own settings of a job.
    fn read(draft: &Draft<'_>, maps: &PlaneMaps, section: &PlaneSection) -> Result<Self, JobError>;

    /// Those of its settings that numbers depend on.
    fn settings(&self) -> Settings;

    /// The numbers, and the field over the window where it is kept.
    fn look(&self, at: &PlaneMemory<'_>) -> (Vec<f64>, Vec<Option<f64>>);
}

/// A memory to look at.
#[derive(Clone, Copy)]
pub(crate) struct PlaneMemory<'a> {
    pub(crate) memory: &'a ComposedMemory,
    pub(crate) beta: f64,
    pub(crate) window: PlaneWindow,
    /// Whether the field is kept for the figure.
    pub(crate) keeps_field: bool,
}

/// The experiment of a look: the numbers of all samples, the field of the first.
#[derive(Debug)]
struct PlaneExperiment<Look> {
    maps: PlaneMaps,
    look: Look,
}

/// Sections `[memory]` and `[plane]`; sweeps `pattern_count`, `beta` and `training_steps`.
pub(crate) fn configure<Look: PlaneLook>(draft: &Draft<'_>) -> Result<Configured, JobError> {
    let section: PlaneSection = draft.section("plane")?.unwrap_or_default();
    let (maps, points) = PlaneMaps::configure(draft, &section)?;
    let look = Look::read(draft, &maps, &section)?;
    Ok((Box::new(PlaneExperiment { maps, look }), points))
}

impl<Look: PlaneLook> Experiment for PlaneExperiment<Look> {
    fn settings(&self) -> Settings {
        let mut settings = self.maps.settings();
        settings.extend(self.look.settings());
        settings
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        self.maps.record(sample, &self.look)
    }

    fn quantities(&self, _: &Task, records: &[Record]) -> Vec<Quantity> {
        let of_name = |name: &str| {
            let mean = |values: &[f64]| reduce::mean(name, values);
            self.maps.quantities(records, name, mean)
        };
        let caveats: Option<Vec<Caveat>> = Look::UNCONVERGED.map(|(name, descents)| {
            let of_share = |share: Quantity| {
                let of = descents * share.count;
                let affected = reduce::whole(share.mean.unwrap_or(0.0) * of as f64);
                Caveat::unconverged("descents", affected, of)
            };
            of_name(name).into_iter().map(of_share).collect()
        });
        let mut quantities = Vec::new();
        for &name in Look::NAMES {
            let is_share = Look::UNCONVERGED.is_some_and(|(share, _)| share == name);
            let found = of_name(name).into_iter();
            match caveats.as_ref().filter(|_| !is_share) {
                Some(caveats) => {
                    let pairs = found.zip(caveats);
                    quantities.extend(pairs.map(|(found, caveat)| found.under(caveat)));
                }
                None => quantities.extend(found),
            }
        }
        quantities
    }

    /// The figure of each task.
    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        self.maps
            .views(Look::KIND, (Look::IS_ENERGY, Look::NOTE), sweep)
    }
}

/// Kernels learned from M memories in the plane, D_Φ = d = 2, compared at several training steps.
///
/// Training begins at Φ(x) = x, which is the ordinary model, and follows the U-Hop+ loss
/// (arXiv:2410.23126) with Adam; Φ is affine.
#[derive(Clone, Debug)]
pub(crate) struct PlaneMaps {
    /// The separations that are compared, each with the kernel.
    pub(crate) compositions: Vec<Composition>,
    /// Training steps at which the map is looked at, ascending; 0 is Φ(x) = x.
    pub training_steps: Vec<usize>,
    /// Rate of Adam.
    pub learning_rate: f64,
    /// τ of the loss.
    pub temperature: f64,
    /// Where states start.
    pub window: PlaneWindow,
}

/// The square [−w, w]² in equal square cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PlaneWindow {
    /// w.
    pub half_width: f64,
    /// Cells along a side.
    pub resolution: usize,
}

impl PlaneWindow {
    /// The centres of the cells, row by row from the lowest x₂, as states.
    pub fn centres(&self) -> Vec<f64> {
        let place = |index: usize| {
            self.half_width * ((2 * index + 1) as f64 / self.resolution as f64 - 1.0)
        };
        (0..self.resolution)
            .flat_map(|row| (0..self.resolution).flat_map(move |column| [column, row]))
            .map(place)
            .collect()
    }
}

impl PlaneMaps {
    /// Sections `[memory]` (separations) and `[plane]`; sweeps `pattern_count` and `beta`, with the
    /// grid `training_steps` in every task.
    fn configure(
        draft: &Draft<'_>,
        section: &PlaneSection,
    ) -> Result<(Self, Vec<Point>), JobError> {
        let kernel = Composition::new(Arc::new(Kernel::default()), Arc::new(Softmax))
            .map_err(|error| draft.error("memory", "", error.to_string()))?;
        let compositions = draft.compositions(&kernel)?;
        if compositions
            .iter()
            .any(|composition| !composition.similarity().takes_feature_map())
        {
            let message = "kernels are learned here; delete this key".to_owned();
            return Err(draft.error("memory", "similarity", message));
        }
        for (key, value) in [
            ("learning_rate", section.learning_rate),
            ("temperature", section.temperature),
            ("half_width", section.half_width),
        ] {
            draft.positive("plane", key, value)?;
        }
        if !(2..=FINEST_RESOLUTION).contains(&section.resolution) {
            let message = format!(
                "{} lies outside 2 to {FINEST_RESOLUTION} cells along a side",
                section.resolution
            );
            return Err(draft.error("plane", "resolution", message));
        }
        let mut training_steps = draft.counts("training_steps", 0)?;
        training_steps.sort_unstable();
        let inverse_temperatures = draft.grid("beta")?;
        let grid = || training_steps.iter().map(|&steps| steps as f64);
        let mut points = Vec::new();
        for point in draft.counted_loads_at(&[PLANE])? {
            points.extend(inverse_temperatures.iter().map(|&beta| {
                point
                    .clone()
                    .with_grid("beta", [beta])
                    .with_grid("training_steps", grid())
            }));
        }
        let maps = Self {
            compositions,
            training_steps,
            learning_rate: section.learning_rate,
            temperature: section.temperature,
            window: PlaneWindow {
                half_width: section.half_width,
                resolution: section.resolution,
            },
        };
        Ok((maps, points))
    }

    fn settings(&self) -> Settings {
        let mut settings = composition_settings(&self.compositions);
        for (key, value) in [
            ("learning_rate", json!(self.learning_rate)),
            ("temperature", json!(self.temperature)),
            ("half_width", json!(self.window.half_width)),
            ("resolution", json!(self.window.resolution)),
        ] {
            settings.insert(format!("plane.{key}"), value);
        }
        settings
    }

    /// The maps after each of `training_steps`; `None` from where training breaks down.
    fn maps(&self, memory: &AttentionMemory) -> Vec<Option<FeatureMap>> {
        let rows = memory_rows(memory);
        let patterns = Patterns::from_rows(PLANE, rows);
        let start = FeatureMap::identity(PLANE).with_bias(vec![0.0; PLANE]);
        let training = Training {
            loss: SeparationLoss::normalised(LossForm::UHopPlus {
                temperature: self.temperature,
            }),
            optimiser: Optimiser::adam(self.learning_rate),
            projection: Projection::None,
            epochs: 0,
            tolerance: 0.0,
            parallelism: Parallelism::Sequential,
        };
        let mut trainer = Trainer::new(&training, &patterns, start.clone()).ok();
        let mut maps = Vec::with_capacity(self.training_steps.len());
        for &steps in &self.training_steps {
            trainer = trainer.and_then(|running| running.advanced_to(steps).ok());
            maps.push(if steps == 0 {
                Some(start.clone())
            } else {
                trainer.as_ref().and_then(|running| running.map().ok())
            });
        }
        maps
    }

    /// Measures `look` for every separation after every training step: named numbers, and the
    /// field over the window. The first sample keeps its fields and its memories for the figure.
    fn record<Look: PlaneLook>(&self, sample: &Sample<'_>, look: &Look) -> Record {
        let (is_first, beta) = (sample.index == 0, beta(sample.task));
        let mut record = Record::new();
        let maps = self.maps(sample.memory);
        for composition in &self.compositions {
            let mut columns = vec![Vec::new(); Look::NAMES.len()];
            for (map, &steps) in maps.iter().zip(&self.training_steps) {
                let memory = map.as_ref().and_then(|map| {
                    let memory = composition.memory(sample.memory.clone());
                    memory.with_feature_map(map.clone()).ok()
                });
                let seen = memory.map(|memory| {
                    look.look(&PlaneMemory {
                        memory: &memory,
                        beta,
                        window: self.window,
                        keeps_field: is_first,
                    })
                });
                for (index, column) in columns.iter_mut().enumerate() {
                    column.push(seen.as_ref().map(|(numbers, _)| numbers[index]));
                }
                if let (true, Some((_, field))) = (is_first, seen) {
                    let name = field_name(composition.separation(), steps);
                    record.insert(name, Measurement::List(field));
                }
            }
            for (name, column) in Look::NAMES.iter().zip(columns) {
                let name = column_name(name, composition.separation());
                record.insert(name, Measurement::List(column));
            }
        }
        if is_first {
            record.insert(MEMORIES.to_owned(), list(memory_rows(sample.memory)));
        }
        record
    }

    /// One quantity for every separation and training step.
    fn quantities(
        &self,
        records: &[Record],
        name: &str,
        reduce: impl Fn(&[f64]) -> Quantity,
    ) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for composition in &self.compositions {
            let separation = composition.separation();
            let column = column_name(name, separation);
            for (position, &steps) in self.training_steps.iter().enumerate() {
                let values = grid_column(records, &column, position);
                let quantity = reduce(&present(&values))
                    .at("training_steps", steps as f64)
                    .labelled("separation", separation);
                quantities.push(quantity);
            }
        }
        quantities
    }
}

impl PlaneMaps {
    /// A figure for each task, of its first sample: rows of training steps, columns of separations.
    fn views<'a>(
        &'a self,
        kind: &str,
        (is_energy, note): (bool, &str),
        sweep: Sweep<'a>,
    ) -> Vec<View<'a>> {
        let view = |task: &'a Task| {
            let (count, beta) = (task.pattern_count, beta(task));
            let stem = match sweep.tasks {
                [_] => kind.to_owned(),
                _ => format!("{kind}-{count}-{}", short_number(beta)),
            };
            // 1/1.1111111111111112 is written 0.9
            let temperature = short_number(beta.recip());
            let title = format!("{}, M = {count}, 1/β = {temperature}", sweep.title());
            let plane = PlaneView {
                task,
                is_energy,
                columns: self.compositions.len(),
                fields: Box::new(|record| self.fields(record)),
            };
            View::new(stem, title, Picture::Plane(plane)).noted(note)
        };
        sweep.tasks.iter().map(view).collect()
    }

    /// The recorded fields, a row for each number of training steps.
    fn fields(&self, record: &Record) -> Vec<PlaneField> {
        let values = |name: &str| match record.get(name) {
            Some(Measurement::List(values)) => values.clone(),
            _ => Vec::new(),
        };
        let memories: Vec<(f64, f64)> = values(MEMORIES)
            .chunks_exact(2)
            .filter_map(|pair| Some((pair[0]?, pair[1]?)))
            .collect();
        let mut fields = Vec::new();
        for &steps in &self.training_steps {
            for composition in &self.compositions {
                let separation = composition.separation();
                let values = values(&field_name(separation, steps));
                if !values.is_empty() {
                    fields.push(PlaneField {
                        title: format!("{}, {steps} steps", literal(&separation.to_string())),
                        half_width: self.window.half_width,
                        values,
                        memories: memories.clone(),
                    });
                }
            }
        }
        fields
    }
}

/// β of a task.
fn beta(task: &Task) -> f64 {
    task.parameter("beta").unwrap_or(f64::NAN)
}

/// The name under which the first sample's record keeps the patterns.
const MEMORIES: &str = "memories";

/// The name under which the first sample's record keeps a field.
fn field_name(separation: &Arc<dyn Separation>, training_steps: usize) -> String {
    format!("field {separation} training_steps={training_steps}")
}

fn column_name(name: &str, separation: &Arc<dyn Separation>) -> String {
    format!("{name} {separation}")
}

/// All patterns, row-major.
fn memory_rows(memory: &AttentionMemory) -> Vec<f64> {
    (0..memory.pattern_count())
        .flat_map(|pattern| memory.pattern(pattern))
        .collect()
}
