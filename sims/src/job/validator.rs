//! The checks that turn a job file into types; every failure names the line, the key and the mend.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use dam_theory::{Parameters, TheoryError};

use super::error::JobError;
use super::file::{CriterionName, JobFile, Names};
use super::task::counted_load;
use crate::composition::{Composition, Separation, Similarity};
use crate::criterion::Criterion;
use crate::dynamics::GradientDescent;
use crate::ensembles::{PatternEnsemble, pattern_ensemble};

/// The fewest components that the theory and the experiments are made for.
const SMALLEST_SIZE: usize = 3;
/// Larger whole numbers of a sweep, such as N, are mistakes.
const LARGEST_COUNT: f64 = 1e9;
/// The records of a task are held in memory and written to one file.
const MOST_SAMPLES: usize = 10_000_000;
/// Beyond this P is no longer an exact number.
const LARGEST_PATTERN_COUNT: f64 = 9_007_199_254_740_992.0;

/// One parameter point of the sweep.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    /// α = ln P / N.
    pub(crate) alpha: f64,
    /// N.
    pub(crate) size: usize,
    /// P.
    pub(crate) pattern_count: usize,
    /// The experiment's other parameters.
    pub(crate) parameters: BTreeMap<String, Vec<f64>>,
}

impl Point {
    /// The same point with a whole grid that lies inside the task.
    pub(crate) fn with_grid(mut self, key: &str, values: impl IntoIterator<Item = f64>) -> Self {
        self.parameters
            .insert(key.to_owned(), values.into_iter().collect());
        self
    }
}

/// A job file and its text, for messages that show the line.
pub(crate) struct Validator<'a> {
    path: &'a Path,
    text: &'a str,
    pub(crate) file: &'a JobFile,
    /// Made once: reading one from data takes time.
    ensemble: OnceCell<(Arc<dyn PatternEnsemble>, Parameters)>,
}

impl<'a> Validator<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str, file: &'a JobFile) -> Self {
        Self {
            path,
            text,
            file,
            ensemble: OnceCell::new(),
        }
    }

    pub(super) fn name(&self) -> Result<String, JobError> {
        let name = &self.file.job.name;
        let allowed = |character: char| character.is_alphanumeric() || "-_.".contains(character);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(allowed) {
            return Err(self.error(
                "job",
                "name",
                format!("{name:?} cannot name files: use letters, digits, '-', '_' and '.'"),
            ));
        }
        Ok(name.clone())
    }

    /// The ensemble and its parameters.
    pub(crate) fn ensemble(&self) -> Result<&(Arc<dyn PatternEnsemble>, Parameters), JobError> {
        if let Some(ensemble) = self.ensemble.get() {
            return Ok(ensemble);
        }
        let ensemble = self.new_ensemble()?;
        Ok(self.ensemble.get_or_init(|| ensemble))
    }

    fn new_ensemble(&self) -> Result<(Arc<dyn PatternEnsemble>, Parameters), JobError> {
        let section = &self.file.patterns;
        let parameters = section.parameters();
        if section.ensemble == "images" && parameters.is_empty() {
            return Ok((self.images()?, parameters));
        }
        self.no_image_keys()?;
        let ensemble = pattern_ensemble(&section.ensemble, &parameters).map_err(|error| {
            let key = match &error {
                TheoryError::UnknownParameter { key, .. } => key.as_str(),
                TheoryError::MissingParameter { key, .. }
                | TheoryError::ConflictingParameters { key, .. } => key,
                TheoryError::Spectrum { .. } => "spectrum",
                TheoryError::Domain { quantity, .. } => quantity,
                _ => "ensemble",
            };
            let message = match &error {
                TheoryError::UnknownEnsemble { .. } => format!("{error}, images"),
                _ => error.to_string(),
            };
            self.error("patterns", key, message)
        })?;
        Ok((ensemble, parameters))
    }

    /// The folder of the job file, from which its relative paths start.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// Refuses sizes at which the ensemble has no patterns, or fewer than asked for.
    pub(super) fn pattern_sizes(
        &self,
        ensemble: &dyn PatternEnsemble,
        points: &[Point],
    ) -> Result<(), JobError> {
        for point in points {
            ensemble.check_size(point.size).map_err(|error| {
                self.error("sweep", "size", format!("at N = {}: {error}", point.size))
            })?;
            if let Some(count) = ensemble.largest_count()
                && point.pattern_count > count
            {
                let message = format!(
                    "M = {} patterns are asked for, but ensemble = \"{}\" has {count} to store: \
                     lower the load or patterns.validation_share, or give more data",
                    point.pattern_count,
                    ensemble.name()
                );
                return Err(self.error("sweep", "", message));
            }
        }
        Ok(())
    }

    pub(super) fn samples(&self) -> Result<usize, JobError> {
        let samples = self.file.sampling.samples;
        if samples < 2 {
            return Err(self.error(
                "sampling",
                "samples",
                format!("{samples} disorder samples give no error bar; ask for at least 2"),
            ));
        }
        if samples > MOST_SAMPLES {
            return Err(self.error(
                "sampling",
                "samples",
                format!("{samples} records per task do not fit; ask for at most {MOST_SAMPLES}"),
            ));
        }
        Ok(samples)
    }

    /// Refuses sections that belong to other experiments.
    pub(super) fn own_sections(&self) -> Result<(), JobError> {
        let sections = self.file.own_sections();
        for &(section, is_there, _) in &sections {
            let owners = || sections.iter().filter(|(name, _, _)| *name == section);
            let is_ours = owners().any(|&(_, _, owner)| owner == self.file.job.experiment);
            if is_there && !is_ours {
                let names: Vec<String> = owners()
                    .map(|(_, _, owner)| format!("\"{}\"", owner.name()))
                    .collect();
                return Err(self.error(
                    section,
                    "",
                    format!(
                        "it belongs to experiment = {}; delete it",
                        names.join(" or ")
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Refuses grids that the experiment does not sweep.
    pub(crate) fn swept(&self, used: &[&str]) -> Result<(), JobError> {
        for (key, grid) in self.file.sweep.grids() {
            if grid.is_some() && !used.contains(&key) {
                return Err(self.error(
                    "sweep",
                    key,
                    format!(
                        "experiment = \"{}\" sweeps {} only; delete this key",
                        self.file.job.experiment.name(),
                        used.join(", ")
                    ),
                ));
            }
        }
        Ok(())
    }

    /// The values of a grid of the sweep: there, not empty, distinct, positive.
    pub(crate) fn grid(&self, key: &str) -> Result<Vec<f64>, JobError> {
        let values = self.values(key)?;
        for &value in &values {
            self.positive("sweep", key, value)?;
        }
        Ok(values)
    }

    /// The values of a grid of the sweep that may hold 0, such as noise.
    pub(crate) fn grid_from_zero(&self, key: &str) -> Result<Vec<f64>, JobError> {
        let values = self.values(key)?;
        let unfit = |value: &&f64| !(**value >= 0.0 && value.is_finite());
        if let Some(value) = values.iter().find(unfit) {
            let message = format!("{value} is neither 0 nor a positive number");
            return Err(self.error("sweep", key, message));
        }
        Ok(values)
    }

    /// A grid of whole numbers of at least `least`, such as training steps.
    pub(crate) fn counts(&self, key: &str, least: usize) -> Result<Vec<usize>, JobError> {
        self.values(key)?
            .into_iter()
            .map(|value| {
                if value.fract() != 0.0 || !(value >= least as f64 && value <= LARGEST_COUNT) {
                    let message = format!("{value} is not a whole number of at least {least}");
                    return Err(self.error("sweep", key, message));
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "checked to be a whole number up to 1e9"
                )]
                Ok(value as usize)
            })
            .collect()
    }

    /// The values of a grid of the sweep: there, not empty, distinct.
    fn values(&self, key: &str) -> Result<Vec<f64>, JobError> {
        let grids = self.file.sweep.grids();
        let grid = grids
            .iter()
            .find(|(name, _)| *name == key)
            .and_then(|(_, grid)| *grid);
        let Some(grid) = grid else {
            return Err(self.error(
                "sweep",
                key,
                format!("missing; give {key} = [0.1, 0.2] or {key} = {{ start, stop, count }}"),
            ));
        };
        let values = &grid.0;
        if values.is_empty() {
            let message = "the sweep is empty; give at least one value".to_owned();
            return Err(self.error("sweep", key, message));
        }
        for (index, &value) in values.iter().enumerate() {
            if values[..index].contains(&value) {
                let message = format!("{value} stands there twice; name each value once");
                return Err(self.error("sweep", key, message));
            }
        }
        Ok(values.clone())
    }

    /// The sizes of the sweep, for experiments beside the theory of large N.
    fn sizes(&self) -> Result<Vec<usize>, JobError> {
        self.sizes_from(SMALLEST_SIZE)
    }

    /// The sizes of the sweep, or the one size that the ensemble's patterns have.
    fn sizes_from(&self, least: usize) -> Result<Vec<usize>, JobError> {
        let (ensemble, _) = self.ensemble()?;
        let Some(size) = ensemble.given_size() else {
            return self.counts("size", least);
        };
        if self.file.sweep.size.is_some() {
            let message = format!(
                "the patterns of ensemble = \"{}\" have N = {size}; delete this key",
                ensemble.name()
            );
            return Err(self.error("sweep", "size", message));
        }
        Ok(vec![size])
    }

    /// All (N, M) of the sweep with M = `pattern_count` patterns, α = ln M/N.
    pub(crate) fn counted_loads(&self) -> Result<Vec<Point>, JobError> {
        self.counted_loads_at(&self.sizes_from(1)?)
    }

    /// All M of the sweep at each of the given N.
    pub(crate) fn counted_loads_at(&self, sizes: &[usize]) -> Result<Vec<Point>, JobError> {
        let counts = self.counts("pattern_count", 2)?;
        let points = sizes.iter().flat_map(|&size| {
            counts.iter().map(move |&pattern_count| Point {
                alpha: counted_load(pattern_count, size),
                size,
                pattern_count,
                parameters: BTreeMap::new(),
            })
        });
        Ok(points.collect())
    }

    /// Checks that the ensemble has `count` ≥ 1 patterns that are never stored.
    pub(crate) fn validation_count(
        &self,
        section: &str,
        key: &str,
        count: usize,
    ) -> Result<usize, JobError> {
        let (ensemble, _) = self.ensemble()?;
        let largest = ensemble.largest_validation_count().unwrap_or(usize::MAX);
        if (1..=largest).contains(&count) {
            return Ok(count);
        }
        let message = if count == 0 {
            "0 is too few; ask for at least 1".to_owned()
        } else {
            format!(
                "{count} images are not there: {largest} are kept for validation, a share of \
                 patterns.validation_share"
            )
        };
        Err(self.error(section, key, message))
    }

    /// Every similarity of `[memory]` with every separation; the given similarity and softmax where
    /// it names none.
    pub(crate) fn compositions(
        &self,
        default_similarity: Similarity,
    ) -> Result<Vec<Composition>, JobError> {
        let memory = self.file.memory.as_ref();
        let similarity = memory.and_then(|memory| memory.similarity.as_ref());
        let separation = memory.and_then(|memory| memory.separation.as_ref());
        let similarities = self.parts("similarity", similarity, &[default_similarity])?;
        let separations = self.parts("separation", separation, &[Separation::Softmax])?;
        let mut compositions = Vec::new();
        for &similarity in &similarities {
            for &separation in &separations {
                let composition = Composition::new(similarity, separation)
                    .map_err(|error| self.error("memory", "separation", error.to_string()))?;
                compositions.push(composition);
            }
        }
        Ok(compositions)
    }

    /// The parts of a memory that a key names: at least one, each once.
    fn parts<Part: FromStr<Err: Display> + Clone + PartialEq>(
        &self,
        key: &str,
        names: Option<&Names>,
        default: &[Part],
    ) -> Result<Vec<Part>, JobError> {
        let Some(names) = names else {
            return Ok(default.to_vec());
        };
        let mut parts: Vec<Part> = Vec::new();
        for name in names.as_slice() {
            let part = name
                .parse()
                .map_err(|error| self.error("memory", key, format!("{error}")))?;
            if parts.contains(&part) {
                let message = format!("{name:?} stands there twice; name each once");
                return Err(self.error("memory", key, message));
            }
            parts.push(part);
        }
        if parts.is_empty() {
            let message = "the list is empty; name at least one".to_owned();
            return Err(self.error("memory", key, message));
        }
        Ok(parts)
    }

    /// All (α, N) of the sweep with P = round(exp(α N)).
    pub(crate) fn exponential_loads(&self) -> Result<Vec<Point>, JobError> {
        let sizes = self.sizes()?;
        let mut points = Vec::new();
        for alpha in self.grid("alpha")? {
            for &size in &sizes {
                let pattern_count =
                    self.pattern_count("alpha", alpha, size, (alpha * size as f64).exp().round())?;
                points.push(Point {
                    alpha,
                    size,
                    pattern_count,
                    parameters: BTreeMap::new(),
                });
            }
        }
        Ok(points)
    }

    /// All (α̂, N) of the sweep with P = round(exp(α̂ √N)), α = α̂/√N.
    pub(crate) fn scaled_loads(&self) -> Result<Vec<Point>, JobError> {
        let sizes = self.sizes()?;
        let mut points = Vec::new();
        for scaled_alpha in self.grid("scaled_alpha")? {
            for &size in &sizes {
                let root = (size as f64).sqrt();
                let count = (scaled_alpha * root).exp().round();
                let pattern_count =
                    self.pattern_count("scaled_alpha", scaled_alpha, size, count)?;
                points.push(Point {
                    alpha: scaled_alpha / root,
                    size,
                    pattern_count,
                    parameters: BTreeMap::from([("scaled_alpha".to_owned(), vec![scaled_alpha])]),
                });
            }
        }
        Ok(points)
    }

    /// All (k, α̃, N) of the sweep with P = round(α̃ N^k); α is ln P/N before rounding.
    pub(crate) fn polynomial_loads(&self) -> Result<Vec<Point>, JobError> {
        let sizes = self.sizes()?;
        let prefactors = self.grid("prefactor")?;
        let mut points = Vec::new();
        for exponent in self.grid("exponent")? {
            for &prefactor in &prefactors {
                for &size in &sizes {
                    let count = (prefactor * (size as f64).powf(exponent)).round();
                    let pattern_count = self.pattern_count("exponent", exponent, size, count)?;
                    let log_count = exponent * (size as f64).ln() + prefactor.ln();
                    points.push(Point {
                        alpha: log_count / size as f64,
                        size,
                        pattern_count,
                        parameters: BTreeMap::from([
                            ("exponent".to_owned(), vec![exponent]),
                            ("prefactor".to_owned(), vec![prefactor]),
                        ]),
                    });
                }
            }
        }
        Ok(points)
    }

    /// A grid, and all (α, N) of the sweep with that whole grid as a parameter.
    pub(crate) fn exponential_loads_with(
        &self,
        key: &str,
    ) -> Result<(Vec<f64>, Vec<Point>), JobError> {
        let values = self.grid(key)?;
        let points = self.exponential_loads()?;
        let points = points
            .into_iter()
            .map(|point| point.with_grid(key, values.iter().copied()))
            .collect();
        Ok((values, points))
    }

    /// The points whose P the job allows.
    pub(super) fn allowed_points(&self, points: Vec<Point>) -> Result<Vec<Point>, JobError> {
        let Some(maximum) = self.file.sweep.maximum_pattern_count else {
            return Ok(points);
        };
        let is_allowed = |point: &Point| point.pattern_count as u64 <= maximum;
        let allowed: Vec<Point> = points.into_iter().filter(is_allowed).collect();
        if allowed.is_empty() {
            return Err(self.error(
                "sweep",
                "maximum_pattern_count",
                format!("{maximum} leaves no point of the sweep; raise it"),
            ));
        }
        Ok(allowed)
    }

    /// The dynamics and the criterion of the job.
    pub(crate) fn dynamics(&self) -> Result<(GradientDescent, Criterion), JobError> {
        let section = &self.file.dynamics;
        let step_size = section.step_size;
        self.step_size("dynamics", step_size)?;
        self.positive("dynamics", "tolerance", section.tolerance)?;
        if section.max_steps == 0 {
            let message = "0 allows no update; the default is 20000".to_owned();
            return Err(self.error("dynamics", "max_steps", message));
        }
        let descent = GradientDescent {
            step_size,
            tolerance: section.tolerance,
            max_steps: section.max_steps,
        };
        Ok((descent, self.criterion()?))
    }

    /// Refuses an η outside (0, 1].
    pub(crate) fn step_size(&self, section: &str, value: f64) -> Result<(), JobError> {
        if value > 0.0 && value <= 1.0 {
            return Ok(());
        }
        let message = format!("{value} lies outside (0, 1]; 1 is the attention update");
        Err(self.error(section, "step_size", message))
    }

    /// The dynamics of an experiment that records no trajectories.
    pub(crate) fn unrecorded_dynamics(&self) -> Result<(GradientDescent, Criterion), JobError> {
        if self.file.dynamics.recorded_samples > 0 {
            return Err(self.error(
                "dynamics",
                "recorded_samples",
                "trajectories are recorded by experiment = \"retrieval\" only".to_owned(),
            ));
        }
        self.dynamics()
    }

    /// The iteration to a fixed point of an experiment that asks for no target.
    pub(crate) fn iteration(&self) -> Result<GradientDescent, JobError> {
        let (descent, criterion) = self.unrecorded_dynamics()?;
        if criterion == Criterion::Weight {
            return Ok(descent);
        }
        let message = format!(
            "experiment = \"{}\" has no target to retrieve; delete this key",
            self.file.job.experiment.name()
        );
        Err(self.error("dynamics", "criterion", message))
    }

    fn criterion(&self) -> Result<Criterion, JobError> {
        match (self.file.dynamics.criterion, self.file.dynamics.distance) {
            (CriterionName::Weight, None) => Ok(Criterion::Weight),
            (CriterionName::Weight, Some(_)) => Err(self.error(
                "dynamics",
                "distance",
                "belongs to criterion = \"distance\"; delete it or set that criterion".to_owned(),
            )),
            (CriterionName::Distance, bound) => {
                let bound = bound.unwrap_or(0.1);
                if bound > 0.0 && bound < 1.0 {
                    return Ok(Criterion::Distance(bound));
                }
                Err(self.error(
                    "dynamics",
                    "distance",
                    format!("{bound} lies outside (0, 1), the range of |x − ξ|²/|ξ|²"),
                ))
            }
        }
    }

    /// P, the whole number `count` that `key` = `value` gives at N = `size`.
    pub(crate) fn pattern_count(
        &self,
        key: &str,
        value: f64,
        size: usize,
        count: f64,
    ) -> Result<usize, JobError> {
        if count < 2.0 {
            let message = format!(
                "{value} at N = {size} stores P = {count} pattern; at least 2 are needed: raise \
                 {key} or size"
            );
            return Err(self.error("sweep", key, message));
        }
        if count > LARGEST_PATTERN_COUNT {
            let gibibytes = count * size as f64 * 8.0 / 1_073_741_824.0;
            let amount = if gibibytes.is_finite() {
                format!("P = {count:.3e} patterns, {gibibytes:.1e} GiB")
            } else {
                "P > 1e298 patterns, more than 1e299 GiB".to_owned()
            };
            let message = format!("{value} at N = {size} stores {amount}: lower {key} or size");
            return Err(self.error("sweep", key, message));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be a whole number below 2^53"
        )]
        Ok(count as usize)
    }

    /// Refuses a value that is not a positive finite number.
    pub(crate) fn positive(&self, section: &str, key: &str, value: f64) -> Result<(), JobError> {
        if value > 0.0 && value.is_finite() {
            return Ok(());
        }
        Err(self.error(section, key, format!("{value} is not a positive number")))
    }

    /// An error at a key (or at a section, where `key` is empty) with its line.
    pub(crate) fn error(&self, section: &str, key: &str, message: String) -> JobError {
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
