//! What the output folder holds of a job, and whether it belongs to it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use crate::job::Job;
use crate::record::Record;
use crate::results::document::{Format, PROGRAM, Results, SCHEMA, TaskDocument, TaskResult};
use crate::results::error::StoreError;
use crate::results::files::{Content, read};
use crate::results::store::{CHECKPOINT_END, END, Store};
use crate::results::table;
use crate::results::trust::{check_settings, read_checkpoint, read_finished};
use crate::results::warnings::warnings;
use crate::subject::Subject;

/// How far a task, or its sampled theory, has come.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskState {
    /// Nothing is there.
    Missing,
    /// Some samples are finished.
    Partial {
        /// Finished samples by number.
        samples: Vec<(usize, Record)>,
        /// Time spent on them.
        wall_seconds: f64,
    },
    /// All samples are finished.
    Finished(TaskResult),
}

impl TaskState {
    /// The result, where all samples are finished.
    pub fn finished(self) -> Option<TaskResult> {
        match self {
            Self::Finished(result) => Some(result),
            Self::Missing | Self::Partial { .. } => None,
        }
    }

    /// The samples of a range that are not finished, in ascending order.
    pub(crate) fn missing(&self, range: &Range<usize>) -> Vec<usize> {
        match self {
            Self::Missing => range.clone().collect(),
            Self::Finished(_) => Vec::new(),
            Self::Partial { samples, .. } => {
                let is_missing = |index: &usize| !samples.iter().any(|(found, _)| found == index);
                range.clone().filter(is_missing).collect()
            }
        }
    }
}

/// What the output folder holds of a job.
#[derive(Debug)]
pub struct Survey {
    /// The state of every task, in the order of the job.
    pub states: Vec<TaskState>,
    /// The state of the sampled theory of every task; missing where the task has none.
    pub theories: Vec<TaskState>,
    /// Files cut short (a power cut, a full disk): their tasks are computed again.
    pub truncated: Vec<PathBuf>,
    /// Finished tasks in the folder that this job's sweep does not ask for.
    pub unasked: usize,
    /// Tasks of more samples than the job asks for: the first ones count.
    pub surplus: usize,
}

impl Survey {
    /// The number of finished tasks.
    pub fn finished(&self) -> usize {
        self.states
            .iter()
            .filter(|state| matches!(state, TaskState::Finished(_)))
            .count()
    }
}

/// What is found of one subject.
struct Found {
    state: TaskState,
    truncated: Vec<PathBuf>,
    has_more: bool,
}

impl Store {
    /// Reads what is there and checks that it belongs to `job`. Writes nothing.
    ///
    /// # Errors
    /// A foreign or unreadable file where a result belongs; results made with other settings.
    pub fn survey(&self, job: &Job) -> Result<Survey, StoreError> {
        let mut survey = Survey {
            states: Vec::with_capacity(job.tasks.len()),
            theories: vec![TaskState::Missing; job.tasks.len()],
            truncated: Vec::new(),
            unasked: 0,
            surplus: 0,
        };
        for task in &job.tasks {
            let found = self.found(&Subject::measurement(job, task))?;
            survey.states.push(found.state);
            survey.truncated.extend(found.truncated);
            survey.surplus += usize::from(found.has_more);
        }
        match read::<Results>(&self.results_path(), Format::Results)? {
            Content::Truncated => survey.truncated.push(self.results_path()),
            Content::Absent | Content::Document(_) => {}
        }
        for path in [self.table_path(), self.trajectories_path()] {
            table::check_ours(&path)?;
        }
        survey.unasked = self.check_other_tasks(job)?;
        if self
            .data_files()?
            .iter()
            .any(|name| name.starts_with("theory-"))
        {
            for (task, state) in job.tasks.iter().zip(&mut survey.theories) {
                if let Some(subject) = Subject::theory(job, task) {
                    *state = self.state(&subject)?;
                    if let TaskState::Finished(result) = &*state {
                        task.tell_theory(result.quantities.clone());
                    }
                }
            }
        }
        Ok(survey)
    }

    /// How far a subject has come.
    ///
    /// # Errors
    /// As [`survey`](Self::survey).
    pub fn state(&self, subject: &Subject<'_>) -> Result<TaskState, StoreError> {
        Ok(self.found(subject)?.state)
    }

    fn found(&self, subject: &Subject<'_>) -> Result<Found, StoreError> {
        let mut truncated = Vec::new();
        let (mut records, mut wall_seconds) = (BTreeMap::new(), 0.0);
        let mut has_more = false;
        let path = self.finished_path(subject);
        match read_finished(&path, subject)? {
            Content::Document(result) if result.samples.len() == subject.samples() => {
                return Ok(Found {
                    state: TaskState::Finished(result),
                    truncated,
                    has_more,
                });
            }
            Content::Document(result) => {
                has_more = result.samples.len() > subject.samples();
                records.extend(result.samples.into_iter().enumerate());
                wall_seconds += result.wall_seconds;
            }
            Content::Truncated => truncated.push(path),
            Content::Absent => {}
        }
        for path in self.checkpoint_paths(subject)? {
            match read_checkpoint(&path, subject)? {
                Content::Document(document) => {
                    records.extend(document.samples);
                    wall_seconds += document.wall_seconds;
                }
                Content::Truncated => truncated.push(path),
                Content::Absent => {}
            }
        }
        let state = match subject.result(&records, wall_seconds) {
            Some(result) => TaskState::Finished(result),
            None if records.is_empty() => TaskState::Missing,
            None => TaskState::Partial {
                samples: records.into_iter().collect(),
                wall_seconds,
            },
        };
        Ok(Found {
            state,
            truncated,
            has_more,
        })
    }

    /// Merges the finished tasks of a survey, in the order of the sweep; writes nothing.
    pub fn merge(&self, job: &Job, survey: &Survey) -> Results {
        let tasks: Vec<TaskResult> = survey
            .states
            .iter()
            .filter_map(|state| match state {
                TaskState::Finished(result) => Some(result.clone()),
                TaskState::Missing | TaskState::Partial { .. } => None,
            })
            .collect();
        let concluded = job.experiment.conclude(&tasks);
        Results {
            format: Format::Results,
            schema: SCHEMA,
            program: PROGRAM.to_owned(),
            name: job.name.clone(),
            settings: job.settings.clone(),
            missing_tasks: job.tasks.len() - tasks.len(),
            warnings: [warnings(&tasks), concluded.warnings].concat(),
            tasks,
            across_tasks: concluded.joint,
            findings: concluded.findings,
        }
    }

    /// Results of parameter points outside the sweep still tell whether the job changed.
    fn check_other_tasks(&self, job: &Job) -> Result<usize, StoreError> {
        let asked: Vec<PathBuf> = job
            .tasks
            .iter()
            .map(|task| self.finished_path(&Subject::measurement(job, task)))
            .collect();
        let is_task = |name: &String| {
            name.starts_with("task-") && name.ends_with(END) && !name.ends_with(CHECKPOINT_END)
        };
        let directory = self.data_directory();
        let names = self.data_files()?;
        let others = names
            .iter()
            .filter(|name| is_task(name))
            .map(|name| directory.join(name));
        let mut count = 0;
        for path in others.filter(|path| !asked.contains(path)) {
            if let Content::Document(document) = read::<TaskDocument>(&path, Format::Task)? {
                let size = document.result.task.size;
                let can_grow = !job.experiment.needs(size).all_samples;
                check_settings(&path, &document.settings, &job.settings, can_grow)?;
            }
            count += 1;
        }
        Ok(count)
    }
}
