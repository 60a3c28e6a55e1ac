//! Jobs: a sweep stated in one TOML file, validated once into types.

mod error;
mod file;
mod grid;
mod task;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::criterion::Criterion;
use crate::dynamics::GradientDescent;
use crate::ensembles::{PatternEnsemble, pattern_ensemble, pattern_ensemble_names};
use crate::experiments::{Crossover, Experiment, Retrieval};
use crate::memory::Precision;

use file::{CriterionName, ExperimentName, JobFile};

pub use error::JobError;
pub use grid::linear_grid;
pub use task::Task;

/// The fewest components that the theory and the experiments are made for.
const SMALLEST_SIZE: usize = 3;
/// Beyond this P = round(exp(α N)) is no longer an exact number.
const LARGEST_PATTERN_COUNT: f64 = 9_007_199_254_740_992.0;

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
    pub ensemble: &'static dyn PatternEnsemble,
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
        Validator { path, text }.job(&file)
    }
}

/// (α, N, P).
type Point = (f64, usize, usize);

struct Validator<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Validator<'_> {
    fn job(&self, file: &JobFile) -> Result<Job, JobError> {
        let name = &file.job.name;
        let allowed = |character: char| character.is_alphanumeric() || "-_.".contains(character);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(allowed) {
            return Err(self.error(
                "job",
                "name",
                format!("{name:?} cannot name files: use letters, digits, '-', '_' and '.'"),
            ));
        }
        let ensemble = pattern_ensemble(&file.patterns.ensemble).ok_or_else(|| {
            let known = pattern_ensemble_names().join(", ");
            self.error(
                "patterns",
                "ensemble",
                format!(
                    "unknown ensemble {:?}; known: {known}",
                    file.patterns.ensemble
                ),
            )
        })?;
        let samples = file.sampling.samples;
        if samples < 2 {
            return Err(self.error(
                "sampling",
                "samples",
                format!("{samples} disorder samples give no error bar; ask for at least 2"),
            ));
        }
        let experiment = self.experiment(file)?;
        let all_points = self.points(file)?;
        let all_count = all_points.len();
        let points = self.allowed_points(file, all_points)?;
        let left_out = all_count - points.len();
        let parameters = experiment.task_parameters();
        let tasks = points
            .into_iter()
            .map(|(alpha, size, pattern_count)| Task {
                experiment: experiment.name().to_owned(),
                ensemble: ensemble.name().to_owned(),
                alpha,
                size,
                pattern_count,
                parameters: parameters.clone(),
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
        settings.extend(experiment.settings());
        Ok(Job {
            name: name.clone(),
            seed: file.job.seed,
            ensemble,
            experiment,
            samples,
            precision: file.sampling.precision,
            tasks,
            left_out,
            settings,
        })
    }

    fn experiment(&self, file: &JobFile) -> Result<Box<dyn Experiment>, JobError> {
        let (descent, criterion) = self.dynamics(file)?;
        let name = file.job.experiment;
        if name != ExperimentName::Crossover && file.crossover.is_some() {
            return Err(self.error(
                "crossover",
                "",
                "this section belongs to experiment = \"crossover\"; delete it".to_owned(),
            ));
        }
        match name {
            ExperimentName::Crossover => {
                self.refuse_lambda(file, "searches λ itself")?;
                if file.dynamics.recorded_samples > 0 {
                    return Err(self.error(
                        "dynamics",
                        "recorded_samples",
                        "trajectories are recorded by experiment = \"retrieval\" only".to_owned(),
                    ));
                }
                let section = file.crossover.unwrap_or_default();
                self.positive("crossover", "tolerance", section.tolerance)?;
                self.positive("crossover", "maximum", section.maximum)?;
                Ok(Box::new(Crossover {
                    descent,
                    criterion,
                    tolerance: section.tolerance,
                    maximum: section.maximum,
                }))
            }
            ExperimentName::Retrieval => {
                let inverse_temperatures = self.lambda_grid(file)?;
                Ok(Box::new(Retrieval {
                    descent,
                    criterion,
                    inverse_temperatures,
                    recorded_samples: file.dynamics.recorded_samples,
                }))
            }
        }
    }

    fn refuse_lambda(&self, file: &JobFile, why: &str) -> Result<(), JobError> {
        if file.sweep.lambda.is_some() {
            return Err(self.error(
                "sweep",
                "lambda",
                format!("this experiment {why}; delete this key"),
            ));
        }
        Ok(())
    }

    fn lambda_grid(&self, file: &JobFile) -> Result<Vec<f64>, JobError> {
        let grid = file.sweep.lambda.as_ref().ok_or_else(|| {
            self.error(
                "sweep",
                "lambda",
                "missing; state the inverse temperatures, such as lambda = { start = 0.2, stop = \
                 0.6, count = 21 }"
                    .to_owned(),
            )
        })?;
        self.not_empty("lambda", &grid.0)?;
        for &lambda in &grid.0 {
            self.positive("sweep", "lambda", lambda)?;
        }
        self.distinct("lambda", &grid.0)?;
        Ok(grid.0.clone())
    }

    fn dynamics(&self, file: &JobFile) -> Result<(GradientDescent, Criterion), JobError> {
        let section = &file.dynamics;
        let step_size = section.step_size;
        if !(step_size > 0.0 && step_size <= 1.0) {
            return Err(self.error(
                "dynamics",
                "step_size",
                format!("{step_size} lies outside (0, 1]; 1 is the attention update"),
            ));
        }
        self.positive("dynamics", "tolerance", section.tolerance)?;
        if section.max_steps == 0 {
            return Err(self.error(
                "dynamics",
                "max_steps",
                "0 allows no update; the default is 20000".to_owned(),
            ));
        }
        let criterion = match (section.criterion, section.distance) {
            (CriterionName::Weight, None) => Criterion::Weight,
            (CriterionName::Weight, Some(_)) => {
                return Err(self.error(
                    "dynamics",
                    "distance",
                    "belongs to criterion = \"distance\"; delete it or set that criterion"
                        .to_owned(),
                ));
            }
            (CriterionName::Distance, bound) => {
                let bound = bound.unwrap_or(0.1);
                if !(bound > 0.0 && bound < 1.0) {
                    return Err(self.error(
                        "dynamics",
                        "distance",
                        format!("{bound} lies outside (0, 1), the range of |x − ξ|²/|ξ|²"),
                    ));
                }
                Criterion::Distance(bound)
            }
        };
        let descent = GradientDescent {
            step_size,
            tolerance: section.tolerance,
            max_steps: section.max_steps,
        };
        Ok((descent, criterion))
    }

    /// All (α, N, P) of the sweep.
    fn points(&self, file: &JobFile) -> Result<Vec<Point>, JobError> {
        let (loads, sizes) = (&file.sweep.alpha.0, &file.sweep.size.0);
        self.not_empty("alpha", loads)?;
        self.not_empty("size", sizes)?;
        self.distinct("alpha", loads)?;
        self.distinct("size", sizes)?;
        for &alpha in loads {
            self.positive("sweep", "alpha", alpha)?;
        }
        let mut points = Vec::new();
        for &alpha in loads {
            for &size in sizes {
                let size = self.size(size)?;
                points.push((alpha, size, self.pattern_count(alpha, size)?));
            }
        }
        Ok(points)
    }

    /// The points whose P the job allows.
    fn allowed_points(&self, file: &JobFile, points: Vec<Point>) -> Result<Vec<Point>, JobError> {
        let Some(maximum) = file.sweep.maximum_pattern_count else {
            return Ok(points);
        };
        let allowed: Vec<_> = points
            .into_iter()
            .filter(|&(_, _, count)| count as u64 <= maximum)
            .collect();
        if allowed.is_empty() {
            return Err(self.error(
                "sweep",
                "maximum_pattern_count",
                format!("{maximum} leaves no point of the sweep; raise it"),
            ));
        }
        Ok(allowed)
    }

    fn size(&self, value: f64) -> Result<usize, JobError> {
        if value.fract() != 0.0 || !(value >= SMALLEST_SIZE as f64 && value <= 1e9) {
            return Err(self.error(
                "sweep",
                "size",
                format!("{value} is not a whole number N of at least {SMALLEST_SIZE} components"),
            ));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be a whole number between 3 and 1e9"
        )]
        Ok(value as usize)
    }

    fn pattern_count(&self, alpha: f64, size: usize) -> Result<usize, JobError> {
        let count = (alpha * size as f64).exp().round();
        if count < 2.0 {
            let smallest = 2.0_f64.ln() / size as f64;
            return Err(self.error(
                "sweep",
                "alpha",
                format!(
                    "α = {alpha} at N = {size} stores P = {count} pattern; at least 2 are needed \
                     (α above about {smallest:.3})"
                ),
            ));
        }
        if count > LARGEST_PATTERN_COUNT {
            let gibibytes = count * size as f64 * 8.0 / 1_073_741_824.0;
            return Err(self.error(
                "sweep",
                "alpha",
                format!(
                    "α = {alpha} at N = {size} stores P = {count:.3e} patterns, {gibibytes:.1e} \
                     GiB: lower α or N"
                ),
            ));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be a whole number below 2^53"
        )]
        Ok(count as usize)
    }

    fn positive(&self, section: &str, key: &str, value: f64) -> Result<(), JobError> {
        if value > 0.0 && value.is_finite() {
            return Ok(());
        }
        Err(self.error(section, key, format!("{value} is not a positive number")))
    }

    fn not_empty(&self, key: &str, values: &[f64]) -> Result<(), JobError> {
        if !values.is_empty() {
            return Ok(());
        }
        Err(self.error(
            "sweep",
            key,
            "the sweep is empty; give at least one value".to_owned(),
        ))
    }

    fn distinct(&self, key: &str, values: &[f64]) -> Result<(), JobError> {
        for (index, value) in values.iter().enumerate() {
            if values[..index].contains(value) {
                return Err(self.error(
                    "sweep",
                    key,
                    format!("{value} stands there twice; name each value once"),
                ));
            }
        }
        Ok(())
    }

    fn error(&self, section: &str, key: &str, message: String) -> JobError {
        let place = match (key, line_of(self.text, section, key)) {
            ("", Some(line)) => format!("line {line}, section [{section}]"),
            ("", None) => format!("section [{section}]"),
            (_, Some(line)) => format!("line {line}, {section}.{key}"),
            (_, None) => format!("{section}.{key}"),
        };
        JobError::Value {
            path: PathBuf::from(self.path),
            place,
            message,
        }
    }
}

/// The line (from 1) of a key, or of the section's header where `key` is empty.
fn line_of(text: &str, section: &str, key: &str) -> Option<usize> {
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            inside = header.split(']').next().map(str::trim) == Some(section);
            if inside && key.is_empty() {
                return Some(index + 1);
            }
        } else if inside && line.split('=').next().map(str::trim) == Some(key) {
            return Some(index + 1);
        }
    }
    None
}
