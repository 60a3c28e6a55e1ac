//! Whether a file belongs to a job.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::journal::Answers;
use crate::quantity::Quantity;
use crate::record::{Measurement, Record};
use crate::results::digest::of_sample;
use crate::results::document::{Format, PartialDocument, TaskDocument};
use crate::results::error::StoreError;
use crate::results::files::{Content, read};
use crate::results::flaw::{Flaw, FlawKind};
use crate::subject::{SAMPLES, Subject};
use crate::task::Task;
use dam_memory::streams::Settings;

/// Of a finished subject.
pub(super) fn finished_format(subject: &Subject<'_>) -> Format {
    match subject.theory {
        None => Format::Task,
        Some(_) => Format::Theory,
    }
}

/// Of a subject whose samples are not all finished.
pub(super) fn checkpoint_format(subject: &Subject<'_>) -> Format {
    match subject.theory {
        None => Format::PartialTask,
        Some(_) => Format::PartialTheory,
    }
}

/// What a file holds of a subject, as far as it can be trusted.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) samples: BTreeMap<usize, Record>,
    /// What the samples of a finished subject say; made anew where the file has no digest.
    pub(super) quantities: Option<Vec<Quantity>>,
    pub(super) wall_seconds: f64,
    /// What unfinished samples have found, of an undamaged file.
    pub(super) begun: BTreeMap<usize, Answers>,
    /// What a file without a digest says that they say.
    pub(super) stated: Option<Vec<Quantity>>,
    pub(super) flaw: Option<Flaw>,
    /// The file is of an earlier build, without a digest.
    pub(super) is_undigested: bool,
}

/// What the files of finished subjects and checkpoints have in common.
struct Parts {
    settings: Settings,
    task: Task,
    samples: Vec<(usize, Record)>,
    quantities: Option<Vec<Quantity>>,
    wall_seconds: f64,
    sample_digests: Vec<String>,
    begun: BTreeMap<usize, Answers>,
}

impl From<TaskDocument> for Parts {
    fn from(document: TaskDocument) -> Self {
        let result = document.result;
        Self {
            settings: document.header.settings,
            task: result.task,
            samples: result.samples.into_iter().enumerate().collect(),
            quantities: Some(result.quantities),
            wall_seconds: result.wall_seconds,
            sample_digests: document.sample_digests,
            begun: BTreeMap::new(),
        }
    }
}

impl From<PartialDocument> for Parts {
    fn from(document: PartialDocument) -> Self {
        Self {
            settings: document.header.settings,
            task: document.task,
            samples: document.samples,
            quantities: None,
            wall_seconds: document.wall_seconds,
            sample_digests: document.sample_digests,
            begun: document.begun,
        }
    }
}

/// The finished samples of a subject, of as many as its own settings say.
pub(super) fn read_finished(path: &Path, subject: &Subject<'_>) -> Result<Stored, StoreError> {
    let content = read::<TaskDocument>(path, finished_format(subject))?;
    stored(path, subject, content.map(Parts::from))
}

/// The checkpoint of a range of the samples of a subject.
pub(super) fn read_checkpoint(path: &Path, subject: &Subject<'_>) -> Result<Stored, StoreError> {
    let content = read::<PartialDocument>(path, checkpoint_format(subject))?;
    stored(path, subject, content.map(Parts::from))
}

fn stored(
    path: &Path,
    subject: &Subject<'_>,
    content: Content<Parts>,
) -> Result<Stored, StoreError> {
    let flawed = |kind| Stored {
        flaw: Some(Flaw {
            path: path.to_owned(),
            kind,
        }),
        ..Stored::default()
    };
    let (parts, is_undigested) = match content {
        Content::Absent => return Ok(Stored::default()),
        Content::Truncated => return Ok(flawed(FlawKind::CutShort)),
        Content::Damaged(None) => return Ok(flawed(FlawKind::Damaged(None))),
        Content::Damaged(Some(parts)) => {
            // a damaged setting would let these samples pass for those of another job
            let belongs = belongs(path, &parts.settings, &parts.task, subject);
            if !belongs.unwrap_or(false) {
                return Ok(flawed(FlawKind::Damaged(None)));
            }
            let (samples, lost) = parts.salvage();
            return Ok(Stored {
                samples,
                ..flawed(FlawKind::Damaged(Some(lost)))
            });
        }
        Content::Undigested(parts) => (parts, true),
        Content::Whole(parts) => (parts, false),
    };
    if !belongs(path, &parts.settings, &parts.task, subject)? {
        return Ok(Stored::default());
    }
    if parts.quantities.is_some() {
        let count = parts.samples.len();
        if parts.settings.get(SAMPLES) != Some(&count.into()) {
            let stated = parts.settings.get(SAMPLES).map(ToString::to_string);
            return Err(StoreError::Foreign {
                path: path.to_owned(),
                reason: format!("it does not hold {} samples", stated.unwrap_or_default()),
            });
        }
    }
    if !is_undigested {
        return Ok(Stored {
            samples: parts.samples.into_iter().collect(),
            quantities: parts.quantities,
            wall_seconds: parts.wall_seconds,
            begun: parts.begun,
            ..Stored::default()
        });
    }
    let (wall_seconds, stated) = (parts.wall_seconds, parts.quantities.clone());
    let (samples, unfit) = parts.fit();
    Ok(Stored {
        samples,
        wall_seconds,
        stated,
        is_undigested,
        ..unfit.map_or_else(Stored::default, |reason| flawed(FlawKind::Unfit(reason)))
    })
}

impl Parts {
    /// The samples that agree with their digests, and the numbers of the others.
    fn salvage(self) -> (BTreeMap<usize, Record>, Vec<usize>) {
        let digests = self
            .sample_digests
            .iter()
            .map(Some)
            .chain(std::iter::repeat(None));
        let (mut samples, mut lost) = (BTreeMap::new(), Vec::new());
        for ((index, record), digest) in self.samples.into_iter().zip(digests) {
            if digest == Some(&of_sample(index, &record)) {
                samples.insert(index, record);
            } else {
                lost.push(index);
            }
        }
        (samples, lost)
    }

    /// The samples that a run can have written, and what is wrong with the others: each number is one of those that the file
    /// itself states and stands there once, and a measurement is a number, or a list, in all samples.
    fn fit(self) -> (BTreeMap<usize, Record>, Option<String>) {
        let asked = self.settings.get(SAMPLES).and_then(Value::as_u64);
        let mut lists: BTreeMap<&str, i64> = BTreeMap::new();
        for (name, measurement) in self.samples.iter().flat_map(|(_, record)| record) {
            let is_list = matches!(measurement, Measurement::List(_));
            *lists.entry(name).or_default() += if is_list { 1 } else { -1 };
        }
        let is_odd = |record: &Record| {
            record.iter().any(|(name, measurement)| {
                matches!(measurement, Measurement::List(_)) != (lists[name.as_str()] > 0)
            })
        };
        let mut reason = None;
        let mut odd = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for (index, record) in &self.samples {
            let fault = if asked.is_some_and(|asked| *index as u64 >= asked) {
                "holds a sample beyond those that it is of"
            } else if !seen.insert(*index) {
                "holds a sample twice"
            } else if is_odd(record) {
                "holds a list where a number belongs, or a number where a list does"
            } else {
                continue;
            };
            odd.insert(*index);
            reason.get_or_insert_with(|| format!("{fault} (sample {index})"));
        }
        let mut samples: BTreeMap<usize, Record> = self.samples.into_iter().collect();
        samples.retain(|index, _| !odd.contains(index));
        (samples, reason)
    }
}

/// Whether a file is of this subject: a task's must be, a theory of other settings is computed again.
fn belongs(
    path: &Path,
    settings: &Settings,
    task: &Task,
    subject: &Subject<'_>,
) -> Result<bool, StoreError> {
    let can_grow = subject.can_grow();
    let checked = check_settings(path, settings, &subject.settings(), can_grow);
    if subject.theory.is_some() && checked.is_err() {
        return Ok(false);
    }
    checked?;
    if task == subject.task {
        return Ok(true);
    }
    Err(StoreError::Foreign {
        path: path.to_owned(),
        reason: "it holds another parameter point than its name says".to_owned(),
    })
}

/// Refuses results of other settings; where the samples `can_grow`, their number may differ.
pub(super) fn check_settings(
    path: &Path,
    found: &Settings,
    expected: &Settings,
    can_grow: bool,
) -> Result<(), StoreError> {
    let text = |settings: &Settings, key: &str| {
        settings
            .get(key)
            .map_or_else(|| "(not set)".to_owned(), ToString::to_string)
    };
    let keys: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    let changes: Vec<String> = keys
        .into_iter()
        .filter(|key| found.get(*key) != expected.get(*key))
        .filter(|key| !(can_grow && key.as_str() == SAMPLES))
        .map(|key| {
            format!(
                "  {key}: results {}, job {}",
                text(found, key),
                text(expected, key)
            )
        })
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    Err(StoreError::JobChanged {
        path: path.to_owned(),
        changes: changes.join("\n"),
    })
}
