//! Jobs: a sweep stated in one TOML file, validated once into types.

mod comparison;
mod error;
mod file;
mod grid;
mod images;
mod learners;
mod task;
mod validator;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use dam_theory::Parameters;
use serde_json::{Value, json};

use crate::ensembles::PatternEnsemble;
use crate::experiments::{self, Experiment};
use crate::memory::Precision;

pub use file::StartKind;
pub(crate) use file::{ExperimentName, JobFile, State};
pub(crate) use validator::{Point, Validator};

pub use error::JobError;
pub use grid::linear_grid;
pub use task::Task;

/// Everything besides the sweep that the numbers of a job depend on, by dotted key.
pub type Settings = BTreeMap<String, Value>;

/// A validated job: what to simulate, at which parameter points, how often.
#[derive(Debug)]
pub struct Job {
    /// Names the result files.
    pub name: String,
    /// Root of all random streams.
    pub seed: u64,
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
    /// The parameter points, in the order of the sweep.
    pub tasks: Vec<Task>,
    /// Parameter points that `sweep.maximum_pattern_count` leaves out.
    pub left_out: usize,
    /// What must be equal for results to belong to this job.
    pub settings: Settings,
}

impl Job {
    /// The quantity that stands for a measured crossover: the mean where |ξ|² = N, else the
    /// median, since λ_× depends on |ξ¹|².
    pub fn headline_quantity(&self) -> &'static str {
        if self.ensemble.has_fixed_norm() {
            "lambda_crossover"
        } else {
            "lambda_crossover_median"
        }
    }

    /// Reads and validates a job file.
    ///
    /// # Errors
    /// [`JobError`] naming the file, the line, the key or value, and the mend.
    pub fn read(path: &Path) -> Result<Self, JobError> {
        let text = std::fs::read_to_string(path).map_err(|source| JobError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text)
    }

    /// Validates the text of a job file; `path` is for messages only.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(path: &Path, text: &str) -> Result<Self, JobError> {
        let file: JobFile = toml::from_str(text).map_err(|error| JobError::Invalid {
            path: path.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })?;
        let validator = Validator::new(path, text, &file);
        let name = validator.name()?;
        let (ensemble, ensemble_parameters) = validator.ensemble()?.clone();
        let samples = validator.samples()?;
        validator.own_sections()?;
        let (experiment, all_points) = experiments::configure(&validator)?;
        let all_count = all_points.len();
        let points = validator.allowed_points(all_points)?;
        validator.pattern_sizes(ensemble.as_ref(), &points)?;
        let left_out = all_count - points.len();
        let tasks = points
            .into_iter()
            .map(|point| Task {
                experiment: experiment.name().to_owned(),
                ensemble: ensemble.name().to_owned(),
                alpha: point.alpha,
                size: point.size,
                pattern_count: point.pattern_count,
                parameters: point.parameters,
                ensemble_parameters: ensemble_parameters.clone(),
            })
            .collect();
        let mut settings = Settings::from([
            ("job.seed".to_owned(), json!(file.job.seed)),
            ("job.experiment".to_owned(), json!(experiment.name())),
            ("patterns.ensemble".to_owned(), json!(ensemble.name())),
            ("sampling.samples".to_owned(), json!(samples)),
            (
                "sampling.precision".to_owned(),
                json!(file.sampling.precision),
            ),
        ]);
        for (key, value) in &ensemble_parameters {
            settings.insert(format!("patterns.{key}"), json!(value));
        }
        settings.extend(ensemble.settings());
        settings.extend(experiment.settings());
        Ok(Self {
            name,
            seed: file.job.seed,
            ensemble,
            ensemble_parameters,
            experiment,
            samples,
            precision: file.sampling.precision,
            tasks,
            left_out,
            settings,
        })
    }
}
