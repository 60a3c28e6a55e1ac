//! The error of retrieved patterns against the number of memories, the noise or the training, for
//! many memories side by side (U-Hop, arXiv:2404.03827, Figs. 2, 3, 5, 7–26).

mod corruption;
mod figures;
mod findings;
mod learning;
pub mod loss_and_error;
pub mod memory_capacity;
mod model;
pub mod noise_robustness;
mod scene;
mod score;
mod section;
pub mod training_steps;

use dam_memory::streams::Settings;
use dam_runs::catalogue::Configured;
use dam_runs::caveat::Caveat;
use dam_runs::experiment::{Conclusions, Experiment, Sample};
use dam_runs::job::{Draft, JobError, Point};
use dam_runs::quantity::Quantity;
use dam_runs::record::{Measurement, Record, grid_column};
use dam_runs::reduce;
use dam_runs::task::Task;
use dam_runs::view::{Sweep, View};
use std::collections::BTreeMap;

use nalgebra::DMatrix;
use serde_json::json;

use dam_learning::{FeatureMap, Trainer};
use dam_memory::patterns::Patterns;
use dam_runs::results::TaskResult;

pub use corruption::Corruption;
pub use learning::Learning;
pub use model::Model;

use model::{Base, Beta, Kernel};
use scene::Scene;
use score::{Cell, Trial};
use section::ComparisonSection;

/// Validation patterns that are asked for when a β is tuned; all are stored.
const TUNING_QUERIES: usize = 128;
/// Training steps where the job does not say (U-Hop, App. F: 100 on MNIST).
const TRAINING_STEPS: usize = 100;

/// The level of the corruption where the job does not say.
const HALF: f64 = 0.5;

/// What an experiment of this kind sweeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// M, at one noise level and one number of training steps.
    PatternCount,
    /// The level of the corruption.
    Noise,
    /// The number of training steps of the learned kernels.
    TrainingSteps,
}

/// Stores M patterns, asks for each of them with a corrupted copy, and compares one update of many
/// memories on the same queries: the squared error Σ_i (ξ_i − x̂_i)² averaged over the memories,
/// and the share of queries whose own pattern has the largest weight.
///
/// Kernels are learned on the stored patterns themselves, as U-Hop does. A tuned β is the best of a
/// grid for as many patterns of the validation part, corrupted the same way and, for kernels,
/// learned the same way.
#[derive(Clone, Debug)]
pub struct RetrievalError {
    /// What is swept.
    pub against: Against,
    /// The memories.
    pub models: Vec<Model>,
    /// The β of memories without one of their own.
    pub beta: f64,
    /// The grid for tuned β, rising.
    pub beta_grid: Vec<f64>,
    /// How queries are made.
    pub corruption: Corruption,
    /// Levels of the corruption.
    pub levels: Vec<f64>,
    /// Numbers of training steps, rising.
    pub training_steps: Vec<usize>,
    /// How kernels are learned.
    pub learning: Learning,
}

impl Against {
    fn key(self) -> &'static str {
        match self {
            Self::PatternCount => "pattern_count",
            Self::Noise => "noise",
            Self::TrainingSteps => "training_steps",
        }
    }
}

/// The stored patterns, and those that β is tuned on where one is.
#[derive(Clone, Copy)]
struct Scenes<'a> {
    stored: &'a Scene,
    validation: Option<&'a Scene>,
}

impl RetrievalError {
    /// Section `[comparison]`; sweeps `pattern_count` and `size`, with the grid `noise` or
    /// `training_steps` in every task.
    pub(super) fn configure(draft: &Draft<'_>, against: Against) -> Result<Configured, JobError> {
        let Some(section) = draft.section::<ComparisonSection>("comparison")? else {
            let message = "missing; name the models to compare, such as models = [\"dense\", \
                           \"cosine-tuned\"]";
            return Err(draft.error("comparison", "models", message.to_owned()));
        };
        let error = |key: &str, message: String| draft.error("comparison", key, message);
        let corruption: Corruption = section
            .corruption
            .parse()
            .map_err(|message| error("corruption", message))?;
        let (levels, level_place) = match against {
            Against::Noise => (draft.grid_from_zero("noise")?, ("sweep", "noise")),
            _ => (vec![section.level.unwrap_or(HALF)], ("comparison", "level")),
        };
        for &level in &levels {
            if let Some(domain) = corruption.unfit_level(level) {
                let message = format!("{level} lies outside {domain} of {corruption}");
                return Err(draft.error(level_place.0, level_place.1, message));
            }
        }
        if against == Against::Noise && section.level.is_some() {
            let message = "sweep.noise holds the levels; delete this key".to_owned();
            return Err(error("level", message));
        }
        let mut training_steps = match against {
            Against::TrainingSteps => draft.counts("training_steps", 0)?,
            _ => vec![section.training_steps.unwrap_or(TRAINING_STEPS)],
        };
        if against == Against::TrainingSteps && section.training_steps.is_some() {
            let message = "sweep.training_steps holds the steps; delete this key".to_owned();
            return Err(error("training_steps", message));
        }
        training_steps.sort_unstable();
        draft.positive("comparison", "beta", section.beta)?;
        let mut beta_grid = section.beta_grid.0.clone();
        if beta_grid.is_empty() {
            let message = "the grid is empty; give at least one β".to_owned();
            return Err(error("beta_grid", message));
        }
        for &beta in &beta_grid {
            draft.positive("comparison", "beta_grid", beta)?;
        }
        beta_grid.sort_by(f64::total_cmp);
        if section.feature_size == Some(0) {
            let message = "0 features compare nothing; give D ≥ 1".to_owned();
            return Err(error("feature_size", message));
        }
        let learning = Learning {
            feature_size: section.feature_size,
            average_learning_rate: section.average_learning_rate,
            maximum_learning_rate: section.maximum_learning_rate,
        };
        for (key, rate) in [
            ("average_learning_rate", learning.average_learning_rate),
            ("maximum_learning_rate", learning.maximum_learning_rate),
        ] {
            draft.positive("comparison", key, rate)?;
        }
        let experiment = Self {
            against,
            models: models(draft, &section.models)?,
            beta: section.beta,
            beta_grid,
            corruption,
            levels,
            training_steps,
            learning,
        };
        let points = experiment.points(draft)?;
        Ok((Box::new(experiment), points))
    }

    fn points(&self, draft: &Draft<'_>) -> Result<Vec<Point>, JobError> {
        let points = draft.counted_loads()?;
        if self.models.iter().any(Model::is_tuned) {
            // as many patterns to tune on as are stored
            for point in &points {
                draft.validation_count("sweep", "pattern_count", point.pattern_count)?;
            }
        }
        Ok(points
            .into_iter()
            .map(|point| match self.against {
                Against::PatternCount => point,
                _ => point.with_grid(self.against.key(), self.grid()),
            })
            .collect())
    }

    /// The values of the swept grid inside a task; one value that stands for none against M.
    fn grid(&self) -> Vec<f64> {
        match self.against {
            Against::TrainingSteps => self
                .training_steps
                .iter()
                .map(|&steps| steps as f64)
                .collect(),
            Against::PatternCount | Against::Noise => self.levels.clone(),
        }
    }

    /// The scores of models with equal base at all points of the grid: of each model a cell for
    /// each level and each number of steps.
    fn compare(&self, base: &Base, models: &[&Model], scenes: Scenes<'_>) -> Vec<Vec<Cell>> {
        match base {
            Base::Plain(composition) => {
                let similarities =
                    |scene: &Scene, level: usize| scene.plain_similarities(composition, level);
                let cells = self.cells(base, models, scenes, &similarities, None);
                // training changes nothing here
                let steps = self.training_steps.len();
                let repeated = cells.into_iter().map(|cells| cells.repeat(steps));
                repeated.collect()
            }
            &Base::Kernel(kernel) => {
                let mut own = self.trainer(kernel, scenes.stored);
                let mut other = scenes
                    .validation
                    .and_then(|scene| self.trainer(kernel, scene));
                let mut found = vec![Vec::new(); models.len()];
                for &steps in &self.training_steps {
                    let steps = if kernel == Kernel::Random { 0 } else { steps };
                    own = own.and_then(|trainer| trainer.advanced_to(steps).ok());
                    other = other.and_then(|trainer| trainer.advanced_to(steps).ok());
                    let own_map = own.as_ref().and_then(learned);
                    let other_map = other.as_ref().and_then(learned);
                    let cells = match (own_map, scenes.validation.is_some(), other_map) {
                        // the training diverged
                        (None, _, _) | (_, true, None) => {
                            vec![vec![Cell::default(); self.levels.len()]; models.len()]
                        }
                        (Some((map, loss)), _, other_map) => {
                            let similarities = |scene: &Scene, level: usize| {
                                let is_stored = std::ptr::eq(scene, scenes.stored);
                                let map = match &other_map {
                                    Some((other, _)) if !is_stored => other,
                                    _ => &map,
                                };
                                scene.kernel_similarities(map, level)
                            };
                            let loss = (kernel != Kernel::Random).then_some(loss);
                            self.cells(base, models, scenes, &similarities, loss)
                        }
                    };
                    for (found, cells) in found.iter_mut().zip(cells) {
                        found.extend(cells);
                    }
                }
                found
            }
        }
    }

    fn trainer<'a>(&self, kernel: Kernel, scene: &'a Scene) -> Option<Trainer<'a>> {
        let trainer = self
            .learning
            .trainer(kernel, &scene.patterns, &scene.stream);
        trainer.ok()
    }

    /// Of each model a cell for each level.
    fn cells(
        &self,
        base: &Base,
        models: &[&Model],
        scenes: Scenes<'_>,
        similarities: &dyn Fn(&Scene, usize) -> DMatrix<f64>,
        separation_loss: Option<f64>,
    ) -> Vec<Vec<Cell>> {
        let mut found = vec![Vec::new(); models.len()];
        for level in 0..self.levels.len() {
            let trial = |scene| -> Trial<'_> {
                let scene: &Scene = scene;
                Trial {
                    patterns: &scene.columns,
                    similarities: similarities(scene, level),
                    separation: base.separation(),
                }
            };
            let own = trial(scenes.stored);
            let tuned = scenes
                .validation
                .filter(|_| models.iter().any(|model| model.is_tuned()))
                .map(|scene| trial(scene).best_beta(&self.beta_grid));
            for (model, found) in models.iter().zip(&mut found) {
                let beta = match model.beta() {
                    Beta::Job => self.beta,
                    Beta::Fixed(beta) => beta,
                    Beta::Tuned => tuned.expect("tuned models have a validation scene"),
                };
                let score = own.score(beta);
                found.push(Cell {
                    squared_error: Some(score.squared_error),
                    accuracy: Some(score.accuracy),
                    beta: Some(beta),
                    separation_loss,
                });
            }
        }
        found
    }
}

/// The models that a job names: at least one, each once.
fn models(draft: &Draft<'_>, names: &[String]) -> Result<Vec<Model>, JobError> {
    let error = |message| draft.error("comparison", "models", message);
    let mut models: Vec<Model> = Vec::new();
    for name in names {
        let model: Model = name.parse().map_err(error)?;
        if models.contains(&model) {
            return Err(error(format!(
                "{name:?} stands there twice; name each once"
            )));
        }
        models.push(model);
    }
    if models.is_empty() {
        return Err(error("the list is empty; name at least one".to_owned()));
    }
    Ok(models)
}

/// Goes on to `steps` steps: the map and its loss, `None` where the training diverges.
fn learned(trainer: &Trainer<'_>) -> Option<(FeatureMap, f64)> {
    Some((trainer.map().ok()?, trainer.state().loss))
}

/// The name under which a record keeps a number of a model.
fn column_name(name: &str, model: &Model) -> String {
    format!("{name} {model}")
}

impl Experiment for RetrievalError {
    fn settings(&self) -> Settings {
        let models: Vec<&str> = self.models.iter().map(Model::name).collect();
        let mut settings = BTreeMap::from([
            ("models", json!(models)),
            ("beta", json!(self.beta)),
            ("corruption", json!(self.corruption.name())),
            ("feature_size", json!(self.learning.feature_size)),
            (
                "average_learning_rate",
                json!(self.learning.average_learning_rate),
            ),
            (
                "maximum_learning_rate",
                json!(self.learning.maximum_learning_rate),
            ),
        ]);
        if self.models.iter().any(Model::is_tuned) {
            settings.insert("beta_grid", json!(self.beta_grid));
        }
        // the tasks hold the grid that is swept
        if self.against != Against::Noise {
            settings.insert("level", json!(self.levels[0]));
        }
        if self.against != Against::TrainingSteps {
            settings.insert("training_steps", json!(self.training_steps[0]));
        }
        settings
            .into_iter()
            .map(|(key, value)| (format!("comparison.{key}"), value))
            .collect()
    }

    fn measure(&self, sample: &Sample<'_>) -> Record {
        let memory = sample.memory;
        let (size, count) = (memory.size(), memory.pattern_count());
        let rows = (0..count).flat_map(|pattern| memory.pattern(pattern));
        let patterns = Patterns::from_rows(size, rows.collect());
        let scene = |patterns, asked, stream| {
            Scene::new(patterns, asked, stream, (self.corruption, &self.levels))
        };
        let stored = scene(patterns, count, sample.stream.clone());
        let validation = self.models.iter().any(Model::is_tuned).then(|| {
            let patterns = sample.validation_patterns(count);
            let stream = sample.stream.clone().with_text("part", "validation");
            scene(patterns, count.min(TUNING_QUERIES), stream)
        });
        let mut record = Record::new();
        let mut done: Vec<Base> = Vec::new();
        for model in &self.models {
            let base = model.base();
            if done.contains(base) {
                continue;
            }
            done.push(base.clone());
            let models: Vec<&Model> = self.models.iter().filter(|m| m.base() == base).collect();
            let validation = validation
                .as_ref()
                .filter(|_| models.iter().any(|model| model.is_tuned()));
            let cells = self.compare(
                base,
                &models,
                Scenes {
                    stored: &stored,
                    validation,
                },
            );
            for (model, cells) in models.into_iter().zip(cells) {
                for (position, name) in Cell::NAMES.into_iter().enumerate() {
                    let values: Vec<Option<f64>> =
                        cells.iter().map(|cell| cell.values()[position]).collect();
                    if values.iter().any(Option::is_some) {
                        record.insert(column_name(name, model), Measurement::List(values));
                    }
                }
            }
        }
        record
    }

    fn quantities(&self, _: &Task, records: &[Record]) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for (position, value) in self.grid().into_iter().enumerate() {
            for model in &self.models {
                let errors = grid_column(records, &column_name("squared_error", model), position);
                let caveat = Caveat::diverged(&errors);
                for name in Cell::NAMES {
                    if (name == "beta" && !model.is_tuned())
                        || (name == "separation_loss" && !model.is_learned())
                    {
                        continue;
                    }
                    let column = grid_column(records, &column_name(name, model), position);
                    let reduced = reduce::mean(name, &reduce::present(&column));
                    let quantity = reduced.under(&caveat).labelled("model", model);
                    quantities.push(match self.against {
                        Against::PatternCount => quantity,
                        _ => quantity.at(self.against.key(), value),
                    });
                }
            }
        }
        quantities
    }

    fn views<'a>(&'a self, sweep: Sweep<'a>) -> Vec<View<'a>> {
        self.figures(sweep)
    }

    fn conclude(&self, tasks: &[TaskResult]) -> Conclusions {
        Conclusions {
            findings: self.find(tasks),
            ..Conclusions::default()
        }
    }
}
