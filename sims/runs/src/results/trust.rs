//! Whether a file belongs to a job.

use std::path::Path;

use crate::results::document::{Format, PartialDocument, TaskDocument, TaskResult};
use crate::results::error::StoreError;
use crate::results::files::{Content, read};
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

/// The finished samples of a subject, of as many as its own settings say.
pub(super) fn read_finished(
    path: &Path,
    subject: &Subject<'_>,
) -> Result<Content<TaskResult>, StoreError> {
    let document = match read::<TaskDocument>(path, finished_format(subject))? {
        Content::Document(document) => document,
        Content::Truncated => return Ok(Content::Truncated),
        Content::Absent => return Ok(Content::Absent),
    };
    if !belongs(path, &document.settings, &document.result.task, subject)? {
        return Ok(Content::Absent);
    }
    let samples = document.result.samples.len();
    if document.settings.get(SAMPLES) != Some(&samples.into()) {
        let stated = document.settings.get(SAMPLES).map(ToString::to_string);
        return Err(StoreError::Foreign {
            path: path.to_owned(),
            reason: format!("it does not hold {} samples", stated.unwrap_or_default()),
        });
    }
    Ok(Content::Document(TaskResult {
        task: subject.task.clone(),
        ..document.result
    }))
}

/// The checkpoint of a range of the samples of a subject.
pub(super) fn read_checkpoint(
    path: &Path,
    subject: &Subject<'_>,
) -> Result<Content<PartialDocument>, StoreError> {
    Ok(
        match read::<PartialDocument>(path, checkpoint_format(subject))? {
            Content::Document(document)
                if !belongs(path, &document.settings, &document.task, subject)? =>
            {
                Content::Absent
            }
            content => content,
        },
    )
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
    let keys: std::collections::BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
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
