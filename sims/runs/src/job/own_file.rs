//! The file that a job takes its own patterns from.

use std::sync::Arc;

use dam_memory::ensembles::{Filed, PatternEnsemble};
use dam_memory::files::{FileError, FilePatterns};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::job::draft::{Draft, Source};
use crate::job::error::JobError;
use crate::job::preparation::{DATA_KEYS, data_patterns};
use crate::section::Section;

/// Patterns of one's own.
pub(crate) const OWN_FILE: Source = Source {
    name: Filed::NAME,
    about: "patterns of one's own, drawn without repetition from a .npy, .npz, csv or folder of PNG",
    sections: &[Section::of::<FileKeys>("patterns"), DATA_KEYS],
    read: read_file,
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct FileKeys {
    /// The file (.npy, .npz, csv) or the folder of PNG files.
    #[schemars(example = &"patterns.npy")]
    path: Option<String>,
    /// The array of a .npz that holds several.
    #[schemars(example = &"patterns")]
    array: Option<String>,
    /// The file of a class for each pattern.
    #[schemars(example = &"labels.npy")]
    labels: Option<String>,
    /// Patterns are divided by it.
    #[schemars(example = 255.0)]
    unit: Option<f64>,
    /// Whether equal patterns are no mistake.
    allow_repeats: bool,
}

/// Reads and checks the file of `[patterns]`.
fn read_file(draft: &Draft<'_>) -> Result<Arc<dyn PatternEnsemble>, JobError> {
    let section: FileKeys = draft.section("patterns")?.unwrap_or_default();
    let Some(path) = &section.path else {
        let message = "missing; give the file of patterns (.npy, .npz, csv) or the folder of PNG \
                       files, relative to the job file";
        return Err(draft.error("patterns", "path", message.to_owned()));
    };
    let error = |key: &'static str| {
        move |failed: FileError| draft.error("patterns", key, failed.to_string())
    };
    let path = draft.beside(path);
    let array = section.array.as_deref();
    let mut set = FilePatterns::read(&path, array, section.allow_repeats).map_err(error("path"))?;
    if let Some(labels) = &section.labels {
        set = set
            .with_labels(&draft.beside(labels))
            .map_err(error("labels"))?;
    }
    if let Some(unit) = section.unit {
        draft.positive("patterns", "unit", unit)?;
        set = set.with_unit(unit);
    }
    data_patterns(draft, set)
}
