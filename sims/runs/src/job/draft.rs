//! A job file while it is read: its sections, with the line of every key for messages.

use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dam_memory::attention::Precision;
use dam_memory::ensembles::PatternEnsemble;
use dam_theory::{Key, Kind};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::JobError;
use super::file::{
    DynamicsSection, JobSection, MAXIMUM_PATTERN_COUNT, PatternsSection, SamplingSection,
    SweepSection,
};
use super::grid::Grid;
use super::point::{Drawn, Point};
use crate::section::Section;

/// The records of a task are held in memory and written to one file.
const MOST_SAMPLES: usize = 10_000_000;

/// A file system takes 255 bytes, and figures add the name of their kind and the parameters of their task.
const LONGEST_NAME: usize = 160;

/// Patterns from elsewhere than an ensemble of theory, such as files.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The name in job files and columns.
    pub name: &'static str,
    /// What the patterns are, in a few words.
    pub about: &'static str,
    /// What it reads of `[patterns]`.
    pub sections: &'static [Section],
    /// Reads them.
    pub read: fn(&Draft<'_>) -> Result<Arc<dyn PatternEnsemble>, JobError>,
}

/// A kind of patterns that jobs may name.
#[derive(Clone, Copy, Debug)]
pub enum PatternKind {
    /// An ensemble of theory, whose keys are its parameters.
    Ensemble(Kind),
    /// Patterns from elsewhere.
    Source(Source),
}

impl PatternKind {
    /// The name in job files and columns.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ensemble(kind) => kind.name,
            Self::Source(source) => source.name,
        }
    }

    /// What the patterns are, in a few words.
    pub fn about(&self) -> &'static str {
        match self {
            Self::Ensemble(kind) => kind.about,
            Self::Source(source) => source.about,
        }
    }

    /// The keys of `[patterns]` that it reads.
    pub fn keys(&self) -> Vec<String> {
        match self {
            Self::Ensemble(kind) => kind.keys.iter().map(|key| key.name.to_owned()).collect(),
            Self::Source(source) => source.sections.iter().flat_map(Section::keys).collect(),
        }
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&'static Key> {
        match self {
            Self::Ensemble(kind) => kind.keys.iter().find(|key| key.name == name),
            Self::Source(_) => None,
        }
    }
}

/// A job file, its common sections, and typed access to those of experiments. Every error names the
/// file, the line, the key or value, and the mend.
pub struct Draft<'a> {
    path: &'a Path,
    text: &'a str,
    table: DeTable<'a>,
    pub(super) kinds: &'a [PatternKind],
    pub(super) job: JobSection,
    /// None, where the section is missing.
    pub(super) patterns: Option<PatternsSection>,
    pub(super) sweep: SweepSection,
    pub(super) dynamics_section: DynamicsSection,
    sampling: SamplingSection,
    /// Whether the experiment takes patterns that are revealed.
    pub(super) can_reveal: Cell<bool>,
    /// Made once: reading one from data takes time.
    ensemble: OnceCell<Drawn>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        path: &'a Path,
        text: &'a str,
        kinds: &'a [PatternKind],
    ) -> Result<Self, JobError> {
        let invalid = |error: toml::de::Error| JobError::invalid(path, text, &error);
        let table = DeTable::parse(text).map_err(invalid)?.into_inner();
        Ok(Self {
            path,
            text,
            kinds,
            job: required(&table, "job").map_err(invalid)?,
            patterns: read(&table, "patterns").map_err(invalid)?,
            sweep: sweep(&table).map_err(invalid)?,
            dynamics_section: read(&table, "dynamics")
                .map_err(invalid)?
                .unwrap_or_default(),
            sampling: read(&table, "sampling")
                .map_err(invalid)?
                .unwrap_or_default(),
            table,
            can_reveal: Cell::new(false),
            ensemble: OnceCell::new(),
        })
    }

    /// A section that the experiment reads, where it is there.
    ///
    /// # Errors
    /// [`JobError::Invalid`] for an unknown or missing key and for a wrong type.
    pub fn section<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, JobError> {
        read(&self.table, name).map_err(|error| self.invalid(&error))
    }

    /// Refuses a job without this section.
    pub(super) fn requires(&self, section: &str) -> Result<(), JobError> {
        required(&self.table, section)
            .map(|_: serde::de::IgnoredAny| ())
            .map_err(|error| self.invalid(&error))
    }

    /// Refuses sections that others read and this experiment has no use for.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the section and the mend.
    pub fn without(&self, sections: &[&str]) -> Result<(), JobError> {
        let Some(section) = self.sections().find(|section| sections.contains(section)) else {
            return Ok(());
        };
        let message = format!(
            "experiment = \"{}\" has no use for it; delete it",
            self.job.experiment
        );
        Err(self.error(section, "", message))
    }

    /// What the reader of TOML says.
    pub(super) fn invalid(&self, error: &toml::de::Error) -> JobError {
        JobError::invalid(self.path, self.text, error)
    }

    /// The names of all sections that are there.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &str> {
        self.table.keys().map(|section| section.get_ref().as_ref())
    }

    /// The name of the experiment that the job asks for.
    pub(crate) fn experiment(&self) -> &str {
        &self.job.experiment
    }

    /// The root of all random streams.
    pub fn seed(&self) -> u64 {
        self.job.seed
    }

    pub(super) fn precision(&self) -> Precision {
        self.sampling.precision
    }

    pub(super) fn name(&self) -> Result<String, JobError> {
        let name = &self.job.name;
        let allowed = |character: char| character.is_alphanumeric() || "-_.".contains(character);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(allowed) {
            return Err(self.error(
                "job",
                "name",
                format!("{name:?} cannot name files: use letters, digits, '-', '_' and '.'"),
            ));
        }
        if name.len() > LONGEST_NAME {
            let message = format!(
                "{} bytes are too many for the names of files, to which endings are added; give at most {LONGEST_NAME}",
                name.len()
            );
            return Err(self.error("job", "name", message));
        }
        Ok(name.clone())
    }

    /// The ensemble and its parameters.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn ensemble(&self) -> Result<&Drawn, JobError> {
        if let Some(ensemble) = self.ensemble.get() {
            return Ok(ensemble);
        }
        let ensemble = self.read_patterns()?;
        Ok(self.ensemble.get_or_init(|| ensemble))
    }

    /// A path of the job file: relative ones start from its folder.
    pub fn beside(&self, path: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }

    /// The keys of a section.
    pub fn keys(&self, section: &str) -> impl Iterator<Item = &str> {
        self.entries(section).map(|(key, _)| key)
    }

    /// The keys of a section and their values.
    pub(super) fn entries(
        &self,
        section: &str,
    ) -> impl Iterator<Item = (&str, &Spanned<DeValue<'a>>)> {
        let table = self
            .table
            .get(section)
            .and_then(|value| value.get_ref().as_table());
        let entries = table.into_iter().flat_map(|table| table.iter());
        entries.map(|(key, value)| (key.get_ref().as_ref(), value))
    }

    /// The ensemble of the section `[patterns]`; none, where the section is missing.
    pub(super) fn given_ensemble(&self) -> Result<Option<&Drawn>, JobError> {
        self.patterns.is_some().then(|| self.ensemble()).transpose()
    }

    /// Refuses sizes at which the ensemble has no patterns, or fewer than asked for.
    pub(super) fn pattern_sizes(&self, points: &[Point]) -> Result<(), JobError> {
        let drawn = points.iter().filter(|point| point.patterns.is_none());
        for point in drawn {
            let ensemble = self.ensemble()?.0.as_ref();
            ensemble.check_size(point.size).map_err(|error| {
                self.error("sweep", "size", format!("at N = {}: {error}", point.size))
            })?;
            if let Some(count) = ensemble.largest_count()
                && point.pattern_count > count
            {
                let message = format!(
                    "P = {} patterns are asked for, but ensemble = \"{}\" has {count} to store: \
                     lower the load or patterns.validation_share, or give more data",
                    point.pattern_count,
                    ensemble.name()
                );
                return Err(self.error("sweep", "", message));
            }
        }
        Ok(())
    }

    /// Disorder samples per task.
    ///
    /// # Errors
    /// [`JobError::Value`] for fewer than two, and for more than fit into memory.
    pub fn samples(&self) -> Result<usize, JobError> {
        let samples = self.sampling.samples;
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

    /// Refuses a value that is not a positive finite number.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn positive(&self, section: &str, key: &str, value: f64) -> Result<(), JobError> {
        if value > 0.0 && value.is_finite() {
            return Ok(());
        }
        Err(self.error(section, key, format!("{value} is not a positive number")))
    }

    /// Refuses a tolerance that no search among numbers up to `largest` reaches, doubles being farther apart.
    ///
    /// # Errors
    /// [`JobError::Value`] naming the place and the mend.
    pub fn tolerance(&self, section: &str, value: f64, largest: f64) -> Result<(), JobError> {
        self.positive(section, "tolerance", value)?;
        let spacing = largest * f64::EPSILON;
        if value >= spacing {
            return Ok(());
        }
        let message = format!(
            "{value:e} is below {spacing:.1e}, the spacing of doubles near {largest}: no search would end; give at least 1e-12"
        );
        Err(self.error(section, "tolerance", message))
    }

    /// An error at a key (or at a section, where `key` is empty) with its line.
    pub fn error(&self, section: &str, key: &str, message: String) -> JobError {
        let place = match (key, self.line(section, key)) {
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

    /// The line (from 1) of a key, or of the section's header where `key` is empty. In an array of tables the first
    /// that has the key counts.
    fn line(&self, section: &str, key: &str) -> Option<usize> {
        let (header, value) = self.table.get_key_value(section)?;
        let span = if key.is_empty() {
            header.span()
        } else {
            key_span(value.get_ref(), key)?
        };
        Some(self.text[..span.start].matches('\n').count() + 1)
    }
}

/// Where a key stands in a table, or in the first table of an array that has it.
fn key_span(value: &DeValue<'_>, key: &str) -> Option<Range<usize>> {
    match value {
        DeValue::Table(table) => table.get_key_value(key).map(|(key, _)| key.span()),
        DeValue::Array(tables) => tables
            .iter()
            .find_map(|table| key_span(table.get_ref(), key)),
        _ => None,
    }
}

/// A section, where it is there.
fn read<T: DeserializeOwned>(
    table: &DeTable<'_>,
    name: &str,
) -> Result<Option<T>, toml::de::Error> {
    let Some(value) = table.get(name) else {
        return Ok(None);
    };
    T::deserialize(value.clone().into_deserializer()).map(Some)
}

/// A section that must be there.
fn required<T: DeserializeOwned>(table: &DeTable<'_>, name: &str) -> Result<T, toml::de::Error> {
    read(table, name)?
        .ok_or_else(|| serde::de::Error::custom(format!("the section [{name}] is missing; add it")))
}

/// The grids of the sweep, key by key, so that an error has the line of its key.
fn sweep(table: &DeTable<'_>) -> Result<SweepSection, toml::de::Error> {
    let mut section = SweepSection::default();
    let values = table
        .get("sweep")
        .and_then(|value| value.get_ref().as_table());
    for (key, value) in values.into_iter().flatten() {
        let key = key.get_ref().to_string();
        let value = value.clone().into_deserializer();
        if key == MAXIMUM_PATTERN_COUNT {
            section.maximum_pattern_count = Some(u64::deserialize(value)?);
        } else {
            section.grids.insert(key, Grid::deserialize(value)?);
        }
    }
    Ok(section)
}
