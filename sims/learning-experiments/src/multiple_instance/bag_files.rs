//! Bags from files.

use dam_layers::BagSet;
use dam_runs::job::{Draft, JobError};
use dam_runs::section::Section;
use schemars::JsonSchema;
use serde::Deserialize;

use super::bag_kind::{BagKind, SECTION};
use super::sets::NamedSet;

/// Bags from files.
pub(super) const FILES: BagKind = BagKind {
    name: "file",
    about: "files of rows label,bag,features",
    sections: &[Section::of::<Files>(SECTION)],
    read: read_files,
};

#[derive(Debug, Deserialize, JsonSchema)]
struct Files {
    /// A file of rows label,bag,features, or several, each a set.
    #[schemars(example = &"bags.csv")]
    path: Option<Paths>,
}

/// One file or several, each of which is a set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Paths {
    One(String),
    Several(Vec<String>),
}

/// Reads every file; a set is called by the name of its file up to the first point.
fn read_files(draft: &Draft<'_>) -> Result<Vec<NamedSet>, JobError> {
    let error = |message: String| draft.error(SECTION, "path", message);
    let section: Option<Files> = draft.section(SECTION)?;
    let paths = match section.and_then(|section| section.path) {
        Some(Paths::One(path)) => vec![path],
        Some(Paths::Several(paths)) if !paths.is_empty() => paths,
        Some(Paths::Several(_)) => {
            return Err(error(
                "the list is empty; name at least one file".to_owned(),
            ));
        }
        None => {
            let message = "missing; give a file of rows label,bag,features, relative to the job file \
                           (scripts/fetch_bags.py fetches some)";
            return Err(error(message.to_owned()));
        }
    };
    let mut sets: Vec<NamedSet> = Vec::new();
    for path in paths {
        let path = draft.beside(&path);
        if path.exists() && !path.is_file() {
            return Err(error(format!("{} is not a regular file", path.display())));
        }
        let set = BagSet::read(&path).map_err(|failed| error(failed.to_string()))?;
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let name = file.split('.').next().unwrap_or_default();
        if sets.iter().any(|known| known.name == name) {
            let message = format!("two sets are called {name}; rename a file");
            return Err(error(message));
        }
        sets.push(NamedSet::new(name, set));
    }
    Ok(sets)
}
