//! The result files as they are written, with their schema version.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journal::Answers;
use crate::quantity::{JointResult, Quantity};
use crate::record::Record;
use crate::results::comparison::Comparison;
use crate::results::provenance::Provenance;
use crate::task::Task;
use dam_memory::streams::Settings;

/// Raised when a field changes its meaning; files of older schemas stay readable.
pub(super) const SCHEMA: u32 = 1;
/// The version of the program that wrote a file.
pub(super) const PROGRAM: &str = concat!("dam ", env!("CARGO_PKG_VERSION"));

/// The samples of one task and what they say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaskResult {
    /// The parameter point.
    pub task: Task,
    /// Means, medians, errors and counts.
    pub quantities: Vec<Quantity>,
    /// Every sample's measurements, in order of the samples.
    pub samples: Vec<Record>,
    /// Time spent, over all threads and restarts.
    pub wall_seconds: f64,
}

/// Which of our files a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(super) enum Format {
    #[serde(rename = "dam-task")]
    Task,
    #[serde(rename = "dam-partial-task")]
    PartialTask,
    #[serde(rename = "dam-theory")]
    Theory,
    #[serde(rename = "dam-partial-theory")]
    PartialTheory,
    #[serde(rename = "dam-results")]
    Results,
}

impl Format {
    /// The first bytes of every file of this format.
    pub(super) fn opening(self) -> &'static str {
        match self {
            Self::Task => r#"{"format":"dam-task","#,
            Self::PartialTask => r#"{"format":"dam-partial-task","#,
            Self::Theory => r#"{"format":"dam-theory","#,
            Self::PartialTheory => r#"{"format":"dam-partial-theory","#,
            Self::Results => r#"{"format":"dam-results","#,
        }
    }
}

/// How the files of a subject begin.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    format: Format,
    schema: u32,
    program: String,
    pub(super) settings: Settings,
}

impl Header {
    /// Of a file that this build writes.
    pub(super) fn new(format: Format, settings: Settings) -> Self {
        Self {
            format,
            schema: SCHEMA,
            program: PROGRAM.to_owned(),
            settings,
        }
    }
}

/// `task-….json`: a finished task; `theory-….json`: its sampled theory.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TaskDocument {
    #[serde(flatten)]
    pub(super) header: Header,
    #[serde(flatten)]
    pub(super) result: TaskResult,
    /// One a sample.
    #[serde(default)]
    pub(super) sample_digests: Vec<String>,
}

/// `task-….partial.json`: the samples of a task that are finished so far, by number; of a range of them
/// `task-….0-99.partial.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PartialDocument {
    #[serde(flatten)]
    pub(super) header: Header,
    pub(super) task: Task,
    pub(super) samples: Vec<(usize, Record)>,
    pub(super) wall_seconds: f64,
    /// One a sample.
    #[serde(default)]
    pub(super) sample_digests: Vec<String>,
    /// What the samples in hand have found on their way, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) begun: BTreeMap<usize, Answers>,
}

/// `<name>.results.json`: all finished tasks of a job, in the order of its sweep.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Results {
    pub(super) format: Format,
    /// Schema version of the file.
    pub schema: u32,
    /// The program that merged it.
    pub program: String,
    /// The job's name.
    pub name: String,
    /// Everything besides the sweep that the numbers depend on.
    pub settings: Settings,
    /// Tasks of the sweep that are not finished.
    pub missing_tasks: usize,
    /// The finished tasks.
    pub tasks: Vec<TaskResult>,
    /// What several of them measure together, where the experiment knows such quantities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub across_tasks: Vec<JointResult>,
    /// Samples that did not meet a criterion of their own, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What the numbers say, in sentences.
    #[serde(skip)]
    pub findings: Vec<String>,
    /// Who merged them, when and where, and from what; none in files of earlier builds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// Made once: theory may take long.
    #[serde(skip)]
    pub(super) comparisons: OnceLock<Vec<Comparison>>,
}

/// The JSON Schema of `<name>.results.json`.
pub fn results_schema() -> serde_json::Value {
    schemars::schema_for!(Results).to_value()
}
