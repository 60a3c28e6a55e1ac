//! Jobs: a sweep stated in one TOML file, validated once into types.

pub(crate) mod draft;
mod dynamics;
pub(crate) mod error;
pub(crate) mod file;
pub(crate) mod grid;
pub(crate) mod images;
mod memory;
pub(crate) mod own_file;
mod patterns;
pub(crate) mod point;
mod preparation;
mod storage;
mod sweep;
mod wording;

use std::path::Path;
use std::sync::Arc;

use dam_memory::attention::Precision;
use dam_memory::ensembles::PatternEnsemble;
use dam_memory::streams::Settings;
use dam_theory::Parameters;
use serde_json::json;

use crate::catalogue::Catalogue;
use crate::experiment::Experiment;
use crate::task::Task;
use crate::view::{FigureSettings, Sweep, View};

pub use draft::{Draft, PatternKind, Source};
pub use error::JobError;
pub use file::Storage;
pub use grid::{Grid, linear_grid, whole_number};
pub use memory::MEMORY;
pub use point::{Drawn, Point};
pub(crate) use sweep::SAME_VALUE;

/// A validated job: what to simulate, at which parameter points, how often.
#[derive(Debug)]
pub struct Job {
    /// Names the result files.
    pub name: String,
    /// Root of all random streams.
    pub seed: u64,
    /// The name of the kind of experiment.
    pub kind: &'static str,
    /// The law of the patterns.
    pub ensemble: Arc<dyn PatternEnsemble>,
    /// The parameters of that law, where it has some.
    pub ensemble_parameters: Parameters,
    /// What is measured.
    pub experiment: Box<dyn Experiment>,
    /// Disorder samples per task.
    pub samples: usize,
    /// How patterns are stored.
    pub precision: Precision,
    /// How patterns are to be held.
    pub storage: Storage,
    /// The parameter points, in the order of the sweep.
    pub tasks: Vec<Task>,
    /// Parameter points that `sweep.maximum_pattern_count` leaves out.
    pub left_out: usize,
    /// What must be equal for results to belong to this job.
    pub settings: Settings,
    /// How its figures are drawn.
    pub figure: FigureSettings,
}

impl Job {
    /// Reads and validates a job file.
    ///
    /// # Errors
    /// [`JobError`] naming the file, the line, the key or value, and the mend.
    pub fn read(path: &Path, catalogue: &Catalogue) -> Result<Self, JobError> {
        let unreadable = |source| JobError::Unreadable {
            path: path.to_owned(),
            source,
        };
        if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(JobError::NoFile {
                path: path.to_owned(),
            });
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|error| JobError::no_text(path, &error))?;
        Self::parse(path, &text, catalogue)
    }

    /// Validates the text of a job file; `path` is for messages only.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(path: &Path, text: &str, catalogue: &Catalogue) -> Result<Self, JobError> {
        let draft = Draft::new(path, text, catalogue.patterns())?;
        let kind = catalogue.kind_of(&draft)?;
        let name = draft.name()?;
        let given = draft.given_ensemble()?;
        let samples = draft.samples()?;
        let figure: FigureSettings = draft.section("figure")?.unwrap_or_default();
        if let Some((key, message)) = figure.fault() {
            return Err(draft.error("figure", key, message));
        }
        let (experiment, all_points) = (kind.read)(&draft)?;
        let all_count = all_points.len();
        let points = draft.allowed_points(all_points)?;
        draft.pattern_sizes(&points)?;
        let own = || points.first().and_then(|point| point.patterns.as_ref());
        let (ensemble, ensemble_parameters) = match given.or_else(own) {
            Some(drawn) => drawn.clone(),
            None => draft.ensemble()?.clone(),
        };
        let left_out = all_count - points.len();
        let tasks = points
            .into_iter()
            .map(|mut point| {
                let own = point.patterns.take();
                let (law, parameters) = own
                    .as_ref()
                    .map_or((&ensemble, &ensemble_parameters), |(law, parameters)| {
                        (law, parameters)
                    });
                let mut task = Task::new(kind.name, (law, parameters), point);
                task.revealed = draft.revealed(&task)?;
                Ok(task)
            })
            .collect::<Result<_, JobError>>()?;
        let mut settings = Settings::from([
            ("job.seed".to_owned(), json!(draft.seed())),
            ("job.experiment".to_owned(), json!(kind.name)),
            ("sampling.samples".to_owned(), json!(samples)),
            ("sampling.precision".to_owned(), json!(draft.precision())),
        ]);
        // patterns of their own are told apart by the tasks
        if let Some((ensemble, parameters)) = given {
            settings.insert("patterns.ensemble".to_owned(), json!(ensemble.name()));
            for (key, value) in parameters {
                settings.insert(format!("patterns.{key}"), json!(value));
            }
            settings.extend(ensemble.settings());
        }
        settings.extend(experiment.settings());
        Ok(Self {
            name,
            seed: draft.seed(),
            kind: kind.name,
            ensemble,
            ensemble_parameters,
            experiment,
            samples,
            precision: draft.precision(),
            storage: draft.storage()?,
            tasks,
            left_out,
            settings,
            figure,
        })
    }

    /// The figures of the job.
    pub fn views(&self) -> Vec<View<'_>> {
        self.experiment.views(Sweep {
            name: &self.name,
            kind: self.kind,
            ensemble: self.ensemble.as_ref(),
            parameters: &self.ensemble_parameters,
            samples: self.samples,
            tasks: &self.tasks,
        })
    }
}
