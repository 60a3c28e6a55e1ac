//! The kinds of experiments that jobs may name.

use dam_theory::ENSEMBLES;

use crate::experiment::Experiment;
use crate::job::draft::{Draft, PatternKind, Source};
use crate::job::error::JobError;
use crate::job::images::IMAGES;
use crate::job::own_file::OWN_FILE;
use crate::job::point::Point;
use crate::section::Section;
use crate::suggestion::did_you_mean;
use crate::swept::Swept;

/// The sections that every job may have.
pub(crate) const COMMON_SECTIONS: [&str; 6] =
    ["job", "patterns", "sweep", "dynamics", "sampling", "figure"];

/// Patterns from elsewhere than an ensemble of theory.
pub const SOURCES: [Source; 2] = [IMAGES, OWN_FILE];

/// An experiment and the points of its sweep.
pub type Configured = (Box<dyn Experiment>, Vec<Point>);

/// A kind of experiment: what a job file may name.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The name in job files and result columns.
    pub name: &'static str,
    /// What is measured, in one line.
    pub about: &'static str,
    /// The sections of a job file that it reads besides the common ones.
    pub sections: &'static [Section],
    /// The grids that it sweeps.
    pub sweep: &'static [Swept],
    /// Reads the experiment and its points from a job file.
    pub read: fn(&Draft<'_>) -> Result<Configured, JobError>,
}

impl Kind {
    fn section_names(&self) -> impl Iterator<Item = &'static str> {
        self.sections.iter().map(|section| section.name)
    }
}

/// The kinds of experiments and of patterns that jobs may name.
#[derive(Clone, Debug)]
pub struct Catalogue {
    kinds: Vec<Kind>,
    patterns: Vec<PatternKind>,
}

impl Catalogue {
    /// The catalogue of these experiments, with the ensembles of theory and with patterns from [`SOURCES`].
    pub fn new(kinds: impl IntoIterator<Item = Kind>) -> Self {
        let ensembles = ENSEMBLES.iter().copied().map(PatternKind::Ensemble);
        Self {
            kinds: kinds.into_iter().collect(),
            patterns: ensembles.chain(SOURCES.map(PatternKind::Source)).collect(),
        }
    }

    /// This catalogue with one experiment more.
    #[must_use]
    pub fn with_experiment(mut self, kind: Kind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// This catalogue with one ensemble more.
    #[must_use]
    pub fn with_ensemble(mut self, kind: dam_theory::Kind) -> Self {
        self.patterns.push(PatternKind::Ensemble(kind));
        self
    }

    /// This catalogue with patterns from one source more.
    #[must_use]
    pub fn with_source(mut self, source: Source) -> Self {
        self.patterns.push(PatternKind::Source(source));
        self
    }

    /// The kinds of patterns, in order.
    pub fn patterns(&self) -> &[PatternKind] {
        &self.patterns
    }

    /// The kinds, in order.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The kind of a name.
    pub fn find(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// The names of the kinds that read a section.
    pub fn readers(&self, section: &str) -> Vec<&'static str> {
        let reads = |kind: &&Kind| kind.section_names().any(|name| name == section);
        self.kinds
            .iter()
            .filter(reads)
            .map(|kind| kind.name)
            .collect()
    }

    /// The kind of experiment that a job names; refuses sections that it does not read.
    pub(crate) fn kind_of(&self, draft: &Draft<'_>) -> Result<&Kind, JobError> {
        let name = draft.experiment();
        let Some(kind) = self.find(name) else {
            let known: Vec<&str> = self.kinds.iter().map(|kind| kind.name).collect();
            let message = format!(
                "unknown experiment {name:?}; known: {}{}",
                known.join(", "),
                did_you_mean(name, known.iter().copied())
            );
            return Err(draft.error("job", "experiment", message));
        };
        let known: Vec<&str> = COMMON_SECTIONS
            .into_iter()
            .chain(kind.section_names())
            .collect();
        let Some(section) = draft.sections().find(|section| !known.contains(section)) else {
            if !kind.sweep.is_empty() {
                let swept: Vec<&str> = kind.sweep.iter().map(|grid| grid.name).collect();
                draft.swept(&swept)?;
            }
            return Ok(kind);
        };
        let readers = self.readers(section);
        let message = if readers.is_empty() {
            let near = did_you_mean(section, known.iter().copied());
            format!("unknown section; known: {}{near}", known.join(", "))
        } else {
            let readers: Vec<String> = readers.iter().map(|name| format!("\"{name}\"")).collect();
            format!(
                "it belongs to experiment = {}; delete it",
                readers.join(" or ")
            )
        };
        Err(draft.error(section, "", message))
    }
}
